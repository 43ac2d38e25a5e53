import { api } from '$lib/api';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, depends }) => {
  depends(`hortus:submission:${params.id}`);
  return { submission: await api.submissions.get(params.id) };
};
