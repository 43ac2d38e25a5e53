//! Signing and second factors through their public face, on a database of their own.

use std::net::IpAddr;
use std::time::Duration;

use futures_util::future::join_all;
use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

use super::*;
use crate::audit::Actor;
use crate::identity::change_password::{PasswordChange, change_password};
use crate::identity::second_factor::testing::{Asked, EnrolError, begin, confirm};
use crate::identity::second_factor::{ResetLink, reset};
use crate::identity::tests::{MINUTE, PASSWORD, Place, desk};
use crate::identity::{Device, SignInError, SignedIn, Token};

const STEP: Duration = Duration::from_secs(31);

/// Somebody with an authenticator.
struct Person {
    place: Place,
    who: SignedIn,
    app: Totp,
    recovery: Vec<String>,
}

fn secret(text: &str) -> SecretString {
    text.into()
}

fn app(base32: &str) -> Totp {
    let secret = Secret::try_from_base32(base32).unwrap();
    Builder::new().with_secret(secret).build().unwrap()
}

impl Place {
    fn shown(&self, app: &Totp) -> String {
        let now = self.audit.clock().now().micros() / 1_000_000;
        app.generate(now.try_into().unwrap()).to_string()
    }

    async fn enrol(
        &self,
        who: &SignedIn,
        code: Option<&str>,
        link: Option<&Token>,
    ) -> Result<(Totp, Vec<String>), EnrolError> {
        let (password, code) = (secret(PASSWORD), code.map(secret));
        let asked = Asked {
            password: &password,
            code: code.as_ref(),
            link,
        };
        let begun = begin(&self.audit, &self.door, who, asked).await?;
        assert!(begun.uri.contains(&begun.secret) && begun.qr.path.starts_with("M0 0h1v1h-1z"));
        let app = app(&begun.secret);
        let first = secret(&self.shown(&app));
        let recovery = confirm(&self.audit, &self.door, who, &first).await?;
        Ok((app, recovery))
    }

    async fn verify(&self, by: Option<Uuid>, account: Uuid) -> Result<(), VerifyError> {
        let actor = Actor {
            id: by,
            ..Actor::command("test")
        };
        let tx = self.audit.begin().await.unwrap();
        let event =
            verify_identity(&tx, self.audit.clock(), &actor, account, "passport seen").await?;
        tx.commit(event).await.unwrap();
        Ok(())
    }

    async fn reset(&self, by: Uuid, account: Uuid) -> ResetLink {
        let actor = Actor {
            id: Some(by),
            ..Actor::command("test")
        };
        let tx = self.audit.begin().await.unwrap();
        let made = reset(&tx, self.audit.clock(), &actor, account, 60 * MINUTE).await;
        let (link, event) = made.unwrap();
        tx.commit(event).await.unwrap();
        link
    }
}

impl Person {
    /// Ada, who may sign.
    async fn ready() -> Self {
        let person = Self::enrolled().await;
        let hash = person.place.door.signing.statement_hash();
        let rules = &person.place.door.signing;
        let accepted = accept_statement(&person.place.audit, rules, &person.who, &hash).await;
        assert!(accepted.unwrap());
        person
            .place
            .verify(Some(Uuid::from_u128(7)), person.who.account_id)
            .await
            .unwrap();
        person
    }

    async fn enrolled() -> Self {
        let place = Place::new().await;
        place.account("ada@example.com", "Ada Berg").await;
        let who = place
            .sign_in("ada@example.com", PASSWORD)
            .await
            .unwrap()
            .who;
        let (app, recovery) = place.enrol(&who, None, None).await.unwrap();
        place.later(STEP);
        Self {
            place,
            who,
            app,
            recovery,
        }
    }

    fn code(&self) -> String {
        self.place.shown(&self.app)
    }

    async fn sign(&self, password: bool, code: bool) -> Result<Signature, SigningError> {
        let code = code.then(|| self.code());
        self.sign_with(password.then_some(PASSWORD), code.as_deref())
            .await
    }

    async fn sign_with(
        &self,
        password: Option<&str>,
        code: Option<&str>,
    ) -> Result<Signature, SigningError> {
        self.sign_at(&desk(), password, code).await
    }

    async fn sign_at(
        &self,
        device: &Device,
        password: Option<&str>,
        code: Option<&str>,
    ) -> Result<Signature, SigningError> {
        let components = Components {
            meaning: Meaning::Rejected,
            password: password.map(secret),
            code: code.map(secret),
        };
        let (audit, door) = (&self.place.audit, &self.place.door);
        let ready = check(audit, door, &self.who, device, &components).await?;
        self.sign_ready(ready, Meaning::Rejected).await
    }

    async fn sign_ready(&self, ready: Ready, meaning: Meaning) -> Result<Signature, SigningError> {
        let audit = &self.place.audit;
        let tx = audit.begin().await.unwrap();
        let (signature, event) = sign(
            &tx,
            audit.clock(),
            ready,
            Manifest {
                meaning,
                object: ("decision", audit.clock().new_id()),
                community: Uuid::from_u128(3),
                role: "moderator",
                action: "reject",
                reason: Some("privacy"),
                revision: Some((Uuid::from_u128(4), "5ec0de")),
                rule_set_hash: Some("7a1e"),
                words: Some("Please leave the name out."),
                other: json!({ "item": Uuid::from_u128(5) }),
            },
        )
        .await?;
        tx.commit(event).await.unwrap();
        Ok(signature)
    }
}

#[tokio::test]
async fn er_03_the_first_signature_takes_both_components_and_later_ones_at_least_one() {
    let ada = Person::ready().await;
    for (password, code) in [(false, false), (true, false), (false, true)] {
        let refused = ada.sign(password, code).await;
        assert!(matches!(refused, Err(SigningError::BothNeeded)));
    }
    assert!(ada.sign(true, true).await.is_ok());
    assert!(ada.sign(true, false).await.is_ok());
    ada.place.later(STEP);
    assert!(ada.sign(false, true).await.is_ok());
    let nothing = ada.sign(false, false).await;
    assert!(matches!(
        nothing,
        Err(SigningError::Needed(Meaning::Rejected))
    ));
    let refused: Vec<_> = ada.place.actions().await;
    assert!(
        !refused.contains(&"signature.failed".to_owned()),
        "to be asked for more is no failure"
    );
}

#[tokio::test]
async fn er_03_after_the_time_of_a_series_the_password_alone_is_refused() {
    let ada = Person::ready().await;
    ada.sign(true, true).await.unwrap();
    ada.place.later(14 * MINUTE);
    assert!(ada.sign(true, false).await.is_ok());
    ada.place.later(14 * MINUTE);
    assert!(
        ada.sign(true, false).await.is_ok(),
        "each signing renews it"
    );
    ada.place.later(15 * MINUTE);
    let late = ada.sign(true, false).await;
    assert!(matches!(late, Err(SigningError::BothNeeded)));
}

#[tokio::test]
async fn er_03_another_device_a_changed_password_and_a_new_session_break_the_series() {
    let mut ada = Person::ready().await;
    ada.sign(true, true).await.unwrap();
    let elsewhere = Device::new(IpAddr::from([198, 51, 100, 9]), "Browser 1.0");
    let moved = ada.sign_at(&elsewhere, Some(PASSWORD), None).await;
    assert!(matches!(moved, Err(SigningError::BothNeeded)), "device");
    assert!(
        ada.sign(true, false).await.is_ok(),
        "at the desk it goes on"
    );

    ada.place.later(STEP);
    let (current, code, new) = (
        secret(PASSWORD),
        secret(&ada.code()),
        secret("walnut harbour nine lamps"),
    );
    let change = PasswordChange {
        current: &current,
        code: Some(&code),
        new: &new,
    };
    change_password(&ada.place.audit, &ada.place.door, &ada.who, change)
        .await
        .unwrap();
    let old = ada.sign_with(Some("walnut harbour nine lamps"), None).await;
    assert!(matches!(old, Err(SigningError::BothNeeded)), "password");
    ada.place.later(STEP);
    let code = ada.code();
    let both = ada
        .sign_with(Some("walnut harbour nine lamps"), Some(&code))
        .await;
    assert!(both.is_ok());

    ada.place.later(STEP);
    let code = ada.code();
    let again = ada
        .place
        .sign_in_with("ada@example.com", "walnut harbour nine lamps", Some(&code));
    ada.who = again.await.unwrap().who;
    let other = ada.sign_with(Some("walnut harbour nine lamps"), None).await;
    assert!(matches!(other, Err(SigningError::BothNeeded)), "session");
}

#[tokio::test]
async fn a_code_signs_once_also_when_two_come_at_once() {
    let ada = Person::ready().await;
    let code = ada.code();
    let both = (0..2).map(|_| ada.sign_with(Some(PASSWORD), Some(&code)));
    let outcomes = join_all(both).await;
    assert_eq!(outcomes.iter().filter(|one| one.is_ok()).count(), 1);
    assert!(
        outcomes
            .iter()
            .any(|one| matches!(one, Err(SigningError::CodeUsed)))
    );
    let replayed = ada.sign_with(None, Some(&code)).await;
    assert!(matches!(replayed, Err(SigningError::CodeUsed)));
    let signed_in = ada
        .place
        .sign_in_with("ada@example.com", PASSWORD, Some(&code))
        .await;
    assert!(
        matches!(signed_in, Err(SignInError::WrongCode)),
        "nor elsewhere"
    );
}

#[tokio::test]
async fn er_07_five_bad_signatures_lock_signing_alert_and_end_the_session() {
    let mut ada = Person::ready().await;
    ada.sign(true, true).await.unwrap();
    ada.place.later(STEP);
    let code = ada.code();
    for (password, code) in [
        (Some("a wrong password"), None),
        (Some(PASSWORD), Some("000000")),
        (None, Some("not a code")),
        (Some("a wrong password"), Some(code.as_str())),
        (Some("a wrong password"), None),
    ] {
        let refused = ada.sign_with(password, code).await;
        assert!(matches!(refused, Err(SigningError::Wrong)), "{password:?}");
    }
    let records = ada.place.records().await;
    let count = |action: &str| records.iter().filter(|(a, ..)| a == action).count();
    assert_eq!((count("signature.failed"), count("signing.locked")), (5, 1));
    let alert = records
        .iter()
        .find(|(action, ..)| action == "signing.locked");
    assert!(alert.unwrap().2.contains(&ada.who.session_id.to_string()));

    let right = ada.sign(true, true).await;
    assert!(matches!(right, Err(SigningError::Locked { seconds: 1.. })));
    let again = ada
        .place
        .sign_in_with("ada@example.com", PASSWORD, Some(&ada.code()))
        .await;
    let again = again.expect("the owner may sign in and is told").who;
    let old = std::mem::replace(&mut ada.who, again);
    assert!(ada.place.by_token(&Token::random()).await.is_none());
    ada.place.later(STEP);
    let late = ada.sign(true, false).await;
    assert!(
        matches!(late, Err(SigningError::BothNeeded)),
        "the series is over, too"
    );
    assert!(ada.sign(true, true).await.is_ok(), "the lock is over");
    ada.who = old;
    ada.place.later(STEP);
    let ended = ada.sign(true, true).await;
    assert!(
        matches!(ended, Err(SigningError::SignedOut)),
        "the session that guessed"
    );
}

#[tokio::test]
async fn who_is_not_signed_in_cannot_lock_the_signing_of_who_is() {
    let ada = Person::ready().await;
    for _ in 0..6 {
        let guess = ada
            .place
            .sign_in("ada@example.com", "a wrong password")
            .await;
        assert!(guess.is_err());
    }
    assert!(ada.sign(true, true).await.is_ok());
}

#[tokio::test]
async fn er_06_nobody_signs_before_they_enrolled_accepted_and_were_verified_by_somebody_else() {
    let place = Place::new().await;
    place.account("ada@example.com", "Ada Berg").await;
    let who = place
        .sign_in("ada@example.com", PASSWORD)
        .await
        .unwrap()
        .who;
    let without = place.verify(Some(Uuid::from_u128(7)), who.account_id).await;
    assert!(matches!(without, Err(VerifyError::NotEnrolled)));

    let ada = Person::enrolled().await;
    assert!(matches!(
        ada.sign(true, true).await,
        Err(SigningError::NotAccepted)
    ));
    let rules = &ada.place.door.signing;
    let other = accept_statement(&ada.place.audit, rules, &ada.who, "another statement").await;
    assert!(!other.unwrap());
    let hash = rules.statement_hash();
    accept_statement(&ada.place.audit, rules, &ada.who, &hash)
        .await
        .unwrap();
    assert!(matches!(
        ada.sign(true, true).await,
        Err(SigningError::NotVerified)
    ));
    let own = ada
        .place
        .verify(Some(ada.who.account_id), ada.who.account_id)
        .await;
    assert!(matches!(own, Err(VerifyError::Own)));
    ada.place
        .verify(Some(Uuid::from_u128(7)), ada.who.account_id)
        .await
        .unwrap();
    assert!(ada.sign(true, true).await.is_ok());
}

#[tokio::test]
async fn er_06_another_statement_is_accepted_anew() {
    let mut ada = Person::ready().await;
    ada.place.door.signing.statement = "My signature binds me more than before.".to_owned();
    assert!(matches!(
        ada.sign(true, true).await,
        Err(SigningError::NotAccepted)
    ));
}

#[tokio::test]
async fn er_04_er_05_the_signed_bytes_say_name_time_and_meaning_and_the_record_has_their_hash() {
    let ada = Person::ready().await;
    let signature = ada.sign(true, true).await.unwrap();
    let manifest: Value = serde_json::from_str(&signature.manifest).unwrap();
    assert_eq!(manifest["signer_name"], "Ada Berg");
    assert_eq!(manifest["signer"], ada.who.account_id.to_string());
    assert_eq!(manifest["meaning"], "rejected");
    assert_eq!(manifest["meaning_text"], Meaning::Rejected.text());
    assert_eq!(manifest["signed_at"], signature.signed_at);
    let utc = manifest["signed_at_utc"].as_str().unwrap();
    assert!(utc.ends_with('Z') && utc.starts_with("20"));
    assert_eq!(manifest["revision_hash"], "5ec0de");
    assert_eq!(manifest["rule_set_hash"], "7a1e");
    assert_eq!(
        (&manifest["action"], &manifest["reason"]),
        (&json!("reject"), &json!("privacy"))
    );
    assert_eq!(manifest["components"], json!(["code", "password"]));
    assert!(
        !signature.manifest.contains("Please leave"),
        "words only as a hash"
    );
    assert_eq!(
        manifest["words_hash"],
        crate::audit::words_hash(signature.object_id, Some("Please leave the name out.")).unwrap()
    );

    let hash = hex::encode(Sha256::digest(signature.manifest.as_bytes()));
    let (action, object, body) = ada.place.records().await.pop().unwrap();
    assert_eq!(
        (action.as_str(), object),
        ("signature.made", signature.id.to_string())
    );
    assert!(body.contains(&hash) && !body.contains("Berg"));
    assert!(SignatureView::of(&signature).unwrap().intact);
}

#[tokio::test]
async fn er_05_a_signature_that_was_moved_copied_or_changed_is_not_intact() {
    let ada = Person::ready().await;
    let good = ada.sign(true, true).await.unwrap();
    let moved = [
        Signature {
            object_id: Uuid::from_u128(99),
            ..good.clone()
        },
        Signature {
            object_kind: "assessment".to_owned(),
            ..good.clone()
        },
        Signature {
            account_id: Uuid::from_u128(99),
            ..good.clone()
        },
        Signature {
            id: Uuid::from_u128(99),
            ..good.clone()
        },
        Signature {
            revision_id: None,
            ..good.clone()
        },
        Signature {
            community_id: Uuid::from_u128(99),
            ..good.clone()
        },
        Signature {
            meaning: "approved_for_publication".to_owned(),
            ..good.clone()
        },
        Signature {
            signed_at: good.signed_at + 1,
            ..good.clone()
        },
    ];
    for row in moved {
        assert!(!SignatureView::of(&row).unwrap().intact, "{row:?}");
    }
    for (place, _) in good.manifest.char_indices() {
        let mut bytes = good.manifest.clone().into_bytes();
        bytes[place] ^= 1;
        let Ok(manifest) = String::from_utf8(bytes) else {
            continue;
        };
        let flipped = Signature {
            manifest,
            ..good.clone()
        };
        let view = SignatureView::of(&flipped);
        assert!(view.is_err() || !view.unwrap().intact, "byte {place}");
    }
}

#[tokio::test]
async fn er_05_a_signature_can_be_neither_changed_nor_removed_nor_used_twice() {
    let ada = Person::ready().await;
    let signature = ada.sign(true, true).await.unwrap();
    let tx = ada.place.audit.db().upkeep().await.unwrap();
    use sea_orm::ConnectionTrait as _;
    for statement in [
        "UPDATE signature SET meaning = 'rejected'",
        "DELETE FROM signature",
    ] {
        assert!(
            tx.execute_unprepared(statement).await.is_err(),
            "{statement}"
        );
    }
    drop(tx);
    let tx = ada.place.audit.begin().await.unwrap();
    let copy = Signature {
        id: Uuid::from_u128(99),
        ..signature
    };
    let copied = crate::db::insert(tx.conn(), copy).await;
    assert!(copied.is_err(), "one signature of one person on one object");
}

#[tokio::test]
async fn what_was_shown_is_what_is_signed() {
    let ada = Person::ready().await;
    let components = Components {
        meaning: Meaning::Rejected,
        password: Some(secret(PASSWORD)),
        code: Some(secret(&ada.code())),
    };
    let (audit, door) = (&ada.place.audit, &ada.place.door);
    let ready = check(audit, door, &ada.who, &desk(), &components)
        .await
        .unwrap();
    let other = ada.sign_ready(ready, Meaning::ApprovedForPublication).await;
    assert!(matches!(other, Err(SigningError::AnotherMeaning)));
}

#[tokio::test]
async fn what_changes_between_the_check_and_the_signature_stops_it() {
    let ada = Person::ready().await;
    ada.sign(true, true).await.unwrap();
    let components = Components {
        meaning: Meaning::Rejected,
        password: Some(secret(PASSWORD)),
        code: None,
    };
    let (audit, door) = (&ada.place.audit, &ada.place.door);
    let ready = check(audit, door, &ada.who, &desk(), &components)
        .await
        .unwrap();
    ada.place.change("DELETE FROM signing_series").await;
    let broken = ada.sign_ready(ready, Meaning::Rejected).await;
    assert!(
        matches!(broken, Err(SigningError::BothNeeded)),
        "a changed role"
    );

    ada.place.later(STEP);
    ada.sign(true, true).await.unwrap();
    let ready = check(audit, door, &ada.who, &desk(), &components)
        .await
        .unwrap();
    ada.place.change("UPDATE session SET ended_at = 1").await;
    let ended = ada.sign_ready(ready, Meaning::Rejected).await;
    assert!(
        matches!(ended, Err(SigningError::SignedOut)),
        "a session that ended"
    );
}

#[tokio::test]
async fn er_06_a_reset_lets_nobody_sign_for_somebody_else() {
    let mut ada = Person::ready().await;
    let admin = Uuid::from_u128(7);
    let link = ada.place.reset(admin, ada.who.account_id).await;
    assert!(matches!(
        ada.sign(true, true).await,
        Err(SigningError::NotEnrolled)
    ));
    let opened = ada.place.sign_in("ada@example.com", PASSWORD).await;
    ada.who = opened
        .expect("the password alone, for there is no second factor")
        .who;
    let without = ada.place.enrol(&ada.who, None, None).await;
    assert!(matches!(without, Err(EnrolError::LinkNeeded)));
    let guessed = ada
        .place
        .enrol(&ada.who, None, Some(&Token::random()))
        .await;
    assert!(matches!(guessed, Err(EnrolError::LinkUnknown)));
    ada.app = ada
        .place
        .enrol(&ada.who, None, Some(&link.token))
        .await
        .unwrap()
        .0;
    ada.place.later(STEP);
    assert!(matches!(
        ada.sign(true, true).await,
        Err(SigningError::NotVerified)
    ));
    let same = ada.place.verify(Some(admin), ada.who.account_id).await;
    assert!(matches!(same, Err(VerifyError::ResetByYou)));
    ada.place
        .verify(Some(Uuid::from_u128(8)), ada.who.account_id)
        .await
        .unwrap();
    assert!(ada.sign(true, true).await.is_ok());
}

#[tokio::test]
async fn a_reset_link_ends() {
    let ada = Person::ready().await;
    let link = ada
        .place
        .reset(Uuid::from_u128(7), ada.who.account_id)
        .await;
    ada.place.later(61 * MINUTE);
    let who = ada
        .place
        .sign_in("ada@example.com", PASSWORD)
        .await
        .unwrap()
        .who;
    let late = ada.place.enrol(&who, None, Some(&link.token)).await;
    assert!(matches!(late, Err(EnrolError::LinkUnknown)));
}

#[tokio::test]
async fn who_has_a_second_factor_signs_in_with_it_or_with_a_recovery_code_once() {
    let ada = Person::enrolled().await;
    let email = "ada@example.com";
    let missing = ada.place.sign_in(email, PASSWORD).await;
    assert!(matches!(missing, Err(SignInError::CodeNeeded)));
    let wrong = ada
        .place
        .sign_in_with(email, PASSWORD, Some("123123"))
        .await;
    assert!(matches!(wrong, Err(SignInError::WrongCode)));
    let opened = ada
        .place
        .sign_in_with(email, PASSWORD, Some(&ada.code()))
        .await
        .unwrap();
    assert!(opened.who.second_factor);

    let lost = ada.recovery.first().unwrap().to_uppercase();
    assert!(
        ada.place
            .sign_in_with(email, PASSWORD, Some(&lost))
            .await
            .is_ok()
    );
    let twice = ada.place.sign_in_with(email, PASSWORD, Some(&lost)).await;
    assert!(matches!(twice, Err(SignInError::WrongCode)));
    let other = ada.recovery.get(1).map(String::as_str);
    let signed = ada.sign_with(Some(PASSWORD), other).await;
    assert!(
        signed.is_err(),
        "a recovery code is no component of a signature"
    );
}

#[tokio::test]
async fn whoever_replaces_an_authenticator_proves_to_have_it_or_a_recovery_code() {
    let ada = Person::enrolled().await;
    let bare = ada.place.enrol(&ada.who, None, None).await;
    assert!(matches!(bare, Err(EnrolError::CodeNeeded)));
    let recovery = ada.recovery.first().map(String::as_str);
    let (app, codes) = ada.place.enrol(&ada.who, recovery, None).await.unwrap();
    assert_ne!(codes, ada.recovery);
    ada.place.later(STEP);
    let email = "ada@example.com";
    let old = ada
        .place
        .sign_in_with(email, PASSWORD, Some(&ada.code()))
        .await;
    assert!(old.is_err(), "the old authenticator");
    let old = ada.recovery.get(1).map(String::as_str);
    assert!(
        ada.place.sign_in_with(email, PASSWORD, old).await.is_err(),
        "an old recovery code"
    );
    let new = ada.place.shown(&app);
    assert!(
        ada.place
            .sign_in_with(email, PASSWORD, Some(&new))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_new_secret_counts_from_its_first_code_and_waits_a_quarter_of_an_hour_for_it() {
    let place = Place::new().await;
    place.account("ada@example.com", "Ada Berg").await;
    let who = place
        .sign_in("ada@example.com", PASSWORD)
        .await
        .unwrap()
        .who;
    let password = secret(PASSWORD);
    let asked = || Asked {
        password: &password,
        code: None,
        link: None,
    };
    let begun = begin(&place.audit, &place.door, &who, asked())
        .await
        .unwrap();
    let wrong = confirm(&place.audit, &place.door, &who, &secret("000000")).await;
    assert!(matches!(wrong, Err(EnrolError::WrongCode)));
    assert!(
        place.sign_in("ada@example.com", PASSWORD).await.is_ok(),
        "not in force yet"
    );
    place.later(16 * MINUTE);
    let late = secret(&place.shown(&app(&begun.secret)));
    let late = confirm(&place.audit, &place.door, &who, &late).await;
    assert!(matches!(late, Err(EnrolError::NotBegun)));
}

#[tokio::test]
async fn neither_the_secret_nor_a_recovery_code_is_in_the_database_or_the_log() {
    let ada = Person::enrolled().await;
    let read = ada.place.audit.db().read();
    use sea_orm::{ConnectionTrait as _, Statement};
    let all = "SELECT hex(secret) AS one FROM second_factor UNION ALL SELECT hex(hash) FROM recovery_code";
    let rows = read
        .query_all_raw(Statement::from_string(read.get_database_backend(), all))
        .await
        .unwrap();
    let stored: String = rows
        .iter()
        .map(|row| row.try_get::<String>("", "one").unwrap())
        .collect();
    assert_eq!(rows.len(), 11);
    let raw = hex::encode_upper(ada.app.secret().as_bytes());
    assert!(!stored.contains(&raw));
    for code in &ada.recovery {
        assert!(!stored.contains(&hex::encode_upper(code)));
        let plain = hex::encode_upper(Sha256::digest(code.as_bytes()));
        assert!(!stored.contains(&plain), "not even as a plain hash");
    }
    for (_, _, body) in ada.place.records().await {
        assert!(!body.contains(&ada.app.secret().to_base32()));
        assert!(ada.recovery.iter().all(|code| !body.contains(code)));
    }
}

#[tokio::test]
async fn a_letter_of_certification_is_noted_once_and_for_all() {
    let place = Place::new().await;
    let (actor, by) = (Actor::command("test"), Uuid::from_u128(7));
    let new = |sent_on| NewCertification {
        sent_on,
        recipient: "FDA, Office of Regional Operations",
        reference: "DMS 4711",
    };
    for day in ["2026-02-30", "22.11.2026", "2999-01-01", ""] {
        let refused = record_certification(&place.audit, &actor, by, &new(day)).await;
        assert!(matches!(refused, Err(CertificationError::Day)), "{day}");
    }
    record_certification(&place.audit, &actor, by, &new("2026-01-30"))
        .await
        .unwrap();
    let found = certifications(place.audit.db().read()).await.unwrap();
    assert_eq!(
        found.first().map(|row| row.sent_on.as_str()),
        Some("2026-01-30")
    );
    let (action, _, body) = place.records().await.pop().unwrap();
    assert_eq!(action, "signing.certified");
    assert!(body.contains("2026-01-30") && !body.contains("4711"));
}

/// What happens to a series.
#[derive(Debug, Clone)]
enum Happening {
    Sign { password: bool, code: bool },
    Wait(u64),
    Break,
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let one = prop_oneof![
        5 => (any::<bool>(), any::<bool>()).prop_map(|(password, code)| Happening::Sign { password, code }),
        3 => (1_u64..20).prop_map(Happening::Wait),
        1 => Just(Happening::Break),
    ];
    prop::collection::vec(one, 4..14)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn er_03_whatever_happens_a_signature_is_made_exactly_when_the_series_allows_it(all in happenings()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let ada = Person::ready().await;
            // Seconds since the last signature of an open series.
            let mut open: Option<u64> = None;
            for happening in all {
                match happening {
                    Happening::Wait(minutes) => {
                        ada.place.later(Duration::from_secs(60 * minutes));
                        open = open.map(|seconds| seconds + 60 * minutes);
                    }
                    Happening::Break => {
                        ada.place.change("DELETE FROM signing_series").await;
                        open = None;
                    }
                    Happening::Sign { password, code } => {
                        ada.place.later(STEP);
                        open = open.map(|seconds| seconds + 31).filter(|seconds| *seconds < 15 * 60);
                        let allowed = if open.is_some() { password || code } else { password && code };
                        let signed = ada.sign(password, code).await;
                        assert_eq!(signed.is_ok(), allowed, "{signed:?}");
                        if allowed {
                            open = Some(0);
                        }
                    }
                }
            }
        });
    }
}
