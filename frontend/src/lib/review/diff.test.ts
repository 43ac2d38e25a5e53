import { describe, expect, it } from 'vitest';
import { changes } from './diff';

const side = (before: string, after: string, left: 'added' | 'removed') =>
  changes(before, after)
    .filter((change) => change.kind !== left)
    .map((change) => change.text)
    .join('');

describe('the comparison with the released text', () => {
  it('shows the words that came and went', () => {
    expect(changes('it goes well', 'it goes very well')).toEqual([
      { kind: 'same', text: 'it goes ' },
      { kind: 'added', text: 'very ' },
      { kind: 'same', text: 'well' },
    ]);
  });

  it('finds nothing between equal texts', () => {
    expect(changes('the same', 'the same')).toEqual([{ kind: 'same', text: 'the same' }]);
    expect(changes('', '')).toEqual([]);
  });

  it('shows a replaced passage in one piece', () => {
    expect(changes('so far it goes well', 'so I was surprised')).toEqual([
      { kind: 'same', text: 'so ' },
      { kind: 'removed', text: 'far it goes well' },
      { kind: 'added', text: 'I was surprised' },
    ]);
  });

  it('gives both texts back, whatever they are', () => {
    const before = 'One two three.\n\nFour  five six seven.';
    const after = 'Two three, one.\n\nFive six 🌿 seven eight.';
    expect(side(before, after, 'added')).toBe(before);
    expect(side(before, after, 'removed')).toBe(after);
  });

  it('stays quick with two long texts that have nothing in common', () => {
    const before = 'a '.repeat(5_000);
    const after = 'b\n'.repeat(5_000);
    expect(side(before, after, 'added')).toBe(before);
    expect(side(before, after, 'removed')).toBe(after);
  });
});
