import { describe, expect, it } from 'vitest';
import { format, type Mark } from './format';

/** The text with the selection shown as [ ]. */
function formatted(shown: string, mark: Mark): string {
  const start = shown.indexOf('[');
  const end = shown.indexOf(']') - 1;
  const text = shown.replace('[', '').replace(']', '');
  const after = format({ text, start, end }, mark, 'text');
  return `${after.text.slice(0, after.start)}[${after.text.slice(after.start, after.end)}]${after.text.slice(after.end)}`;
}

describe('the toolbar', () => {
  it('makes the selection bold, and plain again', () => {
    expect(formatted('give [5 mg] once', 'bold')).toBe('give **[5 mg]** once');
    expect(formatted('give **[5 mg]** once', 'bold')).toBe('give [5 mg] once');
  });

  it('puts the cursor between the signs when nothing is selected', () => {
    expect(formatted('a []b', 'italic')).toBe('a _[]_b');
  });

  it('makes every line of the selection an entry of a list, and takes it back', () => {
    expect(formatted('one\nt[wo\nthr]ee', 'list')).toBe('one\n[- two\n- thr]ee');
    expect(formatted('one\n[- two\n- thr]ee', 'list')).toBe('one\n[two\nthr]ee');
  });

  it('selects the address of a new link, to be written over', () => {
    expect(format({ text: 'see label', start: 4, end: 9 }, 'link', 'text')).toEqual({
      text: 'see [label](https://)',
      start: 12,
      end: 20,
    });
  });
});
