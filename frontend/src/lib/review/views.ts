// The ways to look at a text: with its findings, as readers will see it, and beside what readers see now.

export type View = 'marked' | 'shown' | 'compared';

const LABELS: Record<View, string> = {
  marked: 'Findings in the text',
  shown: 'As readers will see it',
  compared: 'What the edit changes',
};

/** The views there are; an edit of a released text can be compared with it. */
export function viewsOf(isEdit: boolean, isReleased = false): { id: View; label: string }[] {
  const ids: View[] = isEdit ? ['marked', 'shown', 'compared'] : ['marked', 'shown'];
  const label = (id: View) => (id === 'shown' && isReleased ? 'As readers see it' : LABELS[id]);
  return ids.map((id) => ({ id, label: label(id) }));
}

/** The view after this one, round and round. */
export function nextView(view: View, isEdit: boolean): View {
  const views = viewsOf(isEdit);
  const at = views.findIndex(({ id }) => id === view);
  return views[(at + 1) % views.length]?.id ?? 'marked';
}
