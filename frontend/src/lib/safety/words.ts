// Pharmacovigilance terms as people read them. The server may learn a new code before this table does: a code
// without a name is then shown with spaces, never hidden.
import type { CaseState, Criterion, NotAdverseEventReason, SubmissionState } from '$lib/api';
import { terms } from '$lib/wording';

const SERIOUSNESS: Record<string, string> = {
  death: 'Death',
  life_threatening: 'Life-threatening',
  hospitalisation: 'Hospitalisation',
  disability: 'Disability or incapacity',
  congenital_anomaly: 'Congenital anomaly',
  medically_important: 'Other medically important condition',
  required_intervention: 'Required intervention',
};

const SPECIAL_SITUATIONS: Record<string, string> = {
  pregnancy: 'Pregnancy exposure',
  breastfeeding: 'Breastfeeding exposure',
  paediatric_use: 'Use in a child',
  elderly_use: 'Use in an elderly person',
  overdose: 'Overdose',
  abuse: 'Abuse',
  misuse: 'Misuse',
  medication_error: 'Medication error',
  off_label_use: 'Off-label use',
  occupational_exposure: 'Occupational exposure',
  lack_of_efficacy: 'Lack of efficacy',
  suspected_transmission: 'Suspected transmission of an infectious agent',
  quality_defect: 'Quality defect or falsified product',
  drug_interaction: 'Drug interaction',
  unexpected_benefit: 'Unexpected benefit',
};

/** The four criteria of a valid ICSR, in the order of GVP Module VI. */
export const CRITERIA = [
  { key: 'reporter', label: 'Reporter', full: 'Identifiable reporter' },
  { key: 'patient', label: 'Patient', full: 'Identifiable patient' },
  { key: 'product', label: 'Product', full: 'Suspect product' },
  { key: 'reaction', label: 'Reaction', full: 'Suspected reaction' },
] as const;

export const INFERRED: Record<NonNullable<Criterion['inferred_from']>, string> = {
  account: 'from the verified account',
  thread: 'from the thread',
  title: 'from the thread’s title',
  community: 'from the community',
};

export const CASE_STATE: Record<CaseState, string> = {
  awaiting_disposition: 'Awaiting disposition',
  adverse_event: 'Adverse event',
  special_situation: 'Special situation',
  quality_complaint: 'Quality complaint',
  not_adverse_event: 'Not an adverse event',
};

/** What the rules found, which is not yet what a person decided. */
export function foundCriteria(criteria: Record<(typeof CRITERIA)[number]['key'], boolean>): string {
  return `Found: ${CRITERIA.filter(({ key }) => criteria[key]).length} of ${CRITERIA.length}`;
}

export const NO_CLOCK = 'No clock: not an adverse event';

/** The state that a word in the address names, if it is one. */
export function caseState(word: string | null): CaseState | undefined {
  return (Object.keys(CASE_STATE) as CaseState[]).find((state) => state === word);
}

export function seriousnessName(code: string): string {
  return SERIOUSNESS[code] ?? plain(code);
}

export function situationName(code: string): string {
  return SPECIAL_SITUATIONS[code] ?? plain(code);
}

function plain(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What became of the text behind a case, as the safety team reads it. */
export const textBecame: Record<SubmissionState, string> = {
  in_review: 'The text waits for review.',
  changes_requested: 'The author was asked to change the text.',
  released: 'The text is released.',
  rejected: 'The text was not released.',
  withdrawn: 'The author withdrew the text.',
  retracted: 'The text was released and retracted again.',
  split: 'The text was divided; each part is decided on for itself.',
  duplicate: 'The text was closed because another post says the same.',
  superseded: 'The author wrote a newer version of the text.',
};

/** Why a text is no report of an adverse event, in the order in which the reasons are offered. */
export const NO_EVENT_REASONS = Object.keys(terms.notAdverseEventReason) as NotAdverseEventReason[];
