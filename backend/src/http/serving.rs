//! Serves until a stop signal comes, then lets open requests and sockets end.

use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::{metrics, router};
use crate::app::{App, Work};

/// How often it is looked whether the last socket has closed.
const LOOK: Duration = Duration::from_millis(20);

/// Serves this app. Returns when it has stopped.
pub async fn serve(app: App, work: Work, listener: TcpListener) -> anyhow::Result<()> {
    metrics::install();
    let mut asked = Stop::listen()?;
    let drain = Duration::from_secs(app.settings.server.drain_seconds);
    let address = listener.local_addr()?;
    let listener = listener.tap_io(|stream| {
        // An answer is written at once: without this, small ones wait for the peer's acknowledgement.
        let _ = stream.set_nodelay(true);
    });

    if !app.settings.server.metrics_listen.is_empty() {
        let listener = TcpListener::bind(&app.settings.server.metrics_listen).await?;
        let measurements = metrics::router(app.clone());
        tokio::spawn(async move { axum::serve(listener, measurements).await });
    }
    let stopping = app.stopping.clone();
    let server = axum::serve(
        listener,
        router(app.clone()).into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(async move { stopping.cancelled().await });
    let server = tokio::spawn(server.into_future());
    tracing::info!(%address, url = app.settings.server.public_url, "ready");

    asked.come().await;
    tracing::info!(
        drain_s = drain.as_secs(),
        "stopping: open requests and sockets may end"
    );
    app.stopping.cancel();
    app.live.close_all();
    let ended = async {
        let answered = server.await;
        while app.live.sockets() > 0 {
            tokio::time::sleep(LOOK).await;
        }
        answered
    };
    tokio::select! {
        answered = tokio::time::timeout(drain, ended) => match answered {
            Ok(answered) => answered??,
            Err(_) => tracing::warn!("some requests or sockets did not end in time and are cut off"),
        },
        () = asked.come() => tracing::warn!("stopping at once: a second signal came"),
    }
    work.end().await;
    app.db.clone().close().await?;
    tracing::info!("stopped");
    Ok(())
}

/// The signals that ask a process to stop.
struct Stop {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn come(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => (),
            _ = self.interrupt.recv() => (),
        }
    }
}
