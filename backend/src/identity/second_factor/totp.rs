//! Codes of authenticator apps: RFC 6238 with SHA-1, six digits and steps of 30 seconds, which every app understands.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

use super::SecretSeal;
use crate::clock::Timestamp;
use crate::identity::entity::second_factor;

/// Seconds in which a code is shown.
const STEP: i64 = 30;
/// Bytes of a secret: 160 bits, as RFC 4226 recommends.
pub(super) const SECRET_BYTES: usize = 20;

/// The authenticator with this secret. One step of clock difference is allowed to either side (RFC 6238 section 5.2).
pub(super) fn authenticator(secret: Vec<u8>) -> Result<Totp, DbErr> {
    Builder::new()
        .with_secret(Secret::from(secret))
        .build()
        .map_err(|cause| DbErr::Custom(format!("the secret of a second factor: {cause}")))
}

/// The time step of this code, if it is one that the authenticator shows about now.
pub(super) fn step_of(totp: &Totp, code: &str, now: Timestamp) -> Option<i64> {
    let digits = code.trim();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let step = totp.check(digits, seconds(now))?;
    i64::try_from(step).ok()
}

/// What goes into the app: `otpauth://totp/…` as authenticator apps read it.
pub(super) fn uri(totp: &Totp, issuer: &str, email: &str) -> String {
    let (issuer, email) = (escaped(issuer), escaped(email));
    format!(
        "otpauth://totp/{issuer}:{email}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period={STEP}",
        totp.secret().to_base32()
    )
}

/// The code that proves this account next, and the seconds until it is no longer taken: for demonstrations, whose people
/// have no telephone.
///
/// # Errors
/// If the database fails or the secret cannot be opened.
pub async fn current_code(
    on: &impl ConnectionTrait,
    seal: &SecretSeal,
    account: Uuid,
    now: Timestamp,
) -> Result<Option<(String, i64)>, DbErr> {
    let Some(row) = second_factor::Entity::find_by_id(account).one(on).await? else {
        return Ok(None);
    };
    let Some(sealed) = row.secret.filter(|_| row.confirmed_at.is_some()) else {
        return Ok(None);
    };
    let totp = authenticator(seal.open(account, &sealed)?)?;
    let current = now.micros() / 1_000_000 / STEP;
    // One step ahead is taken, too: who signs twice in half a minute need not wait.
    let step = current.max(row.last_step.saturating_add(1));
    if step > current + 1 {
        return Ok(None);
    }
    let left = (step + 1) * STEP - now.micros() / 1_000_000;
    let at = u64::try_from(step * STEP).unwrap_or_default();
    Ok(Some((totp.generate(at).to_string(), left)))
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.micros() / 1_000_000).unwrap_or_default()
}

/// Per cent for everything but letters, digits and `-._~` (RFC 3986).
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238_appendix_b() {
        let totp = authenticator(b"12345678901234567890".to_vec()).unwrap();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(step_of(&totp, code, at(seconds)), Some(seconds / 30));
        }
    }

    #[test]
    fn a_clock_may_be_off_by_one_step_and_no_more() {
        // R-ER-07, 21 CFR 11.300(e): a token whose clock has drifted is refused.
        let totp = authenticator(b"12345678901234567890".to_vec()).unwrap();
        let taken: Vec<_> = [-61, -31, -30, 0, 29, 30, 59, 60]
            .into_iter()
            .map(|off| step_of(&totp, "050471", at(1_111_111_110 + off)).is_some())
            .collect();
        assert_eq!(taken, [false, false, true, true, true, true, true, false]);
    }

    #[test]
    fn what_is_no_code_of_six_digits_is_none() {
        let totp = authenticator(b"12345678901234567890".to_vec()).unwrap();
        for text in ["", "50471", "0050471", "05047a", "+50471", "٠٥٠٤٧١"] {
            assert_eq!(step_of(&totp, text, at(1_111_111_111)), None, "{text}");
        }
        assert!(step_of(&totp, " 050471 ", at(1_111_111_111)).is_some());
    }

    #[test]
    fn the_app_is_told_issuer_and_account_without_a_letter_that_breaks_the_address() {
        let totp = authenticator(b"12345678901234567890".to_vec()).unwrap();
        assert_eq!(
            uri(&totp, "Wychelm & Söhne", "ada+x@example.com"),
            "otpauth://totp/Wychelm%20%26%20S%C3%B6hne:ada%2Bx%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Wychelm%20%26%20S%C3%B6hne&algorithm=SHA1&digits=6&period=30"
        );
    }
}
