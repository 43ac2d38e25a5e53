//! HTML as people paste it: character references and tags.

/// Reads a character reference at the start of `text`; gives the character and the bytes it took.
pub(super) fn reference(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    let end = rest.bytes().take(12).position(|b| b == b';')?;
    let name = rest.get(..end)?;
    let taken = end + 2;
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).map(|c| (c, taken));
    }
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" | "ldquo" | "rdquo" => '"',
        "apos" | "lsquo" | "rsquo" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "shy" | "zwj" | "zwnj" => '\u{200B}',
        "ndash" | "mdash" => '-',
        "hellip" => '.',
        "reg" | "trade" | "copy" => '\u{00AE}',
        _ => return None,
    };
    Some((c, taken))
}

/// A tag at the start of a text: how long it is, and whether it breaks the line.
pub(super) struct Tag {
    pub len: usize,
    pub breaks: bool,
}

const INLINE: [&str; 20] = [
    "a", "abbr", "b", "big", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "s", "small",
    "span", "strong", "sub", "sup", "u", "wbr",
];
const BLOCK: [&str; 19] = [
    "blockquote",
    "br",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "summary",
    "td",
    "ul",
];

/// Reads a tag or comment at the start of `text`; "<5 mg" is none.
pub(super) fn tag(text: &str) -> Option<Tag> {
    if text.starts_with("<!--") {
        let len = text.find("-->")? + 3;
        return Some(Tag { len, breaks: false });
    }
    let rest = text.strip_prefix('<')?;
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let name_len = rest
        .bytes()
        .take(12)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let name = rest.get(..name_len)?.to_ascii_lowercase();
    let breaks = BLOCK.contains(&name.as_str());
    if !breaks && !INLINE.contains(&name.as_str()) {
        return None;
    }
    if !matches!(rest.as_bytes().get(name_len), Some(b' ' | b'/' | b'>')) {
        return None;
    }
    let len = text.bytes().take(300).position(|b| b == b'>')? + 1;
    Some(Tag { len, breaks })
}
