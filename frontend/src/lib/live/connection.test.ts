import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveConnection } from './connection';
import type { LiveEvent, ServerFrame } from './frames';

/** A socket whose other end is the test. */
class FakeSocket {
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: unknown[] = [];
  open = true;

  send(data: string) {
    this.sent.push(JSON.parse(data));
  }

  close() {
    this.open = false;
  }

  says(frame: ServerFrame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  greets() {
    this.says({ type: 'hello', session_expires_at: '2026-11-22T12:00:00Z', heartbeat_seconds: 20 });
  }

  drops(code: number) {
    this.open = false;
    this.onclose?.({ code });
  }
}

const edited = { kind: 'post_edited', post: { id: 'p' } } as unknown as LiveEvent;

function world() {
  const sockets: FakeSocket[] = [];
  const around = {
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    changed: vi.fn(),
    sessionEnded: vi.fn(),
    membershipEnded: vi.fn(),
    refused: vi.fn(),
  };
  const newest = () => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  };
  return { connection: new LiveConnection(around), around, sockets, newest };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the live connection', () => {
  it('subscribes with the number of the page once the server has greeted', () => {
    const { connection, newest } = world();
    connection.subscribe('thread:a', 7, {});
    expect(newest().sent).toEqual([]);
    newest().greets();
    expect(newest().sent).toEqual([{ type: 'subscribe', stream: 'thread:a', after: 7 }]);
  });

  it('uses one socket for all streams', () => {
    const { connection, sockets, newest } = world();
    connection.subscribe('thread:a', 1, {});
    connection.subscribe('me', undefined, {});
    newest().greets();
    expect(sockets).toHaveLength(1);
    expect(newest().sent).toEqual([
      { type: 'subscribe', stream: 'thread:a', after: 1 },
      { type: 'subscribe', stream: 'me' },
    ]);
  });

  it('resumes after the last event that was seen and shows no event twice', () => {
    const { connection, newest } = world();
    const seen: number[] = [];
    connection.subscribe('thread:a', 7, { event: (_event, seq) => seen.push(seq) });
    newest().greets();
    newest().says({ type: 'event', stream: 'thread:a', seq: 8, event: edited });
    newest().drops(1006);
    vi.advanceTimersByTime(1_000);
    newest().greets();
    expect(newest().sent).toEqual([{ type: 'subscribe', stream: 'thread:a', after: 8 }]);
    newest().says({ type: 'event', stream: 'thread:a', seq: 8, event: edited });
    newest().says({ type: 'event', stream: 'thread:a', seq: 9, event: edited });
    expect(seen).toEqual([8, 9]);
  });

  it('takes nothing of a stream that must be fetched again until it is resumed', () => {
    const { connection, newest } = world();
    const seen: number[] = [];
    const resync = vi.fn();
    const subscription = connection.subscribe('thread:a', 7, {
      event: (_event, seq) => seen.push(seq),
      resync,
    });
    newest().greets();
    newest().says({ type: 'resync', stream: 'thread:a' });
    expect(resync).toHaveBeenCalledOnce();
    newest().says({ type: 'event', stream: 'thread:a', seq: 90, event: edited });
    subscription.resume(120);
    expect(newest().sent.at(-1)).toEqual({ type: 'subscribe', stream: 'thread:a', after: 120 });
    newest().says({ type: 'event', stream: 'thread:a', seq: 121, event: edited });
    expect(seen).toEqual([121]);
  });

  it('has unnumbered streams fetched again after a break, and only then', () => {
    const { connection, newest } = world();
    const resync = vi.fn();
    connection.subscribe('review', undefined, { resync });
    newest().greets();
    expect(resync).not.toHaveBeenCalled();
    newest().drops(1001);
    vi.advanceTimersByTime(1_000);
    newest().greets();
    expect(resync).toHaveBeenCalledOnce();
  });

  it('does not come back after the session has ended', () => {
    const { connection, around, sockets, newest } = world();
    connection.subscribe('me', undefined, {});
    newest().greets();
    newest().drops(4401);
    vi.advanceTimersByTime(600_000);
    expect(around.sessionEnded).toHaveBeenCalledOnce();
    expect(sockets).toHaveLength(1);
  });

  it('comes back after a membership has ended, for the other communities', () => {
    const { connection, around, sockets, newest } = world();
    connection.subscribe('me', undefined, {});
    newest().greets();
    newest().drops(4403);
    vi.advanceTimersByTime(1_000);
    expect(around.membershipEnded).toHaveBeenCalledOnce();
    expect(sockets).toHaveLength(2);
  });

  it('waits longer with each refusal and asks whether the session still holds', () => {
    const { connection, around, sockets, newest } = world();
    connection.subscribe('me', undefined, {});
    for (let refusal = 0; refusal < 5; refusal += 1) {
      newest().drops(1006);
      vi.advanceTimersByTime(500 * 2 ** refusal);
    }
    expect(sockets).toHaveLength(6);
    expect(around.refused).toHaveBeenCalledTimes(5);
    newest().drops(1006);
    vi.advanceTimersByTime(7_000);
    expect(sockets).toHaveLength(6);
  });

  it('takes a silent socket for dead', () => {
    const { connection, sockets, newest } = world();
    connection.subscribe('me', undefined, {});
    newest().greets();
    vi.advanceTimersByTime(49_000);
    expect(newest().open).toBe(true);
    newest().says({ type: 'ping' });
    expect(newest().sent.at(-1)).toEqual({ type: 'pong' });
    vi.advanceTimersByTime(51_000);
    expect(sockets).toHaveLength(2);
  });

  it('closes with its last subscription', () => {
    const { connection, newest } = world();
    const one = connection.subscribe('thread:a', 1, {});
    const two = connection.subscribe('me', undefined, {});
    newest().greets();
    one.close();
    expect(newest().sent.at(-1)).toEqual({ type: 'unsubscribe', stream: 'thread:a' });
    two.close();
    expect(newest().open).toBe(false);
  });
});
