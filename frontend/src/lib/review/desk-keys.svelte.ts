// Commands of the desk find whoever can carry them out: the open item first, then the queue.
import { createContext } from 'svelte';
import type { Command } from './keys';

export type Actions = Partial<Record<Command, () => void>>;

export class DeskKeys {
  readonly #queue: Actions;
  #item: Actions = {};

  constructor(queue: Actions) {
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
}

const [use, set] = createContext<DeskKeys>();
export const useDeskKeys = use;
export function provideDeskKeys(queue: Actions): DeskKeys {
  return set(new DeskKeys(queue));
}
