import type { AuthorFinding } from '$lib/api';
import type { Mark, Tone } from '$lib/ui';

/** An adverse event is no fault of the author: it is thanked for, not warned of. */
export function findingTone(finding: Pick<AuthorFinding, 'family' | 'severity'>): Tone {
  if (finding.family === 'adverse_event') return 'info';
  return finding.severity === 'info' ? 'info' : 'warn';
}

/** The findings of one rule, which have the same remedy. */
export interface FindingGroup {
  rule: string;
  first: AuthorFinding;
  findings: AuthorFinding[];
}

export function byRule(findings: readonly AuthorFinding[]): FindingGroup[] {
  const groups: FindingGroup[] = [];
  for (const finding of findings) {
    const group = groups.find(({ rule }) => rule === finding.rule);
    if (group) group.findings.push(finding);
    else groups.push({ rule: finding.rule, first: finding, findings: [finding] });
  }
  return groups;
}

export function findingMarks(findings: readonly AuthorFinding[]): Mark[] {
  return findings.map((finding, index) => ({
    start: finding.start,
    end: finding.end,
    tone: findingTone(finding),
    label: finding.title,
    id: `${finding.rule}-${index}`,
  }));
}
