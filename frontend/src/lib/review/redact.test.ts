import type { Span } from '$lib/api';
import { describe, expect, it } from 'vitest';
import { cutting, leftOf, offered, paragraphs, partsOf, taking, wordsOf } from './redact';

const text = { title: 'About Ann', body: '😀 Ann and Bob say hello.' };
const span = (field: 'title' | 'body', start: number, end: number): Span => ({
  field,
  start,
  end,
  reason: 'personal_data',
});

describe('words that are taken out', () => {
  it('are kept without the blanks around them, in the order of the text', () => {
    const spans = taking(text, [span('body', 3, 6)], span('body', 10, 15));
    expect(spans.map((one) => wordsOf(text, one))).toEqual(['Ann', 'Bob']);
    expect(taking(text, spans, span('title', 6, 9))[0]?.field).toBe('title');
    expect(taking(text, spans, span('body', 6, 7))).toEqual(spans);
  });

  it('become one where they overlap', () => {
    const spans = taking(text, [span('body', 3, 6), span('body', 11, 14)], span('body', 5, 12));
    expect(spans).toEqual([span('body', 3, 14)]);
  });

  it('leave a mark in their place', () => {
    const spans = [span('title', 6, 9), span('body', 3, 6)];
    expect(leftOf(text, 'title', spans)).toBe('About [removed]');
    expect(leftOf(text, 'body', spans)).toBe('😀 [removed] and Bob say hello.');
  });

  it('are offered where a rule of the privacy family found them, until they are taken', () => {
    const finding = { family: 'privacy', field: 'body', start: 3, end: 6 };
    const other = { family: 'conduct', field: 'body', start: 7, end: 10 };
    const item = { revision: text, findings: [finding, other] } as unknown as Parameters<
      typeof offered
    >[0];
    expect(offered(item, [])).toEqual([span('body', 3, 6)]);
    expect(offered(item, [span('body', 0, 8)])).toEqual([]);
  });
});

describe('parts of a text', () => {
  const body = 'One.\n\nTwo.\n\n  Three.';

  it('are what stands between the cuts, without blanks', () => {
    expect(partsOf(body, paragraphs(body))).toEqual(['One.', 'Two.', 'Three.']);
  });

  it('are each words, and not too many', () => {
    expect(cutting(body, [6], 12)).toEqual([6, 12]);
    expect(cutting(body, [6], 6)).toEqual([6]);
    expect(cutting(body, [], 0)).toBeNull();
    expect(cutting(body, [4], 5)).toBeNull();
    expect(cutting('a b c d e f', [2, 4, 6, 8], 10)).toBeNull();
  });
});
