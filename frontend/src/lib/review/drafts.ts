// What a reviewer has chosen and typed for an item. It outlives the claim, the text and a walk to another item,
// and it is the reviewer's own: who signs in next on this device does not meet it.
import type { Action, Disposition, NotAdverseEventReason, Span } from '$lib/api';

/** The most characters that the server takes as words to the author or as a note. */
export const WORDS_LIMIT = 4000;

export interface Draft {
  action: Action | null;
  /** The code of one of the policy's reasons. */
  reason: string;
  words: string;
  /** The key of the company's text that is to stand under the post. */
  balance: string;
  /** What readers find in the place of a post that is retracted. */
  tombstone: string;
  /** Which words are taken out, where the text is cut, or which post it repeats. */
  spans: Span[];
  cuts: number[];
  duplicateOf: string;
  disposition: Disposition | null;
  noEvent: NotAdverseEventReason | '';
  noEventWords: string;
}

const drafts = new Map<string, Draft>();
const name = (reviewer: string, item: string) => `${reviewer} ${item}`;

export function emptyDraft(): Draft {
  return {
    action: null,
    reason: '',
    words: '',
    balance: '',
    tombstone: '',
    spans: [],
    cuts: [],
    duplicateOf: '',
    disposition: null,
    noEvent: '',
    noEventWords: '',
  };
}

/** What was kept for the item, or an empty draft. */
export function kept(reviewer: string, item: string): Draft {
  return drafts.get(name(reviewer, item)) ?? emptyDraft();
}

/** Keeps what somebody took the trouble to type or to select; a mere choice is made again quickly. */
export function keep(reviewer: string, item: string, draft: Draft): void {
  const chosen = draft.spans.length + draft.cuts.length;
  if (chosen === 0 && draft.words.trim() === '' && draft.noEventWords.trim() === '')
    forget(reviewer, item);
  else drafts.set(name(reviewer, item), draft);
}

export function forget(reviewer: string, item: string): void {
  drafts.delete(name(reviewer, item));
}
