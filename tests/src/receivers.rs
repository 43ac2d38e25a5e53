//! Those outside who are told: a mail server and a webhook, each on a port of this machine.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::eventually;

/// A mail that came.
#[derive(Debug, Clone)]
pub struct Mail {
    /// To whom, by the envelope.
    pub to: Vec<String>,
    /// Head and body as they came.
    pub text: String,
}

/// A mail server that takes everything.
pub struct Mailbox {
    port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
}

impl Mailbox {
    /// Opens on a free port.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let mails = Arc::new(Mutex::new(Vec::new()));
        let kept = mails.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(speak_smtp(stream, kept.clone()));
            }
        });
        Self { port, mails }
    }

    /// The settings of a server that sends its mail here.
    pub fn settings(&self) -> Vec<(String, String)> {
        [
            ("MAIL__HOST", "127.0.0.1".to_owned()),
            ("MAIL__PORT", self.port.to_string()),
            ("MAIL__SECURITY", "none".to_owned()),
            ("MAIL__FROM", "Hortus <hortus@garden.example>".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// What came so far.
    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().expect("the mails").clone()
    }

    /// Waits until so many have come.
    pub async fn has(&self, count: usize) -> Vec<Mail> {
        eventually("mail comes", async || {
            let mails = self.mails();
            (mails.len() >= count).then_some(mails)
        })
        .await
    }
}

async fn speak_smtp(stream: TcpStream, mails: Arc<Mutex<Vec<Mail>>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 garden\r\n").await.ok()?;
    let mut to = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let verb = line.trim_end().to_ascii_uppercase();
        let answer: &[u8] = if verb.starts_with("EHLO") {
            b"250-garden\r\n250 8BITMIME\r\n"
        } else if verb.starts_with("RCPT TO") {
            let address = line.split(['<', '>']).nth(1).unwrap_or_default();
            to.push(address.to_owned());
            b"250 fine\r\n"
        } else if verb == "DATA" {
            stream.write_all(b"354 go on\r\n").await.ok()?;
            let mut text = String::new();
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).await.ok()?;
                if line == ".\r\n" {
                    break;
                }
                text.push_str(&line);
            }
            let to = std::mem::take(&mut to);
            mails.lock().expect("the mails").push(Mail { to, text });
            b"250 kept\r\n"
        } else if verb == "QUIT" {
            stream.write_all(b"221 bye\r\n").await.ok()?;
            return Some(());
        } else {
            b"250 fine\r\n"
        };
        stream.write_all(answer).await.ok()?;
    }
}

/// A call that came.
#[derive(Debug, Clone)]
pub struct Call {
    /// The head, by the names of its fields in lower case.
    pub head: BTreeMap<String, String>,
    /// The body.
    pub body: String,
}

/// A webhook that answers as it is told.
pub struct Hook {
    port: u16,
    calls: Arc<Mutex<Vec<Call>>>,
    failures: Arc<Mutex<u32>>,
}

impl Hook {
    /// Opens on a free port. The first calls, so many, are answered with an error.
    pub async fn open(failures: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let calls = Arc::new(Mutex::new(Vec::new()));
        let failures = Arc::new(Mutex::new(failures));
        let (kept, left) = (calls.clone(), failures.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer_http(stream, kept.clone(), left.clone()));
            }
        });
        Self {
            port,
            calls,
            failures,
        }
    }

    /// Where it is.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many more calls it will answer with an error.
    pub fn failures_left(&self) -> u32 {
        *self.failures.lock().expect("the failures")
    }

    /// Waits until so many calls have come.
    pub async fn has(&self, count: usize) -> Vec<Call> {
        eventually("the webhook is called", async || {
            let calls = self.calls.lock().expect("the calls").clone();
            (calls.len() >= count).then_some(calls)
        })
        .await
    }
}

async fn answer_http(
    stream: TcpStream,
    calls: Arc<Mutex<Vec<Call>>>,
    failures: Arc<Mutex<u32>>,
) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut head = BTreeMap::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            head.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    let length = head.get("content-length")?.parse().ok()?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let body = String::from_utf8(body).ok()?;
    calls.lock().expect("the calls").push(Call { head, body });
    let fails = {
        let mut left = failures.lock().expect("the failures");
        let fails = *left > 0;
        *left = left.saturating_sub(1);
        fails
    };
    let status = if fails {
        "500 Broken"
    } else {
        "204 No Content"
    };
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.ok()
}
