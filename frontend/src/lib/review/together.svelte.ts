// One judgement on the marked items: what is read of them, what is said, and what became of each.
import { api, type Action, type BulkResult, type Item, type Problem } from '$lib/api';
import { emptyDraft, type Draft } from './drafts';
import { problemOf, type Desk } from './desk.svelte';
import { movesOf, type Move } from './moves';
import { lacking, rulingOf } from './ruling';

/** The judgements that are made on several items at once, as the server has them. */
const TOGETHER: readonly Action[] = ['release', 'request_changes', 'reject', 'keep'];

/** The judgements that every one of them allows, unsigned. */
export function movesOfAll(items: readonly Item[]): Move[] {
  const [first, ...others] = items;
  if (!first) return [];
  const open = (item: Item, action: Action) =>
    movesOf(item).some((move) => move.action === action && !move.needs.includes('signature'));
  return movesOf(first).filter(
    ({ action }) =>
      TOGETHER.includes(action) && [first, ...others].every((item) => open(item, action)),
  );
}

export class Together {
  items = $state.raw<readonly Item[]>([]);
  draft = $state<Draft>(emptyDraft());
  results = $state.raw<readonly BulkResult[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  moves = $derived(movesOfAll(this.items));
  move = $derived(this.moves.find(({ action }) => action === this.draft.action) ?? null);
  lacks = $derived(this.move ? lacking(this.move, this.draft) : []);

  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Reads the texts: nobody judges what they have not before them. */
  async read(ids: readonly string[]): Promise<void> {
    this.items = [];
    this.results = null;
    this.draft = emptyDraft();
    await this.#try(async () => {
      this.items = await Promise.all(ids.map((id) => api.review.item(id)));
    });
  }

  async decide(): Promise<void> {
    const { move, items } = this;
    if (!move || this.lacks.length > 0) return;
    await this.#try(async () => {
      const { action, reason_code = null, words = null } = rulingOf(move, this.draft);
      const { results } = await api.review.bulk({
        action,
        reason_code,
        words,
        family: items[0]?.families[0] ?? null,
        items: items.map((item) => ({
          item: item.id,
          revision_hash: item.revision.hash,
          rule_set_hash: item.rule_set_hash,
        })),
      });
      this.results = results;
      const judged = results.filter(({ state }) => state !== null).length;
      this.#desk.say(`${judged} of ${results.length} judged.`);
    });
  }

  /** Takes back what has not taken effect. */
  async undo(): Promise<void> {
    const open = (this.results ?? []).filter(({ state }) => state === 'settling');
    await this.#try(async () => {
      const undone = await Promise.all(
        open.map(({ item }) =>
          api.review.undo(item).then(
            () => item,
            () => null,
          ),
        ),
      );
      this.results = (this.results ?? []).map((result) =>
        undone.includes(result.item) ? { ...result, state: 'waiting', undo_until: null } : result,
      );
      const count = undone.filter((item) => item !== null).length;
      this.#desk.say(`${count} of ${open.length} taken back.`);
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await work();
    } catch (fault) {
      this.problem = problemOf(fault);
    } finally {
      this.busy = false;
    }
  }
}
