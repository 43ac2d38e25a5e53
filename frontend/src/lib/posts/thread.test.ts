import { describe, expect, it } from 'vitest';
import type { Post, Thread, Submission } from '$lib/api';
import { ThreadView } from './thread.svelte';

const post = (id: string, seq: number, more: Partial<Post> = {}): Post => ({
  id,
  thread_id: 't',
  parent_id: null,
  appended: null,
  author: { account_id: 'a', name: 'Ana Weber', speaker: 'professional' },
  title: null,
  body_html: `<p>${id} ${seq}</p>`,
  tombstone: null,
  edited: false,
  released_at: '2026-11-22T12:00:00Z',
  seq,
  revision_number: 1,
  can_edit: false,
  ...more,
});

const waiting = (id: string): Submission => ({
  id: `s-${id}`,
  post_id: id,
  thread_id: 't',
  parent_id: null,
  body_html: '<p>mine</p>',
  title: null,
  body: 'mine',
  community: { slug: 'cardio', name: 'Cardiology' },
  surface: 'reply',
  state: 'in_review',
  submitted_at: '2026-11-22T12:00:00Z',
  expected_by: '2026-11-22T14:00:00Z',
  revision_number: 1,
  newest: true,
  thread_title: 'Titration',
  decision: null,
  retraction: null,
  appeal: null,
  can_appeal: false,
  findings: [],
  redaction: [],
  parts: [],
  part_of: null,
  duplicate_of: null,
});

const thread = (seq: number, posts: Post[], mine_waiting: Submission[] = []): Thread => ({
  id: 't',
  title: 'Titration',
  community: { id: 'c', slug: 'cardio', name: 'Cardiology', audience: 'professionals' },
  product: null,
  stream: 'thread:t',
  seq,
  posts,
  mine_waiting,
});
const ids = (view: ThreadView) => view.posts.map(({ id }) => id);

describe('a thread on screen', () => {
  it('puts a released post at the end and tells that it arrived', () => {
    const view = new ThreadView(thread(1, [post('one', 1)]));
    expect(view.arrived.size).toBe(0);
    view.take({ kind: 'post_released', post: post('two', 2) });
    expect(ids(view)).toEqual(['one', 'two']);
    expect([...view.arrived]).toEqual(['two']);
  });

  it('puts a new version where the old one was, and the author may still edit it', () => {
    const view = new ThreadView(
      thread(2, [post('one', 1, { can_edit: true, body: 'one' }), post('two', 2)]),
    );
    view.take({ kind: 'post_edited', post: post('one', 3, { edited: true }) });
    expect(ids(view)).toEqual(['one', 'two']);
    expect(view.post('one')).toMatchObject({ seq: 3, edited: true, can_edit: true });
  });

  it("shows the author's waiting text no longer once it is released", () => {
    const view = new ThreadView(thread(1, [post('one', 1)], [waiting('two')]));
    expect(view.waiting.map(({ post_id }) => post_id)).toEqual(['two']);
    view.take({ kind: 'post_released', post: post('two', 2) });
    expect(view.waiting).toEqual([]);
  });

  it('shows a waiting version beneath its released post, not as a post of its own', () => {
    const view = new ThreadView(thread(1, [post('one', 1)], [waiting('one')]));
    expect(view.waiting).toEqual([]);
    expect(view.waitingVersion(post('one', 1))?.id).toBe('s-one');
  });

  it('keeps what arrived while the thread was being fetched again', () => {
    const view = new ThreadView(thread(1, [post('one', 1)]));
    view.take({ kind: 'post_released', post: post('three', 3) });
    view.refresh(thread(2, [post('one', 1), post('two', 2)]));
    expect(ids(view)).toEqual(['one', 'two', 'three']);
  });

  it('shows what stands in the place of a retracted post, and its words when they are back', () => {
    const view = new ThreadView(thread(2, [post('t', 1, { title: 'Titration' }), post('p', 2)]));
    const gone = {
      title: null,
      body_html: '',
      tombstone: { text: 'Removed.', at: '2026-11-22T13:00:00Z' },
    };
    view.take({ kind: 'post_retracted', post: post('p', 3, gone) });
    expect(view.post('p')?.tombstone?.text).toBe('Removed.');
    expect(view.posts.map(({ id }) => id)).toEqual(['t', 'p']);
    view.take({ kind: 'post_retracted', post: post('t', 4, gone) });
    expect(view.title).toBe('');
    view.take({ kind: 'post_restored', post: post('t', 5, { title: 'Titration' }) });
    expect(view.title).toBe('Titration');
    expect(view.post('t')?.tombstone).toBeNull();
  });
});
