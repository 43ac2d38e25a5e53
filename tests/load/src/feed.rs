//! Posts texts as several members, in turns. Each has a key of its own, so that what is sent again is stored once.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hortus_tests::Caller;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::texts::Text;

/// Attempts for one text when the server cannot be reached or refuses for the moment.
const ATTEMPTS: u32 = 120;

/// Where texts are posted.
#[derive(Debug, Clone)]
pub enum Place {
    /// As replies to the first post of this thread.
    Thread(String),
    /// As threads of this community.
    Community(String),
}

/// A text that was accepted.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Which of the members wrote it.
    pub member: usize,
    /// Which of the texts it is.
    pub text: usize,
    /// Its submission.
    pub submission: String,
}

/// What became of the texts.
#[derive(Debug)]
pub struct Fed {
    /// Those that were accepted.
    pub taken: Vec<Taken>,
    /// Line, status and code of those that were not.
    pub refused: Vec<String>,
    /// How often the server asked to wait.
    pub waits: u32,
    /// From the first request to the last answer.
    pub took: Duration,
}

impl Fed {
    /// The first lines of the report.
    pub fn report(&self) -> String {
        let seconds = self.took.as_secs_f64();
        let all = self.taken.len() + self.refused.len();
        let mut report = format!(
            "accepted {} of {all} in {seconds:.1} s ({:.1} a second); asked to wait {} times\n",
            self.taken.len(),
            self.taken.len() as f64 / seconds,
            self.waits
        );
        for refused in &self.refused {
            report.push_str(&format!("refused: {refused}\n"));
        }
        report
    }
}

/// What all requests share.
struct Run {
    texts: Vec<(usize, String)>,
    members: Vec<Caller>,
    place: Place,
    keys: String,
    next: AtomicUsize,
    waits: AtomicU32,
}

/// Posts all texts, with so many requests under way at once.
#[expect(
    clippy::disallowed_methods,
    reason = "the keys of one run differ from those of any other"
)]
pub async fn feed(texts: &[Text], members: Vec<Caller>, place: Place, at_once: usize) -> Fed {
    let run = std::sync::Arc::new(Run {
        texts: texts
            .iter()
            .map(|text| (text.line, text.body.clone()))
            .collect(),
        members,
        place,
        keys: uuid::Uuid::now_v7().to_string(),
        next: AtomicUsize::new(0),
        waits: AtomicU32::new(0),
    });
    let begun = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..at_once.max(1) {
        let run = run.clone();
        clients.spawn(async move {
            let mut answered = Vec::new();
            loop {
                let text = run.next.fetch_add(1, Ordering::Relaxed);
                match run.post(text).await {
                    Some(answer) => answered.push(answer),
                    None => return answered,
                }
            }
        });
    }
    let mut fed = Fed {
        taken: Vec::new(),
        refused: Vec::new(),
        waits: 0,
        took: Duration::ZERO,
    };
    for answer in clients.join_all().await.into_iter().flatten() {
        match answer {
            Ok(taken) => fed.taken.push(taken),
            Err(refused) => fed.refused.push(refused),
        }
    }
    fed.took = begun.elapsed();
    fed.waits = run.waits.load(Ordering::Relaxed);
    fed
}

impl Run {
    /// Posts a text; nothing when there is none of this number.
    async fn post(&self, text: usize) -> Option<Result<Taken, String>> {
        let (line, body) = self.texts.get(text)?;
        let member = text.checked_rem(self.members.len())?;
        let caller = self.members.get(member)?;
        let (path, draft) = match &self.place {
            Place::Thread(id) => (
                format!("/api/threads/{id}/replies"),
                json!({ "body": body }),
            ),
            Place::Community(slug) => (
                format!("/api/communities/{slug}/threads"),
                json!({ "title": format!("Text {line}"), "body": body }),
            ),
        };
        let key = format!("{}-{text}", self.keys);
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            match self.attempt(caller, &path, &key, &draft).await {
                Attempt::Accepted(submission) => {
                    return Some(Ok(Taken {
                        member,
                        text,
                        submission,
                    }));
                }
                Attempt::Refused(words) => return Some(Err(format!("line {line}: {words}"))),
                Attempt::Later(wait, words) => {
                    self.waits.fetch_add(1, Ordering::Relaxed);
                    last = words;
                    tokio::time::sleep(wait).await;
                }
            }
        }
        Some(Err(format!("line {line}: given up: {last}")))
    }

    async fn attempt(&self, caller: &Caller, path: &str, key: &str, draft: &Value) -> Attempt {
        let request = caller
            .request(Method::POST, path)
            .header("idempotency-key", key)
            .json(draft);
        let answer = match caller.try_send(request).await {
            Ok(answer) => answer,
            Err(cause) => return Attempt::Later(Duration::from_secs(1), cause.to_string()),
        };
        let json = answer.json();
        match (answer.status, json["submission_id"].as_str()) {
            (202, Some(submission)) => Attempt::Accepted(submission.to_owned()),
            (429 | 503, _) => {
                let wait = answer.header("retry-after").parse().unwrap_or(1);
                Attempt::Later(Duration::from_secs(wait), answer.to_string())
            }
            _ => Attempt::Refused(answer.to_string()),
        }
    }
}

enum Attempt {
    Accepted(String),
    Refused(String),
    Later(Duration, String),
}
