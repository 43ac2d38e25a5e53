//! A real server process: `hortus serve` on a port of this machine, killed and started again as a test wants.

use std::io::{Seek as _, Write as _};
use std::path::PathBuf;
use std::process::{ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use crate::store::Store;
use crate::{Caller, PATIENCE};

/// Settings of every test server: a test must not be refused for being quick, unless that is what it is about.
const SETTINGS: [(&str, &str); 13] = [
    ("LOG__FORMAT", "json"),
    ("SIGN_IN__ATTEMPTS_PER_MINUTE_PER_ADDRESS", "100000"),
    ("SIGN_IN__SECOND_FACTOR", "enrolled"),
    ("SUBMISSIONS__PER_MINUTE", "100000"),
    ("SUBMISSIONS__BURST", "100000"),
    ("SUBMISSIONS__PRECHECKS_PER_MINUTE", "100000"),
    ("SESSIONS__LIFETIME_HOURS", "8760"),
    ("SESSIONS__IDLE_HOURS", "8760"),
    ("INVITATIONS__LIFETIME_HOURS", "8760"),
    // One person decides, without a signature and at once, unless it is what the test is about.
    ("POLICY__SECOND_REVIEW", "[]"),
    ("POLICY__SIGNATURE", "[]"),
    ("POLICY__UNDO_SECONDS", "0"),
    ("POLICY__QUALITY_SHARE_PERCENT", "0"),
];

/// The server's binary: `HORTUS_BIN`, or `hortus` in the folder that the tests were built into.
pub fn binary() -> PathBuf {
    if let Ok(named) = std::env::var("HORTUS_BIN") {
        return PathBuf::from(named);
    }
    let built = target().join("hortus");
    assert!(
        built.is_file(),
        "{} is not there; build it first (cargo build --workspace --all-targets), or name it in HORTUS_BIN",
        built.display()
    );
    built
}

/// The folder that the tests were built into.
pub(crate) fn target() -> PathBuf {
    let own = std::env::current_exe().expect("the path of this test");
    let folder = own.parent().expect("a folder");
    if folder.ends_with("deps") {
        folder.parent().expect("a folder above").to_owned()
    } else {
        folder.to_owned()
    }
}

/// A command of the binary, with none of the settings that the environment may hold.
pub fn command() -> Command {
    let mut command = Command::new(binary());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("HORTUS_")) {
        command.env_remove(name);
    }
    command.kill_on_drop(true).stdin(Stdio::null());
    command
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub struct Ran {
    /// The exit status, if no signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Runs a command of the binary to its end.
pub async fn run(words: &[&str]) -> Ran {
    run_with(words, &[]).await
}

/// Runs a command of the binary to its end, with these variables.
pub async fn run_with(words: &[&str], environment: &[(&str, &str)]) -> Ran {
    let output = command()
        .args(words)
        .envs(environment.iter().copied())
        .output();
    let output = tokio::time::timeout(PATIENCE, output)
        .await
        .unwrap_or_else(|_| panic!("`hortus {}` did not end", words.join(" ")))
        .expect("the binary runs");
    ran(output)
}

/// Runs a command of the binary to its end, with this on its standard input.
pub async fn run_reading(words: &[&str], input: &str) -> Ran {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(input.as_bytes()).expect("the file grows");
    file.rewind().expect("the file is read from its start");
    let output = command().args(words).stdin(file).output();
    let output = tokio::time::timeout(PATIENCE, output)
        .await
        .unwrap_or_else(|_| panic!("`hortus {}` did not end", words.join(" ")))
        .expect("the binary runs");
    ran(output)
}

fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// What a server has printed so far, on both of its outputs.
#[derive(Clone)]
struct Printed {
    lines: Arc<Mutex<Vec<String>>>,
    grown: watch::Receiver<usize>,
}

/// A server process.
pub struct Node {
    child: Option<Child>,
    port: u16,
    words: Vec<String>,
    settings: Vec<(String, String)>,
    printed: Vec<Printed>,
}

impl Node {
    /// Starts a server on this store and waits until it is ready. Settings are named as in `REVIEW__LEASE_SECONDS`.
    pub async fn start(store: &Store, settings: &[(&str, &str)]) -> Self {
        let mut node = Self::starting(store, settings);
        node.ready().await;
        node
    }

    /// Starts a server and does not wait.
    pub fn starting(store: &Store, settings: &[(&str, &str)]) -> Self {
        let mut words = vec!["serve".to_owned()];
        words.extend(store.flags());
        Self::spawned(words, settings)
    }

    /// Shows the demonstration, which lives in this store, and waits until it is ready.
    pub async fn demonstrate(store: &Store) -> Self {
        let mut words = vec!["demo".to_owned(), "--log".to_owned(), "info".to_owned()];
        words.extend(store.flags());
        let mut node = Self::spawned(words, &[]);
        node.ready().await;
        node
    }

    fn spawned(words: Vec<String>, settings: &[(&str, &str)]) -> Self {
        let all = SETTINGS.iter().chain(settings);
        let mut node = Self {
            child: None,
            port: free_port(),
            words,
            settings: all
                .map(|(name, value)| (format!("HORTUS_{name}"), (*value).to_owned()))
                .collect(),
            printed: Vec::new(),
        };
        node.spawn();
        node
    }

    fn spawn(&mut self) {
        let mut child = command()
            .args(&self.words)
            .args(["--listen", &format!("127.0.0.1:{}", self.port)])
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (grow, grown) = watch::channel(0);
        let grow = Arc::new(grow);
        let outputs: [Box<dyn AsyncRead + Send + Unpin>; 2] = [
            Box::new(child.stdout.take().expect("standard output")),
            Box::new(child.stderr.take().expect("standard error")),
        ];
        for output in outputs {
            let (lines, grow) = (lines.clone(), grow.clone());
            tokio::spawn(async move {
                let mut output = BufReader::new(output).lines();
                while let Ok(Some(line)) = output.next_line().await {
                    lines.lock().expect("the lines").push(line);
                    grow.send_modify(|count| *count += 1);
                }
            });
        }
        self.printed.push(Printed { lines, grown });
        self.child = Some(child);
    }

    /// Waits until the server says that it is ready.
    pub async fn ready(&mut self) {
        self.prints("that it is ready", |line| {
            let line: Value = serde_json::from_str(line).ok()?;
            (line["fields"]["message"] == "ready").then_some(())
        })
        .await;
    }

    /// Waits until a line is printed, since the last start, in which `find` finds something.
    pub async fn prints<T>(&self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let mut printed = self.printed.last().expect("a start").clone();
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                printed.grown.mark_unchanged();
                let found = printed
                    .lines
                    .lock()
                    .expect("the lines")
                    .iter()
                    .find_map(|line| find(line));
                if found.is_some() || printed.grown.changed().await.is_err() {
                    return found;
                }
            }
        });
        let found = found.await.ok().flatten();
        found.unwrap_or_else(|| panic!("the server never said {what}"))
    }

    /// The link for the first administrator, as printed at the start.
    pub async fn administrator_link(&self) -> String {
        self.prints("the link for its administrator", |line| {
            let at = line.find("/join/")?;
            let token: String = line
                .get(at + "/join/".len()..)?
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
                .collect();
            Some(token)
        })
        .await
    }

    /// Everything that the server has printed since its first start.
    pub fn log(&self) -> Vec<String> {
        let lines = |printed: &Printed| printed.lines.lock().expect("the lines").clone();
        self.printed.iter().flat_map(lines).collect()
    }

    /// `kill -9`.
    pub async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().await.expect("kill");
        }
    }

    /// Starts again on the same data and the same port.
    pub async fn restart(&mut self) {
        self.kill().await;
        self.spawn();
        self.ready().await;
    }

    /// Starts again on the same data with other settings.
    pub async fn restart_with(&mut self, settings: &[(&str, &str)]) {
        for (name, value) in settings {
            self.settings
                .push((format!("HORTUS_{name}"), (*value).to_owned()));
        }
        self.restart().await;
    }

    /// Asks the process to stop, as a service manager does, and does not wait.
    pub fn terminate(&self) {
        let id = self.child.as_ref().and_then(Child::id).expect("a process");
        let asked = std::process::Command::new("kill")
            .args(["-TERM", &id.to_string()])
            .status();
        assert!(asked.expect("kill").success(), "the signal was not sent");
    }

    /// Waits until the process has ended.
    pub async fn ended(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("a process");
        let status = tokio::time::timeout(PATIENCE, child.wait()).await;
        status.expect("the server ends").expect("an exit status")
    }

    /// Stops as a service manager stops it.
    pub async fn stop(&mut self) -> ExitStatus {
        self.terminate();
        self.ended().await
    }

    /// The number of its process, while there is one.
    pub fn process(&self) -> Option<u32> {
        self.child.as_ref().and_then(Child::id)
    }

    /// Whether a process is running.
    pub fn is_running(&self) -> bool {
        self.child.is_some()
    }

    /// The address with scheme, host and port.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Somebody who has not signed in.
    pub fn visitor(&self) -> Caller {
        Caller::new(&self.url(), None)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let last = log.len().saturating_sub(40);
            eprintln!("the server said last:");
            for line in &log[last..] {
                eprintln!("  {line}");
            }
        }
    }
}

/// A port below those that the system gives to outgoing connections, so that it is still free after a restart.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let begin = u16::try_from(std::process::id() % 10_000).expect("small");
    loop {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = 21_000 + (begin.wrapping_mul(7).wrapping_add(step)) % 11_000;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
