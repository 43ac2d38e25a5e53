//! Settings: flag > environment > file > `config.default.toml`. Nonsense is refused with the setting's name and the reason.

use std::path::PathBuf;

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

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
    Server { listen: String, public_url: String, drain_seconds: u64, trusted_proxies: Vec<std::net::IpAddr> }
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
        attempts_per_minute_per_address: u32,
    }
    /// How long an invitation lasts.
    Invitations { lifetime_hours: u64 }
    /// What may be submitted.
    Submissions {
        title_characters: usize, body_characters: usize, profile_characters: usize,
        description_characters: usize, reply_depth: i64, per_minute: u32, burst: u32,
        prechecks_per_minute: u32,
    }
    /// When decisions are due.
    Review { due_hours_escalate: u64, due_hours_hold: u64, due_hours_clear: u64, lease_seconds: u64 }
    /// When safety cases are due.
    Safety { hand_over_hours: u64, report_days_serious: u64, report_days_other: u64 }
    /// Which rules.
    Rules { packs_folder: String }
    /// How sockets are kept.
    Live { heartbeat_seconds: u64, queue: usize, longest_gap: u64 }
    /// How the log is signed.
    AuditLog { origin: String, key_file: String, seal_milliseconds: u64 }
    /// What is logged.
    Log { format: String, filter: String }
    /// All settings.
    Settings {
        server: Server, data: Data, database: DatabaseUrl, company: Company, sessions: Sessions,
        sign_in: SignIn, invitations: Invitations, submissions: Submissions, review: Review,
        safety: Safety, rules: Rules, live: Live, audit: AuditLog, log: Log,
    }
}

impl Settings {
    /// Reads the settings: flags as (`section.name`, value), then the environment, then the file, then the defaults.
    pub fn read(
        file: Option<&std::path::Path>,
        flags: &[(&str, String)],
    ) -> Result<Self, Box<figment::Error>> {
        let mut sources = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file {
            sources = sources.merge(Toml::file_exact(file));
        }
        sources = sources.merge(Env::prefixed("HORTUS_").split("__"));
        for (name, value) in flags {
            sources = sources.merge(Serialized::default(name, value));
        }
        sources.extract().map_err(Box::new)
    }
}
