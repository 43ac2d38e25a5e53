// From findings and evidence to the marks in the text, and back from a mark to what it stands for.
import type { Criterion, Finding, Severity, TextField } from '$lib/api';
import type { Mark, Tone } from '$lib/ui';

const TONES: Record<Severity, Tone> = {
  critical: 'danger',
  major: 'warn',
  minor: 'info',
  info: 'neutral',
};

export function toneOf(severity: Severity): Tone {
  return TONES[severity];
}

/** The mark of the finding at `index` of the item's list. */
export function findingMark(index: number): string {
  return `finding-${index}`;
}

export function findingOf(mark: string): number | null {
  const index = /^finding-(\d+)$/.exec(mark)?.[1];
  return index === undefined ? null : Number(index);
}

/** Marks for the findings in one field, each signed with its number in the order of reading. */
export function findingMarks(findings: readonly Finding[], field: TextField): Mark[] {
  return readingOrder(findings).flatMap((index, place) => {
    const finding = findings[index];
    if (finding?.field !== field) return [];
    const { start, end, rule, title, severity } = finding;
    const sign = String(place + 1);
    const label = `${sign}: ${rule} ${title}`;
    return [{ id: findingMark(index), start, end, tone: toneOf(severity), label, sign }];
  });
}

/** The order in which the findings are met in reading: the title first, then the body from its beginning. */
export function readingOrder(findings: readonly Finding[]): number[] {
  const place = (finding: Finding) => (finding.field === 'title' ? 0 : 1);
  return findings
    .map((finding, index) => ({ finding, index }))
    .sort(
      (a, b) =>
        place(a.finding) - place(b.finding) ||
        a.finding.start - b.finding.start ||
        b.finding.end - a.finding.end,
    )
    .map(({ index }) => index);
}

/** The finding `step` places on in reading order, round and round. */
export function nextFinding(
  findings: readonly Finding[],
  current: number | null,
  step: 1 | -1,
): number | null {
  const order = readingOrder(findings);
  if (order.length === 0) return null;
  const at = current === null ? -1 : order.indexOf(current);
  const to =
    at < 0 ? (step === 1 ? 0 : order.length - 1) : (at + step + order.length) % order.length;
  return order[to] ?? null;
}

/** Words of the text that one can jump to. */
export type Placed = Pick<Criterion, 'field' | 'start' | 'end'> & Partial<Criterion>;

/** In which field a criterion's evidence stands; null when it was inferred or its place is not in this text. */
export function evidenceField(
  criterion: Placed,
  text: { title: string | null; body: string },
): TextField | null {
  const { field, start, end } = criterion;
  if (field === null || start === null || end === null || criterion.inferred_from) return null;
  const length = (field === 'title' ? text.title : text.body)?.length ?? 0;
  return start < end && end <= length ? field : null;
}
