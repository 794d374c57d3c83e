//! Requests as bytes.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use anyhow::ensure;

/// Requests as they go over the wire, sent in turn by all connections. Each window goes on where the last one ended,
/// and a clone goes on where its original is: bookmarks must be added and removed in turn.
#[derive(Debug, Clone)]
pub struct Requests {
    all: Arc<Vec<Vec<u8>>>,
    next: Arc<AtomicUsize>,
}

impl Requests {
    /// Fails when there is nothing to send.
    pub fn new(requests: Vec<Vec<u8>>) -> anyhow::Result<Self> {
        ensure!(!requests.is_empty(), "there are no requests to send");
        Ok(Self {
            all: Arc::new(requests),
            next: Arc::default(),
        })
    }

    /// The same requests from the first one on, for another server.
    pub fn restarted(&self) -> Self {
        Self {
            all: self.all.clone(),
            next: Arc::default(),
        }
    }

    /// The requests, in order.
    pub fn all(&self) -> &[Vec<u8>] {
        &self.all
    }

    /// The next request in turn.
    pub fn next(&self) -> &[u8] {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        self.all.get(turn % self.all.len()).map_or(&[], Vec::as_slice)
    }
}

/// A GET request as it goes over the wire. `headers` are whole lines without their line ends.
pub fn get(path: &str, host: &str, headers: &[String]) -> Vec<u8> {
    let mut text = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nuser-agent: broadsheet-bench\r\n");
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// A form as it is posted by a script of the page. `headers` are whole lines without their line ends.
pub fn post(path: &str, host: &str, headers: &[String], form: &str) -> Vec<u8> {
    let mut text = format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\nuser-agent: broadsheet-bench\r\norigin: http://{host}\r\n\
         accept: application/json\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n",
        form.len()
    );
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.push_str(form);
    text.into_bytes()
}
