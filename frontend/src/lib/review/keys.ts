// The desk's keyboard map: one table that the handler, the help overlay and the tests all read.

export type Command =
  | 'down'
  | 'up'
  | 'open'
  | 'next'
  | 'release'
  | 'request_changes'
  | 'reject'
  | 'adverse_event'
  | 'not_adverse_event'
  | 'next_finding'
  | 'previous_finding'
  | 'hand_back'
  | 'show_arrivals'
  | 'filter'
  | 'help'
  | 'back';

export interface Binding {
  command: Command;
  keys: string[];
  group: 'Queue' | 'Text' | 'Decision' | 'Safety' | 'Desk';
  label: string;
}

export const BINDINGS: Binding[] = [
  { command: 'down', keys: ['j'], group: 'Queue', label: 'Next row' },
  { command: 'up', keys: ['k'], group: 'Queue', label: 'Previous row' },
  { command: 'open', keys: ['Enter', 'o'], group: 'Queue', label: 'Open the row and claim it' },
  { command: 'next', keys: ['g'], group: 'Queue', label: 'Take the next item by deadline' },
  { command: 'show_arrivals', keys: ['.'], group: 'Queue', label: 'Show new items' },
  { command: 'filter', keys: ['/'], group: 'Queue', label: 'Go to the filters' },
  { command: 'next_finding', keys: ['f'], group: 'Text', label: 'Next finding' },
  { command: 'previous_finding', keys: ['F'], group: 'Text', label: 'Previous finding' },
  { command: 'adverse_event', keys: ['a'], group: 'Safety', label: 'Record: adverse event' },
  {
    command: 'not_adverse_event',
    keys: ['n'],
    group: 'Safety',
    label: 'Record: not an adverse event',
  },
  { command: 'release', keys: ['r'], group: 'Decision', label: 'Release' },
  { command: 'request_changes', keys: ['c'], group: 'Decision', label: 'Request changes' },
  { command: 'reject', keys: ['x'], group: 'Decision', label: 'Reject' },
  { command: 'hand_back', keys: ['u'], group: 'Decision', label: 'Hand the item back' },
  { command: 'help', keys: ['?'], group: 'Desk', label: 'Show this list' },
  { command: 'back', keys: ['Escape'], group: 'Desk', label: 'Step back' },
];

/** The part of a keyboard event the map looks at. */
export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  defaultPrevented: boolean;
}

/** Where the focus is, as far as the map cares. */
export interface Focus {
  /** In a text field, a list box or anything else that takes letters itself. */
  typing: boolean;
  /** On a control that Enter already works, such as a button or a link; a row of the queue is the desk's own. */
  activates: boolean;
  /** Inside an open dialog, which has the keyboard to itself. */
  dialog: boolean;
}

/** The command a key press stands for, or null when the press is not the desk's. */
export function commandFor(press: Press, focus: Focus): Command | null {
  if (press.defaultPrevented || press.isComposing || focus.dialog) return null;
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (focus.typing) return press.key === 'Escape' ? 'back' : null;
  if (focus.activates && press.key === 'Enter') return null;
  return BINDINGS.find((binding) => binding.keys.includes(press.key))?.command ?? null;
}

const TAKES_LETTERS =
  'textarea, select, [contenteditable]:not([contenteditable="false"]), [role="listbox"], [role="combobox"], [role="menu"]';
const TAKES_NO_LETTERS = [
  'checkbox',
  'radio',
  'button',
  'submit',
  'reset',
  'range',
  'file',
  'color',
];

export function focusOf(target: EventTarget | null): Focus {
  if (!(target instanceof Element)) return { typing: false, activates: false, dialog: false };
  const input = target.closest('input');
  return {
    typing:
      target.closest(TAKES_LETTERS) !== null ||
      (input !== null && !TAKES_NO_LETTERS.includes(input.type)),
    activates:
      target.closest('button, a[href]:not([data-row]), summary, [role="button"], [role="tab"]') !==
      null,
    dialog: target.closest('dialog, [role="dialog"], [role="alertdialog"]') !== null,
  };
}

const KEY_NAMES: Record<string, string> = { Escape: 'Esc', F: 'Shift F' };

export function keyName(key: string): string {
  return KEY_NAMES[key] ?? key;
}
