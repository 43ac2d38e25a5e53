import { api } from '$lib/api';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, depends }) => {
  depends('hortus:invitations');
  return { page: await api.communities.invitations(params.community) };
};
