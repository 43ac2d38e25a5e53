// What a digit chooses while something is being filled in, and where the focus goes then.
import { NO_EVENT_REASONS } from '$lib/safety/words';
import { moveOf } from './moves';
import type { OpenItem } from './open-item.svelte';
import { chooseReason } from './reasons';
import { fieldOf, lacking } from './ruling';

/** The part of the page that takes the focus next: the form, and what in it. */
export type Place = [form: string, within: string];

/** Chooses by number; null where nothing is asked for, `false` where there is no such number. */
export function choose(open: OpenItem, number: number): Place | false | null {
  const { draft, item } = open;
  if (!open.held) return null;
  if (open.needsDisposition && draft.disposition === 'not_adverse_event') {
    const reason = NO_EVENT_REASONS[number - 1];
    if (!reason) return false;
    draft.noEvent = reason;
    return ['disposition', reason === 'other' ? 'textarea' : '#record-disposition'];
  }
  const needs = moveOf(item, draft.action)?.needs ?? [];
  if (needs.includes('balance_text')) {
    const text = item?.balance_texts[number - 1];
    if (!text) return false;
    draft.balance = text.key;
    return afterwards(open);
  }
  if (needs.includes('reason')) {
    const reason = item?.reason_codes[number - 1];
    if (!item || !reason) return false;
    chooseReason(draft, item, reason.code);
    return afterwards(open);
  }
  return null;
}

/** What is lacking still, or else the last word. */
function afterwards({ item, draft }: OpenItem): Place {
  const move = moveOf(item, draft.action);
  const [first] = move ? lacking(move, draft) : [];
  return ['decision', first === undefined ? '#confirm-decision' : fieldOf(first)];
}
