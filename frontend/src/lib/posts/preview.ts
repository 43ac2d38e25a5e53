import { marked, type Token, type Tokens } from 'marked';

/** The Markdown as tokens, in the dialect of the server: line breaks count, HTML is text. */
export function parse(markdown: string): Token[] {
  return marked.lexer(markdown, { gfm: true, breaks: true });
}

/** Headings begin at the third level, as the server has them: the page above owns the first two. */
export function headingTag({ depth }: Tokens.Heading): 'h3' | 'h4' | 'h5' | 'h6' {
  const tags = ['h3', 'h4', 'h3', 'h4', 'h5', 'h6'] as const;
  return tags[depth - 1] ?? 'h6';
}

/** Only what the server lets through; anything else is shown as its words. */
export function safeAddress(address: string): string | undefined {
  return /^(https?:|mailto:|tel:)/i.test(address) ? address : undefined;
}
