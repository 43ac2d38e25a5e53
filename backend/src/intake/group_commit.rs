//! Submissions that wait together share one transaction: one durable commit for all of them, which on one disk is
//! what limits the rate. If the shared transaction fails, each is tried alone, so that none fails for another's fault.

use std::collections::HashSet;
use std::sync::Arc;

use sea_orm::DbErr;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::queue_hints::QueueHints;
use crate::audit::{Additions, Audit, Event};
use crate::clock::Timestamp;
use crate::db::Db;
use crate::jobs;
use crate::live::Signal;
use crate::posts::{self, Post, Revision, Thread};
use crate::review::{self, ReviewItem, StoredScreening};
use crate::safety::{self, SafetyCaseRow};

/// Most submissions that share a commit.
const MOST: usize = 32;
/// Submissions that may wait; more than that are asked to come back.
const WAITING: usize = 4_096;

/// All rows of one submission.
#[derive(Clone)]
pub(super) struct Package {
    pub thread: Option<Thread>,
    pub post: Option<Post>,
    pub revision: Revision,
    pub screening: StoredScreening,
    pub item: ReviewItem,
    pub case: Option<SafetyCaseRow>,
    /// Whether older revisions of the post may wait in the queue.
    pub revises: bool,
    pub event: Event,
}

struct Waiting {
    package: Package,
    done: oneshot::Sender<Result<(), DbErr>>,
}

/// Why a package could not be stored.
#[derive(Debug)]
pub(super) enum Refused {
    /// Too many wait already.
    Busy,
    /// The database refused it.
    Database(DbErr),
}

/// Where submissions wait for their commit. Clones share it.
#[derive(Clone)]
pub struct Gate(mpsc::Sender<Waiting>);

impl Gate {
    /// Stores the package durably, or says why not.
    pub(super) async fn store(&self, package: Package) -> Result<(), Refused> {
        let (done, answer) = oneshot::channel();
        self.0
            .try_send(Waiting { package, done })
            .map_err(|_| Refused::Busy)?;
        answer
            .await
            .map_err(|_| Refused::Busy)?
            .map_err(Refused::Database)
    }
}

/// A gate and the tasks that commit what waits at it.
pub fn committers(
    audit: &Audit,
    stop: &CancellationToken,
) -> (Gate, Vec<impl Future<Output = ()> + Send + use<>>) {
    let (gate, waiting) = mpsc::channel(WAITING);
    let waiting = Arc::new(Mutex::new(waiting));
    let tasks = (0..Db::PARALLEL_WRITERS)
        .map(|_| work(audit.clone(), waiting.clone(), stop.clone()))
        .collect();
    (Gate(gate), tasks)
}

async fn work(audit: Audit, waiting: Arc<Mutex<mpsc::Receiver<Waiting>>>, stop: CancellationToken) {
    let mut hints = QueueHints::default();
    loop {
        let mut group = Vec::new();
        let begun = {
            let mut waiting = waiting.lock().await;
            tokio::select! {
                biased;
                count = waiting.recv_many(&mut group, MOST) => if count == 0 { return },
                () = stop.cancelled() => return,
            }
            let begun = audit.begin_additions().await;
            // What came while others wrote shares the commit.
            let room = MOST.saturating_sub(group.len());
            group.extend(std::iter::from_fn(|| waiting.try_recv().ok()).take(room));
            begun
        };
        let alone = group.len() == 1;
        let packages = group
            .iter()
            .map(|waiting| waiting.package.clone())
            .collect();
        let mut shared = match begun {
            Ok(with) => store(with, &audit, &mut hints, packages).await,
            Err(cause) => Err(cause),
        };
        for Waiting { package, done } in group {
            let outcome = match &mut shared {
                Ok(()) => Ok(()),
                Err(cause) if alone => Err(std::mem::replace(cause, DbErr::RecordNotInserted)),
                Err(_) => match audit.begin_additions().await {
                    Ok(with) => store(with, &audit, &mut hints, vec![package]).await,
                    Err(cause) => Err(cause),
                },
            };
            // Who no longer waits for the answer has closed the connection; the text is stored all the same.
            let _ = done.send(outcome);
        }
    }
}

async fn store(
    mut with: Additions,
    audit: &Audit,
    hints: &mut QueueHints,
    packages: Vec<Package>,
) -> Result<(), DbErr> {
    let mut threads = Vec::new();
    let mut places = Vec::new();
    let mut revisions = Vec::with_capacity(packages.len());
    let mut screenings = Vec::with_capacity(packages.len());
    let mut items = Vec::with_capacity(packages.len());
    let mut cases = Vec::new();
    let mut revised: Vec<(Uuid, Uuid)> = Vec::new();
    let mut communities = HashSet::new();
    let mut events = Vec::with_capacity(packages.len());
    for package in packages {
        communities.insert(package.item.community_id);
        if package.revises {
            revised.push((package.revision.post_id, package.revision.id));
        }
        threads.extend(package.thread);
        places.extend(package.post);
        revisions.push(package.revision);
        screenings.push(package.screening);
        items.push(package.item);
        cases.extend(package.case);
        events.push(package.event);
    }
    posts::store::add(&mut with, threads, places, revisions);
    review::open(&mut with, screenings, items);
    safety::open(&mut with, cases);
    for (post, newer) in revised {
        review::supersede(&mut with, posts::store::older_revisions(post, newer));
    }
    let now = audit.clock().now();
    let due: Vec<(Uuid, Timestamp)> = communities
        .into_iter()
        .filter_map(|community| Some((community, hints.due(community, now)?)))
        .collect();
    let signals = due.clone().into_iter().map(|(community, at)| {
        let items = Vec::new();
        (at, Signal::QueueChanged { community, items }.into())
    });
    jobs::add_at(&mut with, audit.clock(), signals);
    with.commit_all(events).await?;
    hints.committed(&due);
    Ok(())
}
