import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gathered } from './hints';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('hints of the desk', () => {
  it('are asked about at once, and those that follow together a second later', async () => {
    const ask = vi.fn(() => Promise.resolve());
    const news = gathered(ask);
    news.tell(['a']);
    news.tell(['b']);
    news.tell(['c', 'b']);
    expect(ask.mock.calls).toEqual([[['a']]]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(ask.mock.calls).toEqual([[['a']], [['b', 'c']]]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ask).toHaveBeenCalledTimes(2);
    news.tell(['d']);
    expect(ask).toHaveBeenLastCalledWith(['d']);
  });

  it('ask about everything where one of them names nothing', async () => {
    const ask = vi.fn(() => Promise.resolve());
    const news = gathered(ask);
    news.tell([]);
    news.tell(['a']);
    news.tell([]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(ask.mock.calls).toEqual([[null], [null]]);
  });

  it('that are none of one’s business hold nothing up', () => {
    const ask = vi.fn((named: readonly string[] | null) =>
      named?.includes('mine') ? Promise.resolve() : undefined,
    );
    const news = gathered(ask);
    news.tell(['another']);
    news.tell(['mine']);
    expect(ask).toHaveBeenLastCalledWith(['mine']);
  });

  it('end with the page', async () => {
    const ask = vi.fn(() => Promise.resolve());
    const news = gathered(ask);
    news.tell(['a']);
    news.tell(['b']);
    news.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ask).toHaveBeenCalledOnce();
  });
});
