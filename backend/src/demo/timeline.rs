//! When what happens: the story in the order of time, from three weeks ago to now.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;

use super::script::{Community, Fate, Membership, Outcome, Persona, Script};
use crate::clock::Timestamp;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
/// The first day, before anything that is written down.
const OPENING_DAYS: f64 = 22.0;
/// Everybody joins at least this long before they first write.
const BEFORE_WRITING: Duration = Duration::from_secs(5 * 3600);
/// An invitation is out this long before it is accepted.
const UNTIL_ACCEPTED: Duration = Duration::from_secs(19 * 3600);

/// One thing that happens.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// A community is opened, with its products and description.
    Open(&'a Community),
    /// Somebody is invited.
    Invite(&'a Persona, &'a Membership),
    /// The invitation is accepted.
    Join(&'a Persona, &'a Membership),
    /// This text is submitted.
    Submit(usize),
    /// A reviewer decides on this text.
    Decide(usize),
}

/// Where a text stands.
#[derive(Debug)]
pub enum Place<'a> {
    Thread {
        key: &'a str,
        product: Option<&'a str>,
    },
    Reply {
        thread: &'a str,
        key: Option<&'a str>,
        to: Option<&'a str>,
    },
    Edit {
        thread: &'a str,
        of: &'a str,
    },
    Profile,
    Description,
}

/// Something that somebody writes.
#[derive(Debug)]
pub struct Text<'a> {
    pub community: &'a Community,
    pub author: &'a str,
    /// Who began the thread that it stands in: nobody reviews in a thread of their own.
    pub starter: &'a str,
    pub place: Place<'a>,
    pub title: Option<&'a str>,
    pub body: &'a str,
    pub fate: Fate,
    at: Timestamp,
}

impl Text<'_> {
    /// Names it for whoever mends the story.
    pub fn label(&self) -> String {
        let place = match &self.place {
            Place::Thread { key, .. } => format!("thread `{key}`"),
            Place::Reply { thread, key, .. } => {
                format!(
                    "thread `{thread}`, reply `{}`",
                    key.unwrap_or("without a key")
                )
            }
            Place::Edit { thread, of } => format!("thread `{thread}`, edit of `{of}`"),
            Place::Profile => "profile line".to_owned(),
            Place::Description => "description".to_owned(),
        };
        format!("{}, {place} by `{}`", self.community.key, self.author)
    }
}

/// The whole story.
pub struct Timeline<'a> {
    pub texts: Vec<Text<'a>>,
    /// In the order of time.
    pub steps: Vec<(Timestamp, Step<'a>)>,
}

impl<'a> Timeline<'a> {
    /// The story, ending now.
    pub fn of(script: &'a Script, now: Timestamp) -> anyhow::Result<Self> {
        let mut texts = written(script, now)?;
        let mut steps = joinings(script, &texts, now);
        texts.extend(lines_about_oneself(script, &steps)?);
        for (number, text) in texts.iter().enumerate() {
            steps.push((text.at, Step::Submit(number)));
            if text.fate.outcome != Outcome::Held {
                let wait = text
                    .fate
                    .decided_after_minutes
                    .map_or_else(|| usual_wait(number), |minutes| MINUTE.mul_f64(minutes));
                steps.push((text.at.plus(wait).min(now), Step::Decide(number)));
            }
        }
        // What happens at one moment happens in the order in which it was written down.
        steps.sort_by_key(|(at, _)| *at);
        Ok(Self { texts, steps })
    }
}

/// Between twenty minutes and an hour and a half, as the day goes.
fn usual_wait(number: usize) -> Duration {
    let minutes = u32::try_from(20 + number * 37 % 70).unwrap_or(20);
    MINUTE * minutes
}

fn days_before(now: Timestamp, days: f64) -> Timestamp {
    now.minus((24 * HOUR).mul_f64(days))
}

/// Threads, replies, edits, new profile lines and the communities' descriptions.
fn written(script: &Script, now: Timestamp) -> anyhow::Result<Vec<Text<'_>>> {
    let administrator = script.server_administrator()?;
    let mut texts: Vec<Text<'_>> = script
        .cast
        .communities
        .iter()
        .map(|community| Text {
            community,
            author: &administrator.key,
            starter: &administrator.key,
            place: Place::Description,
            title: None,
            body: community.description.trim(),
            fate: Fate::default(),
            at: days_before(now, OPENING_DAYS).plus(10 * HOUR),
        })
        .collect();
    for story in &script.stories {
        let community = script.community(&story.community)?;
        for thread in &story.threads {
            let began = days_before(now, thread.days_ago);
            texts.push(Text {
                community,
                author: &thread.author,
                starter: &thread.author,
                place: Place::Thread {
                    key: &thread.key,
                    product: thread.product.as_deref(),
                },
                title: Some(&thread.title),
                body: thread.body.trim(),
                fate: thread.fate(),
                at: began,
            });
            texts.extend(thread.replies.iter().map(|reply| Text {
                community,
                author: &reply.author,
                starter: &thread.author,
                place: Place::Reply {
                    thread: &thread.key,
                    key: reply.key.as_deref(),
                    to: reply.to.as_deref(),
                },
                title: None,
                body: reply.body.trim(),
                fate: reply.fate(),
                at: began.plus(HOUR.mul_f64(reply.hours_after)),
            }));
            for edit in &thread.edits {
                let of_reply = thread
                    .replies
                    .iter()
                    .find(|reply| reply.key.as_ref() == Some(&edit.of));
                let is_first = of_reply.is_none();
                texts.push(Text {
                    community,
                    author: of_reply.map_or(&thread.author, |reply| &reply.author),
                    starter: &thread.author,
                    place: Place::Edit {
                        thread: &thread.key,
                        of: &edit.of,
                    },
                    title: edit
                        .title
                        .as_deref()
                        .or_else(|| is_first.then_some(thread.title.as_str())),
                    body: edit.body.trim(),
                    fate: edit.fate(),
                    at: began.plus(HOUR.mul_f64(edit.hours_after)),
                });
            }
        }
        texts.extend(story.profile_edits.iter().map(|edit| Text {
            community,
            author: &edit.persona,
            starter: &edit.persona,
            place: Place::Profile,
            title: None,
            body: edit.body.trim(),
            fate: edit.fate(),
            at: days_before(now, edit.days_ago),
        }));
    }
    Ok(texts)
}

/// Communities are opened on the first day and their staff invited; everybody else joins before they first write.
fn joinings<'a>(
    script: &'a Script,
    texts: &[Text<'a>],
    now: Timestamp,
) -> Vec<(Timestamp, Step<'a>)> {
    let mut steps = Vec::new();
    let mut moment = days_before(now, OPENING_DAYS);
    for community in &script.cast.communities {
        moment = moment.plus(7 * MINUTE);
        steps.push((moment, Step::Open(community)));
    }
    let mut first_words: HashMap<(&str, &str), Timestamp> = HashMap::new();
    for text in texts {
        let first = first_words
            .entry((text.author, &text.community.key))
            .or_insert(text.at);
        *first = text.at.min(*first);
    }
    for persona in &script.cast.personas {
        for seat in &persona.memberships {
            if persona.server_administrator {
                // Who opens a community is in it.
                continue;
            }
            moment = moment.plus(4 * MINUTE);
            let staff = seat.roles.iter().any(|role| role != "member");
            let first = first_words.get(&(persona.key.as_str(), seat.community.as_str()));
            let joins = match first {
                Some(first) if !staff => first.minus(BEFORE_WRITING).max(moment.plus(HOUR)),
                _ => moment.plus(HOUR),
            };
            let invited = joins.minus(UNTIL_ACCEPTED).max(moment);
            steps.push((invited, Step::Invite(persona, seat)));
            steps.push((joins, Step::Join(persona, seat)));
        }
    }
    steps
}

/// A profile line is written a few minutes after joining, but not before there is somebody to decide on it.
fn lines_about_oneself<'a>(
    script: &'a Script,
    steps: &[(Timestamp, Step<'a>)],
) -> anyhow::Result<Vec<Text<'a>>> {
    let opened = steps.iter().map(|(at, _)| *at).min();
    let staffed = opened.context("nothing happens")?.plus(10 * HOUR);
    let joined = steps.iter().filter_map(|(at, step)| match step {
        Step::Join(persona, seat) => Some((at.plus(6 * MINUTE), *persona, *seat)),
        _ => None,
    });
    let administrator = script.server_administrator()?;
    let opener = administrator
        .memberships
        .iter()
        .map(|seat| (staffed, administrator, seat));
    let mut lines = Vec::new();
    for (at, persona, seat) in joined.chain(opener) {
        if let Some(line) = &seat.profile {
            lines.push(Text {
                community: script.community(&seat.community)?,
                author: &persona.key,
                starter: &persona.key,
                place: Place::Profile,
                title: None,
                body: line.trim(),
                fate: Fate {
                    disposition_reason: seat.profile_disposition_reason.clone(),
                    ..Fate::default()
                },
                at: at.max(staffed),
            });
        }
    }
    Ok(lines)
}
