//! A server that plays other people's servers: it answers what a script says, faults included, and keeps a log of who
//! asked what, when by the test's clock.

#![allow(
    dead_code,
    reason = "each test file is a program of its own and uses a part of this"
)]

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use ingest::{
    Sources,
    fetch::{Fetcher, Limits},
    sources::SourceSettings,
};
use jiff::Timestamp;
use store::{Clock, Store};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

/// One request, as it arrived.
#[derive(Debug, Clone)]
pub struct ReceivedRequest {
    /// By the clock of the test.
    pub at: Timestamp,
    pub method: String,
    /// Path and query.
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl ReceivedRequest {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// A parameter of the query, decoded as far as these tests need.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let (_, query) = self.path.split_once('?')?;
        let (_, value) = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)?;
        Some(
            value
                .replace('+', " ")
                .replace("%3A", ":")
                .replace("%7C", "|")
                .replace("%2F", "/")
                .replace("%23", "#"),
        )
    }
}

/// What comes back.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Status, headers, body.
    Whole(u16, Vec<(String, String)>, Vec<u8>),
    /// Says that the body is long, and hangs up after these bytes of it.
    Cut(Vec<u8>),
    /// One byte of the body now and then.
    Drip(Vec<u8>),
    /// A body without end.
    Endless,
    /// Hangs up before answering.
    Silence,
}

impl Reply {
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::Whole(200, vec![], body.into())
    }

    pub fn status(status: u16) -> Self {
        Self::Whole(status, vec![], b"no".to_vec())
    }

    pub fn with(self, name: &str, value: impl Into<String>) -> Self {
        match self {
            Self::Whole(status, mut headers, body) => {
                headers.push((name.to_owned(), value.into()));
                Self::Whole(status, headers, body)
            }
            other => other,
        }
    }
}

type Script = Box<dyn Fn(&ReceivedRequest, usize) -> Reply + Send + Sync>;

/// The server. It ends with the test.
pub struct Upstream {
    pub address: String,
    pub log: Arc<Mutex<Vec<ReceivedRequest>>>,
    _end: oneshot::Sender<()>,
}

impl Upstream {
    /// Plays this script, which is given the request and how many came before it.
    pub async fn play(
        clock: &Clock,
        script: impl Fn(&ReceivedRequest, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address: SocketAddr = listener.local_addr().expect("an address");
        let (end, mut ended) = oneshot::channel();
        let log: Arc<Mutex<Vec<ReceivedRequest>>> = Arc::default();
        let (noted, clock, script) = (log.clone(), clock.clone(), Arc::new(Box::new(script) as Script));
        tokio::spawn(async move {
            loop {
                let stream = tokio::select! {
                    _ = &mut ended => return,
                    accepted = listener.accept() => match accepted {
                        Ok((stream, _)) => stream,
                        Err(_) => continue,
                    },
                };
                let (noted, clock, script) = (noted.clone(), clock.clone(), script.clone());
                tokio::spawn(async move {
                    let _ = serve(stream, &noted, &clock, &script).await;
                });
            }
        });
        Self {
            address: format!("http://{address}"),
            log,
            _end: end,
        }
    }

    pub fn asked(&self) -> Vec<ReceivedRequest> {
        self.log.lock().expect("the log").clone()
    }

    pub fn count(&self) -> usize {
        self.log.lock().expect("the log").len()
    }
}

async fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<ReceivedRequest>>,
    clock: &Clock,
    script: &Script,
) -> std::io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        };
        let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
        let mut lines = head.lines();
        let mut first = lines.next().unwrap_or_default().split(' ');
        let (method, path) = (
            first.next().unwrap_or_default().to_owned(),
            first.next().unwrap_or_default().to_owned(),
        );
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect();
        let mut asked = ReceivedRequest {
            at: clock.now(),
            method,
            path,
            headers,
            body: String::new(),
        };
        let length: usize = asked
            .header("content-length")
            .and_then(|n| n.parse().ok())
            .unwrap_or(0);
        while buffer.len() < end + length {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        }
        asked.body = String::from_utf8_lossy(&buffer[end..end + length]).into_owned();
        buffer.drain(..end + length);
        let before = {
            let mut log = log.lock().expect("the log");
            log.push(asked.clone());
            log.len() - 1
        };
        match script(&asked, before) {
            Reply::Whole(status, headers, body) => {
                let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
                for (name, value) in headers {
                    head.push_str(&format!("{name}: {value}\r\n"));
                }
                head.push_str("\r\n");
                stream.write_all(head.as_bytes()).await?;
                if status != 304 {
                    stream.write_all(&body).await?;
                }
            }
            Reply::Cut(body) => {
                stream
                    .write_all(
                        format!(
                            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n",
                            body.len() * 2 + 10
                        )
                        .as_bytes(),
                    )
                    .await?;
                stream.write_all(&body).await?;
                return stream.shutdown().await;
            }
            Reply::Drip(body) => {
                stream
                    .write_all(
                        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes(),
                    )
                    .await?;
                for byte in body {
                    stream.write_all(&[byte]).await?;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            Reply::Endless => {
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
                    .await?;
                let piece = vec![b' '; 1 << 16];
                loop {
                    stream.write_all(&piece).await?;
                }
            }
            Reply::Silence => return Ok(()),
        }
    }
}

/// Settings of sources that all have this address.
pub fn settings_at(address: &str) -> SourceSettings {
    SourceSettings {
        arxiv_oai: format!("{address}/oai"),
        arxiv_rss: format!("{address}/rss"),
        arxiv_api: format!("{address}/api/query"),
        hugging_face: address.to_owned(),
        github_api: address.to_owned(),
        ..SourceSettings::default()
    }
}

/// Sources that all have this address.
pub fn following(store: &Store, clock: &Clock, address: &str) -> Sources {
    let fetcher = Fetcher::new(store.clone(), clock.clone(), Limits::default(), None, 1).expect("a client");
    Sources::new(store.clone(), clock.clone(), fetcher, settings_at(address))
}
