//! The running server: what every route may reach. Only `routes.rs` files and `main.rs` see it whole; an operation
//! receives the parts that it needs.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::alarms::Watch;
use crate::audit::{Audit, Sealer, open_key};
use crate::clock::Clock;
use crate::communities::Known;
use crate::communities::policy::Policy;
use crate::config::Settings;
use crate::db::Db;
use crate::demo::Personas;
use crate::identity::second_factor::{AskedFor, SecondFactors, SecretSeal};
use crate::identity::signing::SigningRules;
use crate::identity::{AddressLimit, Door, LockOut, Revocations, SessionLimits};
use crate::intake::{Intake, Rescreening, Rules, committers};
use crate::jobs::Runner;
use crate::live::{self, Hub, Signal};
use crate::notices::{self, Deliverer, Post};
use crate::publication;
use crate::quality::{Owners, Rounds};
use crate::review::{self, KeptWords};

/// Time that background work gets to finish after the last request.
const LAST_WORK: Duration = Duration::from_secs(5);

/// What the key is derived for that seals the secrets of second factors. Another word would lose them all.
const SECOND_FACTORS: &str = "hortus second factors";

/// Shared by all requests. Cloning counts one reference: each request does so several times.
#[derive(Clone)]
pub struct App(Arc<Parts>);

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What the server is made of.
#[derive(Clone)]
pub struct Parts {
    /// What the administrator has set.
    pub settings: Arc<Settings>,
    /// The clock of the server.
    pub clock: Clock,
    /// For reading.
    pub db: Db,
    /// For writing.
    pub audit: Audit,
    /// Gives audit records their place in the log, and holds its key.
    pub sealer: Sealer,
    /// What stands between a visitor and a session.
    pub door: Door,
    /// Who is behind a session token, and where they sit.
    pub known: Known,
    /// Tells open sockets what has ended.
    pub revocations: Revocations,
    /// The gate that every text goes through.
    pub intake: Intake,
    /// What the rules of every rule set say to people.
    pub words: KeptWords,
    /// Which role answers for which rules.
    pub owners: Owners,
    /// The sockets of this process.
    pub live: Hub,
    /// Who may be played, if this is a demonstration.
    pub demo: Option<Arc<Personas>>,
    /// Cancelled when the server begins to stop.
    pub stopping: CancellationToken,
}

/// What runs beside the requests: shared commits, delivery to sockets, jobs, the sealer.
pub struct Work {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl App {
    /// A server on this database, whose schema must be up to date, and what runs beside its requests.
    ///
    /// # Errors
    /// If the database fails, or the key of the audit log is not the one it was begun with.
    pub async fn start(
        settings: Settings,
        clock: Clock,
        db: Db,
        rules: Rules,
    ) -> anyhow::Result<(Self, Work)> {
        let audit = Audit::new(db.clone(), clock.clone());
        let key = open_key(
            &audit,
            &settings.audit_key_file(),
            &settings.audit.origin,
            &settings.audit_origin(),
        )
        .await?;
        rules.keep(&audit).await?;
        let work = Work {
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        let revocations = Revocations::default();
        let (live, delivery) = Hub::new(
            db.clone(),
            clock.clone(),
            publication::source(),
            settings.live.queue,
            revocations.listen(),
            work.stop.clone(),
        );
        work.tasks.spawn(delivery);
        let seal = SecretSeal::new(key.derive(SECOND_FACTORS)?);
        let sealer = Sealer::new(audit.clone(), key);
        let within = Duration::from_millis(settings.audit.seal_milliseconds);
        work.tasks
            .spawn(sealer.clone().run(within, work.stop.clone()));
        let (gate, committers) = committers(&audit, &work.stop);
        for committer in committers {
            work.tasks.spawn(committer);
        }
        let door = door(&settings, seal);
        let usual = Policy::of_settings(&settings.policy).map_err(anyhow::Error::msg)?;
        let owners = Owners::of_settings(&settings.quality.owners).map_err(anyhow::Error::msg)?;
        let known = Known::new(audit.clone(), door.sessions.idle, usual);
        let post = Post::of_settings(&settings.mail).map_err(anyhow::Error::msg)?;
        let deliverer =
            Deliverer::new(db.clone(), clock.clone(), post.clone()).map_err(anyhow::Error::msg)?;
        let deliveries = Runner::new(audit.clone())
            .on(notices::DELIVERY_JOB, deliverer.handler())
            .apart();
        work.tasks.spawn(deliveries.run(work.stop.clone()));
        let url = settings.server.public_url.clone();
        let watch = Watch::new(audit.clone(), known.clone(), post, url);
        let every = Duration::from_secs(settings.alarms.look_seconds);
        work.tasks
            .spawn(watch.clone().run(every, work.stop.clone()));
        let words = KeptWords::knowing(rules.hash(), rules.words().clone());
        let between = Duration::from_secs(settings.quality.tell_hours.saturating_mul(3600));
        let rounds = Rounds::new(
            audit.clone(),
            known.clone(),
            words.clone(),
            owners.clone(),
            between,
        );
        let every = Duration::from_secs(settings.quality.look_seconds);
        work.tasks.spawn(rounds.run(every, work.stop.clone()));
        let intake = Intake::new(
            audit.clone(),
            known.clone(),
            Arc::new(rules),
            settings.submissions.clone(),
            gate,
        );
        let app = Self(Arc::new(Parts {
            known,
            door,
            settings: Arc::new(settings),
            audit,
            sealer,
            intake,
            clock,
            db,
            revocations,
            words,
            owners,
            live,
            demo: None,
            stopping: CancellationToken::new(),
        }));
        let again = Rescreening::new(app.intake.clone(), app.settings.rescreening.clone());
        work.tasks.spawn(again.run(work.stop.clone()));
        work.tasks.spawn(app.jobs(&watch).run(work.stop.clone()));
        Ok((app, work))
    }

    /// The same server, as a demonstration with these people.
    pub fn with_demo(mut self, personas: Personas) -> Self {
        Arc::make_mut(&mut self.0).demo = Some(Arc::new(personas));
        self
    }

    /// Who does which job.
    fn jobs(&self, watch: &Watch) -> Runner {
        let live = self.live.clone();
        let (intake, told) = (self.intake.clone(), self.live.clone());
        let runner = Runner::new(self.audit.clone());
        let alarms = watch.handlers().into_iter();
        alarms
            .fold(runner, |runner, (kind, handler)| runner.on(kind, handler))
            .but(notices::DELIVERY_JOB)
            .on_numbered(
                live::SIGNAL_JOB,
                Box::new(move |job, payload| {
                    let live = live.clone();
                    Box::pin(async move {
                        let signal: Signal =
                            serde_json::from_value(payload).map_err(|cause| cause.to_string())?;
                        live.hear(job, &signal);
                        Ok(())
                    })
                }),
            )
            .on(
                review::SETTLE_JOB,
                Box::new(move |payload| {
                    let (intake, live) = (intake.clone(), told.clone());
                    Box::pin(async move { intake.settle(&live, &payload).await })
                }),
            )
    }
}

/// The door that the settings ask for.
fn door(settings: &Settings, seal: SecretSeal) -> Door {
    let hours = |hours: u64| Duration::from_secs(hours.saturating_mul(3600));
    let sign_in = &settings.sign_in;
    Door::new(
        LockOut {
            failures_before_lock: sign_in.failures_before_lock,
            first_lock: Duration::from_secs(sign_in.first_lock_seconds),
            longest_lock: Duration::from_secs(sign_in.longest_lock_seconds),
        },
        AddressLimit::per_minute(sign_in.attempts_per_minute_per_address),
        SessionLimits {
            lifetime: hours(settings.sessions.lifetime_hours),
            idle: hours(settings.sessions.idle_hours),
        },
        SecondFactors {
            // A word that is none asks for more, not for less.
            asked_for: AskedFor::from_word(&sign_in.second_factor).unwrap_or(AskedFor::Staff),
            seal,
            issuer: settings.company.name.clone(),
        },
        SigningRules {
            series: Duration::from_secs(settings.signing.series_minutes.saturating_mul(60)),
            statement: settings.signing.statement.clone(),
        },
    )
}

impl Work {
    /// Lets it end, after the last request. What does not end in time is taken up at the next start.
    pub async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        let ended = tokio::time::timeout(LAST_WORK, self.tasks.wait()).await;
        if ended.is_err() {
            tracing::warn!("some background work did not end in time; the next start takes it up");
        }
    }
}
