//! A connection that is read line by line.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::TlsAcceptor;

/// The answer to a correct login.
pub(super) const WELCOME: &str = "235 2.7.0 welcome";
/// The answer to any other login.
const WRONG_LOGIN: &str = "535 5.7.8 wrong password";

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection that acknowledges at once what it has read. lettre sends the end of an email separately, and the
/// kernel holds it back until the rest is acknowledged. Otherwise that would take 40 ms for every email.
pub(super) struct Prompt(pub(super) TcpStream);

impl AsyncRead for Prompt {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = ready!(Pin::new(&mut self.0).poll_read(task, into));
        #[cfg(target_os = "linux")]
        let read = read.and_then(|()| self.0.set_quickack(true));
        Poll::Ready(read)
    }
}

impl AsyncWrite for Prompt {
    fn poll_write(mut self: Pin<&mut Self>, task: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(task, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(task)
    }
}

/// A connection that is read line by line.
pub(super) struct Wire(BufReader<Box<dyn Stream>>);

impl Wire {
    pub fn over(stream: impl Stream + 'static) -> Self {
        Self(BufReader::with_capacity(1 << 16, Box::new(stream)))
    }

    pub async fn secured(self, acceptor: &TlsAcceptor) -> io::Result<Self> {
        // Commands sent before the handshake could come from anyone.
        if !self.0.buffer().is_empty() {
            return Err(io::Error::other("something said in the clear after STARTTLS"));
        }
        Ok(Self::over(acceptor.accept(self.0.into_inner()).await?))
    }

    /// The next line without its end; `None` if the client has disconnected.
    pub async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let read = self.0.read_until(b'\n', &mut line).await?;
        Ok((read > 0).then(|| String::from_utf8_lossy(&line).trim_end().to_owned()))
    }

    pub async fn answer(&mut self, answer: &str) -> io::Result<()> {
        self.0.write_all(format!("{answer}\r\n").as_bytes()).await?;
        self.0.flush().await
    }

    pub async fn close_with(mut self, answer: &str) -> io::Result<()> {
        self.answer(answer).await?;
        self.0.shutdown().await
    }

    /// The email up to the single dot, with dot-stuffing undone; `None` if the client has disconnected.
    pub async fn email(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        loop {
            let start = bytes.len();
            self.0.read_until(b'\n', &mut bytes).await?;
            match &bytes[start..] {
                [] => return Ok(None),
                b".\r\n" => {
                    bytes.truncate(start);
                    return Ok(Some(bytes));
                }
                [b'.', ..] => drop(bytes.remove(start)),
                _ => {}
            }
        }
    }

    /// The answer to an AUTH command: [`WELCOME`] if the client gives this login.
    pub async fn login(&mut self, command: &str, login: Option<(&str, &str)>) -> io::Result<&'static str> {
        let Some((user, password)) = login else {
            return Ok(WRONG_LOGIN);
        };
        let mut words = command.split_whitespace().skip(1);
        let mechanism = words.next().unwrap_or_default().to_ascii_uppercase();
        let mut given = words.next().map(str::to_owned);
        let questions: &[&str] = match mechanism.as_str() {
            "PLAIN" => &[""],
            "LOGIN" => &["Username:", "Password:"],
            _ => return Ok("504 5.5.4 PLAIN or LOGIN"),
        };
        let mut given_login = Vec::new();
        for question in questions {
            let answer = match given.take() {
                Some(given) => given,
                None => {
                    self.answer(&format!("334 {}", BASE64_STANDARD.encode(question)))
                        .await?;
                    self.line().await?.unwrap_or_default()
                }
            };
            match BASE64_STANDARD.decode(answer) {
                Ok(answer) => given_login.push(answer),
                Err(_) => return Ok("501 5.5.2 no base64"),
            }
        }
        if mechanism == "PLAIN" {
            // The parts are the authorization identity, the user and the password.
            given_login = given_login[0]
                .split(|byte| *byte == 0)
                .skip(1)
                .map(<[u8]>::to_vec)
                .collect();
        }
        Ok(if given_login == [user.as_bytes(), password.as_bytes()] {
            WELCOME
        } else {
            WRONG_LOGIN
        })
    }
}
