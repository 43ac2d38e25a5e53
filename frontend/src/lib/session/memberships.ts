import type { CommunityName, Me } from '$lib/api';

let seen: { account: string; communities: Map<string, CommunityName> } | null = null;

/** The communities that this person was a member of earlier in this tab, and is no more. */
export function endedMemberships(me: Me | null): CommunityName[] {
  if (!me) {
    seen = null;
    return [];
  }
  if (seen?.account !== me.account.id) seen = { account: me.account.id, communities: new Map() };
  const { communities } = seen;
  for (const { community } of me.memberships) communities.set(community.id, community);
  const present = new Set(me.memberships.map(({ community }) => community.id));
  return [...communities.values()].filter(({ id }) => !present.has(id));
}
