//! An HTTP server that stands for the sources. It answers what a script says, including faults, and keeps a log of
//! all requests with their time.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::Timestamp;
use store::Clock;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

/// A received request.
#[derive(Debug, Clone)]
pub struct ReceivedRequest {
    /// When, by the clock of the test.
    pub at: Timestamp,
    /// The HTTP method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

impl ReceivedRequest {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// A parameter of the query, percent-decoded as far as the tests need.
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

/// What the server answers.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Status, headers, body.
    Whole(u16, Vec<(String, String)>, Vec<u8>),
    /// Announces a longer body, and closes the connection after these bytes.
    Cut(Vec<u8>),
    /// Sends this body slowly, byte by byte.
    Drip(Vec<u8>),
    /// Sends a body that never ends.
    Endless,
    /// Closes the connection without an answer.
    Silence,
}

impl Reply {
    /// 200 with this body.
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::Whole(200, vec![], body.into())
    }

    /// This status with a short body.
    pub fn status(status: u16) -> Self {
        Self::Whole(status, vec![], b"no".to_vec())
    }

    /// With one more header.
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

/// The server. It ends when this is dropped.
pub struct Upstream {
    /// Its URL.
    pub address: String,
    /// All requests so far.
    pub log: Arc<Mutex<Vec<ReceivedRequest>>>,
    _end: oneshot::Sender<()>,
}

impl Upstream {
    /// Starts a server with this script, which gets the request and the number of earlier requests.
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

    /// All requests so far.
    pub fn asked(&self) -> Vec<ReceivedRequest> {
        self.log.lock().expect("the log").clone()
    }

    /// The number of requests so far.
    pub fn count(&self) -> usize {
        self.log.lock().expect("the log").len()
    }
}

/// Answers the requests of one connection.
async fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<ReceivedRequest>>,
    clock: &Clock,
    script: &Script,
) -> std::io::Result<()> {
    let mut buffer = Vec::new();
    while let Some(request) = receive(&mut stream, &mut buffer, clock).await? {
        let before = {
            let mut log = log.lock().expect("the log");
            log.push(request.clone());
            log.len() - 1
        };
        if !answer(&mut stream, script(&request, before)).await? {
            break;
        }
    }
    Ok(())
}

/// The next request; `None` if the client has disconnected. `buffer` holds what was read beyond the last one.
async fn receive(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
    clock: &Clock,
) -> std::io::Result<Option<ReceivedRequest>> {
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
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
    let mut request = ReceivedRequest {
        at: clock.now(),
        method,
        path,
        headers,
        body: String::new(),
    };
    let length: usize = request
        .header("content-length")
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    while buffer.len() < end + length {
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
    request.body = String::from_utf8_lossy(&buffer[end..end + length]).into_owned();
    buffer.drain(..end + length);
    Ok(Some(request))
}

/// Sends a reply. `false` if the connection must be closed.
async fn answer(stream: &mut TcpStream, reply: Reply) -> std::io::Result<bool> {
    match reply {
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
            Ok(true)
        }
        Reply::Cut(body) => {
            stream.write_all(head_of(body.len() * 2 + 10).as_bytes()).await?;
            stream.write_all(&body).await?;
            stream.shutdown().await?;
            Ok(false)
        }
        Reply::Drip(body) => {
            stream.write_all(head_of(body.len()).as_bytes()).await?;
            for byte in body {
                stream.write_all(&[byte]).await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Ok(true)
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
        Reply::Silence => Ok(false),
    }
}

/// The head of a response with a body of this many bytes.
fn head_of(length: usize) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n")
}
