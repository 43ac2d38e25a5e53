const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How a deadline stands. `soon`: less than a tenth of `window` is left. */
export function dueState(due: string, now: number, window: number): 'overdue' | 'soon' | 'ahead' {
  const left = Date.parse(due) - now;
  if (left < 0) return 'overdue';
  return left < window / 10 ? 'soon' : 'ahead';
}

/** The largest whole unit of a stretch of time: `35 min`, `4 h`, `3 days`. */
export function roughly(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  if (size < MINUTE) return 'under 1 min';
  if (size < 2 * HOUR) return `${Math.floor(size / MINUTE)} min`;
  if (size < 2 * DAY) return `${Math.floor(size / HOUR)} h`;
  return `${Math.floor(size / DAY)} days`;
}
