//! The demonstration: an invented company with its communities and three weeks of their life, made by walking through
//! the real doors ([`make`]) as it is written down in `backend/demo/` ([`script`]) in the order of time ([`timeline`]).

mod authenticator;
mod caller;
mod folder;
mod make;
mod personas;
mod policy;
pub mod routes;
mod script;
#[cfg(test)]
mod tests;
mod timeline;

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;

use crate::app::{App, Work};
use crate::clock::Clock;
use crate::communities::{first_administrator_link, link};
use crate::config::{Company, Settings};
use crate::db::Db;
use crate::http;
use crate::intake::Rules;
use crate::jobs;

use folder::{Folder, State};
use make::Maker;
pub use personas::{Persona, Personas};
use script::Script;
use timeline::Timeline;

/// The log of the invented company, whatever port its server has today.
const LOG: &str = "community.wychelm.example/audit";
/// No limit that a story of three weeks told in seconds, or visitors on one machine, would meet.
const UNLIMITED: u32 = 1_000_000;
/// Longer than the story, so that everybody signs in once.
const STORY_HOURS: u64 = 24 * 40;

/// The demonstration in this folder, which is made if it is not there yet, and what runs beside its requests.
///
/// # Errors
/// If the folder holds something else, or the story cannot be told.
pub async fn open(mut settings: Settings, data: &Path) -> anyhow::Result<(App, Work)> {
    let script = Script::read()?;
    let company = &script.cast.company;
    settings.company = Company {
        name: company.name.clone(),
        legal_name: company.legal_name.clone(),
        safety_contact: company.safety_contact.clone(),
        medical_information_contact: company.medical_information_contact.clone(),
        reporting_statement: company.reporting_statement.clone(),
    };
    settings.audit.origin = LOG.to_owned();
    // The story's queue is a day and a half old: with these hours some of it is overdue, and most is not.
    "12 hours".clone_into(&mut settings.policy.due_safety);
    "24 hours".clone_into(&mut settings.policy.due_promotion);
    "48 hours".clone_into(&mut settings.policy.due_routine);
    "12 hours".clone_into(&mut settings.policy.due_escalated);
    settings.sign_in.attempts_per_minute_per_address = UNLIMITED;
    // Who plays a person signs in with one click; what that person signs, they sign with both components.
    settings.sign_in.second_factor = "signing".to_owned();

    let folder = Folder::at(data)?;
    if folder.state()? != State::Made {
        println!("Making the demonstration; this takes a few seconds, once.");
        folder.begin()?;
        let personas = make(settings.clone(), &script).await?;
        folder.end(&personas)?;
    }
    let personas = folder.personas()?;
    let db = Db::connect(&settings.database_url()).await?;
    db.migrate().await?;
    let rules = Rules::read(&settings.rules.packs_folder, &settings.rules.terms_folder);
    let (app, work) = App::start(settings, Clock::system(), db, rules).await?;
    Ok((app.with_demo(personas), work))
}

/// Lets the story happen in an empty database.
async fn make(mut settings: Settings, script: &Script) -> anyhow::Result<Personas> {
    settings.sessions.lifetime_hours = STORY_HOURS;
    settings.sessions.idle_hours = STORY_HOURS;
    // The story names one decider for each text; what the policy asks beyond that begins with the visitors.
    settings.policy.undo_seconds = 0;
    settings.policy.second_review.clear();
    settings.policy.signature.clear();
    settings.submissions.per_minute = UNLIMITED;
    settings.submissions.burst = UNLIMITED;

    let db = Db::connect(&settings.database_url()).await?;
    db.migrate().await?;
    let clock = Clock::system();
    let story = Timeline::of(script, clock.now())?;
    if let Some((first, _)) = story.steps.first() {
        clock.set(first.minus(Duration::from_secs(60)));
    }
    let rules = Rules::read(&settings.rules.packs_folder, &settings.rules.terms_folder);
    let (app, work) = App::start(settings, clock.clone(), db, rules).await?;
    let first = first_administrator_link(&app.audit, Duration::from_secs(3600)).await?;
    let link = first.map(|token| link(&app.settings.server.public_url, &token));
    let link = link.context("somebody was in the empty database already")?;
    let maker = Maker::new(script, clock.clone(), http::router(app.clone()));
    let personas = maker.make(&link, &story).await?;
    clock.follow_machine();
    while jobs::open(&app.db).await? > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    work.end().await;
    app.db.clone().close().await?;
    Ok(personas)
}
