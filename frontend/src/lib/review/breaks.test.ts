import { describe, expect, it } from 'vitest';
import { isBreakDue, later, shiftFrom, worked } from './breaks';

const minute = 60_000;

/** A shift with a sign of work every minute. */
function busy(minutes: number) {
  let shift = shiftFrom(0);
  for (let at = 1; at <= minutes; at += 1) shift = worked(shift, at * minute);
  return shift;
}

describe('the reminder of a break', () => {
  it('comes after the minutes that were chosen', () => {
    expect(isBreakDue(busy(49), 50, 49 * minute)).toBe(false);
    expect(isBreakDue(busy(50), 50, 50 * minute)).toBe(true);
  });

  it('never comes to who wants none', () => {
    expect(isBreakDue(busy(300), 0, 300 * minute)).toBe(false);
  });

  it('starts over after a pause of five minutes', () => {
    const back = worked(busy(45), 50 * minute);
    expect(isBreakDue(worked(back, 52 * minute), 50, 52 * minute)).toBe(false);
  });

  it('does not nag who has left the desk', () => {
    expect(isBreakDue(busy(50), 50, 56 * minute)).toBe(false);
  });

  it('comes again ten minutes after it was put off', () => {
    let shift = later(busy(50), 50 * minute);
    expect(isBreakDue(shift, 50, 51 * minute)).toBe(false);
    for (let at = 51; at <= 60; at += 1) shift = worked(shift, at * minute);
    expect(isBreakDue(shift, 50, 60 * minute)).toBe(true);
  });
});
