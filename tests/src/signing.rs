//! Somebody who may sign: their authenticator, and the components of their signatures.

use std::sync::Mutex;
use std::time::UNIX_EPOCH;

use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};

use crate::Person;

const STEP: u64 = 30;

/// The app on somebody's telephone. It never shows a code twice: the server takes each once.
pub struct Authenticator {
    totp: Totp,
    shown: Mutex<u64>,
}

impl Authenticator {
    /// With this secret, in base 32.
    pub fn new(secret: &str) -> Self {
        let secret = Secret::try_from_base32(secret).expect("a secret in base 32");
        Self {
            totp: Builder::new().with_secret(secret).build().expect("an app"),
            shown: Mutex::new(0),
        }
    }

    /// The next code that the server takes: three in half a minute, for it allows clocks to be off by one step.
    pub fn code(&self) -> String {
        // The telephone has a clock of its own.
        let now = UNIX_EPOCH.elapsed().expect("now");
        let step = now.as_secs() / STEP;
        let mut shown = self.shown.lock().expect("the last code");
        let next = (step - 1).max(*shown + 1);
        assert!(next <= step + 1, "the server takes no further code yet");
        *shown = next;
        self.totp.generate(next * STEP).to_string()
    }
}

/// Somebody who may sign.
pub struct Signer {
    /// Who it is.
    pub person: Person,
    /// Their authenticator.
    pub app: Authenticator,
    /// For when it is lost.
    pub recovery_codes: Vec<String>,
}

impl Signer {
    /// The password and a code: what the first signature of a series takes.
    pub fn both(&self, meaning: &str) -> Value {
        let password = &self.person.who.password;
        json!({ "meaning": meaning, "password": password, "code": self.app.code() })
    }

    /// The password alone: what later ones take.
    pub fn password(&self, meaning: &str) -> Value {
        json!({ "meaning": meaning, "password": self.person.who.password })
    }
}

impl Person {
    /// Enrols a second factor.
    pub async fn enrols(&self) -> Signer {
        let body = json!({ "password": self.who.password });
        let begun = self.post("/api/account/factor", &body).await.is(201);
        let app = Authenticator::new(begun["secret"].as_str().expect("a secret"));
        let first = json!({ "code": app.code() });
        let confirmed = self
            .post("/api/account/factor/confirmation", &first)
            .await
            .is(200);
        let codes = confirmed["recovery_codes"].as_array().expect("codes");
        Signer {
            person: self.clone(),
            app,
            recovery_codes: codes
                .iter()
                .filter_map(|code| code.as_str().map(str::to_owned))
                .collect(),
        }
    }

    /// Enrols, accepts that signatures bind, and is verified by this administrator of the community.
    pub async fn may_sign(&self, administrator: &Person, slug: &str) -> Signer {
        let signer = self.enrols().await;
        let status = self.get("/api/account/signing").await.is(200);
        let hash = json!({ "statement_hash": status["statement"]["hash"] });
        self.post("/api/account/signing", &hash).await.is(204);
        let path = format!(
            "/api/communities/{slug}/signers/{}/verification",
            self.who.account
        );
        let evidence = json!({ "evidence": "passport seen" });
        administrator.post(&path, &evidence).await.is(204);
        signer
    }
}
