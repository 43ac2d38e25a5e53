//! Mail over SMTP.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use uuid::Uuid;

use crate::config;

/// How long one mail may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// The post office. Clones share its connections.
#[derive(Clone)]
pub struct Post {
    office: Option<Office>,
}

#[derive(Clone)]
struct Office {
    smtp: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// The part of a message's identifier that names this server.
    host: String,
}

impl Post {
    /// The post office of these settings; without a host no mail leaves.
    ///
    /// # Errors
    /// Says which setting makes no sense.
    pub fn of_settings(settings: &config::Mail) -> Result<Self, String> {
        if settings.host.is_empty() {
            return Ok(Self { office: None });
        }
        let from: Mailbox = settings.from.parse().map_err(
            |_| "`mail.from` must be an address, for example Hortus <hortus@example.com>",
        )?;
        let parameters = || {
            TlsParameters::new(settings.host.clone())
                .map_err(|cause| format!("`mail.host` cannot be reached with TLS: {cause}"))
        };
        let tls = match settings.security.as_str() {
            "starttls" => Tls::Required(parameters()?),
            "tls" => Tls::Wrapper(parameters()?),
            "none" => Tls::None,
            _ => return Err("`mail.security` must be starttls, tls or none".to_owned()),
        };
        let mut smtp = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        if !settings.user.is_empty() {
            let known = Credentials::new(settings.user.clone(), settings.password.clone());
            smtp = smtp.credentials(known);
        }
        let host = from.email.domain().to_owned();
        Ok(Self {
            office: Some(Office {
                smtp: smtp.build(),
                from,
                host,
            }),
        })
    }

    /// Whether mail leaves at all.
    pub const fn is_open(&self) -> bool {
        self.office.is_some()
    }

    /// Sends a mail; says what the server answered. Sent twice, it has the same identifier.
    pub(super) async fn send(
        &self,
        id: Uuid,
        to: &str,
        subject: &str,
        body: &str,
    ) -> Result<String, String> {
        let Some(office) = &self.office else {
            return Err("no mail server is set up (mail.host)".to_owned());
        };
        let to: Mailbox = to.parse().map_err(|_| "this is no mail address")?;
        let message = Message::builder()
            .from(office.from.clone())
            .to(to)
            .message_id(Some(format!("<{id}@{}>", office.host)))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(body.to_owned())
            .map_err(|cause| cause.to_string())?;
        let answer = tokio::time::timeout(PATIENCE, office.smtp.send(message))
            .await
            .map_err(|_| "the mail server did not answer in time".to_owned())?
            .map_err(|cause| cause.to_string())?;
        Ok(answer.code().to_string())
    }
}
