import type { Me, Role } from '$lib/api';
import type { IconName } from '$lib/ui';
import { common } from '$lib/wording';

export interface Destination {
  href: string;
  label: string;
  icon: IconName;
}

/** Where this person may go. The server decides anew at every call; this only spares them closed doors. */
export function destinations(me: Me): Destination[] {
  const roles = new Set<Role>(me.memberships.flatMap((membership) => membership.roles));
  const any = (...wanted: Role[]) => wanted.some((role) => roles.has(role));
  const { nav } = common;
  const all: (Destination & { open: boolean })[] = [
    { href: '/communities', label: nav.communities, icon: 'communities', open: true },
    {
      href: '/submissions',
      label: nav.submissions,
      icon: 'submissions',
      open: writes(me),
    },
    {
      href: '/review',
      label: nav.review,
      icon: 'review',
      open: any('moderator', 'lead', 'medical_reviewer', 'mlr_approver'),
    },
    {
      href: '/safety',
      label: nav.safety,
      icon: 'safety',
      open: any('safety_officer', 'medical_reviewer'),
    },
    {
      href: '/quality',
      label: nav.quality,
      icon: 'quality',
      open: any('lead', 'administrator', 'inspector'),
    },
    {
      href: '/referrals',
      label: nav.referrals,
      icon: 'reply',
      open: any('safety_officer', 'medical_reviewer', 'mlr_approver'),
    },
    { href: '/audit', label: nav.audit, icon: 'audit', open: any('inspector') },
    { href: '/export', label: nav.export, icon: 'export', open: any('inspector') },
    {
      href: '/admin',
      label: nav.admin,
      icon: 'admin',
      open: me.administrator || any('administrator'),
    },
  ];
  return all.filter(({ open }) => open).map(({ href, label, icon }) => ({ href, label, icon }));
}

/** An inspector reads and does not write. */
function writes(me: Me): boolean {
  return me.memberships.some(({ roles }) => roles.some((role) => role !== 'inspector'));
}

/** Whether a page belongs to a destination, so that it is shown as the present one. */
export function isHere(href: string, path: string): boolean {
  if (href === '/communities' && path.startsWith('/c/')) return true;
  return path === href || path.startsWith(`${href}/`);
}
