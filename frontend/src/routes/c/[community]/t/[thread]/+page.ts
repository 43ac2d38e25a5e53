import { api } from '$lib/api';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, depends }) => {
  depends(`hortus:thread:${params.thread}`);
  return { thread: await api.threads.get(params.thread) };
};
