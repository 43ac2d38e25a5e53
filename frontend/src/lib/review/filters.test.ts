import { describe, expect, it } from 'vitest';
import { filtersFrom, queryOf } from './filters';

describe('the filters in the address', () => {
  it('come back as they were written', () => {
    const filters = { community: 'ms', family: 'privacy', verdict: 'hold', mine: true } as const;
    expect(filtersFrom(new URLSearchParams(queryOf(filters)))).toEqual(filters);
  });

  it('leave an unfiltered address bare', () => {
    expect(queryOf({})).toBe('');
  });

  it('pass over words that are no filter', () => {
    expect(filtersFrom(new URLSearchParams('family=gossip&verdict=&mine=yes'))).toEqual({});
  });
});
