//! What readers do not see where it stands: targets and titles of links, images, link definitions, names of code
//! blocks.
//!
//! It is read too, but apart from the running text: a word that nobody sees must not deny, or quote, one that is seen.

use std::ops::Range;

/// A stretch that is taken out of the running text, and the pieces of it that are read by themselves.
pub(super) struct Aside {
    pub whole: Range<usize>,
    pub pieces: Vec<Range<usize>>,
}

/// Deeper brackets than this Markdown does not read as a link target.
const DEEPEST: usize = 32;

/// Finds them in the order of the text, without overlap, in one pass.
pub(super) fn find(text: &str) -> Vec<Aside> {
    let bytes = text.as_bytes();
    // Most posts have none of the marks that open or close one; blocks are looked through many bytes at a time.
    let marked = bytes.chunks(64).any(|block| {
        block
            .iter()
            .fold(false, |any, b| any | matches!(b, b'[' | b']' | b'`' | b'~'))
    });
    if !marked {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut images = Vec::new();
    let mut line_start = true;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let opens_line = std::mem::replace(&mut line_start, false);
        let aside = match byte {
            b'\\' => {
                at += 2;
                continue;
            }
            b'`' | b'~' if opens_line => fence(bytes, at),
            b'[' if opens_line => definition(bytes, at),
            b'!' if bytes.get(at + 1) == Some(&b'[') => {
                images.push(at);
                at += 2;
                continue;
            }
            b'[' => {
                images.push(usize::MAX);
                None
            }
            b']' => close(bytes, at, images.pop(), &mut found),
            b'\n' => {
                line_start = true;
                None
            }
            b' ' | b'\t' | b'\r' | b'>' | b'-' | b'*' | b'+' | b'.' | b')' | b'0'..=b'9' => {
                line_start = opens_line;
                None
            }
            _ => None,
        };
        match aside {
            Some(aside) => {
                at = aside.whole.end;
                found.push(aside);
            }
            None => {
                // The bracket of a line that is no definition still opens a link.
                if byte == b'[' && opens_line {
                    images.push(usize::MAX);
                }
                at += 1;
            }
        }
    }
    found
}

/// The end of a link text or of an image; `opened` is where the image begins.
fn close(bytes: &[u8], at: usize, opened: Option<usize>, found: &mut Vec<Aside>) -> Option<Aside> {
    let target = target(bytes, at + 1);
    let Some(begin) = opened.filter(|begin| *begin != usize::MAX) else {
        return target;
    };
    // Nobody sees the words that describe an image, nor what is linked within them.
    let kept = found.partition_point(|aside| aside.whole.start < begin);
    let within = found.split_off(kept).into_iter().flat_map(|a| a.pieces);
    let (end, own) = target.map_or((at + 1, Vec::new()), |t| (t.whole.end, t.pieces));
    let mut pieces: Vec<_> = std::iter::once(begin + 2..at).collect();
    pieces.extend(within);
    pieces.extend(own);
    Some(Aside {
        whole: begin..end,
        pieces,
    })
}

/// `(target "title")`, right after a closing bracket.
fn target(bytes: &[u8], open: usize) -> Option<Aside> {
    if bytes.get(open) != Some(&b'(') {
        return None;
    }
    let from = blanks(bytes, open + 1);
    let address = if bytes.get(from) == Some(&b'<') {
        let end = until(bytes, from + 1, |b| matches!(b, b'>' | b'<' | b'\n'));
        if bytes.get(end) != Some(&b'>') {
            return None;
        }
        from..end + 1
    } else {
        from..bare(bytes, from)?
    };
    let next = blanks(bytes, address.end);
    let quote = match bytes.get(next) {
        Some(b')') => {
            return Some(Aside {
                whole: open..next + 1,
                pieces: Vec::from([address]),
            });
        }
        Some(quote @ (b'"' | b'\'')) => *quote,
        Some(b'(') => b')',
        _ => return None,
    };
    let end = until(bytes, next + 1, |b| {
        b == quote || (quote == b')' && b == b'(')
    });
    let close = blanks(bytes, end + 1);
    (bytes.get(end) == Some(&quote) && bytes.get(close) == Some(&b')')).then(|| Aside {
        whole: open..close + 1,
        pieces: Vec::from([address, next + 1..end]),
    })
}

/// The end of a target without angle brackets.
fn bare(bytes: &[u8], from: usize) -> Option<usize> {
    let mut depth = 0;
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
            _ if byte.is_ascii_whitespace() => break,
            _ => {}
        }
        if depth > DEEPEST {
            return None;
        }
        at += 1;
    }
    (depth == 0).then_some(at)
}

/// `[name]: target`, alone on its line; the target may stand on the next.
fn definition(bytes: &[u8], open: usize) -> Option<Aside> {
    let close = until(bytes, open + 1, |b| matches!(b, b'[' | b']' | b'\n'));
    if bytes.get(close..close + 2) != Some(b"]:") {
        return None;
    }
    let from = blanks(bytes, close + 2);
    let whole = open..until(bytes, from, |b| b == b'\n');
    let pieces = Vec::from([open + 1..close, close + 2..whole.end]);
    Some(Aside { whole, pieces })
}

/// The name behind the marks that open a block of code.
fn fence(bytes: &[u8], open: usize) -> Option<Aside> {
    let mark = *bytes.get(open)?;
    let from = open + bytes.iter().skip(open).take_while(|b| **b == mark).count();
    let end = until(bytes, from, |b| b == b'\n' || (b == b'`' && mark == b'`'));
    let ended = bytes.get(end).is_none_or(|b| *b == b'\n');
    (from >= open + 3 && ended).then(|| Aside {
        whole: from..end,
        pieces: std::iter::once(from..end).collect(),
    })
}

/// Past spaces and at most one line break.
fn blanks(bytes: &[u8], from: usize) -> usize {
    let mut broken = false;
    let more = bytes.iter().skip(from).take_while(|b| match b {
        b'\n' => !std::mem::replace(&mut broken, true),
        b' ' | b'\t' | b'\r' => true,
        _ => false,
    });
    from + more.count()
}

/// Where the first of these bytes stands that no backslash precedes, or the end.
fn until(bytes: &[u8], from: usize, ends: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        if ends(*byte) {
            return at;
        }
        let escaped = *byte == b'\\' && bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation);
        at += if escaped { 2 } else { 1 };
    }
    bytes.len()
}
