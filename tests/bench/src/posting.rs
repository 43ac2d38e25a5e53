//! Requests from several connections at once, each sending the next when the one before is answered.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::ensure;
use tokio::task::JoinSet;

use crate::figures::quantile;
use crate::wire::Wire;

/// What is not counted, at the beginning.
const WARM_UP: Duration = Duration::from_millis(300);

/// What was measured.
pub struct Posted {
    /// Requests answered in a second.
    pub per_second: f64,
    /// What 99 of 100 answers did not take longer than.
    pub p99: Duration,
}

/// Sends for this long; `request` makes the bytes of a connection's next request, by the numbers of both.
pub async fn post(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    success: u16,
    request: impl Fn(usize, usize) -> Vec<u8> + Clone + Send + 'static,
) -> anyhow::Result<Posted> {
    let mut clients: JoinSet<anyhow::Result<Vec<Duration>>> = JoinSet::new();
    let from = Instant::now() + WARM_UP;
    let until = from + time;
    for connection in 0..connections {
        let request = request.clone();
        clients.spawn(async move {
            let mut wire = Wire::connect(address).await?;
            let mut took = Vec::new();
            for count in 0.. {
                let bytes = request(connection, count);
                let sent = Instant::now();
                if sent >= until {
                    break;
                }
                let answer = wire.ask(&bytes).await?;
                ensure!(
                    answer.status == success,
                    "a request was answered {}: {}",
                    answer.status,
                    String::from_utf8_lossy(&answer.body)
                );
                let answered = Instant::now();
                if answered >= from && answered < until {
                    took.push(answered - sent);
                }
            }
            Ok(took)
        });
    }
    let mut all = Vec::new();
    while let Some(client) = clients.join_next().await {
        all.extend(client??);
    }
    Ok(Posted {
        per_second: all.len() as f64 / time.as_secs_f64(),
        p99: quantile(&mut all, 0.99),
    })
}
