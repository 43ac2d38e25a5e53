import { api } from '$lib/api';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends, parent }) => {
  depends('hortus:communities');
  const { me } = await parent();
  const [{ items }, again] = await Promise.all([
    api.communities.list(),
    me?.administrator === true ? api.review.rescreening() : null,
  ]);
  return {
    administered: items.filter(({ roles }) => roles.includes('administrator')),
    rescreening: again?.items[0] ?? null,
  };
};
