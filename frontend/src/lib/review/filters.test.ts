import { describe, expect, it } from 'vitest';
import { filtersFrom, isFiltered, queryOf, type Filters } from './filters';

describe('the filters of the queue', () => {
  it('go into the address and come back the same', () => {
    const filters: Filters = {
      view: 'breached',
      community: 'steady-days',
      family: 'privacy',
      risk: 'routine',
      q: 'Ormivo & co',
    };
    expect(filtersFrom(new URLSearchParams(queryOf(filters)))).toEqual(filters);
    expect(isFiltered(filters)).toBe(true);
  });

  it('leave the address alone when nothing is filtered', () => {
    expect(queryOf({})).toBe('');
    expect(queryOf({ view: 'open' })).toBe('');
    expect(isFiltered({})).toBe(false);
  });

  it('ignore words that are no filter', () => {
    const address = 'view=all&family=weather&risk=none&q=+&mine=true';
    expect(filtersFrom(new URLSearchParams(address))).toEqual({});
  });
});
