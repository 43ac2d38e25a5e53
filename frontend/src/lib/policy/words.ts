import type { Act, Occasion, Role, Term, Unit } from '$lib/api';
import { terms } from '$lib/wording';

export const DAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type WeekDay = (typeof DAYS)[number];

export const DEADLINES = {
  safety: 'Texts that may report an adverse event',
  promotion: 'Texts with concerns of promotion',
  routine: 'Other texts',
  escalated: 'What the rules escalate, if that is sooner',
  referral: 'Answers to referrals',
  appeal: 'Outcomes of appeals',
} as const;
export type Deadline = keyof typeof DEADLINES;

export const OCCASIONS = Object.keys(terms.occasion) as Occasion[];
export const ACTS = Object.keys(terms.act) as Act[];
/** Who sits at the review desk. A policy gives its acts to nobody else, but that safety officers answer questions. */
export const DESK: readonly Role[] = [
  'moderator',
  'medical_reviewer',
  'lead',
  'mlr_approver',
  'safety_officer',
];
export const TOLD: readonly Role[] = [
  'moderator',
  'lead',
  'safety_officer',
  'medical_reviewer',
  'mlr_approver',
  'administrator',
];

const UNITS: Record<Unit, [one: string, several: string]> = {
  hours: ['hour', 'hours'],
  business_hours: ['business hour', 'business hours'],
  business_days: ['business day', 'business days'],
};

export const UNIT_OPTIONS = (Object.keys(UNITS) as Unit[]).map((value) => ({
  value,
  label: UNITS[value][1],
}));

export function termWords({ unit, count }: Term): string {
  return `${count} ${UNITS[unit][count === 1 ? 0 : 1]}`;
}

export const dayName = (day: string): string => day.charAt(0).toUpperCase() + day.slice(1);

const FIELDS: Record<string, string> = {
  moderation: 'Moderation',
  'calendar.time_zone': 'Time zone',
  undo_seconds: 'Seconds in which a decision can be taken back',
  second_review: 'Second review',
  signature: 'Signature',
  'alarms.near_minutes': 'Alarm: minutes before a deadline',
  'alarms.unattended_minutes': 'Alarm: minutes without anybody working',
  'alarms.roles': 'Alarm: who is told',
  'alarms.mail': 'Alarm: by mail',
  'alarms.mail_to': 'Alarm: further addresses',
  'alarms.webhook': 'Alarm: webhook',
  'quality.share_percent': 'Decisions that are judged again, of a hundred',
};

const GROUPS: [prefix: string, name: (rest: string) => string][] = [
  ['deadlines.', (rest) => `Deadline: ${DEADLINES[rest as Deadline] ?? rest}`],
  ['calendar.hours.', (rest) => `Business hours on ${dayName(rest)}`],
  ['calendar.holidays.', (rest) => `Holiday ${rest.replace(/\.(date|name)$/, '')}`],
  ['may.', (rest) => `Who may: ${terms.act[rest as Act] ?? rest}`],
  ['reasons.', (rest) => `Reason ${rest.replace('.', ': ')}`],
  ['author_templates.', (rest) => `Template ${rest.replace('.', ': ')}`],
  ['balance_texts.', (rest) => `Balance text ${rest.replace('.', ': ')}`],
];

/** What a field of a policy is called. */
export function fieldName(path: string): string {
  const known = FIELDS[path];
  if (known !== undefined) return known;
  const listed = /^([a-z_.]+)\.(\d+)(?:\.|$)/.exec(path);
  // The server counts from 0, people from 1.
  if (listed?.[1] && listed[2]) path = `${listed[1]}.${Number(listed[2]) + 1}`;
  const group = GROUPS.find(([prefix]) => path.startsWith(prefix));
  return group ? group[1](path.slice(group[0].length)) : path;
}

const WORDS: Record<string, string> = {
  ...terms.role,
  ...terms.occasion,
  pre_moderation: 'A person releases every text before anyone sees it',
};

/** What stands in a field, in words. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return WORDS[value] ?? value;
  if (Array.isArray(value)) return value.length ? value.map(valueWords).join(', ') : 'nobody';
  if (typeof value === 'object' && 'unit' in value) return termWords(value as Term);
  if (typeof value === 'object' && 'opens' in value && 'closes' in value)
    return `${String(value.opens)} to ${String(value.closes)}`;
  return JSON.stringify(value);
}

/** What of a control is weakened. */
export function weakenedName(what: string): string {
  const named: Record<string, string> = {
    ...WORDS,
    ...terms.act,
    ...DEADLINES,
    time_zone: 'time zone',
    undo_seconds: 'seconds to take a decision back',
    near_minutes: 'before a deadline',
    unattended_minutes: 'when nobody works',
    mail: 'by mail',
    mail_to: 'a further address',
    webhook: 'the webhook',
    share_percent: 'share of decisions',
  };
  return named[what] ?? what;
}
