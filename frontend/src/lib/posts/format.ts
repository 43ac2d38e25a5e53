/** A text field with what is selected in it. */
export interface Selected {
  text: string;
  start: number;
  end: number;
}

export type Mark = 'bold' | 'italic' | 'list' | 'quote' | 'link';

/** Applies a Markdown mark to the selection, or takes it away where it is there already. */
export function format(field: Selected, mark: Mark, linkText: string): Selected {
  switch (mark) {
    case 'bold':
      return wrapped(field, '**');
    case 'italic':
      return wrapped(field, '_');
    case 'list':
      return prefixed(field, '- ');
    case 'quote':
      return prefixed(field, '> ');
    case 'link':
      return linked(field, linkText);
  }
}

function wrapped({ text, start, end }: Selected, sign: string): Selected {
  const before = text.slice(0, start);
  const inside = text.slice(start, end);
  const after = text.slice(end);
  const length = sign.length;
  if (before.endsWith(sign) && after.startsWith(sign)) {
    return {
      text: before.slice(0, -length) + inside + after.slice(length),
      start: start - length,
      end: end - length,
    };
  }
  return { text: before + sign + inside + sign + after, start: start + length, end: end + length };
}

function prefixed({ text, start, end }: Selected, sign: string): Selected {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const lines = text.slice(from, end).split('\n');
  const bare = lines.every((line) => line.startsWith(sign));
  const changed = lines
    .map((line) => (bare ? line.slice(sign.length) : line.startsWith(sign) ? line : sign + line))
    .join('\n');
  return {
    text: text.slice(0, from) + changed + text.slice(end),
    start: from,
    end: from + changed.length,
  };
}

function linked({ text, start, end }: Selected, linkText: string): Selected {
  const words = text.slice(start, end) || linkText;
  const address = 'https://';
  const from = start + words.length + 3;
  return {
    text: `${text.slice(0, start)}[${words}](${address})${text.slice(end)}`,
    start: from,
    end: from + address.length,
  };
}
