//! Processes that are measured: the references as copies of this program, and what the system says of a process.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Longest wait for the first line of a reference.
const PATIENCE: Duration = Duration::from_secs(60);

/// A reference program that serves; it ends with this.
pub struct Server {
    /// Where.
    pub address: SocketAddr,
    child: Child,
}

impl Server {
    /// Starts the reference of this name.
    pub async fn start(words: &[&str]) -> anyhow::Result<Self> {
        let (child, line) = start(words).await?;
        let address = line
            .parse()
            .context("a reference did not say its address")?;
        Ok(Self { address, child })
    }

    /// Its memory in KiB; none where the system does not say.
    pub fn memory(&self) -> Option<f64> {
        memory(self.child.id()?)
    }
}

/// Runs the reference of this name to its end; its figures.
pub async fn figures_of(words: &[&str]) -> anyhow::Result<Value> {
    let (mut child, line) = start(words).await?;
    child.wait().await?;
    serde_json::from_str(&line).context("a reference did not say its figures")
}

async fn start(words: &[&str]) -> anyhow::Result<(Child, String)> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("reference")
        .args(words)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let output = child.stdout.take().context("a reference has no output")?;
    let mut lines = BufReader::new(output).lines();
    let line = tokio::time::timeout(PATIENCE, lines.next_line())
        .await
        .context("a reference said nothing in time")??
        .with_context(|| format!("the reference `{}` ended at once", words.join(" ")))?;
    Ok((child, line))
}

/// The memory of a process in KiB (resident set); none where the system does not say.
pub fn memory(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The machine in a line: processor, cores, memory, system; what is not known is left out.
pub fn machine() -> String {
    let field = |file: &str, name: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let words = [
        field("/proc/cpuinfo", "model name"),
        Some(format!("{cores} cores for load and server together")),
        field("/proc/meminfo", "MemTotal"),
        Some(format!(
            "{} {}",
            std::env::consts::OS,
            std::env::consts::ARCH
        )),
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    words.join(" · ")
}
