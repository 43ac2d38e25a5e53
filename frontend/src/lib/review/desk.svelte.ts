// The queue on screen: what is loaded, which row the keyboard is on, what came in since.
import { createContext } from 'svelte';
import {
  api,
  Problem,
  serverSkew,
  type Action,
  type Item,
  type ItemCard,
  type Judged,
} from '$lib/api';
import type { Tone } from '$lib/ui';
import { isFiltered, type Filters } from './filters';
import {
  append,
  judgedIn,
  neighbour,
  patched,
  queueFrom,
  refreshed,
  takeable,
  type Queue,
  type Row,
} from './queue';

/** The server's longest page. */
const LONGEST_PAGE = 200;
/** The most items that can be named in one question. */
const MOST_NAMED = 100;

/** A judgement that can still be taken back. */
export interface Undoable {
  item: string;
  what: string;
  title: string;
  /** Local time in milliseconds at which it takes effect. */
  until: number;
}

export class Desk {
  filters = $state.raw<Filters>({});
  queue = $state.raw<Queue | null>(null);
  problem = $state.raw<Problem | null>(null);
  loadingMore = $state(false);
  /** The row the keyboard is on. */
  cursor = $state<string | null>(null);
  /** The last outcome, for the aria-live region. */
  said = $state('');

  /** The last judgement, while its undo window runs. */
  undoable = $state.raw<Undoable | null>(null);

  rows: Row[] = $derived(this.queue?.rows ?? []);
  counts = $derived(this.queue?.counts ?? null);
  filtered = $derived(isFiltered(this.filters));

  #reading = 0;

  /** Reads the queue anew under these filters. */
  async load(filters: Filters): Promise<void> {
    const reading = ++this.#reading;
    this.filters = filters;
    this.problem = null;
    try {
      const page = await api.review.items(filters);
      if (reading !== this.#reading) return;
      this.queue = queueFrom(page);
      if (!this.rows.some((row) => row.item.id === this.cursor)) this.cursor = null;
    } catch (fault) {
      if (reading !== this.#reading) return;
      this.queue = null;
      this.problem = problemOf(fault);
    }
  }

  async more(): Promise<void> {
    const queue = this.queue;
    if (!queue?.next || this.loadingMore) return;
    const reading = this.#reading;
    this.loadingMore = true;
    try {
      const page = await api.review.items({
        ...this.filters,
        cursor: queue.next,
      });
      if (reading === this.#reading && this.queue) this.queue = append(this.queue, page);
    } catch (fault) {
      this.say(problemOf(fault).message || 'The next rows could not be read.');
    } finally {
      this.loadingMore = false;
    }
  }

  /**
   * After a hint: the rows stay where they are, what is new waits behind its bar. Where it is known which items changed,
   * only these are read.
   */
  async refresh(named: readonly string[] | null = null): Promise<void> {
    const queue = this.queue;
    if (!queue) return;
    const reading = this.#reading;
    const before = queue.arrivals.length;
    const few = named !== null && named.length <= MOST_NAMED ? named : null;
    try {
      const limit = Math.min(LONGEST_PAGE, Math.max(50, queue.rows.length));
      const which = few ? { ids: few.join() } : { limit };
      const page = await api.review.items({ ...this.filters, ...which });
      if (reading !== this.#reading || !this.queue) return;
      this.queue = few
        ? patched(this.queue, few, page)
        : refreshed(this.queue, page, this.filters.view);
      const now = this.queue.arrivals.length;
      if (now > before)
        this.say(now === 1 ? 'One new item is waiting.' : `${now} new items are waiting.`);
    } catch {
      // The rows on screen are still true as of their reading; the next hint tries again.
    }
  }

  async showArrivals(): Promise<void> {
    await this.load(this.filters);
  }

  move(step: 1 | -1): string | null {
    this.cursor = neighbour(this.rows, this.cursor, step);
    return this.cursor;
  }

  /** Other people's texts that are free to take, nearest deadline first. */
  nextAfter(id: string | null): ItemCard[] {
    return this.queue ? takeable(this.queue, id) : [];
  }

  /** Claims the best item under the filters that this person may decide; null where there is none. */
  async takeNext(): Promise<ItemCard | null> {
    try {
      const { view, ...where } = this.filters;
      // Views of what is over, or of others, have nothing to take: there the whole queue counts.
      const open = view === 'escalated' || view === 'breached' ? { view } : {};
      return await api.review.next({ ...where, ...open });
    } catch (fault) {
      this.say(problemOf(fault).message);
      return null;
    }
  }

  /** Marks the row in its place; it leaves with the next reading. What can be taken back is remembered. */
  judged(item: Item, { assessment, state, undo_until: until }: Judged): void {
    if (this.queue) this.queue = judgedIn(this.queue, item.id, state);
    this.undoable =
      until === null
        ? null
        : {
            item: item.id,
            what: OUTCOME[assessment.action],
            title: item.title ?? item.excerpt,
            until: Date.parse(until) - serverSkew(),
          };
    const left = this.counts ? ` ${this.counts.waiting} waiting.` : '';
    const then =
      state === 'second_review'
        ? 'Somebody else judges it now.'
        : state === 'lead_review'
          ? 'You and another reviewer disagree: a lead settles it.'
          : '';
    this.say(`${OUTCOME[assessment.action]}. ${then}${left}`);
  }

  /** Takes the last judgement back; says which item it was on. */
  async undo(): Promise<string | null> {
    const undoable = this.undoable;
    if (!undoable) return null;
    this.undoable = null;
    try {
      await api.review.undo(undoable.item);
      this.say(`${undoable.what}: taken back.`);
      await this.refresh();
      return undoable.item;
    } catch (fault) {
      this.say(problemOf(fault).message);
      return null;
    }
  }

  /** What the open item learned about itself, told to its row. */
  tell(id: string, news: Partial<Pick<ItemCard, 'claim' | 'needs_disposition'>>): void {
    if (!this.queue) return;
    this.queue = {
      ...this.queue,
      rows: this.queue.rows.map((row) =>
        row.item.id === id ? { ...row, item: { ...row.item, ...news } } : row,
      ),
    };
  }

  say(words: string): void {
    // The same words twice are still news to a screen reader only when the text differs.
    this.said = words === this.said ? `${words}\u00a0` : words;
  }
}

export const OUTCOME: Record<Action, string> = {
  release: 'Released',
  release_with_balance: 'Released with the company’s text',
  redact_and_release: 'Redacted and released',
  split: 'Divided into parts',
  duplicate: 'Closed as a duplicate',
  request_changes: 'Changes requested',
  reject: 'Rejected',
  keep: 'Kept as it is',
  retract: 'Retracted',
  uphold: 'Rejection upheld',
  overturn: 'Appeal granted',
};

/** Whether the outcome gave something to the author and the readers, or took it. */
export const TONE: Record<Action, Tone> = {
  release: 'good',
  release_with_balance: 'good',
  redact_and_release: 'good',
  split: 'info',
  duplicate: 'neutral',
  request_changes: 'warn',
  reject: 'danger',
  keep: 'good',
  retract: 'danger',
  uphold: 'danger',
  overturn: 'good',
};

export function problemOf(fault: unknown): Problem {
  if (fault instanceof Problem) return fault;
  throw fault;
}

export const [useDesk, provideDesk] = createContext<Desk>();
