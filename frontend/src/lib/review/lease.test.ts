import { describe, expect, it } from 'vitest';
import {
  beatIsDue,
  countdown,
  hasEnded,
  isRunningOut,
  leaseFrom,
  retryBeat,
  SHORTEST_BEAT,
} from './lease';

const start = Date.parse('2026-11-22T10:00:00Z');
const minutes = 60_000;
const tenMinutes = leaseFrom(7, '2026-11-22T10:10:00.000000Z', start);

describe('a claim on an item', () => {
  it('wants a heartbeat each third of its length', () => {
    expect(tenMinutes.beatAt - start).toBe((10 * minutes) / 3);
    expect(beatIsDue(tenMinutes, start + 3 * minutes)).toBe(false);
    expect(beatIsDue(tenMinutes, start + 4 * minutes)).toBe(true);
  });

  it('wants no heartbeat once it has ended', () => {
    expect(hasEnded(tenMinutes, start + 10 * minutes)).toBe(true);
    expect(beatIsDue(tenMinutes, start + 10 * minutes)).toBe(false);
  });

  it('tries a failed heartbeat again within the lease', () => {
    const later = retryBeat(tenMinutes, start + 4 * minutes);
    expect(later.beatAt).toBe(start + 4 * minutes + 15_000);
    expect(later.beatAt).toBeLessThan(later.endsAt);
    expect(later.fence).toBe(7);
  });

  it('never beats faster than every two seconds, however short the lease', () => {
    const short = leaseFrom(1, '2026-11-22T10:00:03Z', start);
    expect(short.beatAt - start).toBe(SHORTEST_BEAT);
    expect(retryBeat(short, start).beatAt - start).toBe(SHORTEST_BEAT);
  });

  it('is not lost to a clock that goes wrong on the desk', () => {
    const slow = start - 60 * minutes;
    const lease = leaseFrom(1, '2026-11-22T10:10:00Z', slow, 60 * minutes);
    expect(lease.length).toBe(10 * minutes);
    expect(hasEnded(lease, slow + 9 * minutes)).toBe(false);
    expect(hasEnded(lease, slow + 10 * minutes)).toBe(true);
  });

  it('says when it is running out, in its last fifth', () => {
    expect(isRunningOut(tenMinutes, start + 7 * minutes)).toBe(false);
    expect(isRunningOut(tenMinutes, start + 8 * minutes)).toBe(true);
    expect(isRunningOut(tenMinutes, start + 10 * minutes)).toBe(false);
  });

  it('counts down in minutes and seconds', () => {
    expect(countdown(tenMinutes, start)).toBe('10:00');
    expect(countdown(tenMinutes, start + 9 * minutes + 55_000)).toBe('0:05');
    expect(countdown(tenMinutes, start + 11 * minutes)).toBe('0:00');
  });
});
