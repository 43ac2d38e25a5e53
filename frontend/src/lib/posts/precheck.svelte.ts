import { api, type AuthorFinding, type Precheck, type PrecheckInput } from '$lib/api';

const PAUSE = 600;

/** What the rules would say to the text as it stands. Each new text cancels the check of the one before. */
export class Prechecking {
  state = $state<'idle' | 'checking' | 'done' | 'unavailable'>('idle');
  result = $state.raw<Precheck | null>(null);
  /** The texts that `result` speaks of; its offsets fit no others. */
  checked = $state.raw<{ title: string; body: string }>({ title: '', body: '' });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;

  look(input: PrecheckInput): void {
    this.stop();
    if (input.body.trim() === '' && !input.title?.trim()) {
      this.state = 'idle';
      this.result = null;
      return;
    }
    this.#timer = setTimeout(() => void this.#ask(input), PAUSE);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
  }

  /** The findings in one field, if it still reads as it did when it was checked. */
  within(field: AuthorFinding['field'], text: string): AuthorFinding[] {
    if (this.checked[field] !== text) return [];
    return this.result?.findings.filter((finding) => finding.field === field) ?? [];
  }

  async #ask(input: PrecheckInput): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.state = 'checking';
    try {
      const result = await api.posts.precheck(input, running.signal);
      if (running.signal.aborted) return;
      this.result = result;
      this.checked = { title: input.title ?? '', body: input.body };
      this.state = 'done';
    } catch {
      // The check is a courtesy: without it one can still write and send.
      if (!running.signal.aborted) this.state = 'unavailable';
    }
  }
}
