// What an edit changed, word by word: enough to see at a glance what readers would get that they have not got yet.

export interface Change {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Above this many pairs of words the table would be felt; the whole middle is then shown as replaced. */
const LARGEST_TABLE = 4_000_000;

/** The words of both texts in order, equal stretches joined. Joining all but `added` gives `before` again. */
export function changes(before: string, after: string): Change[] {
  const old = words(before);
  const fresh = words(after);
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < fresh.length - head &&
    old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]
  ) {
    tail += 1;
  }
  const runs = joined([
    ...old.slice(0, head).map((text): Change => ({ kind: 'same', text })),
    ...middle(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail)),
    ...old.slice(old.length - tail).map((text): Change => ({ kind: 'same', text })),
  ]);
  return joined(gathered(runs));
}

function words(text: string): string[] {
  return text.match(/\s+|[^\s]+/g) ?? [];
}

/** Longest common subsequence. */
function middle(old: string[], fresh: string[]): Change[] {
  const removed = old.map((text): Change => ({ kind: 'removed', text }));
  const added = fresh.map((text): Change => ({ kind: 'added', text }));
  if (old.length === 0 || fresh.length === 0 || old.length * fresh.length > LARGEST_TABLE) {
    return [...removed, ...added];
  }
  const width = fresh.length + 1;
  const longest = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] =
        old[i] === fresh[j]
          ? (longest[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(longest[(i + 1) * width + j] ?? 0, longest[i * width + j + 1] ?? 0);
    }
  }
  const found: Change[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < fresh.length) {
    const text = old[i] ?? '';
    if (text === fresh[j]) {
      found.push({ kind: 'same', text });
      i += 1;
      j += 1;
    } else if ((longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0)) {
      found.push({ kind: 'removed', text });
      i += 1;
    } else {
      found.push({ kind: 'added', text: fresh[j] ?? '' });
      j += 1;
    }
  }
  return [...found, ...removed.slice(i), ...added.slice(j)];
}

function joined(parts: Change[]): Change[] {
  const runs: Change[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (last?.kind === part.kind) last.text += part.text;
    else runs.push({ ...part });
  }
  return runs;
}

/** Where words were replaced: first all that went, then all that came, not splinters between shared spaces. */
function gathered(runs: Change[]): Change[] {
  const calm: Change[] = [];
  let passage: Change[] = [];
  const settle = () => {
    const trailing = passage.at(-1)?.kind === 'same' ? passage.pop() : undefined;
    const side = (kind: 'added' | 'removed') =>
      passage.filter((run) => run.kind === kind || run.kind === 'same').map((run) => run.text);
    if (['added', 'removed'].every((kind) => passage.some((run) => run.kind === kind))) {
      calm.push({ kind: 'removed', text: side('removed').join('') });
      calm.push({ kind: 'added', text: side('added').join('') });
    } else {
      calm.push(...passage);
    }
    if (trailing) calm.push(trailing);
    passage = [];
  };
  for (const run of runs) {
    if (run.kind !== 'same' || (passage.length > 0 && run.text.trim() === '')) {
      passage.push(run);
    } else {
      settle();
      calm.push(run);
    }
  }
  settle();
  return calm;
}
