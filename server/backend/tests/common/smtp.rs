//! A mail server on the loopback that keeps what it is given, and can be told to refuse or to hang up.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// What it does with the next letter; with no instruction left it takes every letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Take,
    /// This answer to RCPT.
    RefuseRecipient(u16),
    /// This answer after the whole letter has been read.
    RefuseLetter(u16),
    /// Reads a part of the letter and closes the connection.
    HangUpInLetter,
    /// Reads and keeps the whole letter, then closes the connection without saying so.
    HangUpAfterLetter,
}

/// A letter as it came over the wire, dots unstuffed.
#[derive(Debug, Clone)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Default)]
struct State {
    next: VecDeque<Next>,
    received: Vec<Received>,
}

pub struct MailServer {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::<Mutex<State>>::default();
        let shared = state.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = shared.clone();
                tokio::spawn(async move {
                    // A client that goes away ends its own conversation only.
                    let _ = converse(stream, &state).await;
                });
            }
        });
        Self {
            address,
            state,
            serving,
        }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn then(&self, next: &[Next]) {
        self.state.lock().expect("state").next.extend(next);
    }

    pub fn received(&self) -> Vec<Received> {
        self.state.lock().expect("state").received.clone()
    }
}

async fn converse(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    write.write_all(b"220 sink.test ESMTP\r\n").await?;
    let (mut from, mut to, mut next) = (String::new(), Vec::new(), Next::Take);
    let mut line = Vec::new();
    loop {
        line.clear();
        if read.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let command = String::from_utf8_lossy(&line).trim_end().to_owned();
        let word = command
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        let answer = match word.as_str() {
            "EHLO" => "250-sink.test\r\n250-8BITMIME\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 10000000".to_owned(),
            // Nobody is known here.
            "AUTH" => "535 5.7.8 wrong password".to_owned(),
            "MAIL" => {
                next = state
                    .lock()
                    .expect("state")
                    .next
                    .pop_front()
                    .unwrap_or(Next::Take);
                (from, to) = (command, Vec::new());
                "250 ok".to_owned()
            }
            "RCPT" => match next {
                Next::RefuseRecipient(code) => format!("{code} not this one"),
                _ => {
                    to.push(command);
                    "250 ok".to_owned()
                }
            },
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut bytes = Vec::new();
                loop {
                    line.clear();
                    if read.read_until(b'\n', &mut line).await? == 0 || next == Next::HangUpInLetter {
                        return Ok(());
                    }
                    if line == b".\r\n" {
                        break;
                    }
                    bytes.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
                }
                if let Next::RefuseLetter(code) = next {
                    format!("{code} not this letter")
                } else {
                    state.lock().expect("state").received.push(Received {
                        from: from.clone(),
                        to: to.clone(),
                        bytes,
                    });
                    if next == Next::HangUpAfterLetter {
                        return Ok(());
                    }
                    "250 kept".to_owned()
                }
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            "RSET" | "NOOP" => "250 ok".to_owned(),
            _ => "502 unknown".to_owned(),
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}
