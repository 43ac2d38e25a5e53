import type { Me, NoticeView, Role } from '$lib/api';

const DESK: readonly Role[] = ['moderator', 'lead', 'medical_reviewer', 'mlr_approver'];

/** The page on which this person can do something about it. */
export function whereTo(
  { kind, subject_kind, subject_id, community, count }: NoticeView,
  me: Pick<Me, 'memberships'>,
): string {
  if (kind === 'findings_overturned') return `/quality?community=${community}`;
  const there = me.memberships.find((seat) => seat.community.slug === community);
  const decides = there?.roles.some((role) => DESK.includes(role)) ?? false;
  // Who administers and decides nothing sees who could: that is where help is found.
  if (subject_kind !== 'policy' && !decides) return `/admin/${community}/members`;
  if (subject_kind === 'policy') return `/admin/${community}/policy`;
  if (subject_kind === 'review_item' && count === 1) return `/review/${subject_id}`;
  return '/review';
}
