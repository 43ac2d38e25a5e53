import { describe, expect, it } from 'vitest';
import type { Item } from '$lib/api';
import { newsOf } from './news';

const ines = { id: 'i', name: 'Dr Inês Carvalhal' };
const held = (you: boolean) => ({ by: ines, until: '2026-11-22T12:00:00Z', you });
const item = (more: Partial<Item> = {}) =>
  ({ state: 'waiting', claim: null, decision: null, ...more }) as Item;
const released = item({
  state: 'decided',
  decision: { action: 'release', decided_by: ines } as unknown as Item['decision'],
});

describe('news of the open item', () => {
  it('names who decided, and what', () => {
    expect(newsOf(item(), released)).toBe('Dr Inês Carvalhal released this.');
  });

  it('says that the author took the text back or wrote anew', () => {
    expect(newsOf(item(), item({ state: 'withdrawn' }))).toMatch(/withdrawn/);
    expect(newsOf(item(), item({ state: 'superseded' }))).toMatch(/newer version/);
  });

  it('says who took it and who handed it back', () => {
    expect(newsOf(item(), item({ claim: held(false) }))).toBe(
      'Dr Inês Carvalhal is reviewing this now.',
    );
    expect(newsOf(item({ claim: held(false) }), item())).toMatch(/free to take/);
  });

  it('is silent about oneself and where nothing changed', () => {
    expect(newsOf(item(), item({ claim: held(true) }))).toBeNull();
    expect(newsOf(item({ claim: held(false) }), item({ claim: held(false) }))).toBeNull();
    expect(newsOf(released, released)).toBeNull();
  });
});
