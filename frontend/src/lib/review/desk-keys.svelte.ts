// Commands of the desk find whoever can carry them out: the open item first, then the queue.
import { createContext } from 'svelte';
import { BINDINGS, keysOf, type Command } from './keys';
import type { Preferences } from './preferences.svelte';

export type Actions = Partial<Record<Command, () => void>> & {
  /** A digit was pressed; says whether it meant anything. */
  pick?: (number: number) => boolean;
};

export class DeskKeys {
  readonly preferences: Preferences;
  readonly #queue: Actions;
  #item: Actions = {};

  constructor(preferences: Preferences, queue: Actions) {
    this.preferences = preferences;
    this.#queue = queue;
  }

  /** The open item takes its commands until the returned function is called. */
  whileOpen(actions: Actions): () => void {
    this.#item = actions;
    return () => {
      if (this.#item === actions) this.#item = {};
    };
  }

  /** Whether anybody carried the command out. */
  run(command: Command): boolean {
    const action = this.#item[command] ?? this.#queue[command];
    action?.();
    return action !== undefined;
  }

  pick(number: number): boolean {
    return this.#item.pick?.(number) ?? false;
  }

  /** The key that this person presses for the command. */
  keyOf(command: Command): string {
    const binding = BINDINGS.find((one) => one.command === command);
    return (binding && keysOf(binding, this.preferences.keys)[0]) ?? '';
  }
}

const [use, set] = createContext<DeskKeys>();
export const useDeskKeys = use;
export function provideDeskKeys(preferences: Preferences, queue: Actions): DeskKeys {
  return set(new DeskKeys(preferences, queue));
}
