//! Places in a text as browsers count them.

/// The UTF-16 code units before this byte of the text. Rules speak of bytes, browsers of UTF-16.
pub fn utf16_offset(text: &str, byte: usize) -> usize {
    text.char_indices()
        .take_while(|(at, _)| *at < byte)
        .map(|(_, letter)| letter.len_utf16())
        .sum()
}

/// The byte of the text before which so many UTF-16 code units stand; nothing where that is within a letter, or past the
/// end.
pub fn byte_offset(text: &str, units: usize) -> Option<usize> {
    let mut before = 0;
    for (at, letter) in text.char_indices() {
        if before >= units {
            return (before == units).then_some(at);
        }
        before += letter.len_utf16();
    }
    (before == units).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_after_an_emoji_counts_it_as_two() {
        let text = "a😀é rash";
        assert_eq!(utf16_offset(text, text.find("rash").unwrap_or(0)), 5);
        assert_eq!(utf16_offset(text, text.len()), text.encode_utf16().count());
    }

    #[test]
    fn a_place_that_browsers_count_leads_back_to_its_byte() {
        let text = "a😀é rash";
        for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
            assert_eq!(byte_offset(text, utf16_offset(text, at)), Some(at));
        }
        assert_eq!(byte_offset(text, 2), None, "half an emoji is no place");
        assert_eq!(byte_offset(text, 99), None);
    }
}
