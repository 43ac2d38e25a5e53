//! A name as it is printed beside what somebody wrote, decided or owns.

use thiserror::Error;

/// Longest name in characters.
const LONGEST: usize = 120;

/// One line of 1 to 120 characters, without blanks around it and without invisible characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedName(String);

/// The text cannot be printed as a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("write a name of 1 to 120 characters on one line, without control or invisible characters")]
pub struct NotAName;

impl PrintedName {
    /// Reads a name.
    pub fn parse(text: &str) -> Result<Self, NotAName> {
        let text = text.trim();
        let length = text.chars().count();
        if (1..=LONGEST).contains(&length) && !text.chars().any(is_invisible) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAName)
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters, line separators, zero-width characters and direction marks: they make one name look like another.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_visible_line_of_at_most_120_characters() {
        let longest = "ä".repeat(120);
        assert_eq!(
            PrintedName::parse(" Dr. Ada Berg ").map(|name| name.0),
            Ok("Dr. Ada Berg".to_owned())
        );
        assert!(PrintedName::parse(&longest).is_ok());
        for text in [
            "",
            "   ",
            "Ada\nBerg",
            "Ada\u{202e}greB",
            "Ada\u{200b}Berg",
            &format!("{longest}ä"),
        ] {
            assert_eq!(PrintedName::parse(text), Err(NotAName), "{text:?}");
        }
    }
}
