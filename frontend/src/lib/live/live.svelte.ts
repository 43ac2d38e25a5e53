import { invalidateAll } from '$app/navigation';
import { api, Problem } from '$lib/api';
import { leave } from '$lib/session';
import { type Handlers, LiveConnection, type LiveState, type Subscription } from './connection';
import type { Stream } from './frames';

let state = $state<LiveState>('idle');

const connection = new LiveConnection({
  open: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/live`),
  changed: (now) => (state = now),
  sessionEnded: () => void leaveOrLook(),
  membershipEnded: () => void invalidateAll(),
  refused: () => void isOver(),
});

/** Leads away when nobody is signed in any more. */
async function isOver(): Promise<boolean> {
  try {
    await api.session.me();
    return false;
  } catch (problem) {
    const over = problem instanceof Problem && problem.status === 401;
    if (over) await leave(location.pathname + location.search);
    return over;
  }
}

/** The session of this page is over; in another tab, another one may have begun. */
async function leaveOrLook(): Promise<void> {
  const signingIn = /^\/(sign-in$|join\/)/.test(location.pathname);
  if (!(await isOver()) && !signingIn) await invalidateAll();
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
