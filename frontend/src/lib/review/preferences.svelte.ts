// How somebody likes their desk, kept in this browser for each person: whoever signs in next has their own.
import { soundChanges, type Changes } from './keys';

/** Minutes of reviewing after which the desk speaks of a break; 0 never. */
export const BREAKS = [0, 30, 50, 90] as const;

interface Kept {
  keys: Changes;
  zen: boolean;
  goOn: boolean;
  grey: boolean;
  breakAfter: number;
}

const USUAL: Kept = { keys: {}, zen: false, goOn: true, grey: false, breakAfter: 50 };

/** What was stored, with the usual in the place of what is missing or makes no sense. */
export function preferencesFrom(stored: string | null): Kept {
  let told: Record<string, unknown>;
  try {
    const parsed: unknown = JSON.parse(stored ?? '{}');
    told = typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return USUAL;
  }
  const flag = (name: 'zen' | 'goOn' | 'grey') =>
    typeof told[name] === 'boolean' ? told[name] : USUAL[name];
  return {
    keys: soundChanges(told.keys),
    zen: flag('zen'),
    goOn: flag('goOn'),
    grey: flag('grey'),
    breakAfter: BREAKS.find((minutes) => minutes === told.breakAfter) ?? USUAL.breakAfter,
  };
}

export class Preferences {
  #kept = $state.raw<Kept>(USUAL);
  readonly #place: string;

  constructor(account: string) {
    this.#place = `hortus.desk.${account}`;
    try {
      this.#kept = preferencesFrom(localStorage.getItem(this.#place));
    } catch {
      // Storage is switched off: choices hold until the page is left.
    }
  }

  /** The keys that differ from the usual ones. */
  get keys(): Changes {
    return this.#kept.keys;
  }
  /** One item alone, without the list. */
  get zen(): boolean {
    return this.#kept.zen;
  }
  /** Whether the next item is taken after a decision. */
  get goOn(): boolean {
    return this.#kept.goOn || this.#kept.zen;
  }
  /** Without colours. */
  get grey(): boolean {
    return this.#kept.grey;
  }
  get breakAfter(): number {
    return this.#kept.breakAfter;
  }

  change(news: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...news };
    try {
      localStorage.setItem(this.#place, JSON.stringify(this.#kept));
    } catch {
      // As above.
    }
  }
}
