//! Which passwords may be chosen: long ones that are not the first to be guessed. No forced mix of characters and no
//! forced change, which only make people choose worse (NIST SP 800-63B, 5.1.1.2).

use thiserror::Error;

const SHORTEST: usize = 12;
const LONGEST: usize = 256;
const FEWEST_DIFFERENT: usize = 5;

/// Passwords of twelve characters and more that stand at the head of every guesser's list, in lower case.
const COMMON: [&str; 24] = [
    "123456789012",
    "1234567890123",
    "123456789012345",
    "1234567890abc",
    "123456abcdef",
    "abc123abc123",
    "abcdefghijkl",
    "abcdefghijklm",
    "administrator",
    "changemechangeme",
    "correcthorsebatterystaple",
    "iloveyouiloveyou",
    "letmeinletmein",
    "motdepasse123",
    "passwort1234",
    "passwort12345",
    "password1234",
    "password12345",
    "password123456",
    "passwordpassword",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopasdfgh",
    "welcome12345",
];

/// Why a password may not be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PasswordRefused {
    /// Fewer than 12 characters.
    #[error("a password has at least 12 characters; a few unrelated words are easy to remember")]
    TooShort,
    /// More than 256 characters.
    #[error("a password has at most 256 characters")]
    TooLong,
    /// On the list of common ones, or made of fewer than 5 different characters.
    #[error("this password is among the first to be guessed; choose another")]
    Common,
    /// The address or the name of its owner.
    #[error("a password must not be your e-mail address or your name; choose another")]
    Personal,
}

/// Whether the person of this address and name may choose this password.
pub fn check_password(password: &str, email: &str, name: &str) -> Result<(), PasswordRefused> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(PasswordRefused::TooShort);
    }
    if length > LONGEST {
        return Err(PasswordRefused::TooLong);
    }
    let bare = bare(password);
    let mut different: Vec<char> = bare.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < FEWEST_DIFFERENT || COMMON.contains(&bare.as_str()) {
        return Err(PasswordRefused::Common);
    }
    let local = email.split('@').next().unwrap_or_default();
    if [email, local, name]
        .into_iter()
        .any(|own| self::bare(own) == bare)
    {
        return Err(PasswordRefused::Personal);
    }
    Ok(())
}

/// Without blanks and in lower case.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str) -> Result<(), PasswordRefused> {
        check_password(password, "ada.lovelace@example.com", "Ada King Lovelace")
    }

    #[test]
    fn a_few_unrelated_words_are_a_password() {
        assert_eq!(check("tram orchid seven quilt"), Ok(()));
    }

    #[test]
    fn short_endless_common_and_own_words_are_refused() {
        assert_eq!(check("tram orchid"), Err(PasswordRefused::TooShort));
        assert_eq!(check(&"ab1 de".repeat(43)), Err(PasswordRefused::TooLong));
        assert_eq!(check("Password 1234"), Err(PasswordRefused::Common));
        assert_eq!(check("aaaaaaaaaaaaaa"), Err(PasswordRefused::Common));
        assert_eq!(check("ada king lovelace"), Err(PasswordRefused::Personal));
        assert_eq!(check("Ada.Lovelace"), Err(PasswordRefused::Personal));
        assert_eq!(
            check("ADA.LOVELACE@example.com"),
            Err(PasswordRefused::Personal)
        );
    }

    #[test]
    fn every_common_password_is_listed_as_it_is_compared() {
        assert!(COMMON.iter().all(|common| bare(common) == **common));
        assert!(COMMON.iter().all(|common| common.len() >= SHORTEST));
    }
}
