// Posts that a text may repeat: those around it, and the author's own.
import type { Background, Item } from '$lib/api';
import { isToDecide } from './queue';

const RELEASED = ['release', 'release_with_balance', 'redact_and_release', 'overturn'];
const MOST = 8;

/** The first words of a text for a line. */
function line(words: string): string {
  return words.length <= 90 ? words : `${words.slice(0, 89).trimEnd()}…`;
}

function plain(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What can be chosen as the original: the posts of the thread, and texts of the author that are released or wait. */
export function originals(
  item: Pick<Item, 'id' | 'thread' | 'parent'>,
  background: Pick<Background, 'earlier'> | null,
): { value: string; label: string }[] {
  const around = [...(item.parent ? [item.parent] : []), ...(item.thread?.posts ?? [])]
    .filter(({ tombstone }) => !tombstone)
    .map((post) => ({
      value: post.id,
      label: `${post.author.name}: ${line(post.title ?? plain(post.body_html))}`,
    }));
  const own = (background?.earlier ?? [])
    .filter(
      ({ decision, state }) =>
        isToDecide(state) || (decision !== null && RELEASED.includes(decision.action)),
    )
    .map((text) => ({
      value: text.post,
      label: `The same author${isToDecide(text.state) ? ', waiting' : ''}: ${line(text.title ?? text.excerpt)}`,
    }));
  const seen = new Set<string>();
  return [...own, ...around]
    .filter(({ value }) => !seen.has(value) && seen.add(value))
    .slice(0, MOST);
}

/** The post that an address names: its mark, or else the thread, whose first post has the same identifier. */
export function postIn(address: string): string | null {
  const ids = address.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi);
  return ids?.at(-1)?.toLowerCase() ?? null;
}
