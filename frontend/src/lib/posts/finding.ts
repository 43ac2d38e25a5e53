import type { AuthorFinding } from '$lib/api';
import type { Mark, Tone } from '$lib/ui';

/** An adverse event is no fault of the author: it is thanked for, not warned of. */
export function findingTone(finding: Pick<AuthorFinding, 'family' | 'severity'>): Tone {
  if (finding.family === 'adverse_event') return 'info';
  return finding.severity === 'info' ? 'info' : 'warn';
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
