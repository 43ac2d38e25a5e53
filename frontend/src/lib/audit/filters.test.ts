import { expect, it } from 'vitest';
import { auditAddress, auditFiltersFrom, auditQuery } from './filters';

it('writes the filters of the inspector into the address and reads them back', () => {
  const filters = { actor: 'a1', action: 'review.decided', from: '2026-11-01', to: '2026-11-22' };
  const address = auditAddress(filters);
  expect(auditFiltersFrom(new URL(address, 'https://host').searchParams)).toEqual(filters);
  expect(auditAddress({})).toBe('/audit');
});

it('asks the server for whole days in UTC, the last one included', () => {
  expect(auditQuery({ from: '2026-11-01', to: '2026-11-22', object: 'o1' })).toEqual({
    object: 'o1',
    from: '2026-11-01T00:00:00Z',
    to: '2026-11-22T23:59:59.999999Z',
  });
});

it('passes over a day that is none', () => {
  expect(auditFiltersFrom(new URLSearchParams('from=yesterday&action=%20'))).toEqual({});
});
