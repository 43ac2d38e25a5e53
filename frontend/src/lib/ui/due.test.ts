import { expect, it } from 'vitest';
import { dueState, roughly } from './due';

const due = '2026-11-22T12:00:00Z';
const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);
const day = 24 * 3_600_000;

it('tells a deadline that has passed, one that is near and one that is not', () => {
  expect(dueState(due, at('12:00:01'), day)).toBe('overdue');
  expect(dueState(due, at('10:00:00'), day)).toBe('soon');
  expect(dueState(due, at('09:00:00'), day)).toBe('ahead');
});

it('says how much time roughly, in the largest whole unit', () => {
  const minute = 60_000;
  expect(
    [20_000, 35 * minute, 119 * minute, 120 * minute, 47 * 60 * minute, 2 * day].map(roughly),
  ).toEqual(['under 1 min', '35 min', '119 min', '2 h', '47 h', '2 days']);
});
