import type { Role, SentInvitation, SpeakerClass } from '$lib/api';
import { terms } from '$lib/wording';

/** What a role allows, for whoever gives it. */
export const ROLE_MEANING: Record<Role, string> = {
  member: 'Reads and writes in this community.',
  moderator: 'Reviews texts at the review desk and decides on them.',
  lead: 'A moderator who also takes over items and settles what two reviewers disagree on.',
  safety_officer: 'Reads the safety cases and records dispositions.',
  medical_reviewer: 'Reviews texts and reads the safety cases.',
  mlr_approver:
    'Reviews texts and signs what the company itself says of products, for medical, legal and regulatory affairs.',
  inspector: 'Reads the audit trail and takes exports; writes nothing.',
  administrator: 'Members, invitations, products and the description.',
};

export const ROLES = Object.keys(ROLE_MEANING) as Role[];

export const SPEAKER_OPTIONS = (Object.keys(terms.speaker) as SpeakerClass[]).map((value) => ({
  value,
  label: terms.speaker[value],
}));

export const SPEAKER_HINT =
  'What the rules expect of this person: the company’s own people may say less than a patient may.';

export const INVITATION_STATE: Record<SentInvitation['state'], string> = {
  open: 'Open',
  accepted: 'Accepted',
  expired: 'Expired',
  revoked: 'Revoked',
};
