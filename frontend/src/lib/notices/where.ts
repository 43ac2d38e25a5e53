import type { NoticeView } from '$lib/api';

/** The page on which something can be done about it. */
export function whereTo({ subject_kind, subject_id, community, count }: NoticeView): string {
  if (subject_kind === 'policy') return `/admin/${community}/policy`;
  if (subject_kind === 'review_item' && count === 1) return `/review/${subject_id}`;
  return '/review';
}
