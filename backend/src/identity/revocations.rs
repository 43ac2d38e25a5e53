//! Tells open sockets at once that a session, an account or a membership has ended.

use tokio::sync::broadcast;
use uuid::Uuid;

/// What ended or lost rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revoked {
    /// One session.
    Session(Uuid),
    /// Every session of an account.
    Account(Uuid),
    /// A membership ended, or its roles changed.
    Membership {
        /// Whose.
        account: Uuid,
        /// Where.
        community: Uuid,
    },
}

/// Carries what was revoked to whoever listens. Clones share one line.
#[derive(Clone)]
pub struct Revocations(broadcast::Sender<Revoked>);

impl Default for Revocations {
    fn default() -> Self {
        Self(broadcast::Sender::new(1024))
    }
}

impl Revocations {
    /// Say it, after the commit.
    pub fn announce(&self, revoked: Revoked) {
        // Nobody listens while the server starts or stops; then there are no sockets either.
        let _ = self.0.send(revoked);
    }

    /// Listen from now on.
    pub fn listen(&self) -> broadcast::Receiver<Revoked> {
        self.0.subscribe()
    }
}
