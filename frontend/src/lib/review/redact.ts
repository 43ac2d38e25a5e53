// Which words are taken out of a text, and where it is cut: places as the browser counts them.
import type { Item, Span, TextField } from '$lib/api';

/** What readers see in the place of words that were taken out. */
export const REMOVED = '[removed]';
/** The most parts of a text. */
export const MOST_PARTS = 5;

type Text = Pick<Item['revision'], 'title' | 'body'>;

export function textOf(text: Text, field: TextField): string {
  return field === 'title' ? (text.title ?? '') : text.body;
}

export function wordsOf(text: Text, { field, start, end }: Span): string {
  return textOf(text, field).slice(start, end);
}

/** The same words, without the blanks around them; null where there are none. */
function trimmed(text: Text, span: Span): Span | null {
  const words = wordsOf(text, span);
  const inner = words.trim();
  if (inner === '') return null;
  const start = span.start + words.indexOf(inner);
  return { ...span, start, end: start + inner.length };
}

const inOrder = (a: Span, b: Span) =>
  a.field === b.field ? a.start - b.start : a.field === 'title' ? -1 : 1;

/** With these words as well. What overlaps or touches becomes one. */
export function taking(text: Text, spans: readonly Span[], more: Span): Span[] {
  const added = trimmed(text, more);
  if (!added) return [...spans];
  const meets = ({ field, start, end }: Span) =>
    field === added.field && start <= added.end && end >= added.start;
  const met = spans.filter(meets);
  const one: Span = {
    ...(met[0] ?? added),
    start: Math.min(added.start, ...met.map(({ start }) => start)),
    end: Math.max(added.end, ...met.map(({ end }) => end)),
  };
  return [...spans.filter((span) => !meets(span)), one].sort(inOrder);
}

/** Words that the rules found to identify somebody, and that are not taken out yet. */
export function offered(item: Pick<Item, 'findings' | 'revision'>, spans: readonly Span[]): Span[] {
  const found = item.findings
    .filter(({ family }) => family === 'privacy')
    .map(({ field, start, end }): Span => ({ field, start, end, reason: 'personal_data' }));
  const all = found.reduce<Span[]>((some, span) => taking(item.revision, some, span), []);
  return all.filter(
    (one) =>
      !spans.some(
        (span) => span.field === one.field && span.start <= one.start && span.end >= one.end,
      ),
  );
}

/** The field as readers would see it. */
export function leftOf(text: Text, field: TextField, spans: readonly Span[]): string {
  let at = 0;
  let left = '';
  for (const span of spans.filter((one) => one.field === field)) {
    left += textOf(text, field).slice(at, span.start) + REMOVED;
    at = span.end;
  }
  return left + textOf(text, field).slice(at);
}

/** The parts of a text that is cut at these places. */
export function partsOf(body: string, cuts: readonly number[]): string[] {
  const ends = [...cuts, body.length];
  return ends.map((end, index) => body.slice(index === 0 ? 0 : ends[index - 1], end).trim());
}

/** With a cut here as well, if each part keeps words and there are not too many; else null. */
export function cutting(body: string, cuts: readonly number[], at: number): number[] | null {
  const all = [...new Set([...cuts, at])].sort((a, b) => a - b);
  const parts = partsOf(body, all);
  const whole = parts.length <= MOST_PARTS && parts.every((part) => /[\p{L}\p{N}]/u.test(part));
  return whole ? all : null;
}

/** The beginnings of paragraphs: where texts are cut most often. */
export function paragraphs(body: string): number[] {
  return [...body.matchAll(/\n\s*\n/g)].map(({ index, 0: gap }) => index + gap.length);
}
