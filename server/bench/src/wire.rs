//! One HTTP/1.1 exchange on a kept connection. Hand-written, because the client must be cheaper than the bare listener
//! it measures: a general client would be the limit itself.

use anyhow::{Context, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Room made before each read, in bytes: a whole page in one system call.
const READ_BYTES: usize = 128 * 1024;
/// Headers an answer may have.
const MOST_HEADERS: usize = 64;

/// What an answer says in its head, and how long it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Bytes of the body as sent (compressed, without the marks of chunks).
    pub bytes: usize,
    /// The server closes the connection after this answer.
    pub closes: bool,
    /// Where the body begins in the buffer.
    start: usize,
    /// The body is sent in chunks.
    chunked: bool,
    /// `Content-Length`.
    length: Option<usize>,
}

/// A connection with its buffer.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects, without Nagle's delay.
    pub async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true).context("cannot set TCP_NODELAY")?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(READ_BYTES * 2),
        })
    }

    /// Sends a request and reads its answer to the end.
    pub async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.write_all(request).await.context("cannot send")?;
        self.buffer.clear();
        let mut head: Option<Answer> = None;
        loop {
            self.buffer.reserve(READ_BYTES);
            let read = self
                .stream
                .read_buf(&mut self.buffer)
                .await
                .context("cannot receive")?;
            if read == 0 {
                bail!("the server closed the connection in the middle of an answer");
            }
            if head.is_none() {
                head = read_head(&self.buffer)?;
            }
            if let Some(head) = &head
                && let Some(bytes) = body_bytes(head, self.buffer.get(head.start..).unwrap_or_default())?
            {
                return Ok(Answer {
                    bytes,
                    ..head.clone()
                });
            }
        }
    }

    /// A header of the last answer.
    pub fn header(&self, name: &str) -> Option<String> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        response.parse(&self.buffer).ok()?;
        let found = response
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(found.value).ok().map(str::to_owned)
    }

    /// The text of the last answer, which must not be compressed.
    pub fn text(&self, answer: &Answer) -> String {
        let body = self.buffer.get(answer.start..).unwrap_or_default();
        if !answer.chunked {
            return String::from_utf8_lossy(body).into_owned();
        }
        let mut text = Vec::with_capacity(body.len());
        let mut rest = body;
        while let Some((size, marks)) = chunk(rest) {
            text.extend_from_slice(rest.get(marks..marks + size).unwrap_or_default());
            match rest.get(marks + size + 2..) {
                Some(after) if size > 0 => rest = after,
                _ => break,
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }
}

fn read_head(buffer: &[u8]) -> anyhow::Result<Option<Answer>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(start) = response.parse(buffer).context("the answer is not HTTP/1.1")?
    else {
        return Ok(None);
    };
    let mut answer = Answer {
        status: response.code.unwrap_or_default(),
        start,
        ..Answer::default()
    };
    for header in response.headers.iter() {
        if header.name.eq_ignore_ascii_case("content-length") {
            let text = std::str::from_utf8(header.value).unwrap_or_default();
            answer.length = Some(
                text.trim()
                    .parse()
                    .context("the Content-Length is not a number")?,
            );
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            answer.chunked = header.value.eq_ignore_ascii_case(b"chunked");
        } else if header.name.eq_ignore_ascii_case("connection") {
            answer.closes = header.value.eq_ignore_ascii_case(b"close");
        }
    }
    // 204 and 304 have no body.
    if !answer.chunked && answer.length.is_none() && !matches!(answer.status, 204 | 304) {
        bail!("the answer says neither Content-Length nor chunked");
    }
    Ok(Some(answer))
}

/// Bytes of the body once it is complete.
fn body_bytes(head: &Answer, body: &[u8]) -> anyhow::Result<Option<usize>> {
    if !head.chunked {
        let length = head.length.unwrap_or(0);
        return Ok((body.len() >= length).then_some(length));
    }
    let (mut at, mut bytes) = (0, 0);
    while let Some((size, marks)) = chunk(body.get(at..).unwrap_or_default()) {
        at += marks + size + 2;
        bytes += size;
        if body.len() < at {
            return Ok(None);
        }
        if size == 0 {
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}

/// The size of the chunk that begins here, and the bytes its size line takes. `None`: not all of that line has come.
fn chunk(body: &[u8]) -> Option<(usize, usize)> {
    let end = body.windows(2).take(20).position(|pair| pair == b"\r\n")?;
    let digits = std::str::from_utf8(body.get(..end)?).ok()?;
    let size = usize::from_str_radix(digits.split(';').next()?.trim(), 16).ok()?;
    Some((size, end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_with_a_length_is_complete_when_all_of_it_came() {
        let head = read_head(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab")
            .expect("a head")
            .expect("complete");
        assert_eq!((head.status, head.length, head.closes), (200, Some(3), false));
        assert_eq!(body_bytes(&head, b"ab").expect("valid"), None);
        assert_eq!(body_bytes(&head, b"abc").expect("valid"), Some(3));
    }

    #[test]
    fn chunks_are_counted_without_their_marks() {
        let head = read_head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            .expect("a head")
            .expect("complete");
        let body = b"3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n";
        for cut in 0..body.len() {
            assert_eq!(body_bytes(&head, &body[..cut]).expect("valid"), None, "{cut}");
        }
        assert_eq!(body_bytes(&head, body).expect("valid"), Some(13));
    }

    #[test]
    fn an_unfinished_head_is_not_an_answer() {
        assert_eq!(
            read_head(b"HTTP/1.1 200 OK\r\ncontent-le").expect("valid so far"),
            None
        );
        assert!(read_head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
