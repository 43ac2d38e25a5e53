import { describe, expect, it } from 'vitest';
import type { Criterion, Finding } from '$lib/api';
import { segments } from '$lib/ui/highlight';
import { evidenceField, findingMarks, findingOf, nextFinding, readingOrder } from './marks';

const body = 'Relvamab is the safest, and I had a rash 🌿 on my arms.';

function finding(part: string, more: Partial<Finding> = {}): Finding {
  const start = body.indexOf(part);
  return {
    rule: 'FB-010',
    score: 0.7,
    title: 'Superlative',
    family: 'fair_balance',
    severity: 'major',
    field: 'body',
    start,
    end: start + part.length,
    matched: part,
    status: [],
    message: '',
    remedy: '',
    clause: '',
    rationale: '',
    ...more,
  };
}
const rash = finding('rash 🌿 on my arms', { rule: 'AE-001', severity: 'critical' });
const safest = finding('the safest');
const title = finding('Relvamab', { field: 'title' });

describe('marks in the text', () => {
  it('stand where the findings are, in UTF-16 code units', () => {
    const marks = findingMarks([rash, safest], 'body');
    expect(marks.map(({ start, end }) => body.slice(start, end))).toEqual([
      'the safest',
      'rash 🌿 on my arms',
    ]);
    expect(
      segments(body, marks)
        .map((part) => part.text)
        .join(''),
    ).toBe(body);
  });

  it('keep to their own field and still lead back to their finding', () => {
    const findings = [rash, title, safest];
    const [mark] = findingMarks(findings, 'title');
    expect(findingMarks(findings, 'title')).toHaveLength(1);
    expect(mark && findingOf(mark.id)).toBe(1);
    expect(findingOf('evidence')).toBeNull();
  });

  it('tell how grave the finding is', () => {
    expect(findingMarks([rash, safest], 'body').map((mark) => mark.tone)).toEqual([
      'warn',
      'danger',
    ]);
  });

  it('carry the number that the list of findings gives them', () => {
    const signs = (field: 'title' | 'body') =>
      findingMarks([rash, title, safest], field).map((mark) => mark.sign);
    expect(signs('title')).toEqual(['1']);
    expect(signs('body')).toEqual(['2', '3']);
  });

  it('are walked in the order of reading, round and round', () => {
    const findings = [rash, title, safest];
    expect(readingOrder(findings)).toEqual([1, 2, 0]);
    expect(nextFinding(findings, null, 1)).toBe(1);
    expect(nextFinding(findings, 0, 1)).toBe(1);
    expect(nextFinding(findings, null, -1)).toBe(0);
    expect(nextFinding([], null, 1)).toBeNull();
  });
});

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
