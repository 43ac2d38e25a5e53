import type { Tone } from './tone';

/** A marked stretch of text; `start` and `end` are UTF-16 code units, as JavaScript counts. */
export interface Mark {
  start: number;
  end: number;
  tone: Tone;
  label: string;
  id: string;
  /** A number or letter that stands at its beginning, as in the list of what is marked. */
  sign?: string;
  /** Of marks on the same words the heaviest is the one that is seen and met first; without a weight, the innermost. */
  weight?: number;
}

/** A stretch of text under the same marks throughout. */
export interface Segment {
  text: string;
  /** Outermost first. */
  marks: Mark[];
  /** The marks that begin here, so that each is announced once. */
  begins: Mark[];
}

/** Cuts a text at every edge of every mark, so that overlapping marks can be shown side by side. */
export function segments(text: string, marks: readonly Mark[]): Segment[] {
  const sound = marks
    .map((mark) => ({ mark, start: clamp(mark.start, text), end: clamp(mark.end, text) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const edges = new Set([0, text.length]);
  for (const { start, end } of sound) edges.add(start).add(end);
  const cuts = [...edges].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, index) => {
    const to = cuts[index + 1] ?? text.length;
    const here = sound.filter(({ start, end }) => start <= from && end >= to);
    return {
      text: text.slice(from, to),
      marks: here.map(({ mark }) => mark),
      begins: here.filter(({ start }) => start === from).map(({ mark }) => mark),
    };
  });
}

/** The marks of a segment as they are met, the one that is seen first. */
export function topFirst(marks: readonly Mark[]): Mark[] {
  return [...marks].reverse().sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0));
}

function clamp(offset: number, text: string): number {
  return Math.min(Math.max(Math.trunc(offset), 0), text.length);
}
