import { invalidate } from '$app/navigation';
import { api, Problem } from '$lib/api';
import { leave } from '$lib/session';
import { type Handlers, LiveConnection, type LiveState, type Subscription } from './connection';
import type { Stream } from './frames';

let state = $state<LiveState>('idle');

const connection = new LiveConnection({
  open: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/live`),
  changed: (now) => (state = now),
  sessionEnded: () => void leave(location.pathname + location.search),
  membershipEnded: () => void invalidate('hortus:session'),
  refused: () => void leaveIfOver(),
});

async function leaveIfOver(): Promise<void> {
  try {
    await api.session.me();
  } catch (problem) {
    const over = problem instanceof Problem && problem.status === 401;
    if (over) await leave(location.pathname + location.search);
  }
}

if (typeof window !== 'undefined') {
  window.addEventListener('online', () => connection.wake());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') connection.wake();
  });
}

/** News of the server, as it happens. Subscribe in an effect and close in its clean-up. */
export const live = {
  /** Reactive: `away` while the socket is lost and being sought again. */
  get state(): LiveState {
    return state;
  },
  /** `after`: the `seq` of what was fetched; undefined for `me` and `review`, which are not numbered. */
  subscribe(stream: Stream, after: number | undefined, handlers: Handlers): Subscription {
    return connection.subscribe(stream, after, handlers);
  },
};
