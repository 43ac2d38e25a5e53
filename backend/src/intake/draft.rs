//! What a member may submit, and the limits on it.

use uuid::Uuid;

use crate::config::Submissions;
use crate::posts::{Surface, markdown, refusal, stray};

/// Where a text shall stand.
#[derive(Debug, Clone)]
pub enum Target {
    /// As the first post of a new thread.
    NewThread {
        /// The community's name in addresses.
        community: String,
        /// What it is about.
        product: Option<Uuid>,
    },
    /// As a reply.
    Reply {
        /// The thread.
        thread: Uuid,
        /// The post it answers; the first one where it is not given.
        parent: Option<Uuid>,
    },
    /// As a further revision of one's own post.
    Revision {
        /// The post.
        post: Uuid,
    },
    /// As one's line in a community.
    ProfileLine {
        /// The community's name in addresses.
        community: String,
    },
    /// As the description of a community, by its administrator.
    Description {
        /// The community's name in addresses.
        community: String,
    },
}

/// A text and where it shall stand.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Where.
    pub target: Target,
    /// The title, for the first post of a thread.
    pub title: Option<String>,
    /// The text (Markdown).
    pub body: String,
    /// Names the submission so that sending it twice stores it once.
    pub idempotency_key: Option<String>,
}

/// A field and what is wrong with it.
pub type Fault = (&'static str, String);

/// The text, trimmed, if it keeps the limits of its surface.
pub fn checked(
    surface: Surface,
    title: Option<&str>,
    body: &str,
    limits: &Submissions,
) -> Result<(Option<String>, String), Vec<Fault>> {
    let mut faults = Vec::new();
    let longest = match surface {
        Surface::Thread | Surface::Reply => limits.body_characters,
        Surface::ProfileLine => limits.profile_characters,
        Surface::CommunityDescription | Surface::Report | Surface::Appeal => {
            limits.description_characters
        }
    };
    let body = body.replace("\r\n", "\n").trim().to_owned();
    if let Some(fault) = fault(&body, longest, true) {
        faults.push(("body", fault));
    }
    let title = match (surface, title.map(str::trim)) {
        (Surface::Thread, None) => {
            faults.push(("title", "a thread needs a title".to_owned()));
            None
        }
        (Surface::Thread, Some(title)) => {
            if let Some(fault) = fault(title, limits.title_characters, false) {
                faults.push(("title", fault));
            }
            Some(title.to_owned())
        }
        (_, Some(_)) => {
            faults.push((
                "title",
                "only the first post of a thread has a title; leave it out".to_owned(),
            ));
            None
        }
        (_, None) => None,
    };
    if faults.is_empty() {
        Ok((title, body))
    } else {
        Err(faults)
    }
}

fn fault(text: &str, longest: usize, lines: bool) -> Option<String> {
    let length = text.chars().count();
    if !markdown::shows_words(text) {
        return Some("write something first".to_owned());
    }
    if length > longest {
        return Some(format!(
            "{length} characters are too many; {longest} are allowed"
        ));
    }
    let stray = text
        .chars()
        .find(|letter| stray(*letter) && !(lines && (*letter == '\n' || *letter == '\t')));
    stray.map(refusal)
}

/// An idempotency key is 1 to 100 visible ASCII characters.
pub fn key_fault(key: &str) -> Option<Fault> {
    let fine = (1..=100).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    (!fine).then(|| {
        (
            "idempotency-key",
            "send 1 to 100 visible ASCII characters, such as a UUID".to_owned(),
        )
    })
}
