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

/** To the sign-in page, forgetting who was here. Several calls may learn at once that the session is over. */
export function leave(from: string): Promise<void> {
  leaving ??= go(from).finally(() => (leaving = null));
  return leaving;
}

async function go(from: string): Promise<void> {
  if (!from.startsWith('/sign-in')) await goto(signInAddress(from), { replaceState: true });
  await invalidate('hortus:session');
}
