//! What a committed change tells the sockets, as a job written in the same transaction.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::jobs::Job;

/// The kind of job that carries a signal.
pub const KIND: &str = "live.signal";

/// Something that sockets may want to know.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "signal", rename_all = "snake_case")]
pub enum Signal {
    /// A numbered stream has grown.
    StreamGrew {
        /// The stream's name.
        stream: String,
    },
    /// The review queue of a community has changed.
    QueueChanged {
        /// The community.
        community: Uuid,
        /// The items that changed; none where new ones came, or where it is not known which.
        #[serde(default)]
        items: Vec<Uuid>,
    },
    /// A reviewer holds an item no more: a lead took it over.
    ClaimLost {
        /// Who held it.
        account: Uuid,
        /// The item.
        item: Uuid,
    },
    /// Somebody has a new notice.
    NoticeRaised {
        /// Whose it is.
        account: Uuid,
    },
    /// A submission's state has changed.
    SubmissionChanged {
        /// Its author.
        account: Uuid,
        /// The submission.
        submission: Uuid,
    },
}

impl From<Signal> for Job {
    fn from(signal: Signal) -> Self {
        Self {
            kind: KIND,
            payload: serde_json::to_value(signal).unwrap_or_default(),
        }
    }
}
