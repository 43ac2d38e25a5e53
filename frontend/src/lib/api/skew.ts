let skew = 0;

/** Server time minus the time of this device, in milliseconds: for whatever must end when the server says. */
export function serverSkew(): number {
  return skew;
}

/** Learns from the `Date` of an answer. It counts whole seconds, so it says something only beyond that. */
export function noteServerTime(date: string | null, now = Date.now()): void {
  const said = Date.parse(date ?? '');
  if (Number.isNaN(said)) return;
  const difference = said + 500 - now;
  skew = Math.abs(difference) > 1_500 ? difference : 0;
}
