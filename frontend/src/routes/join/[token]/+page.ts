import { api, Problem } from '$lib/api';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params }) => {
  try {
    return { token: params.token, invitation: await api.invitations.look(params.token) };
  } catch (problem) {
    // Unknown, used and ended invitations are answered alike, so that a link can not be tried out.
    if (problem instanceof Problem && problem.status === 404) {
      return { token: params.token, invitation: null };
    }
    throw problem;
  }
};
