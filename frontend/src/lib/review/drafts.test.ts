import { expect, it } from 'vitest';
import { emptyDraft, forget, keep, kept } from './drafts';

const typed = { ...emptyDraft(), action: 'reject' as const, words: 'Please leave the name out.' };

it('keeps what was typed until it is sent', () => {
  keep('ana', 'item', typed);
  expect(kept('ana', 'item')).toEqual(typed);
  forget('ana', 'item');
  expect(kept('ana', 'item')).toEqual(emptyDraft());
});

it('shows nobody the words of another reviewer', () => {
  keep('ana', 'item', typed);
  expect(kept('ben', 'item')).toEqual(emptyDraft());
});

it('does not keep a mere choice', () => {
  keep('ana', 'other', { ...typed, words: '  ' });
  expect(kept('ana', 'other')).toEqual(emptyDraft());
});
