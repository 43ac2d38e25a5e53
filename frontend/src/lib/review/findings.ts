// The findings as a reviewer works through them: one entry a rule with all its places, the worst first.
import type { Finding, Severity, TextField } from '$lib/api';
import type { Mark, Tone } from '$lib/ui';

/** From the worst to the least. */
export const SEVERITIES: readonly Severity[] = ['critical', 'major', 'minor', 'info'];

const TONES: Record<Severity, Tone> = {
  critical: 'danger',
  major: 'warn',
  minor: 'info',
  info: 'neutral',
};

export function toneOf(severity: Severity): Tone {
  return TONES[severity];
}

/** Words that a rule has found. */
export interface Place {
  /** The finding that stands for it, by its index in the item's list. */
  index: number;
  finding: Finding;
}

/** All that one rule has found. */
export interface Group {
  /** Its number on screen, in the list and at its marks in the text. */
  number: number;
  /** Its worst finding, which tells of all. */
  worst: Finding;
  /** In the order of reading; words that lie within others of the same rule are no place of their own. */
  places: Place[];
}

/** The findings by rule: the most severe rule first, then the surest, then the one that is met first in reading. */
export function grouped(findings: readonly Finding[]): Group[] {
  const byRule = new Map<string, Place[]>();
  findings.forEach((finding, index) => {
    const places = byRule.get(finding.rule) ?? [];
    places.push({ index, finding });
    byRule.set(finding.rule, places);
  });
  return [...byRule.values()]
    .map((all) => {
      const places = withoutInner(all.sort((a, b) => inReading(a.finding, b.finding)));
      const worst = all.map(({ finding }) => finding).reduce((a, b) => (worse(b, a) < 0 ? b : a));
      return { number: 0, worst, places };
    })
    .sort((a, b) => worse(a.worst, b.worst) || inReading(a.worst, b.worst))
    .map((group, at) => ({ ...group, number: at + 1 }));
}

function worse(a: Finding, b: Finding): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.score - a.score;
}

function inReading(a: Finding, b: Finding): number {
  return fieldOrder(a.field) - fieldOrder(b.field) || a.start - b.start || b.end - a.end;
}

function fieldOrder(field: TextField): number {
  return field === 'title' ? 0 : 1;
}

/** Of places in the order of reading, those that do not lie within the one before. */
function withoutInner(places: Place[]): Place[] {
  const kept: Place[] = [];
  for (const place of places) {
    const last = kept.at(-1)?.finding;
    const inner = last?.field === place.finding.field && place.finding.end <= last.end;
    if (!inner) kept.push(place);
  }
  return kept;
}

/** The group that shows this finding. */
export function groupOf(groups: readonly Group[], index: number | null): Group | null {
  return groups.find(({ places }) => places.some((place) => place.index === index)) ?? null;
}

/** The place `step` places on, all of one rule before the next rule, round and round. */
export function nextPlace(
  groups: readonly Group[],
  current: number | null,
  step: 1 | -1,
): number | null {
  const order = groups.flatMap(({ places }) => places.map(({ index }) => index));
  if (order.length === 0) return null;
  const at = current === null ? -1 : order.indexOf(current);
  const to =
    at < 0 ? (step === 1 ? 0 : order.length - 1) : (at + step + order.length) % order.length;
  return order[to] ?? null;
}

/** The next place of the rule with this number: its first where another rule is looked at. */
export function nextOfRule(
  groups: readonly Group[],
  number: number,
  current: number | null,
): number | null {
  const places = groups[number - 1]?.places ?? [];
  const at = places.findIndex(({ index }) => index === current);
  return places[(at + 1) % places.length]?.index ?? null;
}

/** How many places there are of each severity that occurs, the worst first. */
export function bySeverity(groups: readonly Group[]): { severity: Severity; places: number }[] {
  return SEVERITIES.map((severity) => ({
    severity,
    places: groups
      .flatMap(({ places }) => places)
      .filter(({ finding }) => finding.severity === severity).length,
  })).filter(({ places }) => places > 0);
}

/** The mark of the finding at `index` of the item's list. */
export function findingMark(index: number): string {
  return `finding-${index}`;
}

export function findingOf(mark: string): number | null {
  const index = /^finding-(\d+)$/.exec(mark)?.[1];
  return index === undefined ? null : Number(index);
}

/** Marks for the places in one field, signed with the number of the rule; the worst lies on top. */
export function findingMarks(groups: readonly Group[], field: TextField): Mark[] {
  return groups.flatMap(({ number, places }) =>
    places
      .filter(({ finding }) => finding.field === field)
      .map(({ index, finding: { start, end, rule, title, severity } }) => ({
        id: findingMark(index),
        start,
        end,
        tone: toneOf(severity),
        label: `${number}: ${rule} ${title}`,
        sign: String(number),
        weight: groups.length - number + 1,
      })),
  );
}
