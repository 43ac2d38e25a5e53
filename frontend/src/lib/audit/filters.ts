// What an inspector looks for, as it stands in the address: so a finding can be cited by its link.
import type { AuditQuery } from '$lib/api';

const NAMES = ['actor', 'action', 'object', 'community', 'from', 'to'] as const;
export type AuditFilters = Partial<Record<(typeof NAMES)[number], string>>;

export function auditFiltersFrom(query: URLSearchParams): AuditFilters {
  const filters: AuditFilters = {};
  for (const name of NAMES) {
    const value = query.get(name)?.trim();
    if (value && (!isDay(name) || /^\d{4}-\d{2}-\d{2}$/.test(value))) filters[name] = value;
  }
  return filters;
}

export function auditAddress(filters: AuditFilters): string {
  const query = new URLSearchParams();
  for (const name of NAMES) {
    const value = filters[name]?.trim();
    if (value) query.set(name, value);
  }
  return query.size > 0 ? `/audit?${query}` : '/audit';
}

/** The same for the server: whole days in UTC, the last one included. */
export function auditQuery(filters: AuditFilters): AuditQuery {
  const { from, to, ...rest } = filters;
  return {
    ...rest,
    ...(from ? { from: `${from}T00:00:00Z` } : {}),
    ...(to ? { to: `${to}T23:59:59.999999Z` } : {}),
  };
}

function isDay(name: string): boolean {
  return name === 'from' || name === 'to';
}
