import type { Submission, SubmissionState } from '$lib/api';
import type { IconName, Tone } from '$lib/ui';

export const looks: Readonly<Record<SubmissionState, { tone: Tone; icon: IconName }>> = {
  in_review: { tone: 'info', icon: 'clock' },
  changes_requested: { tone: 'warn', icon: 'edit' },
  released: { tone: 'good', icon: 'check' },
  rejected: { tone: 'danger', icon: 'eyeOff' },
  withdrawn: { tone: 'neutral', icon: 'back' },
  retracted: { tone: 'danger', icon: 'eyeOff' },
  split: { tone: 'info', icon: 'edit' },
  duplicate: { tone: 'neutral', icon: 'back' },
  superseded: { tone: 'neutral', icon: 'back' },
};

/** Another version may follow while the text has not been replaced by one already. */
export function mayRevise({ state, newest }: Submission): boolean {
  return newest && (state === 'changes_requested' || state === 'rejected');
}

export function isLate(submission: Submission, now: number): boolean {
  return submission.state === 'in_review' && Date.parse(submission.expected_by) < now;
}
