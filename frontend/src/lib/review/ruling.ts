// What a judgement needs of the draft: what is still lacking, and what is sent.
import type { Action, DecisionInput } from '$lib/api';
import type { Draft } from './drafts';
import type { Move, Need } from './moves';

/** What stands in a field until somebody writes something better. */
const BEGINNINGS: Partial<Record<Action, Partial<Pick<Draft, 'words' | 'tombstone'>>>> = {
  retract: { tombstone: 'The moderators have withdrawn this post.' },
  overturn: { words: 'We have looked at your text again and agree with you. It is released.' },
};

const LACKS: Record<Need, (draft: Draft) => boolean> = {
  reason: ({ reason }) => reason === '',
  words: ({ words }) => words.trim() === '',
  balance_text: ({ balance }) => balance === '',
  tombstone: ({ tombstone }) => tombstone.trim() === '',
  spans: ({ spans }) => spans.length === 0,
  cuts: ({ cuts }) => cuts.length === 0,
  duplicate_of: ({ duplicateOf }) => duplicateOf === '',
  // Asked for in forms of their own, before and after.
  disposition: () => false,
  question: () => false,
  answer: () => false,
  signature: () => false,
};

/** The order in which the form asks. */
const ORDER: readonly Need[] = [
  'spans',
  'cuts',
  'duplicate_of',
  'balance_text',
  'reason',
  'words',
  'tombstone',
];

/** What the judgement needs and the draft does not have, in the order of the form. */
export function lacking(move: Pick<Move, 'needs'>, draft: Draft): Need[] {
  // Why else words are taken out, only words to the author can say.
  const unexplained = draft.spans.some(({ reason }) => reason === 'other');
  return ORDER.filter(
    (need) =>
      (move.needs.includes(need) ||
        (need === 'words' && move.needs.includes('spans') && unexplained)) &&
      LACKS[need](draft),
  );
}

/** The field of the form in which this is given. */
export function fieldOf(need: Need): string {
  return `[data-need="${need}"] :is(input, textarea)`;
}

/** Chooses a judgement. What nobody wrote goes with the one that was chosen before. */
export function begin(draft: Draft, action: Action): void {
  const before = draft.action === null ? undefined : BEGINNINGS[draft.action];
  const now = BEGINNINGS[action];
  for (const field of ['words', 'tombstone'] as const) {
    const untouched = draft[field].trim() === '' || draft[field] === before?.[field];
    if (untouched) draft[field] = now?.[field] ?? '';
  }
  draft.action = action;
}

/** What the draft adds to a decision: only what the judgement asks for, and words, which are always welcome. */
export function rulingOf(
  move: Pick<Move, 'needs' | 'action'>,
  draft: Draft,
): Omit<DecisionInput, 'fence' | 'revision_hash' | 'rule_set_hash' | 'signature'> {
  const needs = (need: Need) => move.needs.includes(need);
  const words = draft.words.trim();
  return {
    action: move.action,
    ...(needs('reason') && draft.reason ? { reason_code: draft.reason } : {}),
    ...(needs('balance_text') ? { balance_key: draft.balance } : {}),
    ...(needs('spans') ? { spans: draft.spans } : {}),
    ...(needs('cuts') ? { cuts: draft.cuts } : {}),
    ...(needs('duplicate_of') ? { duplicate_of: draft.duplicateOf } : {}),
    ...(needs('tombstone') ? { tombstone: draft.tombstone.trim() } : {}),
    ...(words ? { words } : {}),
  };
}
