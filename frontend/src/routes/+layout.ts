import { type About, api, Problem } from '$lib/api';
import { endedMemberships, signInAddress } from '$lib/session';
import { redirect } from '@sveltejs/kit';
import { untrack } from 'svelte';
import type { LayoutLoad } from './$types';

export const ssr = false;
export const prerender = false;

const open = ['/sign-in', '/join/'];

// Stands in until the server answers; no page is shown with it.
const nothing: About = {
  name: '',
  version: '',
  demo: false,
  company: { name: '', legal_name: '', safety_contact: '', medical_information_contact: '' },
  reporting_statement: '',
};

/** Who is here. It runs once, and again when the session changes, not at every step. */
export const load: LayoutLoad = async ({ url, depends }) => {
  depends('hortus:session');
  const here = untrack(() => url.pathname + url.search);
  try {
    const [about, me] = await Promise.all([api.about(), whoIsHere()]);
    if (!me && !open.some((path) => here.startsWith(path))) redirect(307, signInAddress(here));
    return { about, me, ended: endedMemberships(me), fault: null };
  } catch (fault) {
    // There is no error page above this one: the layout shows what is wrong itself.
    if (fault instanceof Problem) return { about: nothing, me: null, ended: [], fault };
    throw fault;
  }
};

async function whoIsHere() {
  try {
    return await api.session.me();
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 401) return null;
    throw problem;
  }
}
