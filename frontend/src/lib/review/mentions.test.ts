import { describe, expect, it } from 'vitest';
import { beginningAt, called, mentionedIn, offered } from './mentions';

const ines = { id: '1', name: 'Dr Inês Carvalhal' };
const olu = { id: '2', name: 'Olu Adeyemi' };
const both = [ines, olu];

describe('calling a colleague in a note', () => {
  it('begins with an @ at the beginning of a word', () => {
    expect(beginningAt('Look, @In', 9)).toEqual({ from: 6, letters: 'In' });
    expect(beginningAt('@', 1)).toEqual({ from: 0, letters: '' });
    expect(beginningAt('write to a@b', 12)).toBeNull();
    expect(beginningAt('no one', 3)).toBeNull();
  });

  it('offers names that begin so, in any of their parts', () => {
    expect(offered('inê', both)).toEqual([ines]);
    expect(offered('olu a', both)).toEqual([olu]);
    expect(offered('', both)).toEqual(both);
    expect(offered('x', both)).toEqual([]);
  });

  it('puts the whole name down', () => {
    const beginning = beginningAt('Ask @ol please', 7);
    expect(beginning && called('Ask @ol please', beginning, olu)).toEqual({
      text: 'Ask @Olu Adeyemi please',
      caret: 17,
    });
  });

  it('reaches whom the note names, and nobody else', () => {
    expect(mentionedIn('@Olu Adeyemi and @Dr Inês Carvalhal, see this', both)).toEqual(['1', '2']);
    expect(mentionedIn('Olu Adeyemi knows', both)).toEqual([]);
  });
});
