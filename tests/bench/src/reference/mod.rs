//! The reference programs: the same work with nothing around it, as a limit to stand beside. Each runs in a process
//! of its own, so that its memory is its own; servers say their address in the first line, the others their figures.

mod accept;
mod commit;
mod fan_out;
mod passwords;
mod rows;
mod screening;

use std::net::Ipv4Addr;
use std::path::PathBuf;

use axum::Router;
use axum::serve::ListenerExt as _;
use clap::Subcommand;
use tokio::net::TcpSocket;

/// A reference program.
#[derive(Debug, Subcommand)]
pub enum Reference {
    /// The whole way of a post: HTTP, screening, six rows with a chained record, a durable commit.
    Accept {
        /// Where the database is made.
        #[arg(long)]
        folder: PathBuf,
    },
    /// The same six rows with a chained record on PostgreSQL, without HTTP.
    Commit {
        /// The database.
        #[arg(long)]
        url: String,
        /// Connections that commit at once.
        #[arg(long)]
        clients: usize,
        /// How long.
        #[arg(long)]
        seconds: f64,
    },
    /// Texts to every WebSocket.
    FanOut,
    /// Argon2id with OWASP's cost in memory that is kept, on every core.
    Passwords {
        /// How long.
        #[arg(long)]
        seconds: f64,
    },
}

impl Reference {
    /// Runs it: servers until they are ended, the others for their time.
    pub async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Accept { folder } => serve(accept::routes(&folder)?).await,
            Self::Commit {
                url,
                clients,
                seconds,
            } => commit::run(&url, clients, seconds).await,
            Self::FanOut => serve(fan_out::routes()).await,
            Self::Passwords { seconds } => passwords::run(seconds),
        }
    }
}

/// Serves on a free port of the loopback interface and says which.
async fn serve(routes: Router) -> anyhow::Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
    let listener = socket.listen(4_096)?;
    println!("{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        // As the product does: an answer is written at once.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, routes).await?;
    Ok(())
}
