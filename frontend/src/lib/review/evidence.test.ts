import { describe, expect, it } from 'vitest';
import type { Criterion } from '$lib/api';
import { evidenceField } from './evidence';

const body = 'Relvamab is the safest, and I had a rash 🌿 on my arms.';

describe('the evidence of a criterion', () => {
  const start = body.indexOf('rash');
  const met: Criterion = {
    met: true,
    evidence: 'rash',
    field: 'body',
    start,
    end: start + 4,
    inferred_from: null,
  };

  it('is found in the field it was taken from', () => {
    expect(evidenceField(met, { title: null, body })).toBe('body');
    expect(
      evidenceField({ ...met, field: 'title', start: 2, end: 6 }, { title: 'A rash', body }),
    ).toBe('title');
  });

  it('is nowhere in the text when it was inferred or when the text is another one', () => {
    const text = { title: null, body };
    expect(evidenceField({ ...met, inferred_from: 'thread' }, text)).toBeNull();
    expect(evidenceField({ ...met, field: null, start: null, end: null }, text)).toBeNull();
    expect(evidenceField(met, { title: null, body: 'short' })).toBeNull();
    expect(evidenceField({ ...met, field: 'title' }, text)).toBeNull();
  });
});
