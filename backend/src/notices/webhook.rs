//! Webhooks: a POST that its receiver can check. docs/API.md says how.

use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::redirect::Policy;
use sha2::Sha256;
use uuid::Uuid;

use crate::clock::Timestamp;

/// How long the receiver may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Calls webhooks. Clones share its connections.
#[derive(Clone)]
pub(super) struct Caller(reqwest::Client);

impl Caller {
    pub fn new() -> Result<Self, String> {
        // The process has one provider of cryptography; a second call finds it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            // Where it may go was allowed by the operator; a redirect was not.
            .redirect(Policy::none())
            .no_proxy()
            .user_agent("Hortus")
            .build();
        client.map(Self).map_err(|cause| cause.to_string())
    }

    /// Calls the address; says what it answered.
    pub async fn call(
        &self,
        id: Uuid,
        url: &str,
        body: &str,
        secrets: &[String],
        now: Timestamp,
    ) -> Result<String, String> {
        let seconds = now.micros() / 1_000_000;
        let sent = self
            .0
            .post(url)
            .header("content-type", "application/json")
            .header("hortus-delivery", id.to_string())
            .header("hortus-timestamp", seconds.to_string())
            .header("hortus-signature", signatures(secrets, seconds, body))
            .body(body.to_owned())
            .send()
            .await;
        match sent {
            Ok(answer) if answer.status().is_success() => Ok(answer.status().as_u16().to_string()),
            Ok(answer) => Err(format!("the webhook answered {}", answer.status().as_u16())),
            Err(cause) if cause.is_timeout() => {
                Err("the webhook did not answer in time".to_owned())
            }
            Err(_) => Err("the webhook cannot be reached".to_owned()),
        }
    }
}

/// `v1=` and HMAC-SHA256 over the time in seconds, a full stop and the body, in hex, for each secret.
fn signatures(secrets: &[String], seconds: i64, body: &str) -> String {
    let one = |secret: &String| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
        mac.update(format!("{seconds}.{body}").as_bytes());
        Some(format!("v1={}", hex::encode(mac.finalize().into_bytes())))
    };
    let all: Vec<String> = secrets.iter().filter_map(one).collect();
    all.join(",")
}

#[cfg(test)]
mod tests {
    use super::signatures;

    #[test]
    fn each_secret_signs_time_and_body() {
        // printf '1795314900.{"a":1}' | openssl dgst -sha256 -hmac one
        let both = signatures(
            &["one".to_owned(), "two".to_owned()],
            1_795_314_900,
            "{\"a\":1}",
        );
        let parts: Vec<&str> = both.split(',').collect();
        assert_eq!(parts.len(), 2);
        assert_eq!(
            parts[0],
            "v1=732cc9bc8289213f4b51232e4679586c0d833f3a1f55e199a2f7bd273a380cbb"
        );
        assert_ne!(parts[0], parts[1]);
        let later = signatures(&["one".to_owned()], 1_795_314_901, "{\"a\":1}");
        assert_ne!(parts[0], later);
    }
}
