//! Settings: flag > environment > file > `config.default.toml`. Nonsense is refused with the setting's name and the reason.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use axum::http::Uri;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

/// The commented defaults.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Serialize, Deserialize)]
            #[serde(deny_unknown_fields)]
            #[expect(missing_docs, reason = "config.default.toml documents every setting")]
            pub struct $name { $(pub $field: $kind),+ }
        )+
    };
}

sections! {
    /// Where it listens.
    Server {
        listen: String, public_url: String, metrics_listen: String, request_seconds: u64,
        drain_seconds: u64, trusted_proxies: Vec<std::net::IpAddr>,
    }
    /// Where its files are.
    Data { folder: PathBuf }
    /// Which database.
    DatabaseUrl { url: String }
    /// Whose community it is.
    Company {
        name: String, legal_name: String, safety_contact: String,
        medical_information_contact: String, reporting_statement: String,
    }
    /// How long a session lasts.
    Sessions { lifetime_hours: u64, idle_hours: u64 }
    /// How sign-in defends itself.
    SignIn {
        failures_before_lock: i64, first_lock_seconds: u64, longest_lock_seconds: u64,
        attempts_per_minute_per_address: u32, second_factor: String,
    }
    /// How signing works.
    Signing { series_minutes: u64, statement: String }
    /// How long an invitation lasts.
    Invitations { lifetime_hours: u64 }
    /// What may be submitted.
    Submissions {
        title_characters: usize, body_characters: usize, profile_characters: usize,
        description_characters: usize, reply_depth: i64, per_minute: u32, burst: u32,
        prechecks_per_minute: u32, appeal_within_days: u64,
    }
    /// How items are claimed.
    Review { lease_seconds: u64 }
    /// How texts are reviewed where a community has not said otherwise.
    Policy {
        time_zone: String, business_days: Vec<String>, opens: String, closes: String,
        due_safety: String, due_promotion: String, due_routine: String, due_escalated: String,
        due_referral: String, due_appeal: String, second_review: Vec<String>,
        signature: Vec<String>, undo_seconds: u32, near_minutes: u32, unattended_minutes: u32,
        alarm_roles: Vec<String>, alarm_mail: bool, quality_share_percent: u32,
    }
    /// How released texts are screened again when the rules change.
    Rescreening { posts_per_second: u32, look_seconds: u64 }
    /// How quality is looked at.
    Quality { look_seconds: u64, tell_hours: u64, owners: BTreeMap<String, String> }
    /// How mail leaves.
    Mail { host: String, port: u16, security: String, user: String, password: String, from: String }
    /// How the queues are watched.
    Alarms { look_seconds: u64 }
    /// Where webhooks may go.
    Webhooks { origins: Vec<String> }
    /// When safety cases are due.
    Safety { hand_over_hours: u64, report_days_serious: u64, report_days_other: u64 }
    /// Which rules.
    Rules { packs_folder: String, terms_folder: String }
    /// How sockets are kept.
    Live { heartbeat_seconds: u64, queue: usize, longest_gap: u64 }
    /// How the log is signed.
    AuditLog { origin: String, key_file: String, seal_milliseconds: u64 }
    /// What is logged.
    Log { format: String, filter: String }
    /// All settings.
    Settings {
        server: Server, data: Data, database: DatabaseUrl, company: Company, sessions: Sessions,
        sign_in: SignIn, signing: Signing, invitations: Invitations, submissions: Submissions, review: Review,
        policy: Policy, quality: Quality, rescreening: Rescreening, alarms: Alarms, mail: Mail, webhooks: Webhooks, safety: Safety, rules: Rules, live: Live, audit: AuditLog, log: Log,
    }
}

/// Why settings are refused.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A source cannot be read, or has a name or a kind of value that no setting has.
    #[error("the settings cannot be read: {0}")]
    Unreadable(Box<figment::Error>),
    /// Values that make no sense.
    #[error("these settings make no sense:{}", listed(.0))]
    Nonsense(Vec<Nonsense>),
}

/// One value that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nonsense {
    /// The setting, as in `server.listen`.
    pub setting: &'static str,
    /// What is wrong and what would be right.
    pub reason: String,
}

fn listed(all: &[Nonsense]) -> String {
    let line = |one: &Nonsense| format!("\n  `{}` {}", one.setting, one.reason);
    all.iter().map(line).collect()
}

impl Settings {
    /// Reads and checks the settings: flags as (`section.name`, value), then the environment, then the file, then the
    /// defaults. An empty `server.public_url` becomes the address that the server listens on.
    pub fn read(file: Option<&Path>, flags: &[(&str, String)]) -> Result<Self, SettingsError> {
        let mut sources = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file {
            sources = sources.merge(Toml::file_exact(file));
        }
        // Two underscores part section and name: other variables with our prefix are no settings.
        let environment = Env::prefixed("HORTUS_").filter(|name| name.as_str().contains("__"));
        sources = sources.merge(environment.split("__"));
        for (name, value) in flags {
            sources = sources.merge(Serialized::default(name, value));
        }
        let mut settings: Self = sources
            .extract()
            .map_err(|cause| SettingsError::Unreadable(Box::new(cause)))?;
        settings.check()?;
        if settings.server.public_url.is_empty()
            && let Ok(address) = settings.server.listen.parse()
        {
            settings.listens_at(address);
        }
        settings.server.public_url = settings.server.public_url.trim_end_matches('/').to_owned();
        Ok(settings)
    }

    /// The address that the server was given, which the system chose if the port was 0.
    pub fn listens_at(&mut self, address: SocketAddr) {
        let local = |url: &str| url.is_empty() || url == "http://localhost:0";
        self.server.listen = address.to_string();
        if local(&self.server.public_url) {
            self.server.public_url = format!("http://localhost:{}", address.port());
        }
    }

    /// The database: the one that is named, or SQLite in the data folder.
    pub fn database_url(&self) -> String {
        if self.database.url.is_empty() {
            format!("sqlite:{}", self.data.folder.join("hortus.db").display())
        } else {
            self.database.url.clone()
        }
    }

    /// The name of the audit log in its checkpoints.
    pub fn audit_origin(&self) -> String {
        if !self.audit.origin.is_empty() {
            return self.audit.origin.clone();
        }
        let uri = self.server.public_url.parse::<Uri>().unwrap_or_default();
        format!("{}/audit", uri.host().unwrap_or("localhost"))
    }

    /// The file with the audit log's signing key.
    pub fn audit_key_file(&self) -> PathBuf {
        if self.audit.key_file.is_empty() {
            self.data.folder.join("audit.key")
        } else {
            PathBuf::from(&self.audit.key_file)
        }
    }

    /// Refuses values that make no sense, all at once.
    pub fn check(&self) -> Result<(), SettingsError> {
        let mut found = Vec::new();
        let mut refuse_if = |nonsense: bool, setting: &'static str, reason: &str| {
            if nonsense {
                let reason = reason.to_owned();
                found.push(Nonsense { setting, reason });
            }
        };
        let address = |text: &str| text.parse::<SocketAddr>().is_ok();

        let server = &self.server;
        refuse_if(
            !address(&server.listen),
            "server.listen",
            "must be an address and a port, for example 127.0.0.1:8080",
        );
        refuse_if(
            !server.public_url.is_empty() && !is_origin(&server.public_url),
            "server.public_url",
            "must be http:// or https:// and a host, with a port if it is not the usual one, and no path",
        );
        refuse_if(
            !server.metrics_listen.is_empty() && !address(&server.metrics_listen),
            "server.metrics_listen",
            "must be empty, or an address and a port, for example 127.0.0.1:9090",
        );
        let url = &self.database.url;
        let known = ["sqlite:", "postgres:", "postgresql:"];
        refuse_if(
            !url.is_empty() && !known.iter().any(|scheme| url.starts_with(scheme)),
            "database.url",
            "must be empty (SQLite in the data folder), or begin with sqlite: or postgres://",
        );
        refuse_if(
            self.company.name.trim().is_empty(),
            "company.name",
            "must not be empty: members see it on every page",
        );
        refuse_if(
            self.company.reporting_statement.trim().is_empty(),
            "company.reporting_statement",
            "must not be empty: readers must learn how side effects are reported",
        );
        refuse_if(
            self.sessions.idle_hours > self.sessions.lifetime_hours,
            "sessions.idle_hours",
            "must not be longer than `sessions.lifetime_hours`",
        );
        refuse_if(
            self.sign_in.first_lock_seconds > self.sign_in.longest_lock_seconds,
            "sign_in.first_lock_seconds",
            "must not be longer than `sign_in.longest_lock_seconds`",
        );
        refuse_if(
            !["staff", "enrolled", "signing"].contains(&self.sign_in.second_factor.as_str()),
            "sign_in.second_factor",
            "must be staff, enrolled or signing",
        );
        refuse_if(
            !(1..=480).contains(&self.signing.series_minutes),
            "signing.series_minutes",
            "must be from 1 to 480",
        );
        refuse_if(
            self.signing.statement.trim().is_empty(),
            "signing.statement",
            "must not be empty: signers must accept that their signature binds them",
        );
        refuse_if(
            self.safety.report_days_serious > self.safety.report_days_other,
            "safety.report_days_serious",
            "must not be longer than `safety.report_days_other`",
        );
        refuse_if(
            !(10..=3600).contains(&self.review.lease_seconds),
            "review.lease_seconds",
            "must be from 10 to 3600",
        );
        refuse_if(
            !(1..=1000).contains(&self.audit.seal_milliseconds),
            "audit.seal_milliseconds",
            "must be from 1 to 1000: a record gets its place in the log within a second",
        );
        refuse_if(
            self.audit.origin.contains([' ', '\t', '\n', '+']),
            "audit.origin",
            "must have no white space and no plus sign",
        );
        refuse_if(
            !["text", "json"].contains(&self.log.format.as_str()),
            "log.format",
            "must be text or json",
        );
        refuse_if(
            EnvFilter::try_new(&self.log.filter).is_err(),
            "log.filter",
            "must be a level (error, warn, info, debug) or a filter such as hortus=debug",
        );
        let ten_years = 24 * 3653;
        for (setting, hours) in [
            ("sessions.lifetime_hours", self.sessions.lifetime_hours),
            (
                "invitations.lifetime_hours",
                self.invitations.lifetime_hours,
            ),
            ("safety.hand_over_hours", self.safety.hand_over_hours),
            (
                "safety.report_days_other",
                self.safety.report_days_other.saturating_mul(24),
            ),
        ] {
            refuse_if(
                hours > ten_years,
                setting,
                "must not be longer than ten years",
            );
        }
        for (setting, zero) in self.must_not_be_zero() {
            refuse_if(zero, setting, "must be more than zero");
        }
        if found.is_empty() {
            Ok(())
        } else {
            Err(SettingsError::Nonsense(found))
        }
    }

    fn must_not_be_zero(&self) -> [(&'static str, bool); 25] {
        let (texts, live) = (&self.submissions, &self.live);
        let (sign_in, safety) = (&self.sign_in, &self.safety);
        [
            ("server.request_seconds", self.server.request_seconds == 0),
            ("sessions.lifetime_hours", self.sessions.lifetime_hours == 0),
            ("sessions.idle_hours", self.sessions.idle_hours == 0),
            (
                "sign_in.failures_before_lock",
                sign_in.failures_before_lock <= 0,
            ),
            (
                "sign_in.first_lock_seconds",
                sign_in.first_lock_seconds == 0,
            ),
            (
                "sign_in.attempts_per_minute_per_address",
                sign_in.attempts_per_minute_per_address == 0,
            ),
            (
                "invitations.lifetime_hours",
                self.invitations.lifetime_hours == 0,
            ),
            ("submissions.title_characters", texts.title_characters == 0),
            ("submissions.body_characters", texts.body_characters == 0),
            (
                "submissions.profile_characters",
                texts.profile_characters == 0,
            ),
            (
                "submissions.description_characters",
                texts.description_characters == 0,
            ),
            ("submissions.reply_depth", texts.reply_depth <= 0),
            ("submissions.per_minute", texts.per_minute == 0),
            ("submissions.burst", texts.burst == 0),
            (
                "submissions.prechecks_per_minute",
                texts.prechecks_per_minute == 0,
            ),
            ("safety.hand_over_hours", safety.hand_over_hours == 0),
            (
                "safety.report_days_serious",
                safety.report_days_serious == 0,
            ),
            ("safety.report_days_other", safety.report_days_other == 0),
            ("live.heartbeat_seconds", live.heartbeat_seconds == 0),
            ("live.queue", live.queue == 0),
            ("alarms.look_seconds", self.alarms.look_seconds == 0),
            ("quality.look_seconds", self.quality.look_seconds == 0),
            (
                "rescreening.look_seconds",
                self.rescreening.look_seconds == 0,
            ),
            ("live.longest_gap", live.longest_gap == 0),
            ("server.drain_seconds", self.server.drain_seconds == 0),
        ]
    }

    /// What is in force, as TOML, with secrets hidden.
    pub fn effective(&self) -> String {
        let mut shown = self.clone();
        shown.database.url = without_password(&self.database.url);
        if !shown.mail.password.is_empty() {
            "***".clone_into(&mut shown.mail.password);
        }
        toml::to_string(&shown).unwrap_or_else(|cause| format!("# cannot be shown: {cause}\n"))
    }
}

/// Scheme, host and perhaps a port: what a browser sends as `Origin`.
fn is_origin(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else {
        return false;
    };
    let host = uri.authority().map_or("", |authority| authority.as_str());
    matches!(uri.scheme_str(), Some("http" | "https"))
        && !host.is_empty()
        && !host.contains('@')
        && uri.path_and_query().is_none_or(|path| path.as_str() == "/")
}

/// `scheme://user:***@host/name`, also when the password has an `@` in it, and without `?password=…`.
fn without_password(url: &str) -> String {
    let (address, query) = url
        .split_once('?')
        .map_or((url, None), |(a, q)| (a, Some(q)));
    let shown = match (address.split_once("://"), address.rsplit_once('@')) {
        (Some((scheme, rest)), Some((_, host))) if rest.contains('@') => {
            let user = rest.split([':', '@']).next().unwrap_or_default();
            format!("{scheme}://{user}:***@{host}")
        }
        _ => address.to_owned(),
    };
    match query {
        Some(_) => format!("{shown}?***"),
        None => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(flags: &[(&str, &str)]) -> Vec<String> {
        let flags: Vec<_> = flags
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        match Settings::read(None, &flags) {
            Ok(_) => Vec::new(),
            Err(SettingsError::Nonsense(all)) => {
                all.iter().map(|one| one.setting.to_owned()).collect()
            }
            Err(SettingsError::Unreadable(cause)) => vec![cause.to_string()],
        }
    }

    #[test]
    fn the_embedded_defaults_make_sense() {
        assert_eq!(refused(&[]), Vec::<String>::new());
    }

    #[test]
    fn nonsense_is_refused_by_the_name_of_the_setting_and_all_at_once() {
        assert_eq!(
            refused(&[
                ("server.listen", "everywhere"),
                ("server.public_url", "https://garden.example/path"),
                ("database.url", "mysql://x"),
                ("log.format", "xml"),
            ]),
            [
                "server.listen",
                "server.public_url",
                "database.url",
                "log.format"
            ]
        );
    }

    #[test]
    fn a_setting_that_does_not_exist_is_named() {
        let refusal = refused(&[("server.lisen", "127.0.0.1:1")]).join("");
        assert!(refusal.contains("lisen"), "{refusal}");
    }

    #[test]
    fn an_empty_public_address_becomes_the_one_that_is_listened_on() {
        let read =
            |port: &str| Settings::read(None, &[("server.listen", format!("127.0.0.1:{port}"))]);
        let url = read("9000").map(|settings| settings.server.public_url);
        assert_eq!(url.ok().as_deref(), Some("http://localhost:9000"));
        let url = read("0").map(|mut settings| {
            settings.listens_at(SocketAddr::from(([127, 0, 0, 1], 4711)));
            settings.server.public_url
        });
        assert_eq!(url.ok().as_deref(), Some("http://localhost:4711"));
    }

    #[test]
    fn what_is_printed_hides_the_password_of_the_database() {
        for url in [
            "postgres://hortus:s3cret@db.example/hortus",
            "postgres://hortus:s3cret@x@db.example/hortus",
            "postgres://hortus@db.example/hortus?password=s3cret",
        ] {
            let settings = Settings::read(None, &[("database.url", url.to_owned())]);
            let shown = settings
                .map(|settings| settings.effective())
                .unwrap_or_default();
            assert!(shown.contains("db.example/hortus"), "{shown}");
            assert!(!shown.contains("s3cret"), "{shown}");
        }
    }
}
