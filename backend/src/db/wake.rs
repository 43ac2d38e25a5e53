//! Tells every process on this database that something is there to look at. A wake-up that is lost only delays:
//! who waits also looks on its own once a second.

use std::sync::Arc;

use tokio::sync::Notify;

/// A bell between the tasks of this process.
#[derive(Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Wakes who waits, or the next one that will wait.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits for the bell, one second at most.
    pub async fn heard_or_a_second(&self) {
        let _ = tokio::time::timeout(std::time::Duration::from_secs(1), self.0.notified()).await;
    }
}
