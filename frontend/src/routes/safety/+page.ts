import { api } from '$lib/api';
import { caseState } from '$lib/safety/words';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ url }) => {
  const community = url.searchParams.get('community') ?? undefined;
  const state = caseState(url.searchParams.get('state'));
  return { community, state, page: await api.safety.cases({ community, state }) };
};
