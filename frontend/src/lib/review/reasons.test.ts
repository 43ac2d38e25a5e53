import { describe, expect, it } from 'vitest';
import { chooseReason, insertSentence, reasonOptions, sentencesFor } from './reasons';

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

const policy = {
  language: 'de-AT',
  reason_codes: [
    { code: 'privacy', name: 'Could identify a person', remedy: 'Leave out names.' },
    { code: 'conduct', name: 'Hurts', remedy: 'Say it kindly.' },
    { code: 'price', name: 'Speaks of prices', remedy: 'Leave the price out.' },
    { code: 'other', name: 'For another reason', remedy: 'Read the words.' },
  ],
  author_templates: [
    { key: 'en', version: 1, reason: 'privacy', language: 'en', words: 'No names, please.' },
    { key: 'de', version: 1, reason: 'privacy', language: 'de', words: 'Bitte keine Namen.' },
    { key: 'any', version: 1, reason: null, language: 'en', words: 'Thank you for writing.' },
  ],
};

describe('the reasons of the policy', () => {
  it('are offered by their names, in their order', () => {
    expect(reasonOptions(policy).map(({ label }) => label)).toEqual([
      'Could identify a person',
      'Hurts',
      'Speaks of prices',
      'For another reason',
    ]);
  });

  it('bring the words of the community, those in the language of the text first', () => {
    expect(sentencesFor(policy, 'privacy').slice(0, 2)).toEqual([
      'Bitte keine Namen.',
      'No names, please.',
    ]);
    expect(sentencesFor(policy, 'privacy').at(-1)).toBe('Thank you for writing.');
  });

  it('say the remedy where nobody has written more', () => {
    expect(sentencesFor(policy, 'price')).toEqual([
      'Leave the price out.',
      'Thank you for writing.',
    ]);
  });

  it('say nothing for a reason that the policy does not know', () => {
    expect(sentencesFor(policy, 'off_label')).toEqual([]);
  });
});

describe('choosing a reason', () => {
  it('puts its first sentence down, until somebody has written their own words', () => {
    const draft = { reason: '', words: '' };
    chooseReason(draft, policy, 'privacy');
    expect(draft.words).toBe('Bitte keine Namen.');
    chooseReason(draft, policy, 'conduct');
    expect(draft).toEqual({ reason: 'conduct', words: sentencesFor(policy, 'conduct')[0] });
    draft.words += ' Thank you.';
    chooseReason(draft, policy, 'privacy');
    expect(draft.words).toBe(`${sentencesFor(policy, 'conduct')[0]} Thank you.`);
  });
});
