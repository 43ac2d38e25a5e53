//! Where one sentence ends and the next begins.

use std::ops::Range;

use super::Sentence;
use super::fold::Folded;
use super::tokens::{Gap, Token, is_word, word_at};

/// Words that carry a full stop without ending a sentence.
const ABBREVIATIONS: [&[u8]; 22] = [
    b"dr", b"mr", b"mrs", b"ms", b"prof", b"vs", b"approx", b"etc", b"st", b"jr", b"sr", b"inc",
    b"ltd", b"no", b"fig", b"dept", b"est", b"min", b"max", b"hx", b"eg", b"ie",
];
/// A quotation shorter than this is a way of speaking, not somebody else's words.
const QUOTATION_WORDS: usize = 5;

#[derive(Default)]
struct GapRead {
    bits: u8,
    ends: bool,
    question: bool,
    quotes: u8,
    block_quote: Option<bool>,
}

/// Cuts a folded text into words and sentences, in one pass.
pub(super) fn cut(folded: &Folded, tokens: &mut Vec<Token>, sentences: &mut Vec<Sentence>) {
    tokens.clear();
    tokens.reserve(folded.lower.len() / 5);
    sentences.clear();
    for part in &folded.parts {
        cut_part(folded, *part, tokens, sentences);
    }
}

/// No sentence, question or quotation reaches from one part into another.
fn cut_part(
    folded: &Folded,
    (begin, past): (u32, u32),
    tokens: &mut Vec<Token>,
    sentences: &mut Vec<Sentence>,
) {
    let (begin, mut at) = (tokens.len(), begin as usize);
    let opening = at;
    let bytes = folded.lower.get(..past as usize).unwrap_or_default();
    let mut first = begin;
    let mut in_block = false;
    let mut quote_from: Option<usize> = None;
    loop {
        let gap_start = at;
        while bytes.get(at).is_some_and(|b| !is_word(*b)) {
            at += 1;
        }
        let previous = tokens.get(begin..).and_then(<[Token]>::last);
        let previous = previous.and_then(|t| bytes.get(t.start as usize..t.end as usize));
        let gap = read_gap(folded, gap_start..at, gap_start == opening, previous);
        if let Some(block) = gap.block_quote {
            in_block = block;
        }
        let last = at >= bytes.len();
        if gap.ends || last {
            if tokens.len() > first {
                sentences.push(Sentence {
                    question: gap.question,
                });
            }
            first = tokens.len();
        }
        for _ in 0..gap.quotes {
            quote_from = match quote_from {
                None => Some(tokens.len()),
                Some(from) => {
                    if tokens.len() >= from + QUOTATION_WORDS {
                        for token in tokens.iter_mut().skip(from) {
                            token.gap.0 |= Gap::QUOTED;
                        }
                    }
                    None
                }
            };
        }
        if last {
            return;
        }
        let word = word_at(bytes, at);
        let quoted = if in_block { Gap::QUOTED } else { 0 };
        let mixed = if word.mixed { Gap::MIXED } else { 0 };
        tokens.push(Token {
            start: at as u32,
            end: word.end as u32,
            hash: word.hash,
            sentence: sentences.len() as u32,
            gap: Gap(gap.bits | quoted | mixed),
        });
        at = word.end;
    }
}

fn read_gap(
    folded: &Folded,
    Range { start, end }: Range<usize>,
    opening: bool,
    previous: Option<&[u8]>,
) -> GapRead {
    let mut read = GapRead::default();
    // One space: nearly every gap.
    if end == start + 1 && folded.lower.get(start) == Some(&b' ') {
        return read;
    }
    let gap = folded.lower.get(start..end).unwrap_or_default();
    let next = folded.cased.get(end).copied();
    let (mut lines, mut stop, mut punctuated) = (0, false, false);
    let mut line_start = opening;
    for byte in gap {
        match byte {
            b'\n' => {
                lines += 1;
                line_start = true;
                read.block_quote = Some(false);
            }
            b'>' if line_start => read.block_quote = Some(true),
            b'!' | b'|' => read.ends = true,
            b'?' => {
                read.ends = true;
                // In an address a question mark asks nothing.
                read.question |=
                    lines == 0 && (next.is_none_or(|b| b == b'\n') || gap.last() != Some(&b'?'));
            }
            b'.' => stop = true,
            b',' | b'/' => read.bits |= Gap::COMMA,
            b';' | b':' | b'(' | b')' | b'[' | b']' => read.bits |= Gap::TURN,
            b'-' if gap.len() > 1 => read.bits |= Gap::TURN,
            b'"' => read.quotes += 1,
            _ => {}
        }
        line_start &= matches!(byte, b'\n' | b' ' | b'>');
        punctuated |= byte.is_ascii_punctuation();
    }
    if stop {
        let spaced = gap.iter().any(u8::is_ascii_whitespace);
        let capital = next.is_some_and(|b| b.is_ascii_uppercase());
        let short = previous.is_some_and(|word| {
            (word.len() == 1 && word != b"i" && word.iter().all(u8::is_ascii_alphabetic))
                || ABBREVIATIONS.contains(&word)
        });
        let dots = gap.iter().filter(|b| **b == b'.').count();
        read.ends |= next.is_none() || dots > 1 || (!short && (spaced || capital));
    }
    // A single line break within running text is only a wrapped line.
    let wrapped = lines == 1 && !punctuated && next.is_some_and(|b| b.is_ascii_lowercase());
    read.ends |= lines > 0 && !wrapped;
    read
}
