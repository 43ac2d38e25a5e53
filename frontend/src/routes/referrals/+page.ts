import { api } from '$lib/api';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ url }) => {
  const state: 'open' | 'ended' = url.searchParams.get('state') === 'ended' ? 'ended' : 'open';
  const mine = url.searchParams.get('asked') === 'by-me';
  return { state, mine, page: await api.review.referrals({ state, to_me: !mine }) };
};
