import type { Role } from '$lib/api';

export { default as About } from './About.svelte';
export { default as CommunityCardView } from './CommunityCardView.svelte';
export { default as CommunityHead } from './CommunityHead.svelte';
export { default as Members } from './Members.svelte';
export { default as Products } from './Products.svelte';
export { default as ThreadRows } from './ThreadRows.svelte';

/** Whether roles in a community include writing there; an inspector only reads. */
export function writesWith(roles: readonly Role[]): boolean {
  return roles.some((role) => role !== 'inspector');
}
