import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, type AuthorFinding, Problem } from '$lib/api';
import { Prechecking } from './precheck.svelte';

const finding: AuthorFinding = {
  rule: 'FB-010',
  title: 'Effect without risk',
  family: 'fair_balance',
  severity: 'major',
  field: 'body',
  start: 0,
  end: 5,
  matched: 'cures',
  remedy: 'Say what can go wrong.',
  clause: '21 CFR 202.1',
};
const answer = { verdict: 'hold' as const, findings: [finding], rule_set_hash: 'h' };
const text = (body: string) => ({ community: 'cardio', surface: 'reply' as const, body });
const precheck = vi.spyOn(api.posts, 'precheck');

beforeEach(() => {
  vi.useFakeTimers();
  precheck.mockReset().mockResolvedValue(answer);
});
afterEach(() => vi.useRealTimers());

describe('the check while writing', () => {
  it('asks once the writer pauses, and only about the last text', async () => {
    const checking = new Prechecking();
    checking.look(text('cur'));
    await vi.advanceTimersByTimeAsync(400);
    checking.look(text('cures all'));
    await vi.advanceTimersByTimeAsync(600);
    expect(precheck.mock.calls.map(([input]) => input.body)).toEqual(['cures all']);
    expect(checking.state).toBe('done');
  });

  it('asks nothing about a text without a word', async () => {
    const checking = new Prechecking();
    checking.look(text(' \n- '));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(precheck).not.toHaveBeenCalled();
  });

  it('finds the places again in a text that begins with white space', async () => {
    const checking = new Prechecking();
    checking.look(text('\n\n cures all'));
    await vi.advanceTimersByTimeAsync(600);
    const [found] = checking.within('body', '\n\n cures all');
    expect(found && '\n\n cures all'.slice(found.start, found.end)).toBe('cures');
  });

  it('marks nothing in a text that was changed after the check', async () => {
    const checking = new Prechecking();
    checking.look(text('cures all'));
    await vi.advanceTimersByTimeAsync(600);
    expect(checking.within('body', 'it cures all')).toEqual([]);
  });

  it('asks again by itself when it was told to wait', async () => {
    const wait = { status: 429, code: 'too_fast', title: '', detail: '', retryAfter: 3 };
    precheck.mockRejectedValueOnce(new Problem(wait));
    const checking = new Prechecking();
    checking.look(text('cures all'));
    await vi.advanceTimersByTimeAsync(600);
    expect(checking.state).toBe('unavailable');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(checking.state).toBe('done');
  });
});
