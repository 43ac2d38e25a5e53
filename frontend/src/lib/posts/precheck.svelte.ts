import { api, type AuthorFinding, type Precheck, type PrecheckInput, Problem } from '$lib/api';

const PAUSE = 600;

/** What the rules would say to the text as it stands. Each new text cancels the check of the one before. */
export class Prechecking {
  state = $state<'idle' | 'checking' | 'done' | 'unavailable'>('idle');
  result = $state.raw<Precheck | null>(null);
  /** The texts that `result` speaks of; its offsets fit no others. */
  #checked = $state.raw<{ title: string; body: string }>({ title: '', body: '' });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;

  look(input: PrecheckInput, pause = PAUSE): void {
    this.stop();
    // A text without a word is nothing to be checked yet.
    if (!/[\p{L}\p{N}]/u.test(input.body)) return this.reset();
    this.#timer = setTimeout(() => void this.#ask(input), pause);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
  }

  reset(): void {
    this.stop();
    this.state = 'idle';
    this.result = null;
  }

  /** The findings in one field, if it still reads as it did when it was checked. */
  within(field: AuthorFinding['field'], text: string): AuthorFinding[] {
    if (this.#checked[field] !== text) return [];
    return this.result?.findings.filter((finding) => finding.field === field) ?? [];
  }

  async #ask(input: PrecheckInput): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.state = 'checking';
    const title = input.title ?? '';
    const { body } = input;
    try {
      // The server trims before it counts, so it is given trimmed text and its places are moved back.
      const told = { ...input, title: title.trim() || undefined, body: body.trim() };
      const result = await api.posts.precheck(told, running.signal);
      if (running.signal.aborted) return;
      const before = { title: leading(title), body: leading(body) };
      this.result = { ...result, findings: result.findings.map((one) => moved(one, before)) };
      this.#checked = { title, body };
      this.state = 'done';
    } catch (problem) {
      if (!running.signal.aborted) this.#failed(problem, input);
    }
  }

  /** The check is a courtesy: without it one can still write and send. */
  #failed(problem: unknown, input: PrecheckInput): void {
    this.state = 'unavailable';
    if (problem instanceof Problem && problem.retryAfter !== null) {
      this.look(input, problem.retryAfter * 1000);
    }
  }
}

function leading(text: string): number {
  return text.length - text.trimStart().length;
}

function moved(finding: AuthorFinding, before: Record<AuthorFinding['field'], number>) {
  const by = before[finding.field];
  return { ...finding, start: finding.start + by, end: finding.end + by };
}
