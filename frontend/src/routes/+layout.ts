import { api, Problem } from '$lib/api';
import { signInAddress } from '$lib/session';
import { redirect } from '@sveltejs/kit';
import { untrack } from 'svelte';
import type { LayoutLoad } from './$types';

export const ssr = false;
export const prerender = false;

const open = ['/sign-in', '/join/'];

/** Who is here. It runs once, and again when the session changes, not at every step. */
export const load: LayoutLoad = async ({ url, depends }) => {
  depends('hortus:session');
  const here = untrack(() => url.pathname + url.search);
  const [about, me] = await Promise.all([
    api.about(),
    api.session.me().catch((problem: unknown) => {
      if (problem instanceof Problem && problem.status === 401) return null;
      throw problem;
    }),
  ]);
  if (!me && !open.some((path) => here.startsWith(path))) redirect(307, signInAddress(here));
  return { about, me };
};
