import { api, Problem } from '$lib/api';
import { dropAllDrafts } from '$lib/posts/draft';
import { leave } from './return';

/** Ends the session of this device, or of all of them, and goes to the sign-in page. */
export function signOut(everywhere = false): Promise<void> {
  // The live connection learns of it too; whoever leaves first decides where to, and this way nowhere back.
  return leave('/', async () => {
    try {
      await (everywhere ? api.session.signOutEverywhere() : api.session.signOut());
    } catch (problem) {
      // A session that is over already has been signed out.
      if (!(problem instanceof Problem) || problem.status !== 401) throw problem;
    }
    dropAllDrafts();
  });
}
