import { api } from '$lib/api';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, depends }) => {
  depends('hortus:policy');
  const [view, versions, deliveries] = await Promise.all([
    api.policy.get(params.community),
    api.policy.versions(params.community),
    // Administrators alone see where mail goes; an MLR approver comes here to decide on a proposal.
    api.policy.deliveries(params.community).catch(() => ({ items: [] })),
  ]);
  return { view, versions, deliveries: deliveries.items };
};
