import { describe, expect, it } from 'vitest';
import { insertSentence } from './reasons';

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
