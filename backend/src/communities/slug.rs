//! The name of a community in addresses.

use thiserror::Error;

/// 3 to 40 of the characters a–z, 0–9 and hyphen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug(String);

/// The text cannot stand in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("write 3 to 40 lower-case letters a to z, digits and hyphens")]
pub struct NotASlug;

impl Slug {
    /// Reads a name for addresses.
    pub fn parse(text: &str) -> Result<Self, NotASlug> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (3..=40).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotASlug)
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_name_is_3_to_40_plain_characters() {
        let longest = "a".repeat(40);
        for text in ["abc", "glioma-2026", &longest] {
            assert!(Slug::parse(text).is_ok(), "{text}");
        }
        for text in [
            "ab",
            "Glioma",
            "a b c",
            "käse",
            "a/b",
            &format!("{longest}a"),
        ] {
            assert_eq!(Slug::parse(text), Err(NotASlug), "{text}");
        }
    }
}
