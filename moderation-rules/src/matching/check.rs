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
    /// US DEA registration: two letters, seven digits, the last of which checks the other six.
    DeaNumber,
    /// US Medicare beneficiary identifier: eleven places, each with its own kind of character.
    MedicareBeneficiaryIdentifier,
    /// International bank account number: ISO 7064, modulo 97.
    Iban,
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
            Check::DeaNumber => match digits.as_slice() {
                // A second letter may be the digit 9, which does not count.
                [first, second, third, fourth, fifth, sixth, check]
                | [9, first, second, third, fourth, fifth, sixth, check] => {
                    (first + third + fifth + 2 * (second + fourth + sixth)) % 10 == *check
                }
                _ => false,
            },
            Check::MedicareBeneficiaryIdentifier => is_medicare(matched),
            Check::Iban => is_iban(matched),
            Check::AgeOver89 => (90..=120).contains(&number(&digits)),
        }
    }
}

/// Places 1, 4, 7, 10 and 11 are digits, 2, 5, 8 and 9 letters, 3 and 6 either; S, L, O, I, B and Z are never used.
fn is_medicare(matched: &[u8]) -> bool {
    let places: Vec<u8> = matched
        .iter()
        .filter(|b| b.is_ascii_alphanumeric())
        .map(u8::to_ascii_uppercase)
        .collect();
    let letter = |b: u8| b.is_ascii_uppercase() && !b"SLOIBZ".contains(&b);
    places.len() == 11
        && places.first() != Some(&b'0')
        && places.iter().zip(1..).all(|(b, place)| match place {
            2 | 5 | 8 | 9 => letter(*b),
            3 | 6 => letter(*b) || b.is_ascii_digit(),
            _ => b.is_ascii_digit(),
        })
}

/// Country and check digits go to the end, letters count 10 to 35, and the whole leaves 1.
fn is_iban(matched: &[u8]) -> bool {
    let signs: Vec<u8> = matched
        .iter()
        .filter(|b| b.is_ascii_alphanumeric())
        .map(u8::to_ascii_uppercase)
        .collect();
    let Some((head, tail)) = signs.split_at_checked(4) else {
        return false;
    };
    let rest = tail.iter().chain(head).fold(0_u32, |rest, sign| {
        let value = match sign {
            b'0'..=b'9' => u32::from(sign - b'0'),
            _ => u32::from(sign - b'A') + 10,
        };
        (rest * if value > 9 { 100 } else { 10 } + value) % 97
    });
    (15..=34).contains(&signs.len()) && rest == 1
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

    #[test]
    fn a_dea_number_must_satisfy_its_last_digit() {
        assert!(Check::DeaNumber.holds(b"AB1234563"));
        assert!(Check::DeaNumber.holds(b"F91234563"));
        assert!(!Check::DeaNumber.holds(b"AB1234567"));
    }

    #[test]
    fn a_medicare_identifier_has_letters_and_digits_in_their_places() {
        assert!(Check::MedicareBeneficiaryIdentifier.holds(b"1EG4-TE5-MK73"));
        assert!(Check::MedicareBeneficiaryIdentifier.holds(b"1eg4te5mk73"));
        assert!(!Check::MedicareBeneficiaryIdentifier.holds(b"1SG4-TE5-MK73"));
        assert!(!Check::MedicareBeneficiaryIdentifier.holds(b"0EG4-TE5-MK73"));
    }

    #[test]
    fn a_bank_account_must_leave_one() {
        assert!(Check::Iban.holds(b"DE89 3704 0044 0532 0130 00"));
        assert!(Check::Iban.holds(b"gb82west12345698765432"));
        assert!(!Check::Iban.holds(b"DE89 3704 0044 0532 0130 01"));
        assert!(!Check::Iban.holds(b"DE1"));
    }
}
