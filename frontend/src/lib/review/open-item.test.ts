import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, Problem, type Decision, type Item, type Judged } from '$lib/api';
import { Desk } from './desk.svelte';
import { OpenItem } from './open-item.svelte';

const id = 'item-1';
const lease = () => ({ fence: 5, until: new Date(Date.now() + 120_000).toISOString() });
const refused = (code: string) =>
  new Problem({ status: 409, code, title: code, detail: `the server says ${code}` });
/** As much of an item as an open item looks at. */
const item = (more: object = {}) =>
  ({
    id,
    state: 'waiting',
    own: false,
    claim: null,
    needs_disposition: false,
    safety_case: null,
    findings: [],
    assessments: [],
    balance_texts: [],
    actions: [
      { action: 'release', needs: [], second_review: false },
      { action: 'request_changes', needs: ['reason', 'words'], second_review: false },
    ],
    decision: null,
    rule_set_hash: 'rules-1',
    revision: { hash: 'text-1', title: null, body: 'Hello.' },
    ...more,
  }) as unknown as Item;
const decision = (action: string) => ({ action }) as unknown as Decision;
const judged = (action: string) =>
  ({
    state: 'decided',
    undo_until: null,
    decision: decision(action),
    assessment: { action },
  }) as unknown as Judged;
const server = () => ({
  item: vi.spyOn(api.review, 'item').mockImplementation(() => Promise.resolve(item())),
  claim: vi.spyOn(api.review, 'claim').mockImplementation(() => Promise.resolve(lease())),
  heartbeat: vi.spyOn(api.review, 'heartbeat').mockImplementation(() => Promise.resolve(lease())),
  unclaim: vi.spyOn(api.review, 'unclaim').mockResolvedValue(undefined),
  decide: vi.spyOn(api.review, 'decide').mockResolvedValue(judged('request_changes')),
  dispose: vi.spyOn(api.review, 'dispose'),
});
let review: ReturnType<typeof server>;

async function opened(): Promise<OpenItem> {
  const open = new OpenItem(new Desk(), { id: `reviewer-${crypto.randomUUID()}`, name: 'Ana' });
  await open.open(id);
  return open;
}

async function claimed(): Promise<OpenItem> {
  const open = await opened();
  await open.claim();
  open.draft.action = 'request_changes';
  open.draft.reason = 'privacy';
  open.draft.words = 'Please leave the name out.';
  return open;
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  review = server();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('an open item', () => {
  it('is decided on the text, the rules and the lease that the reviewer had before them', async () => {
    const open = await claimed();
    await open.decide();
    expect(review.decide).toHaveBeenLastCalledWith(id, {
      fence: 5,
      revision_hash: 'text-1',
      rule_set_hash: 'rules-1',
      action: 'request_changes',
      reason_code: 'privacy',
      words: 'Please leave the name out.',
    });
    expect(open.item?.state).toBe('decided');
    expect(open.draft.words).toBe('');
  });

  it.each(['lease_lost', 'stale_revision', 'disposition_needed', 'already_decided'])(
    'keeps what was typed when the server answers %s',
    async (code) => {
      review.decide.mockRejectedValue(refused(code));
      const open = await claimed();
      expect(await open.decide()).toBeNull();
      expect(open.conflict).toBe(code);
      expect(open.draft.words).toBe('Please leave the name out.');
      expect(open.draft.reason).toBe('privacy');
    },
  );

  it('lets the reviewer go on where only the disposition is missing', async () => {
    review.decide.mockRejectedValue(refused('disposition_needed'));
    const open = await claimed();
    await open.decide();
    expect(open.held).toBe(true);
  });

  it('shows the decision that was quicker', async () => {
    review.decide.mockRejectedValue(refused('already_decided'));
    const open = await claimed();
    review.item.mockResolvedValue(item({ state: 'decided', decision: decision('reject') }));
    await open.decide();
    expect(open.item?.decision?.action).toBe('reject');
    expect(open.held).toBe(false);
  });

  it('beats each third of the lease, and not in between', async () => {
    const open = await claimed();
    for (let second = 0; second < 39; second += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      open.tick();
    }
    expect(review.heartbeat).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    open.tick();
    await vi.advanceTimersByTimeAsync(0);
    expect(review.heartbeat).toHaveBeenCalledExactlyOnceWith(id, 5);
    expect(open.held).toBe(true);
  });

  it('says so when its lease has ended while nobody could beat', async () => {
    const open = await claimed();
    await vi.advanceTimersByTimeAsync(121_000);
    open.tick();
    expect(open.held).toBe(false);
    expect(open.conflict).toBe('lease_lost');
    expect(open.draft.words).toBe('Please leave the name out.');
  });

  it('is handed back on leaving, and what was typed is there on return', async () => {
    const open = await claimed();
    open.leave();
    expect(review.unclaim).toHaveBeenCalledExactlyOnceWith(id, 5);
    await open.open(id);
    expect(open.draft.words).toBe('Please leave the name out.');
    expect(open.held).toBe(false);
  });

  it('shows at once that another reviewer took it, keeping the place in the text', async () => {
    const open = await opened();
    open.finding = 2;
    const claim = { by: { id: 'p', name: 'Pat' }, until: '2026-11-22T10:02:00Z', you: false };
    review.item.mockResolvedValue(item({ claim }));
    await open.freshen();
    expect(open.takeable).toBe(false);
    expect(open.finding).toBe(2);
  });

  it('lets go of a text that its author has replaced meanwhile', async () => {
    const open = await claimed();
    review.item.mockResolvedValue(item({ state: 'superseded' }));
    await open.freshen();
    expect(open.held).toBe(false);
    expect(open.draft.words).toBe('Please leave the name out.');
  });

  it('can be read but not taken when it is one’s own', async () => {
    review.item.mockResolvedValue(item({ own: true, conflict: 'own_text' }));
    const open = await opened();
    expect(open.takeable).toBe(false);
  });

  it('tells who was quicker to claim it', async () => {
    review.claim.mockRejectedValue(refused('claimed_by_other'));
    const open = await opened();
    const by = { id: 'p', name: 'Pat' };
    review.item.mockResolvedValue(
      item({ claim: { by, until: '2026-11-22T10:02:00Z', you: false } }),
    );
    expect(await open.claim()).toBe(false);
    expect(open.conflict).toBe('claimed_by_other');
    expect(open.item?.claim?.by.name).toBe('Pat');
    expect(open.takeable).toBe(false);
  });

  it('records the disposition with its reason and then asks for none', async () => {
    review.item.mockResolvedValue(item({ needs_disposition: true }));
    review.dispose.mockResolvedValue({ case_id: 'case-1', disposition: 'not_adverse_event' });
    const open = await claimed();
    expect(open.needsDisposition).toBe(true);
    open.draft.disposition = 'not_adverse_event';
    open.draft.noEvent = 'no_event';
    await open.dispose();
    expect(review.dispose).toHaveBeenLastCalledWith(id, {
      fence: 5,
      disposition: 'not_adverse_event',
      reason_code: 'no_event',
    });
    expect(open.needsDisposition).toBe(false);
  });
});
