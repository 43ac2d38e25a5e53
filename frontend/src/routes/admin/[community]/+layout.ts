import { api } from '$lib/api';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ params, depends }) => {
  depends('hortus:administered');
  return { community: await api.communities.get(params.community) };
};
