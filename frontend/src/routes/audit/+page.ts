import { api } from '$lib/api';
import { auditFiltersFrom, auditQuery } from '$lib/audit/filters';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ url }) => {
  const filters = auditFiltersFrom(url.searchParams);
  const [page, actions, checkpoint] = await Promise.all([
    api.audit.records(auditQuery(filters)),
    api.audit.actions(),
    api.audit.checkpoint(),
  ]);
  return { filters, page, actions: actions.items, checkpoint };
};
