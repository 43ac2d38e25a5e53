// How a fresh reading of the queue meets the rows already on screen: rows never move under the hand. What is
// new waits behind a bar, what is gone stays in its place, marked, until the reviewer asks for the new order.
import type { ItemCard, ItemPage, ItemState, QueueView } from '$lib/api';

/** The states in which somebody at the desk can judge. */
const TO_DECIDE: readonly ItemState[] = ['waiting', 'second_review', 'lead_review'];

export function isToDecide(state: ItemState): boolean {
  return TO_DECIDE.includes(state);
}

/** Whether an item in this state has no place in the view any more. */
function hasLeft(state: ItemState, view: QueueView): boolean {
  if (view === 'recently_decided') return false;
  if (view === 'waiting_for_others') {
    return !['referred', 'settling', 'second_review'].includes(state);
  }
  return !isToDecide(state);
}

export interface Row {
  item: ItemCard;
  /** Decided, withdrawn or out of this filter since the list was read. */
  gone: boolean;
}

export interface Queue {
  rows: Row[];
  next: string | null;
  counts: ItemPage['counts'];
  /** Items that came in since, not yet shown. */
  arrivals: ItemCard[];
}

export function queueFrom(page: ItemPage): Queue {
  return {
    rows: page.items.map((item) => ({ item, gone: false })),
    next: page.next,
    counts: page.counts,
    arrivals: [],
  };
}

/** The following page under the rows already there. */
export function append(queue: Queue, page: ItemPage): Queue {
  const known = new Set(queue.rows.map((row) => row.item.id));
  const more = page.items.filter((item) => !known.has(item.id));
  return {
    ...queue,
    rows: [...queue.rows, ...more.map((item) => ({ item, gone: false }))],
    next: page.next,
    counts: page.counts,
  };
}

/**
 * A fresh first page laid over the rows on screen. `fresh.next` tells how far it reaches: a row behind its
 * last deadline is unknown rather than gone.
 */
export function refreshed(queue: Queue, fresh: ItemPage, view: QueueView = 'open'): Queue {
  const byId = new Map(fresh.items.map((item) => [item.id, item]));
  const reach = fresh.next === null ? null : (fresh.items.at(-1)?.due_at ?? null);
  // What is over comes the newest first: there a page says nothing of what it does not show.
  const within = (dueAt: string) =>
    view !== 'recently_decided' && (reach === null || Date.parse(dueAt) < Date.parse(reach));
  const shown = new Set(queue.rows.map((row) => row.item.id));
  const lastShown = queue.rows.at(-1)?.item.due_at;
  const onPage = (item: ItemCard) =>
    view === 'recently_decided' ||
    queue.next === null ||
    lastShown === undefined ||
    Date.parse(item.due_at) <= Date.parse(lastShown);
  return {
    ...queue,
    rows: queue.rows.map((row) => {
      const now = byId.get(row.item.id);
      if (now) return { item: now, gone: hasLeft(now.state, view) };
      return { item: row.item, gone: row.gone || within(row.item.due_at) };
    }),
    counts: fresh.counts,
    arrivals: fresh.items.filter((item) => !shown.has(item.id) && onPage(item)),
  };
}

/**
 * The rows that a hint named, read anew: the others stay as they are. `answer.fitting` says which of them this filter
 * lets through.
 */
export function patched(queue: Queue, named: readonly string[], answer: ItemPage): Queue {
  const byId = new Map(answer.items.map((item) => [item.id, item]));
  const shown = new Set(queue.rows.map((row) => row.item.id));
  const fits = (id: string) => answer.fitting.includes(id);
  const lastShown = queue.rows.at(-1)?.item.due_at;
  // Behind what is loaded it is met when the reader gets there.
  const within = (item: ItemCard) =>
    queue.next === null ||
    lastShown === undefined ||
    Date.parse(item.due_at) <= Date.parse(lastShown);
  return {
    ...queue,
    rows: queue.rows.map((row) => {
      const { id } = row.item;
      return named.includes(id) ? { item: byId.get(id) ?? row.item, gone: !fits(id) } : row;
    }),
    counts: answer.counts,
    arrivals: [
      ...queue.arrivals.filter(({ id }) => !named.includes(id)),
      ...answer.items.filter((item) => fits(item.id) && !shown.has(item.id) && within(item)),
    ],
  };
}

/** Items this reviewer could take now, in the order of the queue, but for `except`. */
export function takeable(queue: Queue, except: string | null): ItemCard[] {
  return queue.rows
    .filter((row) => !row.gone && row.item.id !== except)
    .map((row) => row.item)
    .filter(
      (item) => isToDecide(item.state) && !item.conflict && (item.claim === null || item.claim.you),
    );
}

/** The row `step` rows away from `current`, staying inside the list. */
export function neighbour(rows: Row[], current: string | null, step: 1 | -1): string | null {
  if (rows.length === 0) return null;
  const at = rows.findIndex((row) => row.item.id === current);
  const to =
    at < 0 ? (step === 1 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step));
  return rows[to]?.item.id ?? null;
}

/** The queue after this reviewer's own judgement: the row stays in place, marked, until the next reading. */
export function judgedIn(queue: Queue, id: string, state: ItemState): Queue {
  const row = queue.rows.find((candidate) => candidate.item.id === id);
  if (!row || row.gone) return queue;
  const counts = { ...queue.counts };
  counts.waiting = Math.max(0, counts.waiting - 1);
  if (row.item.claim?.you) counts.claimed_by_you = Math.max(0, counts.claimed_by_you - 1);
  return {
    ...queue,
    counts,
    rows: queue.rows.map((other) =>
      other === row ? { item: { ...row.item, state, claim: null }, gone: true } : other,
    ),
  };
}
