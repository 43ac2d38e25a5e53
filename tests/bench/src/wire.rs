//! A small HTTP/1.1 and WebSocket client over loopback, the same for the product and the references: it takes as
//! little of the machine as it can, since it shares the cores with the server.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Longest wait for any one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection that is kept open.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// A request with a JSON or a text body, as bytes. `further` are header lines, each with its line end.
pub fn request(method: &str, path: &str, further: &str, kind: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n{further}\r\n{body}",
        body.len()
    )
    .into_bytes()
}

impl Wire {
    /// Connects.
    pub async fn connect(to: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(to)
            .await
            .context("cannot connect (`ulimit -n` must allow some 2,500 open files)")?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(4096),
        })
    }

    /// Sends a request and waits for its answer.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        tokio::time::timeout(PATIENCE, self.ask_patiently(request))
            .await
            .context("no answer came in time")?
    }

    async fn ask_patiently(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.write_all(request).await?;
        let (status, length) = self.head().await?;
        let length = length.context("an answer had no content-length")?;
        while self.buffer.len() < length {
            self.read().await?;
        }
        let body = self.buffer.drain(..length).collect();
        Ok(Answer { status, body })
    }

    /// Reads up to the end of the headers; the status and the length of what follows.
    async fn head(&mut self) -> anyhow::Result<(u16, Option<usize>)> {
        let end = loop {
            let found = self.buffer.windows(4).position(|four| four == b"\r\n\r\n");
            match found {
                Some(place) => break place + 4,
                None => self.read().await?,
            }
        };
        let head: Vec<u8> = self.buffer.drain(..end).collect();
        let head = std::str::from_utf8(&head)?;
        let mut lines = head.split("\r\n");
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .context("an answer had no status")?
            .parse()?;
        let length = lines
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map(|(_, value)| value.trim().parse())
            .transpose()?;
        Ok((status, length))
    }

    async fn read(&mut self) -> anyhow::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }

    /// Makes it a WebSocket. `further` are header lines, each with its line end.
    pub async fn into_socket(mut self, path: &str, further: &str) -> anyhow::Result<Socket> {
        let handshake = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIGxpdHRsZSBnYXJkZW4hIQ==\r\n{further}\r\n"
        );
        self.stream.write_all(handshake.as_bytes()).await?;
        let (status, _) = tokio::time::timeout(PATIENCE, self.head()).await??;
        ensure!(status == 101, "a socket was refused with {status}");
        Ok(Socket(self))
    }
}

/// A WebSocket that only looks at texts.
pub struct Socket(Wire);

impl Socket {
    /// Sends a text of at most 125 bytes.
    pub async fn say(&mut self, text: &str) -> anyhow::Result<()> {
        let length = u8::try_from(text.len()).ok().filter(|length| *length < 126);
        let length = length.context("this text is too long for this client")?;
        // Masked, as a client must, with a mask that changes nothing.
        let mut frame = vec![0x81, 0x80 | length, 0, 0, 0, 0];
        frame.extend_from_slice(text.as_bytes());
        self.0.stream.write_all(&frame).await?;
        Ok(())
    }

    /// Reads once, and shows every text that is whole.
    pub async fn hear(&mut self, mut text: impl FnMut(&[u8])) -> anyhow::Result<()> {
        self.0.read().await?;
        let mut rest = self.0.buffer.as_slice();
        while let Some((opcode, payload, after)) = frame(rest) {
            match opcode {
                1 => text(payload),
                8 => bail!("the server closed a socket"),
                _ => {}
            }
            rest = after;
        }
        let done = self.0.buffer.len() - rest.len();
        self.0.buffer.drain(..done);
        Ok(())
    }
}

/// The first whole frame: its opcode, its payload, and what follows it.
fn frame(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[first, second], rest) = bytes.split_first_chunk()?;
    let (length, rest) = match second {
        126 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        127 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::try_from(u64::from_be_bytes(*length)).ok()?, rest)
        }
        short => (usize::from(short), rest),
    };
    let (payload, after) = rest.split_at_checked(length)?;
    Some((first & 0x0f, payload, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_taken_one_by_one_and_half_a_frame_waits() {
        let long = vec![b'x'; 300];
        let mut bytes = vec![0x81, 2, b'h', b'i', 0x89, 0, 0x81, 126, 1, 44];
        bytes.extend_from_slice(&long);
        let (opcode, payload, rest) = frame(&bytes).unwrap();
        assert_eq!((opcode, payload), (1, b"hi".as_slice()));
        let (opcode, payload, rest) = frame(rest).unwrap();
        assert_eq!((opcode, payload), (9, b"".as_slice()));
        assert!(frame(rest.split_at(299).0).is_none(), "it is not whole yet");
        let (_, payload, rest) = frame(rest).unwrap();
        assert_eq!((payload, rest), (long.as_slice(), b"".as_slice()));
    }
}
