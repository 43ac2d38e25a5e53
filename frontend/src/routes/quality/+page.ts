import { api, type Role } from '$lib/api';
import type { PageLoad } from './$types';

const SUPERVISES: readonly Role[] = ['lead', 'administrator', 'inspector'];
const EXAMINES: readonly Role[] = ['lead', 'administrator'];
const OWNS: readonly Role[] = [...SUPERVISES, 'safety_officer', 'medical_reviewer', 'mlr_approver'];
const DAYS = [30, 90, 365];

export const load: PageLoad = async ({ url, parent, depends }) => {
  depends('hortus:quality');
  const { me } = await parent();
  const holds = (wanted: readonly Role[]) =>
    (me?.memberships ?? []).filter(({ roles }) => roles.some((role) => wanted.includes(role)));
  const places = holds(OWNS).map(({ community }) => community);
  const asked = url.searchParams.get('community');
  const community = places.find(({ slug }) => slug === asked) ?? places[0] ?? null;
  const wanted = Number(url.searchParams.get('days'));
  const days = DAYS.includes(wanted) ? wanted : 90;
  const base = { places, community, days };
  const nothing = { figures: null, overturned: null, seeds: [], golden: null };
  if (!community) return { ...base, ...nothing };
  const from = new Date(Date.now() - days * 86_400_000).toISOString();
  const here = (roles: readonly Role[]) =>
    holds(roles).some((seat) => seat.community.slug === community.slug);
  const supervises = here(SUPERVISES);
  const [figures, overturned, seeds, golden] = await Promise.all([
    supervises ? api.quality.figures(community.slug, from) : null,
    // Who supervises nothing sees what they answer for.
    api.quality.overturned({ community: community.slug, from, mine: !supervises }),
    supervises ? api.quality.seeds(community.slug) : null,
    here(EXAMINES) ? api.quality.golden(community.slug) : null,
  ]);
  return {
    ...base,
    figures,
    overturned,
    seeds: seeds?.items ?? [],
    golden: golden?.items ?? null,
  };
};
