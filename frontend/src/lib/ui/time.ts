const locale = 'en-GB';
const short = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' });
const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
const spoken = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

const minute = 60_000;
const hour = 60 * minute;
const dayLong = 24 * hour;

/** For example `22 Nov 2026, 14:05`, in the reader's time zone. */
export function localTime(value: string): string {
  return short.format(new Date(value));
}

/** For example `Sunday 22 November 2026 at 14:05:31 CET`. */
export function fullTime(value: string): string {
  return full.format(new Date(value));
}

/** For example `2026-11-22 13:05:31 UTC`, to the second. */
export function utcTime(value: string): string {
  const [date = '', time = ''] = new Date(value).toISOString().split('T');
  return `${date} ${time.slice(0, 8)} UTC`;
}

/** For example `5 minutes ago` or `in 2 days`; beyond a month, the date. */
export function relativeTime(value: string, now: number): string {
  const distance = new Date(value).getTime() - now;
  const size = Math.abs(distance);
  if (size < minute) return distance > 0 ? 'in a moment' : 'just now';
  if (size < hour) return spoken.format(Math.trunc(distance / minute), 'minute');
  if (size < dayLong) return spoken.format(Math.trunc(distance / hour), 'hour');
  if (size < 30 * dayLong) return spoken.format(Math.trunc(distance / dayLong), 'day');
  return day.format(new Date(value));
}
