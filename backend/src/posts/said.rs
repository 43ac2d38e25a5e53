//! Words that staff say of a text: to its author, or to the safety team. Like texts, they are kept for good.

/// Longest words, in characters.
pub const LONGEST: usize = 4_000;

/// The words without the blanks around them, if there are any.
///
/// # Errors
/// A sentence that says what to change, where they are too long or hold a character that shows something else than what
/// is written.
pub fn said(words: Option<&str>) -> Result<Option<&str>, String> {
    let Some(words) = words.map(str::trim).filter(|words| !words.is_empty()) else {
        return Ok(None);
    };
    let length = words.chars().count();
    if length > LONGEST {
        return Err(format!(
            "{length} characters are too many; {LONGEST} are allowed"
        ));
    }
    let letter = words
        .chars()
        .find(|letter| stray(*letter) && !matches!(letter, '\n' | '\r' | '\t'));
    letter.map_or(Ok(Some(words)), |letter| Err(refusal(letter)))
}

/// Control characters, and those that turn the writing direction: with them readers would see another text than the
/// one that was judged.
pub fn stray(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Why such a letter is refused.
pub fn refusal(letter: char) -> String {
    let code = u32::from(letter);
    format!("the control character U+{code:04X} is not allowed")
}
