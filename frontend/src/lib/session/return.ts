import { goto, invalidate } from '$app/navigation';

/** The sign-in page, and the way back to where one was. */
export function signInAddress(from: string): string {
  return from === '/' ? '/sign-in' : `/sign-in?return=${encodeURIComponent(from)}`;
}

/** A return path from the address bar: only ever a page of this site. */
export function safeReturn(path: string | null): string {
  return path && /^\/(?![/\\])\P{Cc}*$/u.test(path) ? path : '/';
}

let leaving: Promise<void> | null = null;

/**
 * To the sign-in page, forgetting who was here; `first` is done before. Several calls may learn at once that the
 * session is over: the first of them leads.
 */
export function leave(from: string, first?: () => Promise<void>): Promise<void> {
  leaving ??= go(from, first).finally(() => (leaving = null));
  return leaving;
}

async function go(from: string, first?: () => Promise<void>): Promise<void> {
  await first?.();
  if (!from.startsWith('/sign-in')) await goto(signInAddress(from), { replaceState: true });
  await invalidate('hortus:session');
}
