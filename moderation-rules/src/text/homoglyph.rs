//! Letters of other scripts that look like Latin ones, as they are used to slip a word past a filter.

/// The Latin letter that `c` is drawn like, if any.
pub(super) fn latin(c: char) -> Option<char> {
    let boxed = |first: u32| char::from_u32((c as u32).wrapping_sub(first) + u32::from(b'A'));
    match c {
        '\u{1F150}'..='\u{1F169}' => return boxed(0x1F150),
        '\u{1F170}'..='\u{1F189}' => return boxed(0x1F170),
        '\u{1F1E6}'..='\u{1F1FF}' => return boxed(0x1F1E6),
        _ => {}
    }
    Some(match c {
        // Cyrillic
        'а' => 'a',
        'А' => 'A',
        'В' => 'B',
        'в' => 'b',
        'с' | 'ϲ' => 'c',
        'С' | 'Ϲ' => 'C',
        'ԁ' => 'd',
        'е' | 'ё' | 'є' => 'e',
        'Е' | 'Ё' => 'E',
        'һ' => 'h',
        'Н' => 'H',
        'і' | 'ї' | 'ı' => 'i',
        'І' | 'Ї' => 'I',
        'ј' | 'ϳ' => 'j',
        'Ј' => 'J',
        'К' => 'K',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'Ӏ' => 'I',
        'М' => 'M',
        'м' => 'm',
        'п' => 'n',
        'о' => 'o',
        'О' => 'O',
        'р' => 'p',
        'Р' => 'P',
        'ԛ' => 'q',
        'ѕ' => 's',
        'Ѕ' => 'S',
        'Т' => 'T',
        'т' => 't',
        'у' => 'y',
        'У' | 'Ү' => 'Y',
        'ѵ' | 'ν' => 'v',
        'Ѵ' => 'V',
        'ԝ' | 'ѡ' => 'w',
        'Ԝ' => 'W',
        'х' => 'x',
        'Х' => 'X',
        // Greek
        'α' => 'a',
        'Α' => 'A',
        'Β' => 'B',
        'Ε' => 'E',
        'ε' => 'e',
        'Ζ' => 'Z',
        'Η' => 'H',
        'η' => 'n',
        'ι' => 'i',
        'Ι' => 'I',
        'Κ' => 'K',
        'Μ' => 'M',
        'Ν' => 'N',
        'ο' => 'o',
        'Ο' => 'O',
        'ρ' => 'p',
        'Ρ' => 'P',
        'τ' => 't',
        'Τ' => 'T',
        'υ' => 'u',
        'Υ' => 'Y',
        'χ' => 'x',
        'Χ' => 'X',
        // Latin letters that compatibility decomposition leaves alone
        'ɑ' => 'a',
        'ɡ' => 'g',
        'ɩ' | 'ɪ' => 'i',
        'ø' => 'o',
        'Ø' => 'O',
        'đ' => 'd',
        'Đ' => 'D',
        'ł' => 'l',
        'Ł' => 'L',
        'ʏ' => 'y',
        'ꜱ' => 's',
        'ɴ' => 'n',
        'ʀ' => 'r',
        'ᴀ' => 'a',
        'ʙ' => 'b',
        'ᴄ' => 'c',
        'ᴅ' => 'd',
        'ᴇ' => 'e',
        'ꜰ' => 'f',
        'ɢ' => 'g',
        'ʜ' => 'h',
        'ᴊ' => 'j',
        'ᴋ' => 'k',
        'ʟ' => 'l',
        'ᴍ' => 'm',
        'ᴏ' => 'o',
        'ᴘ' => 'p',
        'ᴛ' => 't',
        'ᴜ' => 'u',
        'ᴠ' => 'v',
        'ᴡ' => 'w',
        'ᴢ' => 'z',
        // Punctuation
        '‘' | '’' | '‛' | 'ʼ' | 'ʹ' | '′' | '`' => '\'',
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '™' | '℠' => ' ',
        _ if currency(c) => '$',
        '•' | '◦' | '▪' | '·' => '\n',
        _ => return None,
    })
}

/// Signs before an amount: whoever looks for a price means any of them.
pub(crate) fn currency(c: char) -> bool {
    matches!(c, '£' | '€' | '¥' | '₤' | '₩' | '₹' | '₺' | '₽')
}

/// Characters that are never seen: they can only hide. Controls that are a gap are not among them.
pub(super) fn invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{200B}'..='\u{200F}'
        | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFC}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Characters that turn the writing direction: what stands after them is seen in another order.
pub(super) fn turns(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Letters that are drawn as a gap in one font and not at all in another.
pub(super) fn blank(c: char) -> bool {
    matches!(
        c,
        '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}'
    )
}

/// Whether the eye sees a gap or a sign between words instead of a letter or digit.
pub(super) fn parts_words(c: char) -> bool {
    blank(c) || c.is_whitespace() || (!c.is_ascii() && !c.is_alphanumeric())
}
