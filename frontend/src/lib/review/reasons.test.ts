import { describe, expect, it } from 'vitest';
import type { ReasonCode } from '$lib/api';
import { chooseReason, insertSentence, sentencesFor } from './reasons';

describe('a standard sentence', () => {
  it('goes where the caret is, with spaces around it', () => {
    expect(insertSentence('Dear Ana,thanks.', 9, 9, 'Please add the risks.')).toEqual({
      text: 'Dear Ana, Please add the risks. thanks.',
      caret: 31,
    });
  });

  it('takes the place of what is selected', () => {
    expect(insertSentence('one two', 4, 7, 'three').text).toBe('one three');
  });

  it('stands alone in an empty field', () => {
    expect(insertSentence('', 0, 0, 'Hello.')).toEqual({ text: 'Hello.', caret: 6 });
  });
});

describe('choosing a reason', () => {
  it('puts its first sentence down, until somebody has written their own words', () => {
    const draft = { reason: '' as ReasonCode | '', words: '' };
    chooseReason(draft, 'privacy');
    expect(draft.words).toBe(sentencesFor('privacy')[0]);
    chooseReason(draft, 'conduct');
    expect(draft).toEqual({ reason: 'conduct', words: sentencesFor('conduct')[0] });
    draft.words += ' Thank you.';
    chooseReason(draft, 'privacy');
    expect(draft.words).toBe(`${sentencesFor('conduct')[0]} Thank you.`);
  });
});
