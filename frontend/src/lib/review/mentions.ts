// Calling a colleague in a note: `@` and the beginning of a name offers who is meant.

export interface Colleague {
  id: string;
  name: string;
}

/** The word after an `@` that the caret stands in. */
export interface Beginning {
  /** Where the `@` stands. */
  from: number;
  letters: string;
}

/** What is being typed after an `@` at the beginning of a word; null where nobody is being called. */
export function beginningAt(text: string, caret: number): Beginning | null {
  const found = /(?:^|\s)@([\p{L}.'’-]*(?: [\p{L}.'’-]*)?)$/u.exec(text.slice(0, caret));
  const letters = found?.[1];
  return letters === undefined ? null : { from: caret - letters.length - 1, letters };
}

/** The colleagues with a name, or a part of it, that begins so. */
export function offered(letters: string, colleagues: readonly Colleague[]): Colleague[] {
  const wanted = letters.toLowerCase();
  return colleagues.filter(({ name }) => {
    const parts = [name, ...name.split(' ')].map((part) => part.toLowerCase());
    return parts.some((part) => part.startsWith(wanted)) && name.toLowerCase() !== wanted;
  });
}

/** The text with the whole name in the place of its beginning, and where the caret goes. */
export function called(
  text: string,
  beginning: Beginning,
  colleague: Colleague,
): { text: string; caret: number } {
  const after = text.slice(beginning.from + 1 + beginning.letters.length);
  const name = `@${colleague.name} `;
  return {
    text: text.slice(0, beginning.from) + name + after.replace(/^ /, ''),
    caret: beginning.from + name.length,
  };
}

/** Who is called by their whole name. */
export function mentionedIn(text: string, colleagues: readonly Colleague[]): string[] {
  return colleagues.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id);
}
