// The queue's filters live in the address, so that a view can be bookmarked, shared, kept and gone back to.
import type { Family, QueueView, RiskClass } from '$lib/api';

export const FAMILIES: Family[] = [
  'adverse_event',
  'off_label',
  'fair_balance',
  'privacy',
  'conduct',
];
export const VIEWS: QueueView[] = [
  'open',
  'mine',
  'unclaimed',
  'escalated',
  'waiting_for_others',
  'breached',
  'recently_decided',
];
export const RISKS: RiskClass[] = ['safety', 'promotion', 'routine'];

export interface Filters {
  view?: QueueView;
  community?: string;
  family?: Family;
  risk?: RiskClass;
  /** Words that stand in the title, the text or the author's name. */
  q?: string;
}

/** Reads the filters from an address; a word that is no filter is left out. */
export function filtersFrom(query: URLSearchParams): Filters {
  const view = VIEWS.find((word) => word === query.get('view'));
  const community = query.get('community');
  const family = FAMILIES.find((word) => word === query.get('family'));
  const risk = RISKS.find((word) => word === query.get('risk'));
  const q = query.get('q')?.trim();
  return {
    ...(view && view !== 'open' ? { view } : {}),
    ...(community ? { community } : {}),
    ...(family ? { family } : {}),
    ...(risk ? { risk } : {}),
    ...(q ? { q } : {}),
  };
}

/** The same as a query string with its question mark, or nothing when nothing is filtered. */
export function queryOf(filters: Filters): string {
  const query = new URLSearchParams();
  if (filters.view && filters.view !== 'open') query.set('view', filters.view);
  if (filters.community) query.set('community', filters.community);
  if (filters.family) query.set('family', filters.family);
  if (filters.risk) query.set('risk', filters.risk);
  if (filters.q) query.set('q', filters.q);
  return query.size > 0 ? `?${query}` : '';
}

export function isFiltered(filters: Filters): boolean {
  return queryOf(filters) !== '';
}
