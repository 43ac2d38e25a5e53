//! An e-mail address as an account is known by: plain, lower case, in the form that every mail server takes.

use thiserror::Error;

const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;
const LONGEST_LABEL: usize = 63;

/// An address `local@domain.tld`, in lower case, so that one person has one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

/// The text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("write an e-mail address such as `name@example.com`")]
pub struct NotAnEmail;

impl Email {
    /// Reads an address. Quoted local parts, comments, bare IP addresses and non-ASCII letters are refused:
    /// no company hands them out, and they are how look-alike accounts are made.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let folded = Self::fold(text);
        let (local, domain) = folded.split_once('@').ok_or(NotAnEmail)?;
        let local_is_plain = !local.is_empty()
            && local.len() <= LONGEST_LOCAL
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b));
        let labels: Vec<&str> = domain.split('.').collect();
        let domain_is_plain = labels.len() >= 2
            && labels.iter().all(|label| is_label(label))
            && labels
                .last()
                .is_some_and(|top| !top.bytes().all(|b| b.is_ascii_digit()));
        if folded.len() <= LONGEST && local_is_plain && domain_is_plain {
            Ok(Self(folded))
        } else {
            Err(NotAnEmail)
        }
    }

    /// How a typed address is compared: without blanks around it and in lower case.
    pub(super) fn fold(text: &str) -> String {
        text.trim().to_lowercase()
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= LONGEST_LABEL
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_lower_case_without_blanks() {
        let email = Email::parse(" Ada.Berg+trial@Example.Co.UK ");
        assert_eq!(
            email.as_ref().map(Email::as_str),
            Ok("ada.berg+trial@example.co.uk")
        );
    }

    #[test]
    fn what_is_no_plain_address_is_refused() {
        for text in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@example",
            "ada@@example.com",
            "ada@exam ple.com",
            "ada@-example.com",
            "ada@example..com",
            ".ada@example.com",
            "a..da@example.com",
            "ada@192.168.0.1",
            "аda@example.com",
            "ada\n@example.com",
            "\"ada\"@example.com",
        ] {
            assert_eq!(Email::parse(text), Err(NotAnEmail), "{text:?}");
        }
        assert_eq!(
            Email::parse(&format!("{}@example.com", "a".repeat(65))),
            Err(NotAnEmail)
        );
    }
}
