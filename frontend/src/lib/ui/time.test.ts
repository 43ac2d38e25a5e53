import { describe, expect, it } from 'vitest';
import { relativeTime, utcTime } from './time';

const now = Date.parse('2026-11-22T12:00:00Z');

describe('a moment', () => {
  it.each([
    ['2026-11-22T11:59:40Z', 'just now'],
    ['2026-11-22T11:55:00Z', '5 minutes ago'],
    ['2026-11-22T14:30:00Z', 'in 2 hours'],
    ['2026-11-21T11:00:00Z', 'yesterday'],
    ['2026-08-01T11:00:00Z', '1 Aug 2026'],
  ])('%s is told as "%s"', (value, told) => {
    expect(relativeTime(value, now)).toBe(told);
  });

  it('of a record is told in UTC whatever the zone of the reader', () => {
    expect(utcTime('2026-11-22T13:05:31.123456Z')).toBe('2026-11-22 13:05:31 UTC');
  });
});
