import { describe, expect, it } from 'vitest';
import type { ItemCard, ItemPage } from '$lib/api';
import { append, judgedIn, neighbour, patched, queueFrom, refreshed, takeable } from './queue';

function card(id: string, dueAt: string, more: Partial<ItemCard> = {}): ItemCard {
  return {
    id,
    origin: 'submission',
    community: { slug: 'garden', name: 'Garden' },
    surface: 'reply',
    author: { account_id: 'a', name: 'Ana', speaker: 'patient' },
    excerpt: id,
    title: null,
    verdict: 'hold',
    risk: 'routine',
    severity: null,
    product: null,
    language: 'en',
    conflict: null,
    skipped: null,
    families: [],
    priority: 0,
    submitted_at: '2026-11-22T08:00:00Z',
    due_at: `2026-11-22T${dueAt}:00Z`,
    claim: null,
    needs_disposition: false,
    questions: [],
    own: false,
    state: 'waiting',
    ...more,
  };
}
function page(items: ItemCard[], next: string | null = null): ItemPage {
  return {
    items,
    next,
    fitting: [],
    counts: {
      waiting: items.length,
      overdue: 0,
      claimed_by_you: 0,
      views: {},
      by_family: {},
      by_risk: {},
      by_community: {},
    },
  };
}
const ids = (queue: { rows: { item: ItemCard }[] }) => queue.rows.map((row) => row.item.id);

describe('the queue on screen', () => {
  const early = card('early', '10:00');
  const late = card('late', '12:00');

  it('keeps its rows where they are and holds new items back', () => {
    const urgent = card('urgent', '09:00');
    const queue = refreshed(queueFrom(page([early, late])), page([urgent, early, late]));
    expect(ids(queue)).toEqual(['early', 'late']);
    expect(queue.arrivals.map((item) => item.id)).toEqual(['urgent']);
    expect(queue.counts.waiting).toBe(3);
  });

  it('marks a row that is gone instead of taking it away', () => {
    const queue = refreshed(queueFrom(page([early, late])), page([late]));
    expect(ids(queue)).toEqual(['early', 'late']);
    expect(queue.rows.map((row) => row.gone)).toEqual([true, false]);
  });

  it('shows a claim made elsewhere in its row', () => {
    const claim = { by: { id: 'p', name: 'Pat' }, until: '2026-11-22T09:00:00Z', you: false };
    const queue = refreshed(queueFrom(page([early])), page([card('early', '10:00', { claim })]));
    expect(queue.rows[0]?.item.claim).toEqual(claim);
    expect(queue.rows[0]?.gone).toBe(false);
  });

  it('does not take a row beyond the reach of the fresh page for gone', () => {
    const queue = append(queueFrom(page([early], 'more')), page([late]));
    const fresh = refreshed(queue, page([early], 'more'));
    expect(fresh.rows.map((row) => row.gone)).toEqual([false, false]);
  });

  it('does not announce an item that belongs on a page not yet read', () => {
    const queue = queueFrom(page([early], 'more'));
    expect(refreshed(queue, page([early, late])).arrivals).toEqual([]);
  });

  it('adds the following page without repeating a row', () => {
    expect(ids(append(queueFrom(page([early], 'more')), page([early, late])))).toEqual([
      'early',
      'late',
    ]);
  });

  it('offers only what this reviewer may take', () => {
    const theirs = { by: { id: 'p', name: 'Pat' }, until: '', you: false };
    const queue = queueFrom(
      page([
        card('own', '08:00', { own: true, conflict: 'own_text' }),
        card('claimed', '09:00', { claim: theirs }),
        early,
        card('decided', '11:00', { state: 'decided' }),
        late,
      ]),
    );
    expect(takeable(queue, null).map((item) => item.id)).toEqual(['early', 'late']);
    expect(takeable(queue, 'early').map((item) => item.id)).toEqual(['late']);
  });

  it('marks a decided row and counts it off, once', () => {
    const once = judgedIn(queueFrom(page([early, late])), 'early', 'decided');
    expect(once.rows[0]).toMatchObject({ gone: true, item: { state: 'decided' } });
    expect(once.counts.waiting).toBe(1);
    expect(judgedIn(once, 'early', 'decided').counts.waiting).toBe(1);
  });

  it('moves the row cursor within the list', () => {
    const { rows } = queueFrom(page([early, late]));
    expect(neighbour(rows, null, 1)).toBe('early');
    expect(neighbour(rows, 'early', 1)).toBe('late');
    expect(neighbour(rows, 'late', 1)).toBe('late');
    expect(neighbour(rows, 'early', -1)).toBe('early');
    expect(neighbour([], null, 1)).toBeNull();
  });

  it('reads only the rows that a hint named, and leaves the others as they are', () => {
    const queue = queueFrom(page([early, late]));
    const claim = { by: { id: 'b', name: 'Ben' }, until: '2026-11-22T10:10:00Z', you: false };
    const answer = { ...page([{ ...early, claim }]), fitting: ['early'] };
    const now = patched(queue, ['early'], answer);
    expect(now.rows.map(({ item, gone }) => [item.id, item.claim?.by.name, gone])).toEqual([
      ['early', 'Ben', false],
      ['late', undefined, false],
    ]);
  });

  it('marks a named row that the filter lets through no more, and takes it back in its place', () => {
    const queue = queueFrom(page([early, late]));
    const left = patched(queue, ['early'], page([{ ...early, state: 'settling' }]));
    expect(left.rows.map(({ gone }) => gone)).toEqual([true, false]);
    const back = patched(left, ['early'], { ...page([early]), fitting: ['early'] });
    expect(back.rows.map(({ gone }) => gone)).toEqual([false, false]);
  });

  it('marks a named row that may no longer be seen', () => {
    const now = patched(queueFrom(page([early, late])), ['early'], page([]));
    expect(now.rows.map(({ gone }) => gone)).toEqual([true, false]);
  });

  it('lets a named item that is new wait behind its bar, once, unless it comes after what is loaded', () => {
    const middle = card('middle', '11:00');
    const beyond = card('beyond', '23:00');
    const queue = queueFrom(page([early, late], 'more'));
    const answer = { ...page([middle, beyond]), fitting: ['middle', 'beyond'] };
    const once = patched(queue, ['middle', 'beyond'], answer);
    const twice = patched(once, ['middle', 'beyond'], answer);
    expect(twice.arrivals.map(({ id }) => id)).toEqual(['middle']);
    expect(patched(twice, ['middle'], page([middle])).arrivals).toEqual([]);
    expect(ids(twice)).toEqual(['early', 'late']);
  });
});
