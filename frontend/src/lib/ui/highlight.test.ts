import { describe, expect, it } from 'vitest';
import { type Mark, segments, topFirst } from './highlight';

const mark = (id: string, start: number, end: number): Mark => ({
  id,
  start,
  end,
  tone: 'warn',
  label: id,
});
const drawn = (text: string, marks: Mark[]) =>
  segments(text, marks).map((part) => [part.text, part.marks.map(({ id }) => id).join('+')]);

describe('a highlighted text', () => {
  it('without marks is one segment', () => {
    expect(drawn('No fever.', [])).toEqual([['No fever.', '']]);
  });

  it('is cut at every edge of overlapping marks, with nothing lost and nothing twice', () => {
    const text = 'cured within a week';
    const marks = [mark('a', 0, 12), mark('b', 6, 19)];
    expect(drawn(text, marks)).toEqual([
      ['cured ', 'a'],
      ['within', 'a+b'],
      [' a week', 'b'],
    ]);
    expect(
      segments(text, marks)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });

  it('announces each mark once, where it begins', () => {
    const begins = segments('cured within a week', [mark('a', 0, 12), mark('b', 6, 19)]).map(
      (part) => part.begins.map(({ id }) => id),
    );
    expect(begins).toEqual([['a'], ['b'], []]);
  });

  it('puts the enclosing mark first', () => {
    expect(drawn('abc', [mark('in', 0, 1), mark('out', 0, 3)])[0]).toEqual(['a', 'out+in']);
  });

  it('counts in UTF-16 code units, as the server does', () => {
    const text = '😀 rash';
    expect(drawn(text, [mark('ae', 3, 7)])).toEqual([
      ['😀 ', ''],
      ['rash', 'ae'],
    ]);
  });

  it('ignores marks that lie outside the text', () => {
    expect(drawn('ab', [mark('far', 5, 9), mark('empty', 1, 1), mark('long', 1, 99)])).toEqual([
      ['a', ''],
      ['b', 'long'],
    ]);
  });

  it('shows the heaviest of several marks on the same words, and without weights the innermost', () => {
    const light = { ...mark('light', 0, 1), weight: 1 };
    const heavy = { ...mark('heavy', 0, 3), weight: 2 };
    expect(topFirst([heavy, light]).map(({ id }) => id)).toEqual(['heavy', 'light']);
    expect(topFirst([light, heavy]).map(({ id }) => id)).toEqual(['heavy', 'light']);
    expect(topFirst([mark('out', 0, 3), mark('in', 0, 1)]).map(({ id }) => id)).toEqual([
      'in',
      'out',
    ]);
  });
});
