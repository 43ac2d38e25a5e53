import { goto, invalidate } from '$app/navigation';
import { api, Problem } from '$lib/api';
import { dropAllDrafts } from '$lib/posts/draft';

/** Ends the session of this device, or of all of them, and goes to the sign-in page. */
export async function signOut(everywhere = false): Promise<void> {
  try {
    await (everywhere ? api.session.signOutEverywhere() : api.session.signOut());
  } catch (problem) {
    // A session that is over already has been signed out.
    if (!(problem instanceof Problem) || problem.status !== 401) throw problem;
  }
  dropAllDrafts();
  await goto('/sign-in');
  await invalidate('hortus:session');
}
