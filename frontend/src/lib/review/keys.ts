// The desk's keyboard map: one table that the handler, the help overlay and the tests all read. Everybody may give a
// command another key; what was never changed keeps the key that stands here.

export type Command =
  | 'down'
  | 'up'
  | 'open'
  | 'next'
  | 'release'
  | 'release_with_balance'
  | 'redact'
  | 'request_changes'
  | 'split'
  | 'duplicate'
  | 'reject'
  | 'words'
  | 'adverse_event'
  | 'special_situation'
  | 'quality_complaint'
  | 'not_adverse_event'
  | 'next_finding'
  | 'previous_finding'
  | 'view'
  | 'note'
  | 'undo'
  | 'hand_back'
  | 'skip'
  | 'take_over'
  | 'refer'
  | 'show_arrivals'
  | 'mark'
  | 'mark_range'
  | 'decide_together'
  | 'filter'
  | 'zen'
  | 'help'
  | 'back';

export interface Binding {
  command: Command;
  keys: readonly string[];
  group: 'Queue' | 'Text' | 'Decision' | 'Safety' | 'Desk';
  label: string;
  /** Browsers and screen readers rely on its key: it stays. */
  fixed?: boolean;
}

export const BINDINGS: readonly Binding[] = [
  { command: 'down', keys: ['j'], group: 'Queue', label: 'Next row' },
  { command: 'up', keys: ['k'], group: 'Queue', label: 'Previous row' },
  { command: 'open', keys: ['o', 'Enter'], group: 'Queue', label: 'Open the row and claim it' },
  { command: 'next', keys: ['g'], group: 'Queue', label: 'Take the next item' },
  { command: 'skip', keys: ['s'], group: 'Queue', label: 'Pass the item over' },
  { command: 'take_over', keys: ['t'], group: 'Queue', label: 'Take it from its holder (lead)' },
  { command: 'show_arrivals', keys: ['.'], group: 'Queue', label: 'Show new items' },
  { command: 'filter', keys: ['/'], group: 'Queue', label: 'Search the queue' },
  { command: 'mark', keys: ['i'], group: 'Queue', label: 'Mark the row, to judge it with others' },
  { command: 'mark_range', keys: ['I'], group: 'Queue', label: 'Mark the rows up to this one' },
  {
    command: 'decide_together',
    keys: ['B'],
    group: 'Queue',
    label: 'Decide on the marked rows together',
  },
  { command: 'next_finding', keys: ['f'], group: 'Text', label: 'Next finding, the worst first' },
  { command: 'previous_finding', keys: ['F'], group: 'Text', label: 'Previous finding' },
  { command: 'view', keys: ['v'], group: 'Text', label: 'Next view of the text' },
  { command: 'note', keys: ['m'], group: 'Text', label: 'Write a note to colleagues' },
  { command: 'adverse_event', keys: ['a'], group: 'Safety', label: 'Record: adverse event' },
  {
    command: 'special_situation',
    keys: ['p'],
    group: 'Safety',
    label: 'Record: special situation',
  },
  {
    command: 'quality_complaint',
    keys: ['q'],
    group: 'Safety',
    label: 'Record: quality complaint',
  },
  {
    command: 'not_adverse_event',
    keys: ['n'],
    group: 'Safety',
    label: 'Record: not an adverse event',
  },
  {
    command: 'release',
    keys: ['r'],
    group: 'Decision',
    label: 'Release; keep what was reported; grant an appeal',
  },
  {
    command: 'release_with_balance',
    keys: ['b'],
    group: 'Decision',
    label: 'Release with the company’s text',
  },
  { command: 'redact', keys: ['d'], group: 'Decision', label: 'Redact and release' },
  { command: 'request_changes', keys: ['c'], group: 'Decision', label: 'Request changes' },
  { command: 'split', keys: ['l'], group: 'Decision', label: 'Divide into parts' },
  { command: 'duplicate', keys: ['D'], group: 'Decision', label: 'Close as a duplicate' },
  {
    command: 'reject',
    keys: ['x'],
    group: 'Decision',
    label: 'Reject; retract what was reported; uphold a rejection',
  },
  { command: 'refer', keys: ['e'], group: 'Decision', label: 'Ask another desk, or answer it' },
  { command: 'words', keys: ['w'], group: 'Decision', label: 'Write to the author' },
  {
    command: 'undo',
    keys: ['Backspace'],
    group: 'Decision',
    label: 'Take the last decision back',
  },
  { command: 'hand_back', keys: ['u'], group: 'Decision', label: 'Hand the item back' },
  { command: 'zen', keys: ['z'], group: 'Desk', label: 'One item alone (zen)' },
  { command: 'help', keys: ['?'], group: 'Desk', label: 'Show this list' },
  { command: 'back', keys: ['Escape'], group: 'Desk', label: 'Step back', fixed: true },
];

/** Other keys than those of the table, by command. */
export type Changes = Partial<Record<Command, string>>;

/** The keys of a command: the changed one in the place of the first of the table. */
export function keysOf(binding: Binding, changes: Changes): readonly string[] {
  const changed = changes[binding.command];
  return changed === undefined ? binding.keys : [changed, ...binding.keys.slice(1)];
}

/** Why a key cannot be given to a command; null where it can. */
export function unfit(key: string): string | null {
  if ([...key].length !== 1 || key === ' ') return 'Choose a letter or a sign; this key is taken.';
  if (/^[0-9]$/.test(key)) return 'Digits jump to findings and choose reasons.';
  return null;
}

/** The changes once this command has this key; the command that had it gets the one that becomes free. */
export function assign(changes: Changes, command: Command, key: string): Changes {
  const mine = BINDINGS.find((binding) => binding.command === command);
  const other = BINDINGS.find(
    (binding) => binding.command !== command && keysOf(binding, changes).includes(key),
  );
  const freed = mine && keysOf(mine, changes)[0];
  if (!mine || mine.fixed || unfit(key) || freed === undefined) return changes;
  const next = { ...changes, [command]: key };
  if (other) next[other.command] = freed;
  return pruned(next);
}

/** Without what the table says anyway. */
function pruned(changes: Changes): Changes {
  return Object.fromEntries(
    Object.entries(changes).filter(
      ([command, key]) => BINDINGS.find((binding) => binding.command === command)?.keys[0] !== key,
    ),
  );
}

/** Changes as they were stored, without what could not be worked: unknown commands, unfit keys, keys with two meanings. */
export function soundChanges(stored: unknown): Changes {
  if (typeof stored !== 'object' || stored === null) return {};
  const sound: Changes = {};
  for (const { command, fixed } of BINDINGS) {
    const key: unknown = (stored as Record<string, unknown>)[command];
    if (!fixed && typeof key === 'string' && unfit(key) === null) sound[command] = key;
  }
  const keys = BINDINGS.flatMap((binding) => keysOf(binding, sound));
  return new Set(keys).size === keys.length ? sound : {};
}

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

function isTheDesks(press: Press, focus: Focus): boolean {
  if (press.defaultPrevented || press.isComposing || focus.dialog) return false;
  return !press.ctrlKey && !press.metaKey && !press.altKey;
}

/** The command a key press stands for, or null when the press is not the desk's. */
export function commandFor(press: Press, focus: Focus, changes: Changes = {}): Command | null {
  if (!isTheDesks(press, focus)) return null;
  if (focus.typing) return press.key === 'Escape' ? 'back' : null;
  if (focus.activates && press.key === 'Enter') return null;
  const named = BINDINGS.find((binding) => keysOf(binding, changes).includes(press.key));
  return named?.command ?? null;
}

/** The number that a digit chooses: a finding, or a reason where reasons are asked for. */
export function digitFor(press: Press, focus: Focus): number | null {
  return isTheDesks(press, focus) && !focus.typing && /^[1-9]$/.test(press.key)
    ? Number(press.key)
    : null;
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

/** A key as people name it. */
export function keyName(key: string): string {
  if (key === 'Escape') return 'Esc';
  const capital = key.length === 1 && key !== key.toLowerCase();
  return capital ? `Shift ${key}` : key;
}
