//! Places in a text as browsers count them.

/// The UTF-16 code units before this byte of the text. Rules speak of bytes, browsers of UTF-16.
pub fn utf16_offset(text: &str, byte: usize) -> usize {
    text.char_indices()
        .take_while(|(at, _)| *at < byte)
        .map(|(_, letter)| letter.len_utf16())
        .sum()
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
}
