// Questions to other desks: whom they go to, and what this person may do about them. What counts the server says.
import type { Item, Me, ReferralField, Role } from '$lib/api';

export const ANSWERED_BY: Readonly<Record<ReferralField, Role>> = {
  safety: 'safety_officer',
  medical: 'medical_reviewer',
  legal_regulatory: 'mlr_approver',
};

type Asked = Pick<Item, 'actions' | 'referral_fields' | 'referrals' | 'community'>;

const offers = (item: Pick<Item, 'actions'>, wanted: string) =>
  item.actions.some(({ action }) => action === wanted);

/** Whether there is another desk to ask. */
export function askable(item: Asked | null): boolean {
  return item !== null && offers(item, 'refer') && item.referral_fields.length > 0;
}

/** The open question that somebody with these seats may answer. */
export function answerable(item: Asked | null, seats: Me['memberships']): string | null {
  if (!item || !offers(item, 'answer_referral')) return null;
  const here = seats.find(({ community }) => community.slug === item.community.slug);
  const mine = item.referrals.find(
    ({ state, to }) => state === 'open' && here?.roles.includes(ANSWERED_BY[to]),
  );
  return mine?.id ?? null;
}
