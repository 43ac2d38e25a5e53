// The queue's filters live in the address, so that a view can be bookmarked, shared and gone back to.
import type { Family, Verdict } from '$lib/api';

export const FAMILIES: Family[] = [
  'adverse_event',
  'off_label',
  'fair_balance',
  'privacy',
  'conduct',
];
export const VERDICTS: Verdict[] = ['escalate', 'hold', 'clear'];

export interface Filters {
  community?: string;
  family?: Family;
  verdict?: Verdict;
  mine?: boolean;
}

/** Reads the filters from an address; a word that is no filter is left out. */
export function filtersFrom(query: URLSearchParams): Filters {
  const community = query.get('community');
  const family = FAMILIES.find((word) => word === query.get('family'));
  const verdict = VERDICTS.find((word) => word === query.get('verdict'));
  return {
    ...(community ? { community } : {}),
    ...(family ? { family } : {}),
    ...(verdict ? { verdict } : {}),
    ...(query.get('mine') === 'true' ? { mine: true } : {}),
  };
}

/** The same as a query string with its question mark, or nothing when nothing is filtered. */
export function queryOf(filters: Filters): string {
  const query = new URLSearchParams();
  if (filters.community) query.set('community', filters.community);
  if (filters.family) query.set('family', filters.family);
  if (filters.verdict) query.set('verdict', filters.verdict);
  if (filters.mine) query.set('mine', 'true');
  return query.size > 0 ? `?${query}` : '';
}

export function isFiltered(filters: Filters): boolean {
  return queryOf(filters) !== '';
}
