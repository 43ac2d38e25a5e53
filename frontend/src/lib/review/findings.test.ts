import { describe, expect, it } from 'vitest';
import type { Finding } from '$lib/api';

import { segments, topFirst } from '$lib/ui/highlight';
import { bySeverity, findingMarks, findingOf, grouped, nextOfRule, nextPlace } from './findings';

const body = 'Relvamab is the safest, and I had a rash 🌿 on my arms. The safest of all, on 8 May.';

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
const again = finding('The safest of all');
const day = finding('8', { rule: 'PR-020', severity: 'minor' });
const date = finding('8 May', { rule: 'PR-020', severity: 'minor' });
const title = finding('Relvamab', { rule: 'FB-100', field: 'title', severity: 'info' });
const all = [day, safest, title, rash, again, date];
const groups = grouped(all);

describe('the findings of a text', () => {
  it('are one entry a rule, the worst rule first', () => {
    expect(groups.map(({ worst }) => worst.rule)).toEqual(['AE-001', 'FB-010', 'PR-020', 'FB-100']);
    expect(groups.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  });

  it('put the surer of two rules of one severity first', () => {
    const sure = finding('rash', { rule: 'FB-020', score: 0.9 });
    expect(grouped([safest, sure]).map(({ worst }) => worst.rule)).toEqual(['FB-020', 'FB-010']);
  });

  it('name a place once, also where a rule found a part of it again', () => {
    const places = groups[2]?.places.map(({ finding: { matched } }) => matched);
    expect(places).toEqual(['8 May']);
    expect(groups[1]?.places.map(({ index }) => index)).toEqual([1, 4]);
  });

  it('are walked rule by rule, round and round', () => {
    const walk: (number | null)[] = [];
    let at: number | null = null;
    for (let steps = 0; steps < 6; steps += 1) walk.push((at = nextPlace(groups, at, 1)));
    expect(walk).toEqual([3, 1, 4, 5, 2, 3]);
    expect(nextPlace(groups, null, -1)).toBe(2);
    expect(nextPlace([], null, 1)).toBeNull();
  });

  it('are reached by the number of their rule, place after place', () => {
    expect(nextOfRule(groups, 2, null)).toBe(1);
    expect(nextOfRule(groups, 2, 1)).toBe(4);
    expect(nextOfRule(groups, 2, 4)).toBe(1);
    expect(nextOfRule(groups, 9, null)).toBeNull();
  });

  it('are counted by severity, the worst first', () => {
    expect(bySeverity(groups)).toEqual([
      { severity: 'critical', places: 1 },
      { severity: 'major', places: 2 },
      { severity: 'minor', places: 1 },
      { severity: 'info', places: 1 },
    ]);
  });
});

describe('marks in the text', () => {
  it('stand where the findings are, in UTF-16 code units', () => {
    const marks = findingMarks(groups, 'body');
    expect(marks.map(({ start, end }) => body.slice(start, end))).toEqual([
      'rash 🌿 on my arms',
      'the safest',
      'The safest of all',
      '8 May',
    ]);
    expect(
      segments(body, marks)
        .map((part) => part.text)
        .join(''),
    ).toBe(body);
  });

  it('keep to their own field and still lead back to their finding', () => {
    const [mark] = findingMarks(groups, 'title');
    expect(findingMarks(groups, 'title')).toHaveLength(1);
    expect(mark && findingOf(mark.id)).toBe(2);
    expect(findingOf('evidence')).toBeNull();
  });

  it('tell how grave the finding is, and carry the number of the rule', () => {
    const marks = findingMarks(groups, 'body');
    expect(marks.map(({ tone }) => tone)).toEqual(['danger', 'warn', 'warn', 'info']);
    expect(marks.map(({ sign }) => sign)).toEqual(['1', '2', '2', '3']);
  });

  it('show the worst of several findings on the same words', () => {
    const inner = finding('rash', { rule: 'PR-020', severity: 'minor' });
    const outer = finding('I had a rash', { rule: 'CO-001', severity: 'critical' });
    const marks = findingMarks(grouped([inner, outer]), 'body');
    const shared = segments(body, marks).find(({ text }) => text === 'rash');
    expect(topFirst(shared?.marks ?? []).map(({ tone }) => tone)).toEqual(['danger', 'info']);
  });
});
