import type { Post, Thread, Submission } from '$lib/api';
import type { LiveEvent } from '$lib/live';
import { SvelteSet } from 'svelte/reactivity';

/** A thread on screen: what was fetched, kept true by what arrives. */
export class ThreadView {
  #posts = $state.raw<Post[]>([]);
  #waiting = $state.raw<Submission[]>([]);
  title = $state('');
  readonly #id: string;
  /** The posts that came while the page was open. */
  readonly arrived = new SvelteSet<string>();

  constructor(thread: Thread) {
    this.#id = thread.id;
    this.refresh(thread);
    this.arrived.clear();
  }

  get posts(): Post[] {
    return this.#posts;
  }

  /** The author's own texts that are no version of a post on this page. */
  get waiting(): Submission[] {
    return this.#waiting.filter((one) => !this.post(one.post_id));
  }

  /** The author's own newer version of a released post. */
  waitingVersion(post: Post): Submission | undefined {
    return this.#waiting.find((one) => one.post_id === post.id);
  }

  post(id: string | null): Post | undefined {
    return this.#posts.find((post) => post.id === id);
  }

  /** Takes over a fetched thread. A post that arrived meanwhile, and is newer, stays. */
  refresh(thread: Thread): void {
    this.title = thread.title;
    this.#waiting = thread.mine_waiting;
    for (const { id } of thread.posts) if (!this.post(id)) this.arrived.add(id);
    const newer = this.#posts.filter(({ seq }) => seq > thread.seq);
    this.#posts = newer.reduce(placed, thread.posts);
  }

  /** The post that the event brought to the page, or changed on it. */
  take(event: LiveEvent): Post | null {
    if (!('post' in event)) return null;
    const { post } = event;
    const mine = this.post(post.id);
    // What goes to all readers does not say what one of them may do; that is known from before.
    const own = mine ? { can_edit: mine.can_edit, body: undefined } : {};
    if (!mine) this.arrived.add(post.id);
    this.#posts = placed(this.#posts, { ...post, ...own });
    this.#waiting = this.#waiting.filter(({ post_id }) => post_id !== post.id);
    if (post.id === this.#id) this.title = post.title ?? '';
    return post;
  }
}

/** In the order of release: a new post at the end, a new version where the old one was. */
function placed(posts: Post[], post: Post): Post[] {
  const at = posts.findIndex(({ id }) => id === post.id);
  return at < 0 ? [...posts, post] : posts.with(at, post);
}
