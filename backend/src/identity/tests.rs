//! Identity through its public face, on a database of its own.

use std::net::IpAddr;
use std::time::Duration;

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, Statement};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use uuid::Uuid;

use super::second_factor::{AskedFor, SecondFactors, SecretSeal};
use super::signing::SigningRules;
use super::*;
use crate::audit::Audit;
use crate::clock::{Clock, Timestamp};
use crate::db::Db;

pub(crate) const PASSWORD: &str = "tram orchid seven quilt";
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// A server without HTTP: its database, its door, and a desk to sit at.
pub(crate) struct Place {
    pub audit: Audit,
    pub door: Door,
    pub revocations: Revocations,
    _folder: TempDir,
}

impl Place {
    pub async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let db = Db::connect(&Db::url_in(folder.path())).await.unwrap();
        db.migrate().await.unwrap();
        let lock_out = LockOut {
            failures_before_lock: 5,
            first_lock: Duration::from_secs(30),
            longest_lock: HOUR,
        };
        let sessions = SessionLimits {
            lifetime: 12 * HOUR,
            idle: 2 * HOUR,
        };
        Self {
            audit: Audit::new(db, Clock::system()),
            door: Door::new(
                lock_out,
                AddressLimit::per_minute(10_000),
                sessions,
                SecondFactors {
                    asked_for: AskedFor::Enrolled,
                    seal: SecretSeal::new([7; 32]),
                    issuer: "Wychelm".to_owned(),
                },
                SigningRules {
                    series: 15 * MINUTE,
                    statement: "My signature binds me.".to_owned(),
                },
            ),
            revocations: Revocations::default(),
            _folder: folder,
        }
    }

    pub fn later(&self, span: Duration) {
        let clock = self.audit.clock();
        clock.set(clock.now().plus(span));
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Result<Opened, SignInError> {
        self.sign_in_with(email, password, None).await
    }

    pub async fn sign_in_with(
        &self,
        email: &str,
        password: &str,
        code: Option<&str>,
    ) -> Result<Opened, SignInError> {
        let (password, code) = (password.into(), code.map(SecretString::from));
        let given = Credentials {
            email,
            password: &password,
            code: code.as_ref(),
        };
        sign_in(&self.audit, &self.door, given, &desk()).await
    }

    pub async fn by_token(&self, token: &Token) -> Option<SignedIn> {
        let (read, now) = (self.audit.db().read(), self.audit.clock().now());
        SignedIn::by_token(read, token, now, self.door.sessions.idle)
            .await
            .unwrap()
    }

    /// The records, oldest first, as (action, object, body).
    pub async fn records(&self) -> Vec<(String, String, String)> {
        let read = self.audit.db().read();
        let all = "SELECT action, object_id, body FROM audit_record ORDER BY id";
        let rows = read
            .query_all_raw(Statement::from_string(read.get_database_backend(), all))
            .await
            .unwrap();
        rows.iter()
            .map(|row| row.try_get_many("", &["action", "object_id", "body"].map(str::to_owned)))
            .collect::<Result<_, _>>()
            .unwrap()
    }

    pub async fn actions(&self) -> Vec<String> {
        let records = self.records().await;
        records.into_iter().map(|(action, ..)| action).collect()
    }

    pub async fn account(&self, email: &str, name: &str) -> Uuid {
        self.register(email, name).await.unwrap()
    }

    async fn register(&self, email: &str, name: &str) -> Result<Uuid, RegisterError> {
        let new = NewAccount {
            email: &Email::parse(email).unwrap(),
            name: &PrintedName::parse(name).unwrap(),
            password_hash: self.door.passwords.hash(&PASSWORD.into()).await.unwrap(),
            administrator: false,
            from: "invitation:test",
        };
        let tx = self.audit.begin().await.unwrap();
        let (person, event) = register(&tx, self.audit.clock(), new).await?;
        tx.commit(event).await?;
        Ok(person.account_id())
    }

    pub async fn change(&self, statement: &str) {
        let tx = self.audit.db().upkeep().await.unwrap();
        tx.execute_unprepared(statement).await.unwrap();
        tx.commit().await.unwrap();
    }
}

pub(crate) fn desk() -> Device {
    Device::new(IpAddr::from([192, 0, 2, 7]), "Browser\n 1.0")
}

fn is_wrong(answer: &Result<Opened, SignInError>) -> bool {
    matches!(answer, Err(SignInError::WrongCredentials))
}

fn is_too_many(answer: &Result<Opened, SignInError>) -> bool {
    matches!(answer, Err(SignInError::TooMany { seconds: 1.. }))
}

#[tokio::test]
async fn who_knows_the_password_is_signed_in_and_the_record_says_so() {
    let place = Place::new().await;
    let ada = place.account("ada@example.com", "Ada Berg").await;
    let opened = place.sign_in(" Ada@Example.com ", PASSWORD).await.unwrap();

    let who = place.by_token(&opened.token).await.unwrap();
    assert_eq!((who.account_id, who.name.as_str()), (ada, "Ada Berg"));
    assert_eq!(who.session_id, opened.who.session_id);
    assert!(place.by_token(&Token::random()).await.is_none());
    let (action, object, _) = place.records().await.pop().unwrap();
    assert_eq!(action, "sign_in.succeeded");
    assert_eq!(object, who.session_id.to_string());
}

#[tokio::test]
async fn wrong_unknown_and_disabled_answer_alike_and_no_record_names_the_address() {
    let place = Place::new().await;
    let ada = place.account("ada@example.com", "Ada Berg").await;
    assert!(is_wrong(
        &place.sign_in("ada@example.com", "wrong password").await
    ));
    assert!(is_wrong(&place.sign_in("bob@example.com", PASSWORD).await));
    place.change("UPDATE account SET disabled_at = 1").await;
    assert!(is_wrong(&place.sign_in("ada@example.com", PASSWORD).await));

    let failed: Vec<_> = place
        .records()
        .await
        .into_iter()
        .filter(|(action, ..)| action == "sign_in.failed")
        .collect();
    let objects: Vec<_> = failed.iter().map(|(_, object, _)| object.clone()).collect();
    assert_eq!(
        objects,
        [ada.to_string(), "unknown".to_owned(), ada.to_string()]
    );
    assert!(
        failed
            .iter()
            .all(|(.., body)| !body.contains("example.com"))
    );
}

#[tokio::test]
async fn the_fifth_failure_locks_the_name_for_a_while_even_for_the_right_password() {
    let place = Place::new().await;
    place.account("ada@example.com", "Ada Berg").await;
    for _ in 0..5 {
        assert!(is_wrong(
            &place.sign_in("ada@example.com", "wrong password").await
        ));
    }
    assert!(is_too_many(
        &place.sign_in("ada@example.com", PASSWORD).await
    ));
    let actions = place.actions().await;
    assert_eq!(
        actions
            .iter()
            .filter(|action| *action == "sign_in.locked")
            .count(),
        1
    );

    place.later(Duration::from_secs(31));
    assert!(is_wrong(
        &place.sign_in("ada@example.com", "wrong password").await
    ));
    place.later(Duration::from_secs(31));
    let doubled = place.sign_in("ada@example.com", PASSWORD).await;
    assert!(is_too_many(&doubled), "the second lock is twice as long");

    place.later(Duration::from_secs(30));
    assert!(place.sign_in("ada@example.com", PASSWORD).await.is_ok());
    let after = place.sign_in("ada@example.com", "wrong password").await;
    assert!(is_wrong(&after) && place.sign_in("ada@example.com", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_name_without_an_account_is_locked_like_any_other() {
    let place = Place::new().await;
    for _ in 0..5 {
        assert!(is_wrong(
            &place.sign_in("nobody@example.com", "wrong password").await
        ));
    }
    assert!(is_too_many(
        &place.sign_in("nobody@example.com", "wrong password").await
    ));
}

#[tokio::test]
async fn guesses_that_come_all_at_once_are_counted_one_by_one() {
    let place = Place::new().await;
    place.account("ada@example.com", "Ada Berg").await;
    let guesses = (0..12).map(|_| place.sign_in("ada@example.com", "wrong password"));
    let answers = join_all(guesses).await;
    assert_eq!(answers.iter().filter(|answer| is_wrong(answer)).count(), 5);
    assert_eq!(
        answers.iter().filter(|answer| is_too_many(answer)).count(),
        7
    );
}

#[tokio::test]
async fn one_address_may_not_try_all_names() {
    let mut place = Place::new().await;
    place.account("ada@example.com", "Ada Berg").await;
    place.door.addresses = std::sync::Arc::new(AddressLimit::per_minute(3));
    for name in ["a", "b", "c"] {
        let answer = place
            .sign_in(&format!("{name}@example.com"), PASSWORD)
            .await;
        assert!(is_wrong(&answer));
    }
    assert!(is_too_many(
        &place.sign_in("ada@example.com", PASSWORD).await
    ));
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_when_its_time_is_over() {
    let place = Place::new().await;
    place.account("ada@example.com", "Ada Berg").await;
    let opened = place.sign_in("ada@example.com", PASSWORD).await.unwrap();
    for _ in 0..8 {
        place.later(90 * MINUTE);
        let Some(who) = place.by_token(&opened.token).await else {
            assert!(place.audit.clock().now() >= opened.who.expires_at);
            return;
        };
        seen(place.audit.db(), &who, place.audit.clock().now())
            .await
            .unwrap();
    }
    panic!("the session outlived its twelve hours");
}

#[tokio::test]
async fn a_session_that_rests_for_two_hours_is_over() {
    let place = Place::new().await;
    let ada = place.account("ada@example.com", "Ada Berg").await;
    let opened = place.sign_in("ada@example.com", PASSWORD).await.unwrap();
    place.later(119 * MINUTE);
    assert!(place.by_token(&opened.token).await.is_some());
    place.later(2 * MINUTE);
    assert!(place.by_token(&opened.token).await.is_none());
    let (read, now) = (place.audit.db().read(), place.audit.clock().now());
    let listed = devices(read, ada, now, place.door.sessions.idle).await;
    assert!(listed.unwrap().is_empty());
}

#[tokio::test]
async fn the_time_of_last_use_is_written_once_a_minute_and_no_more() {
    let place = Place::new().await;
    place.account("ada@example.com", "Ada Berg").await;
    let opened = place.sign_in("ada@example.com", PASSWORD).await.unwrap();
    let first = opened.who.last_seen_at;
    let mut written = Vec::new();
    for _ in 0..3 {
        place.later(Duration::from_secs(40));
        let who = place.by_token(&opened.token).await.unwrap();
        seen(place.audit.db(), &who, place.audit.clock().now())
            .await
            .unwrap();
        let who = place.by_token(&opened.token).await.unwrap();
        written.push(who.last_seen_at > first);
    }
    assert_eq!(written, [false, true, true]);
}

#[tokio::test]
async fn signing_out_ends_this_session_and_everywhere_ends_all() {
    let place = Place::new().await;
    let ada = place.account("ada@example.com", "Ada Berg").await;
    let mut heard = place.revocations.listen();
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(place.sign_in("ada@example.com", PASSWORD).await.unwrap());
    }
    let [desk, phone, tablet] = sessions.as_slice() else {
        panic!("three devices")
    };
    let (read, now) = (place.audit.db().read(), place.audit.clock().now());
    let listed = devices(read, ada, now, HOUR).await.unwrap();
    let ids: Vec<_> = listed.iter().map(|device| device.id).collect();
    assert_eq!(
        ids,
        [tablet, phone, desk].map(|opened| opened.who.session_id)
    );
    assert!(
        listed
            .iter()
            .all(|device| device.user_agent == "Browser 1.0")
    );

    sign_out(&place.audit, &place.revocations, &desk.who)
        .await
        .unwrap();
    assert!(place.by_token(&desk.token).await.is_none());
    assert!(place.by_token(&phone.token).await.is_some());
    assert_eq!(heard.try_recv(), Ok(Revoked::Session(desk.who.session_id)));

    sign_out_everywhere(&place.audit, &place.revocations, &phone.who)
        .await
        .unwrap();
    assert!(place.by_token(&phone.token).await.is_none());
    assert!(place.by_token(&tablet.token).await.is_none());
    assert_eq!(heard.try_recv(), Ok(Revoked::Account(ada)));
    let (action, _, body) = place.records().await.pop().unwrap();
    assert_eq!(action, "session.ended_everywhere");
    assert!(
        body.contains(r#""sessions":2"#),
        "the first had ended before"
    );
}

#[tokio::test]
async fn a_record_holds_a_commitment_that_the_sealed_name_and_salt_prove() {
    let place = Place::new().await;
    let ada = place.account("ada@example.com", "Ada Berg").await;
    place.account("bob@example.com", "Ada Berg").await;
    let opened = place.sign_in("ada@example.com", PASSWORD).await.unwrap();
    let commitment = opened.who.name_commitment.clone();
    let (_, _, body) = place.records().await.pop().unwrap();
    assert!(body.contains(&commitment) && !body.contains("Berg"));

    let read = place.audit.db().read();
    let asked = [commitment.clone(), "unknown".to_owned()];
    let revealed = reveal(read, &asked).await.unwrap();
    let name = revealed.get(&commitment).unwrap();
    let salted = [
        hex::decode(&name.salt).unwrap(),
        name.name.clone().into_bytes(),
    ]
    .concat();
    assert_eq!((revealed.len(), name.name.as_str()), (1, "Ada Berg"));
    assert_eq!(hex::encode(Sha256::digest(salted)), commitment);

    let key_of_ada = format!(
        "DELETE FROM person_key WHERE hex(account_id) = '{:X}'",
        ada.simple()
    );
    place.change(&key_of_ada).await;
    assert!(
        reveal(read, &asked).await.unwrap().is_empty(),
        "the person is erased"
    );
}

#[tokio::test]
async fn an_address_has_one_account_and_a_refused_one_leaves_nothing() {
    let place = Place::new().await;
    place.account("ada@example.com", "Ada Berg").await;
    let before = place.records().await.len();
    let again = place.register("ADA@example.com", "Ada Berg").await;
    assert!(matches!(again, Err(RegisterError::EmailTaken)));
    assert_eq!(place.records().await.len(), before);
}

#[tokio::test]
async fn a_session_is_told_when_it_ends_by_itself() {
    let place = Place::new().await;
    place.account("ada@example.com", "Ada Berg").await;
    let before: Timestamp = place.audit.clock().now();
    let opened = place.sign_in("ada@example.com", PASSWORD).await.unwrap();
    let after = place.audit.clock().now();
    let ends = opened.who.expires_at;
    assert!(before.plus(12 * HOUR) <= ends && ends <= after.plus(12 * HOUR));
}
