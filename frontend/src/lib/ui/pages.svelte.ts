interface PageOf<T> {
  items: T[];
  next: string | null;
}

/** A list read page by page: the first comes with the route, the others on request. */
export class Pages<T> {
  readonly #first: () => PageOf<T>;
  readonly #read: (cursor: string) => Promise<PageOf<T>>;
  // They go when the first page is read anew.
  #further = $derived.by<PageOf<T>>(() => ({ items: [], next: this.#first().next }));

  items = $derived.by(() => [...this.#first().items, ...this.#further.items]);
  next = $derived.by(() => this.#further.next);
  busy = $state(false);
  /** Why the last page could not be read. */
  problem = $state<unknown>(null);

  constructor(first: () => PageOf<T>, read: (cursor: string) => Promise<PageOf<T>>) {
    this.#first = first;
    this.#read = read;
  }

  async more(cursor: string): Promise<void> {
    const began = this.#further;
    this.busy = true;
    this.problem = null;
    try {
      const page = await this.#read(cursor);
      if (this.#further === began) {
        this.#further = { items: [...began.items, ...page.items], next: page.next };
      }
    } catch (refusal) {
      this.problem = refusal;
    } finally {
      this.busy = false;
    }
  }
}
