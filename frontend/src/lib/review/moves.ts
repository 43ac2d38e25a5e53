// What a reviewer can do with an item, as the desk shows it: its sign, what confirming says, and what it means. Which of
// it is there for this person and this item, and what it needs, the server says.
import type { Action, Item, Meaning } from '$lib/api';
import type { IconName } from '$lib/ui';
import type { Command } from './keys';

export interface Look {
  action: Action;
  command: Command;
  icon: IconName;
  confirm: string;
  effect: string;
  /** It takes something away from somebody. */
  danger: boolean;
  /** Rarely made: it stands under the others, smaller. */
  minor?: boolean;
}

export type Need = Item['actions'][number]['needs'][number];

/** A judgement that the server allows. */
export interface Move extends Look {
  needs: readonly Need[];
  /** Somebody else must judge as well before it takes effect. */
  secondReview: boolean;
  /** What the signature under it says, where it is signed. */
  meaning: Meaning | null;
}

const LOOKS: readonly Look[] = [
  {
    action: 'release',
    command: 'release',
    icon: 'check',
    confirm: 'Release it now',
    effect: 'Every member of the community can read it at once.',
    danger: false,
  },
  {
    action: 'release_with_balance',
    command: 'release_with_balance',
    icon: 'plus',
    confirm: 'Release it with this text',
    effect: 'Readers see the post, and under it the text, visibly the company’s.',
    danger: false,
  },
  {
    action: 'redact_and_release',
    command: 'redact',
    icon: 'eyeOff',
    confirm: 'Release what is left',
    effect:
      'Readers see the text without these words. The original is sealed; reading it is recorded.',
    danger: false,
    minor: true,
  },
  {
    action: 'request_changes',
    command: 'request_changes',
    icon: 'edit',
    confirm: 'Send it back',
    effect: 'The author gets your words and can submit a new revision.',
    danger: false,
  },
  {
    action: 'split',
    command: 'split',
    icon: 'menu',
    confirm: 'Divide it',
    effect: 'Each part waits at the desk as a text of its own. The author is told.',
    danger: false,
    minor: true,
  },
  {
    action: 'duplicate',
    command: 'duplicate',
    icon: 'back',
    confirm: 'Close it as a duplicate',
    effect: 'The text stays unseen. The author is led to the other post, if they may see it.',
    danger: false,
    minor: true,
  },
  {
    action: 'reject',
    command: 'reject',
    icon: 'close',
    confirm: 'Reject it',
    effect: 'The author gets your words. The text stays unseen.',
    danger: true,
  },
  {
    action: 'keep',
    command: 'release',
    icon: 'check',
    confirm: 'Keep it',
    effect: 'Readers go on seeing it as it is.',
    danger: false,
  },
  {
    action: 'retract',
    command: 'reject',
    icon: 'close',
    confirm: 'Retract it',
    effect: 'Readers see your public words in its place at once. The author gets the reason.',
    danger: true,
  },
  {
    action: 'overturn',
    command: 'release',
    icon: 'check',
    confirm: 'Grant the appeal',
    effect: 'Every member of the community can read it at once. The author gets your words.',
    danger: false,
  },
  {
    action: 'uphold',
    command: 'reject',
    icon: 'close',
    confirm: 'Uphold the rejection',
    effect: 'The text stays unseen. The author gets your words, and cannot appeal again.',
    danger: true,
  },
];

/** The judgements that this person may make on the item now. */
export function movesOf(item: Pick<Item, 'actions' | 'balance_texts'>): Move[] {
  return LOOKS.flatMap((look) => {
    const allowed = item.actions.find(({ action }) => action === look.action);
    // Without a text of the company there is nothing to put under the post.
    if (allowed?.needs.includes('balance_text') && item.balance_texts.length === 0) return [];
    if (!allowed) return [];
    const { needs, second_review: secondReview, meaning = null } = allowed;
    return [{ ...look, needs, secondReview, meaning }];
  });
}

export function moveOf(
  item: Pick<Item, 'actions' | 'balance_texts'> | null,
  action: Action | null,
): Move | null {
  return (item && movesOf(item).find((move) => move.action === action)) ?? null;
}
