// What others did to the item that is on screen, in one sentence.
import type { Action, Item } from '$lib/api';

const DONE: Record<Action, string> = {
  release: 'released this',
  release_with_balance: 'released this with the company’s text',
  request_changes: 'asked the author for changes',
  redact_and_release: 'took words out of this and released it',
  split: 'divided this into parts',
  duplicate: 'closed this as a duplicate',
  reject: 'rejected this',
  keep: 'kept this as it is',
  retract: 'retracted this',
  uphold: 'upheld the rejection of this',
  overturn: 'granted the appeal on this',
};

/** The sentence, or null where nothing happened that a reviewer must know. */
export function newsOf(before: Item, now: Item): string | null {
  if (now.state !== before.state) {
    if (now.decision) return `${now.decision.decided_by.name} ${DONE[now.decision.action]}.`;
    if (now.state === 'withdrawn') return 'The author has withdrawn this text.';
    if (now.state === 'superseded') return 'The author has sent a newer version of this text.';
  }
  const [held, holds] = [before.claim, now.claim];
  if (holds && !holds.you && holds.by.id !== held?.by.id) {
    return `${holds.by.name} is reviewing this now.`;
  }
  if (held && !held.you && !holds && now.state === 'waiting') {
    return `${held.by.name} has handed this back: it is free to take.`;
  }
  return null;
}
