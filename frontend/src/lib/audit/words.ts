import type { AuditRecord, Role } from '$lib/api';
import { terms } from '$lib/wording';

// Actors that are no member: the server itself, who works on the machine, who is not signed in.
const OUTSIDE: Record<string, string> = {
  server: 'Server',
  operator: 'Operator at the machine',
  visitor: 'Not signed in',
};

export function actorName(actor: AuditRecord['actor']): string {
  if (actor.name) return actor.name;
  return actor.id === null ? (OUTSIDE[actor.role ?? ''] ?? actor.role ?? 'Unknown') : 'Name erased';
}

export function actorRole(role: string | null): string {
  if (role === null) return '';
  if (role in terms.role) return terms.role[role as Role];
  return role in OUTSIDE ? '' : role.replaceAll('_', ' ');
}

/** The people in these records, each once, for whoever wants to search for one of them. */
export function actorsIn(records: AuditRecord[]): { id: string; name: string }[] {
  const people = records.flatMap(({ actor }) =>
    actor.id === null ? [] : [[actor.id, actorName(actor)] as const],
  );
  return [...new Map(people)]
    .map(([id, name]) => ({ id, name }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Enough of an identifier to tell it from its neighbours; what is no uuid and no hash is shown as it is. */
export function shortId(id: string): string {
  if (/^[0-9a-f]{25,}$/.test(id)) return `${id.slice(0, 12)}…`;
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id.slice(-12) : id;
}
