// The rows that are to be judged together: of one community and one kind, and nothing that may report a side effect.
import type { ItemCard } from '$lib/api';
import { isToDecide, type Row } from './queue';

/** The most items that the server judges at once. */
export const MOST_MARKED = 50;

/** Why a row is not judged with others; null where it can be. */
export function aloneBecause(item: ItemCard): string | null {
  if (!isToDecide(item.state)) return 'It is not waiting any more.';
  if (item.conflict) return 'You leave this one to a colleague.';
  if (item.claim && !item.claim.you) return `${item.claim.by.name} is reviewing it.`;
  if (item.risk === 'safety' || item.needs_disposition)
    return 'It may tell of a side effect: decide on it alone.';
  if (!['submission', 'report', 'rescreen'].includes(item.origin))
    return 'This one is decided on alone.';
  if (item.families.length > 1) return 'The rules found more than one kind of concern in it.';
  return null;
}

/** Whether both can be judged in the same way. */
export function alike(one: ItemCard, other: ItemCard): boolean {
  return (
    one.community.slug === other.community.slug &&
    one.families.join() === other.families.join() &&
    (one.origin === 'submission') === (other.origin === 'submission')
  );
}

export class Marked {
  /** In the order of the list. */
  items = $state.raw<readonly ItemCard[]>([]);
  /** Why the row that was asked for last is not marked. */
  why = $state<string | null>(null);
  /** Where a range begins. */
  #anchor: string | null = null;

  has(id: string): boolean {
    return this.items.some((item) => item.id === id);
  }

  clear(): void {
    this.items = [];
    this.why = null;
    this.#anchor = null;
  }

  /** Marks the row, or takes its mark away; gives why it cannot be marked. */
  toggle(rows: readonly Row[], id: string): string | null {
    this.why = null;
    const row = rows.find(({ item }) => item.id === id);
    if (!row) return null;
    if (this.has(id)) {
      this.items = this.items.filter((item) => item.id !== id);
      this.#anchor = null;
      return null;
    }
    this.why = this.#unfit(row);
    if (this.why !== null) return this.why;
    this.#anchor = id;
    this.#add(rows, [row.item]);
    return null;
  }

  /** Marks all rows that fit, from the one marked last to this one; says how many are marked then. */
  upTo(rows: readonly Row[], id: string): number {
    this.why = null;
    const at = (wanted: string | null) => rows.findIndex(({ item }) => item.id === wanted);
    const [from, to] = [at(this.#anchor), at(id)];
    if (to < 0) return this.items.length;
    const range = from < 0 ? [rows[to]] : rows.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const row of range) {
      if (row && !this.has(row.item.id) && this.#unfit(row) === null) this.#add(rows, [row.item]);
    }
    this.#anchor = id;
    return this.items.length;
  }

  #unfit({ item, gone }: Row): string | null {
    const first = this.items[0];
    if (gone) return 'It is not waiting any more.';
    const why = aloneBecause(item);
    if (why !== null) return why;
    if (first && !alike(first, item))
      return 'It is of another kind than those you marked: they are judged in the same way.';
    return this.items.length >= MOST_MARKED ? `At most ${MOST_MARKED} at once.` : null;
  }

  #add(rows: readonly Row[], items: ItemCard[]): void {
    const marked = [...this.items, ...items].map(({ id }) => id);
    this.items = rows.map(({ item }) => item).filter(({ id }) => marked.includes(id));
  }
}
