import { describe, expect, it } from 'vitest';
import {
  assign,
  BINDINGS,
  commandFor,
  digitFor,
  type Focus,
  keysOf,
  type Press,
  soundChanges,
} from './keys';

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  defaultPrevented: false,
  ...more,
});
const page: Focus = { typing: false, activates: false, dialog: false };

describe('the keyboard map of the review desk', () => {
  it('knows the promised keys', () => {
    const promised = {
      j: 'down',
      k: 'up',
      Enter: 'open',
      o: 'open',
      r: 'release',
      c: 'request_changes',
      x: 'reject',
      a: 'adverse_event',
      n: 'not_adverse_event',
      g: 'next',
      '/': 'filter',
      '?': 'help',
      Escape: 'back',
    };
    for (const [key, command] of Object.entries(promised)) {
      expect(commandFor(press(key), page), key).toBe(command);
    }
  });

  it('gives no key two meanings', () => {
    const keys = BINDINGS.flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('never fires while someone types, but for Escape', () => {
    const field: Focus = { ...page, typing: true };
    for (const key of BINDINGS.flatMap((binding) => binding.keys)) {
      expect(commandFor(press(key), field), key).toBe(key === 'Escape' ? 'back' : null);
    }
  });

  it('leaves combinations to the browser', () => {
    expect(commandFor(press('r', { ctrlKey: true }), page)).toBeNull();
    expect(commandFor(press('r', { metaKey: true }), page)).toBeNull();
    expect(commandFor(press('f', { altKey: true }), page)).toBeNull();
  });

  it('leaves Enter to the button that has the focus', () => {
    const button: Focus = { ...page, activates: true };
    expect(commandFor(press('Enter'), button)).toBeNull();
    expect(commandFor(press('j'), button)).toBe('down');
  });

  it('leaves the keyboard to an open dialog', () => {
    expect(commandFor(press('Escape'), { ...page, dialog: true })).toBeNull();
    expect(commandFor(press('r'), { ...page, dialog: true })).toBeNull();
  });

  it('stays silent while a letter is being composed or when another handler took the key', () => {
    expect(commandFor(press('a', { isComposing: true }), page)).toBeNull();
    expect(commandFor(press('a', { defaultPrevented: true }), page)).toBeNull();
  });
});

describe('keys that somebody changed', () => {
  it('take the place of the usual ones', () => {
    const changes = assign({}, 'release', 'y');
    expect(commandFor(press('y'), page, changes)).toBe('release');
    expect(commandFor(press('r'), page, changes)).toBeNull();
  });

  it('change places with the command that had the key, so that none is lost', () => {
    const changes = assign({}, 'release', 'x');
    expect(commandFor(press('x'), page, changes)).toBe('release');
    expect(commandFor(press('r'), page, changes)).toBe('reject');
    expect(assign(changes, 'release', 'r')).toEqual({});
  });

  it('leave a second key of a command where it is', () => {
    const open = BINDINGS.find(({ command }) => command === 'open');
    expect(open && keysOf(open, assign({}, 'open', 'e'))).toEqual(['e', 'Enter']);
  });

  it('cannot be Escape, Enter, the space bar or a digit, nor replace Escape', () => {
    for (const key of ['Escape', 'Enter', ' ', '3', 'ArrowDown']) {
      expect(assign({}, 'release', key), key).toEqual({});
    }
    expect(assign({}, 'back', 'b')).toEqual({});
  });

  it('are forgotten where what was stored makes no sense', () => {
    expect(soundChanges({ release: 'y', unknown: 'q', reject: 7 })).toEqual({ release: 'y' });
    expect(soundChanges({ release: 'x' })).toEqual({});
    expect(soundChanges('release')).toEqual({});
    expect(soundChanges(null)).toEqual({});
  });
});

describe('digits', () => {
  it('choose by number, but not while someone types', () => {
    expect(digitFor(press('3'), page)).toBe(3);
    expect(digitFor(press('0'), page)).toBeNull();
    expect(digitFor(press('3'), { ...page, typing: true })).toBeNull();
    expect(digitFor(press('3', { ctrlKey: true }), page)).toBeNull();
  });
});
