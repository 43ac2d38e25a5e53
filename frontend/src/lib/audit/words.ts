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
  return actor.id === null ? (OUTSIDE[actor.role] ?? actor.role) : 'Name erased';
}

export function actorRole(role: string): string {
  if (role in terms.role) return terms.role[role as Role];
  return role in OUTSIDE ? '' : role.replaceAll('_', ' ');
}
