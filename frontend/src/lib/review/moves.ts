// What a reviewer can do with an item, as the desk shows it: its sign, what confirming says, and what it means.
import type { Action } from '$lib/api';
import type { IconName } from '$lib/ui';
import type { Command } from './keys';

export interface Move {
  action: Action;
  command: Command;
  icon: IconName;
  confirm: string;
  effect: string;
  /** Whether the author is told why: a reason and words are needed. */
  explained: boolean;
  /** It takes something away from somebody. */
  danger: boolean;
}

export const MOVES: readonly Move[] = [
  {
    action: 'release',
    command: 'release',
    icon: 'check',
    confirm: 'Release it now',
    effect: 'Every member of the community can read it at once.',
    explained: false,
    danger: false,
  },
  {
    action: 'request_changes',
    command: 'request_changes',
    icon: 'edit',
    confirm: 'Send it back',
    effect: 'The author gets your words and can submit a new revision.',
    explained: true,
    danger: false,
  },
  {
    action: 'reject',
    command: 'reject',
    icon: 'close',
    confirm: 'Reject it',
    effect: 'The author gets your words. The text stays unseen.',
    explained: true,
    danger: true,
  },
];

export function moveOf(action: Action | null): Move | null {
  return MOVES.find((move) => move.action === action) ?? null;
}
