import { api, Problem, type AuditRecord, type Page } from '$lib/api';
import { auditFiltersFrom, auditQuery, type AuditFilters } from '$lib/audit/filters';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ url }) => {
  const filters = auditFiltersFrom(url.searchParams);
  const [found, actions, checkpoint] = await Promise.all([
    search(filters),
    api.audit.actions(),
    api.audit.checkpoint(),
  ]);
  return { filters, ...found, actions: actions.items, checkpoint };
};

/** A search that the server cannot make sense of is shown beside its filters, not instead of them. */
async function search(
  filters: AuditFilters,
): Promise<{ page: Page<AuditRecord>; refusal: Problem | null }> {
  try {
    return { page: await api.audit.records(auditQuery(filters)), refusal: null };
  } catch (refusal) {
    const correctable = refusal instanceof Problem && [400, 404, 422].includes(refusal.status);
    if (!correctable || Object.keys(filters).length === 0) throw refusal;
    return { page: { items: [], next: null }, refusal };
  }
}
