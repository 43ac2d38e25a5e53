// The arithmetic of a claim. A claim is a lease: it ends by itself unless the desk says, each third of its
// length, that the reviewer is still there.

export interface LeaseClock {
  /** Fencing token: the server takes nothing from a holder of an older one. */
  fence: number;
  /** Length in milliseconds, from the moment the answer arrived. */
  length: number;
  /** Local time in milliseconds at which the lease ends. */
  endsAt: number;
  /** Local time in milliseconds at which the next heartbeat is due. */
  beatAt: number;
}

/** Shortest pause between heartbeats, so that a nearly finished lease cannot make the desk hammer the server. */
export const SHORTEST_BEAT = 2_000;

/** `skew` is server time minus local time in milliseconds; a wrong clock on the desk must not lose a lease. */
export function leaseFrom(fence: number, until: string, now: number, skew = 0): LeaseClock {
  const endsAt = Date.parse(until) - skew;
  const length = Math.max(0, endsAt - now);
  return { fence, length, endsAt, beatAt: now + Math.max(SHORTEST_BEAT, length / 3) };
}

/** After a heartbeat that did not get through: try again soon, but never after the end. */
export function retryBeat(clock: LeaseClock, now: number): LeaseClock {
  const pause = Math.max(SHORTEST_BEAT, Math.min(clock.length / 12, 15_000));
  return { ...clock, beatAt: now + pause };
}

export function beatIsDue(clock: LeaseClock, now: number): boolean {
  return now >= clock.beatAt && now < clock.endsAt;
}

export function hasEnded(clock: LeaseClock, now: number): boolean {
  return now >= clock.endsAt;
}

/** True in the last fifth: the moment to tell the reviewer. */
export function isRunningOut(clock: LeaseClock, now: number): boolean {
  return !hasEnded(clock, now) && clock.endsAt - now <= clock.length / 5;
}

/** What is left, as minutes and seconds: "4:05". */
export function countdown(clock: LeaseClock, now: number): string {
  const seconds = Math.max(0, Math.ceil((clock.endsAt - now) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
