//! Mixed load for a while: members write, reviewers decide, readers follow. Then everything must still hold.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use hortus_tests::story::{ADVERSE_EVENT, HARMLESS};
use hortus_tests::{Engine, Person, Socket, Story, world};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// What is written, in turns.
const TEXTS: [&str; 3] = [
    HARMLESS,
    ADVERSE_EVENT,
    "This is the safest treatment there is, and nobody should hesitate.",
];
/// How reviewers decide, in turns.
const ACTIONS: [&str; 5] = ["release", "release", "request_changes", "release", "reject"];
/// Items that a reviewer takes at a time.
const AT_A_TIME: usize = 8;

/// When it ends, and how many follow.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    /// For so long.
    pub time: Duration,
    /// So many texts.
    pub texts: usize,
    /// So many sockets.
    pub readers: usize,
}

/// Runs it, prints what happened, and checks.
pub async fn soak(engine: Engine, most: Most) -> anyhow::Result<()> {
    let story = Story::open(engine)
        .await
        .context("HORTUS_TEST_POSTGRES names no server")?;
    let thread = story.a_released_thread().await;
    let (end, ended) = watch::channel(None);
    let mut readers = JoinSet::new();
    for _ in 0..most.readers {
        let mut socket = story.colleague().goes_live().await;
        let (_, from) = socket.follows(&thread.stream(), 0).await;
        readers.spawn(follow(socket, from, ended.clone()));
    }

    let begun = Instant::now();
    let written = Arc::new(AtomicUsize::new(0));
    let mut writers = JoinSet::new();
    for key in ["clinician", "colleague", "steward"] {
        let (writer, thread) = (story.person(key), thread.thread.clone());
        let written = written.clone();
        writers.spawn(async move {
            while begun.elapsed() < most.time {
                let number = written.fetch_add(1, Ordering::Relaxed);
                if number >= most.texts {
                    return;
                }
                let text = TEXTS.iter().cycle().nth(number);
                writer
                    .replies(
                        &thread,
                        &format!("{} ({number})", text.unwrap_or(&HARMLESS)),
                    )
                    .await;
            }
        });
    }
    let stop = Arc::new(AtomicBool::new(false));
    let mut reviewers = JoinSet::new();
    for (key, offset) in [("moderator", 0), ("deputy", AT_A_TIME)] {
        reviewers.spawn(review(story.person(key), offset, stop.clone()));
    }
    writers.join_all().await;
    stop.store(true, Ordering::Relaxed);
    let decided: usize = reviewers
        .join_all()
        .await
        .into_iter()
        .sum::<anyhow::Result<usize>>()?;
    let took = begun.elapsed().as_secs_f64();

    let last = story.colleague().reads(&thread.thread).await;
    let last = last["seq"].as_i64().context("a number")?;
    end.send(Some(last))?;
    let deliveries: i64 = readers
        .join_all()
        .await
        .into_iter()
        .sum::<anyhow::Result<i64>>()?;
    let written = written.load(Ordering::Relaxed).min(most.texts);
    println!(
        "in {took:.1} s: {written} texts accepted, {decided} decided, {last} released in the thread, \
         {deliveries} deliveries to {} sockets without a gap",
        most.readers
    );
    world::holds(story).await;
    println!("every invariant holds");
    Ok(())
}

/// Claims what waits and decides on it, until there is a stop.
async fn review(reviewer: Person, offset: usize, stop: Arc<AtomicBool>) -> anyhow::Result<usize> {
    let mut decided = 0;
    while !stop.load(Ordering::Relaxed) {
        let page = reviewer.get("/api/review/items?limit=16").await.is(200);
        let items = page["items"].as_array().context("items")?;
        // Reviewers begin at different places, so that they seldom reach for the same item.
        for card in items.iter().skip(offset).take(AT_A_TIME) {
            let item = card["id"].as_str().context("an item")?;
            let path = format!("/api/review/items/{item}/claim");
            if reviewer.ask(&path).await.status == 409 {
                continue;
            }
            let claimed = reviewer.claims_item(item).await;
            if claimed.view["needs_disposition"] == true {
                reviewer.disposes(&claimed, "adverse_event").await.is(200);
            }
            let action = ACTIONS.iter().cycle().nth(decided).unwrap_or(&"release");
            let ruling = match *action {
                "release" => claimed.ruling("release"),
                other => claimed.refusal(other, "unclear", "Say a little more, please."),
            };
            reviewer.decides(&claimed, &ruling).await.is(200);
            decided += 1;
        }
        if items.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    Ok(decided)
}

/// Hears every event once and in order, up to the last one; how many there were.
async fn follow(
    mut socket: Socket,
    from: i64,
    mut end: watch::Receiver<Option<i64>>,
) -> anyhow::Result<i64> {
    let mut heard = from;
    loop {
        let last = *end.borrow_and_update();
        if last.is_some_and(|last| heard >= last) {
            return Ok(heard - from);
        }
        tokio::select! {
            (number, _) = socket.next_event() => {
                ensure!(number == heard + 1, "event {number} came after {heard}");
                heard = number;
            }
            changed = end.changed() => changed?,
        }
    }
}
