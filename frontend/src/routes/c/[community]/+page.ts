import { api } from '$lib/api';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent }) => {
  // The number of the stream first: what is released between the two calls then arrives live.
  await parent();
  return { threads: await api.communities.threads(params.community) };
};
