import type { Me, NoticeView, Role } from '$lib/api';

const DESK: readonly Role[] = ['moderator', 'lead', 'medical_reviewer', 'mlr_approver'];
const ANSWERS: readonly Role[] = ['safety_officer', 'medical_reviewer', 'mlr_approver'];

/** The page on which this person can do something about it. */
export function whereTo(
  { kind, subject_kind, subject_id, community, count }: NoticeView,
  me: Pick<Me, 'memberships'>,
): string {
  if (kind === 'findings_overturned') return `/quality?community=${community}`;
  const there = me.memberships.find((seat) => seat.community.slug === community);
  const decides = there?.roles.some((role) => DESK.includes(role)) ?? false;
  const asked = there?.roles.some((role) => ANSWERS.includes(role)) ?? false;
  // A question is answered on a page of its own, also by who does not sit at the desk.
  if (subject_kind === 'referral' && count === 1 && (asked || decides)) {
    return `/referrals/${subject_id}`;
  }
  if (subject_kind === 'referral' && asked) return '/referrals';
  if (subject_kind === 'account') {
    return there?.roles.includes('administrator') ? `/admin/${community}/signers` : '/account';
  }
  // Who administers and decides nothing sees who could: that is where help is found.
  if (subject_kind !== 'policy' && !decides) return `/admin/${community}/members`;
  if (subject_kind === 'policy') return `/admin/${community}/policy`;
  if (subject_kind === 'review_item' && count === 1) return `/review/${subject_id}`;
  return '/review';
}
