// The change of a record as rows of a table, whatever the action: `{"state": {"old": …, "new": …}}` or a bare value.

export interface ChangeRow {
  name: string;
  /** Undefined where the record speaks of no earlier value. */
  old: string | undefined;
  new: string;
}

export function changeRows(change: unknown): ChangeRow[] {
  if (!isObject(change)) return [];
  return Object.entries(change).map(([name, value]) => {
    const pair =
      isObject(value) && Object.keys(value).every((key) => key === 'old' || key === 'new');
    return pair && 'new' in value
      ? { name, old: inWords(value['old']), new: inWords(value['new']) }
      : { name, old: undefined, new: inWords(value) };
  });
}

function inWords(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) {
    return value.length > 0 ? value.join(', ') : 'none';
  }
  return JSON.stringify(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
