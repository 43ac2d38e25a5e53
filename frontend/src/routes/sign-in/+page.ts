import { api } from '$lib/api';
import { safeReturn } from '$lib/session';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, url }) => {
  const { about } = await parent();
  const personas = about.demo ? (await api.session.personas()).items : [];
  return { personas, back: safeReturn(url.searchParams.get('return')) };
};
