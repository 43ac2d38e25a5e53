// Drafts stay on this device. They go when the text is sent, when they are discarded, and at signing out.

const prefix = 'hortus.draft.';

export interface Draft {
  title: string;
  body: string;
  product: string;
  /** One for each text that is sent: sending it twice by accident makes one submission. */
  key: string;
}

export function newDraft(from: Partial<Draft> = {}): Draft {
  return { title: '', body: '', product: '', ...from, key: crypto.randomUUID() };
}

export function keptDraft(name: string): Draft | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(prefix + name) ?? 'null');
    return isDraft(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** False when this browser keeps nothing. */
export function keepDraft(name: string, draft: Draft): boolean {
  try {
    localStorage.setItem(prefix + name, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(name: string): void {
  try {
    localStorage.removeItem(prefix + name);
  } catch {
    // Nothing was kept.
  }
}

/** A shared computer must not show the next person what this one was about to write. */
export function dropAllDrafts(): void {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(prefix));
    for (const name of names) localStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false;
  const draft = value as Record<string, unknown>;
  return ['title', 'body', 'product', 'key'].every((name) => typeof draft[name] === 'string');
}
