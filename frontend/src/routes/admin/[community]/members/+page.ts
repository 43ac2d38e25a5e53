import { api } from '$lib/api';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, depends }) => {
  depends('hortus:members');
  return { page: await api.communities.members(params.community) };
};
