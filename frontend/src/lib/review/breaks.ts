// When to speak of a break: after so many minutes of work without a pause. Five minutes without a key, a touch or a
// movement are a pause.

const PAUSE = 5 * 60_000;

export interface Shift {
  /** When the work without a pause began. */
  since: number;
  /** The last sign of work. */
  last: number;
  /** Until when nothing more is said. */
  quietUntil: number;
}

export function shiftFrom(now: number): Shift {
  return { since: now, last: now, quietUntil: 0 };
}

/** After a sign of work. */
export function worked(shift: Shift, now: number): Shift {
  return now - shift.last >= PAUSE ? shiftFrom(now) : { ...shift, last: now };
}

/** Whether it is time to speak of a break; 0 minutes: never. */
export function isBreakDue(shift: Shift, minutes: number, now: number): boolean {
  if (minutes === 0 || now < shift.quietUntil || now - shift.last >= PAUSE) return false;
  return now - shift.since >= minutes * 60_000;
}

/** Says nothing more for ten minutes. */
export function later(shift: Shift, now: number): Shift {
  return { ...shift, quietUntil: now + 10 * 60_000 };
}
