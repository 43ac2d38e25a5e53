//! Character references, which Markdown decodes. Tags and comments are text: readers see them as they were written.

/// Bytes of the longest name that HTML knows, with its semicolon.
const LONGEST: usize = 33;

/// Reads a character reference at the start of `text`; gives the character and the bytes it took.
pub(super) fn reference(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    let end = rest.bytes().take(LONGEST).position(|b| b == b';')?;
    let name = rest.get(..end)?;
    let taken = end + 2;
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).map(|c| (c, taken));
    }
    named(name).map(|c| (c, taken))
}

/// What follows the letter in the names of its accented, mathematical and cut forms: `eacute`, `dfr`.
const FORMS: [&str; 17] = [
    "acute", "breve", "caron", "cedil", "circ", "cy", "dblac", "dot", "fr", "grave", "macr",
    "ogon", "opf", "ring", "scr", "tilde", "uml",
];

/// What a name stands for, as far as it is read as a letter, a mark or a gap.
fn named(name: &str) -> Option<char> {
    let mut letters = name.chars();
    if let Some(letter) = letters.next().filter(char::is_ascii_alphabetic)
        && FORMS.contains(&letters.as_str())
    {
        return Some(letter);
    }
    Some(match name {
        "amp" | "AMP" => '&',
        "lt" | "LT" => '<',
        "gt" | "GT" => '>',
        "quot" | "QUOT" | "ldquo" | "rdquo" | "bdquo" | "laquo" | "raquo" => '"',
        "apos" | "lsquo" | "rsquo" | "sbquo" | "grave" => '\'',
        "excl" => '!',
        "num" => '#',
        "dollar" | "euro" | "pound" | "yen" => '$',
        "percnt" => '%',
        "lpar" => '(',
        "rpar" => ')',
        "lbrack" | "lsqb" => '[',
        "rbrack" | "rsqb" => ']',
        "lcub" | "lbrace" => '{',
        "rcub" | "rbrace" => '}',
        "ast" | "midast" => '*',
        "plus" => '+',
        "comma" => ',',
        "period" => '.',
        "sol" => '/',
        "bsol" => '\\',
        "colon" => ':',
        "semi" => ';',
        "equals" => '=',
        "quest" => '?',
        "commat" => '@',
        "lowbar" | "UnderBar" => '_',
        "verbar" | "vert" | "VerticalLine" => '|',
        "nbsp" | "ensp" | "emsp" | "thinsp" | "hairsp" | "numsp" | "puncsp" | "emsp13"
        | "emsp14" | "Tab" | "NonBreakingSpace" | "ThinSpace" | "VeryThinSpace" | "MediumSpace" => {
            ' '
        }
        "NewLine" | "bull" | "middot" => '\n',
        "shy" | "zwj" | "zwnj" | "lrm" | "rlm" | "ZeroWidthSpace" | "NoBreak" => '\u{200B}',
        "ndash" | "mdash" | "hyphen" | "dash" | "minus" => '-',
        "hellip" => '.',
        "inodot" | "imath" => 'i',
        "oslash" => 'o',
        "Oslash" => 'O',
        "reg" | "trade" | "copy" | "cent" | "deg" | "plusmn" | "times" | "le" | "ge" | "micro"
        | "alpha" | "beta" | "gamma" | "delta" | "rarr" | "larr" | "frac12" | "frac14"
        | "frac34" | "sect" => ' ',
        _ => return None,
    })
}
