// Evidence of the safety check, and whether one can jump to its words.
import type { Criterion, TextField } from '$lib/api';

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
