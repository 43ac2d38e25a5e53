import { goto, invalidate } from '$app/navigation';

/** The sign-in page, and the way back to where one was. */
export function signInAddress(from: string): string {
  return from === '/' ? '/sign-in' : `/sign-in?return=${encodeURIComponent(from)}`;
}

/** A return path from the address bar: only ever a page of this site. */
export function safeReturn(path: string | null): string {
  return path && /^\/(?![/\\])\P{Cc}*$/u.test(path) ? path : '/';
}

/** To the sign-in page, forgetting who was here. */
export async function leave(from: string): Promise<void> {
  // Several calls may learn at once that the session is over; the first has led there already.
  if (from.startsWith('/sign-in')) return;
  await goto(signInAddress(from), { replaceState: true });
  await invalidate('hortus:session');
}
