import { api, type Page, type ThreadCard } from '$lib/api';
import type { LiveEvent } from '$lib/live';

/** The threads of a community on screen, the last active first. */
export class ThreadList {
  items = $state.raw<ThreadCard[]>([]);
  next = $state<string | null>(null);
  busy = $state(false);
  problem = $state<unknown>(null);
  /** Released while the page was open, and held back so that the list does not move under the reader. */
  held = $state.raw<ThreadCard[]>([]);
  readonly #slug: string;

  constructor(slug: string, page: Page<ThreadCard>) {
    this.#slug = slug;
    this.show(page);
  }

  show(page: Page<ThreadCard>): void {
    this.items = page.items;
    this.next = page.next;
    this.held = [];
  }

  async more(cursor: string): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      const page = await api.communities.threads(this.#slug, cursor);
      const fresh = page.items.filter(({ id }) => !this.items.some((card) => card.id === id));
      this.items = [...this.items, ...fresh];
      this.next = page.next;
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  /** The new thread, if the event brought one. `hold` keeps it back until it is asked for. */
  take(event: LiveEvent, hold: boolean): ThreadCard | null {
    if (event.kind === 'post_released') {
      this.#count(event.post.thread_id, event.post.released_at);
      return null;
    }
    if (!('thread' in event)) return null;
    const { thread } = event;
    if (event.kind !== 'thread_released') {
      const turned = (cards: ThreadCard[]) =>
        cards.map((card) =>
          card.id === thread.id ? { ...thread, reply_count: card.reply_count } : card,
        );
      this.items = turned(this.items);
      this.held = turned(this.held);
      return null;
    }
    if ([...this.items, ...this.held].some(({ id }) => id === thread.id)) return null;
    if (hold) this.held = [thread, ...this.held];
    else this.items = [thread, ...this.items];
    return thread;
  }

  release(): void {
    this.items = [...this.held, ...this.items];
    this.held = [];
  }

  #count(thread: string | null, at: string): void {
    this.items = this.items.map((card) =>
      card.id === thread
        ? { ...card, reply_count: card.reply_count + 1, last_activity_at: at }
        : card,
    );
  }
}
