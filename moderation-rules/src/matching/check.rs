//! Check digits: a number that fails its own arithmetic is not the number it looks like.

use serde::Deserialize;

/// The arithmetic a matched number must satisfy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Check {
    /// NHS number: ten digits, weights 10 to 2, modulo 11.
    NhsNumber,
    /// US social security number: area, group and serial that can have been issued.
    SocialSecurityNumber,
    /// US national provider identifier: Luhn over `80840` and the ten digits.
    NationalProviderIdentifier,
    /// Payment card: Luhn over 13 to 19 digits.
    PaymentCard,
    /// An age of 90 or more.
    #[serde(rename = "age_over_89")]
    AgeOver89,
}

impl Check {
    pub(crate) fn holds(self, matched: &[u8]) -> bool {
        let digits: Vec<u32> = matched
            .iter()
            .filter(|b| b.is_ascii_digit())
            .map(|b| u32::from(b - b'0'))
            .collect();
        let number = |part: &[u32]| part.iter().fold(0, |n: u32, d| n.wrapping_mul(10) + d);
        match self {
            Check::NhsNumber => {
                let sum: u32 = digits.iter().zip((2..=10).rev()).map(|(d, w)| d * w).sum();
                let expected = (11 - sum % 11) % 11;
                digits.len() == 10 && expected < 10 && digits.last() == Some(&expected)
            }
            Check::SocialSecurityNumber => {
                match (digits.get(..3), digits.get(3..5), digits.get(5..9)) {
                    (Some(area), Some(group), Some(serial)) => {
                        let area = number(area);
                        digits.len() == 9
                            && area != 0
                            && area != 666
                            && area < 900
                            && number(group) != 0
                            && number(serial) != 0
                    }
                    _ => false,
                }
            }
            // 24 is what the prefix 80840 adds to the Luhn sum.
            Check::NationalProviderIdentifier => {
                digits.len() == 10
                    && matches!(digits.first(), Some(1 | 2))
                    && (luhn(&digits) + 24).is_multiple_of(10)
            }
            Check::PaymentCard => {
                (13..=19).contains(&digits.len()) && luhn(&digits).is_multiple_of(10)
            }
            Check::AgeOver89 => (90..=120).contains(&number(&digits)),
        }
    }
}

fn luhn(digits: &[u32]) -> u32 {
    digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| match i % 2 {
            0 => *d,
            _ if *d > 4 => d * 2 - 9,
            _ => d * 2,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::Check;

    #[test]
    fn an_nhs_number_must_satisfy_modulo_11() {
        assert!(Check::NhsNumber.holds(b"943 476 5919"));
        assert!(!Check::NhsNumber.holds(b"943 476 5918"));
    }

    #[test]
    fn a_provider_identifier_must_satisfy_luhn_with_its_prefix() {
        for (number, sound) in [
            (b"1234567893", true),
            (b"1993999998", true),
            (b"1234567890", false),
            (b"1234567839", false),
            (b"3234567893", false),
        ] {
            assert_eq!(Check::NationalProviderIdentifier.holds(number), sound);
        }
    }

    #[test]
    fn a_social_security_number_must_be_one_that_can_have_been_issued() {
        assert!(Check::SocialSecurityNumber.holds(b"219-09-9999"));
        assert!(!Check::SocialSecurityNumber.holds(b"000-12-3456"));
        assert!(!Check::SocialSecurityNumber.holds(b"666-12-3456"));
        assert!(!Check::SocialSecurityNumber.holds(b"219-00-9999"));
    }
}
