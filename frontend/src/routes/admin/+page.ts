import { api } from '$lib/api';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends }) => {
  depends('hortus:communities');
  const { items } = await api.communities.list();
  return { administered: items.filter(({ roles }) => roles.includes('administrator')) };
};
