import { api } from '$lib/api';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, depends }) => {
  depends('hortus:signers');
  return { signers: (await api.signers.list(params.community)).items };
};
