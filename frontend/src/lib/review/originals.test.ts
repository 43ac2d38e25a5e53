import { describe, expect, it } from 'vitest';
import { originals, postIn } from './originals';

const THREAD = '0197a000-0000-7000-8000-0000000000b1';
const POST = '0197a000-0000-7000-8000-0000000000b2';

describe('the post that a text repeats', () => {
  it('is read from an address, with or without the mark of a post', () => {
    expect(postIn(`https://hortus.example/c/clinicians/t/${THREAD}`)).toBe(THREAD);
    expect(postIn(`/c/clinicians/t/${THREAD}#post-${POST.toUpperCase()}`)).toBe(POST);
    expect(postIn('somewhere')).toBeNull();
  });

  it('is offered from the thread and from what the author said before, each once', () => {
    const author = { name: 'Ana Lima' };
    const post = { id: POST, author, title: null, body_html: '<p>Hello &amp; good day</p>' };
    const earlier = [
      {
        post: POST,
        state: 'decided',
        decision: { action: 'release' },
        title: null,
        excerpt: 'Hello',
      },
      { post: THREAD, state: 'waiting', decision: null, title: 'Club', excerpt: '' },
      { post: 'x', state: 'decided', decision: { action: 'reject' }, title: 'No', excerpt: '' },
    ];
    const item = { id: 'i', parent: post, thread: { id: THREAD, title: 'T', posts: [post] } };
    const found = originals(
      item as unknown as Parameters<typeof originals>[0],
      { earlier } as unknown as Parameters<typeof originals>[1],
    );
    expect(found).toEqual([
      { value: POST, label: 'The same author: Hello' },
      { value: THREAD, label: 'The same author, waiting: Club' },
    ]);
  });
});
