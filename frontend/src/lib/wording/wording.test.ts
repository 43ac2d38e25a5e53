import { describe, expect, it } from 'vitest';
import { communities, posts, submissions, terms } from '.';

describe('the words of the field', () => {
  it.each(Object.entries(terms))('tell every %s apart', (_kind, names) => {
    const all: string[] = Object.values(names);
    expect(new Set(all).size).toBe(all.length);
  });

  it('never show the word of the server itself', () => {
    const told = Object.values(terms).flatMap((names) => Object.values<string>(names));
    expect(told.filter((name) => /_|^[a-z]/.test(name))).toEqual([]);
  });
});

describe('a count', () => {
  it.each([
    [posts.thread.replies(0), 'No replies yet'],
    [posts.thread.replies(1), '1 reply'],
    [posts.thread.arrived(2), '2 new posts'],
    [communities.list.members(1), '1 member'],
    [communities.threads.arrived(1), 'Show 1 new thread'],
    [submissions.list.revision(3), 'version 3'],
  ])('reads as English: %s', (told, words) => {
    expect(told).toBe(words);
  });
});
