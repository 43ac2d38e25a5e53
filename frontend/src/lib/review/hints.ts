// What the desk hears of the work of others. Many hints cost one question a second, and that question is only about what
// they named.
import { live } from '$lib/live';

/** Asks again; `null` where it is not known what changed. */
type Ask = (named: readonly string[] | null) => Promise<void> | undefined;

/** Between two questions. */
const PAUSE = 1000;

/** Collects what is told while a question is on its way, and asks for it together. */
export function gathered(ask: Ask, pause = PAUSE) {
  const named = new Set<string>();
  let anything = false;
  let asking = false;
  let closed = false;

  async function go() {
    asking = true;
    while (!closed && (anything || named.size > 0)) {
      const what = anything ? null : [...named];
      named.clear();
      anything = false;
      const answer = ask(what);
      // What is none of its business needs no pause either.
      if (answer) await Promise.allSettled([answer, new Promise((go) => setTimeout(go, pause))]);
    }
    asking = false;
  }

  return {
    /** These changed; or, where none is named, any. */
    tell(items: readonly string[]) {
      if (items.length === 0) anything = true;
      for (const item of items) named.add(item);
      if (!asking) void go();
    },
    close: () => (closed = true),
  };
}

/** Follows the hints of the desk until the returned function is called. */
export function hints(ask: Ask): () => void {
  const news = gathered(ask);
  const subscription = live.subscribe('review', undefined, {
    hint: (_kind, items) => news.tell(items),
    resync: () => news.tell([]),
  });
  return () => {
    subscription.close();
    news.close();
  };
}
