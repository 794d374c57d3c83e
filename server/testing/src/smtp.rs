//! A mail server on the loopback. It keeps what it receives, and can refuse, wait or hang up; with TLS and a login if a test asks
//! for them.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{ServerConfig, crypto::ring, pki_types::PrivatePkcs8KeyDer};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, ReadBuf},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;

/// What the server does with the next email (the next MAIL command on any connection). Without instructions it accepts every
/// email, or applies the rule of [`MailServer::always`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Accepts the email.
    Take,
    /// Answers MAIL with this code.
    RefuseSender(u16),
    /// Answers RCPT with this code.
    RefuseRecipient(u16),
    /// Answers RCPT with this code and a text such as `5.1.1 no such user`.
    RefuseRecipientWith(u16, &'static str),
    /// Reads the whole email and answers with this code.
    RefuseEmail(u16),
    /// Reads and keeps the whole email, then waits this long before it answers.
    Slowly(Duration),
    /// Answers 421 to MAIL and closes the connection.
    Goodbye,
    /// Reads a part of the email and closes the connection.
    HangUpInEmail,
    /// Reads and keeps the whole email, then closes the connection without an answer.
    HangUpAfterEmail,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tls {
    #[default]
    None,
    /// By STARTTLS, which is required.
    Upgraded,
    /// From the first byte, as on port 465.
    Implicit,
}

/// How clients must connect.
#[derive(Debug, Clone, Copy, Default)]
pub struct ServerOptions {
    pub tls: Tls,
    /// The user and password that are required. With `None`, no login is required and every login is refused.
    pub login: Option<(&'static str, &'static str)>,
}

/// An email as it was received, with dot-stuffing undone.
#[derive(Debug, Clone)]
pub struct Received {
    /// The whole MAIL command.
    pub from: String,
    /// The whole RCPT commands.
    pub to: Vec<String>,
    pub bytes: Vec<u8>,
}

impl Received {
    /// The addresses of its recipients.
    pub fn recipients(&self) -> impl Iterator<Item = &str> {
        self.to.iter().map(|command| address_in(command))
    }

    /// The Message-ID, with its angle brackets.
    pub fn message_id(&self) -> Option<&str> {
        self.bytes
            .split(|byte| *byte == b'\n')
            .take_while(|line| !line.trim_ascii().is_empty())
            .filter_map(|line| std::str::from_utf8(line).ok()?.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("message-id"))
            .map(|(_, id)| id.trim())
    }
}

const WELCOME: &str = "235 2.7.0 welcome";
const WRONG_LOGIN: &str = "535 5.7.8 wrong password";

type Rule = dyn Fn(&str) -> Option<(u16, String)> + Send + Sync;

#[derive(Default)]
struct State {
    next: VecDeque<Next>,
    always: Option<Arc<Rule>>,
    received: Vec<Received>,
    received_count: usize,
    connections: usize,
    open: usize,
    most_open: usize,
}

struct Shared {
    options: ServerOptions,
    acceptor: Option<TlsAcceptor>,
    state: Mutex<State>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts one open connection, until it is dropped.
struct Open(Arc<Shared>);

impl Open {
    fn new(shared: Arc<Shared>) -> Self {
        let mut state = shared.state();
        state.connections += 1;
        state.open += 1;
        state.most_open = state.most_open.max(state.open);
        drop(state);
        Self(shared)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.state().open -= 1;
    }
}

pub struct MailServer {
    pub address: SocketAddr,
    authority: Option<String>,
    shared: Arc<Shared>,
    conversations: Arc<Mutex<JoinSet<()>>>,
    serving: JoinHandle<()>,
}

/// Closes all connections.
impl Drop for MailServer {
    fn drop(&mut self) {
        self.serving.abort();
        self.hang_up();
    }
}

impl MailServer {
    pub async fn start() -> Self {
        Self::start_with(ServerOptions::default()).await
    }

    pub async fn start_with(options: ServerOptions) -> Self {
        let (authority, acceptor) = match options.tls {
            Tls::None => (None, None),
            Tls::Upgraded | Tls::Implicit => {
                let (authority, acceptor) = certified();
                (Some(authority), Some(acceptor))
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            options,
            acceptor,
            state: Mutex::default(),
        });
        let conversations = Arc::<Mutex<JoinSet<()>>>::default();
        let serving = tokio::spawn(serve(listener, shared.clone(), conversations.clone()));
        Self {
            address,
            authority,
            shared,
            conversations,
            serving,
        }
    }

    /// The URL with login and kind of TLS, as lettre reads it.
    pub fn url(&self) -> String {
        let ServerOptions { tls, login } = self.shared.options;
        let login = login.map_or_else(String::new, |(user, password)| {
            format!("{}:{}@", percent_encoded(user), percent_encoded(password))
        });
        let port = self.address.port();
        match tls {
            Tls::None => format!("smtp://{login}{}", self.address),
            Tls::Upgraded => format!("smtp://{login}localhost:{port}?tls=required"),
            Tls::Implicit => format!("smtps://{login}localhost:{port}"),
        }
    }

    /// The certificate (PEM) of the authority of this server.
    pub fn authority_pem(&self) -> &str {
        self.authority.as_deref().expect("a server with TLS")
    }

    pub fn then(&self, next: &[Next]) {
        self.shared.state().next.extend(next);
    }

    /// Answers RCPT by this rule, unless there is an instruction. It gets the address of the recipient; `None` accepts it.
    pub fn always(&self, rule: impl Fn(&str) -> Option<(u16, String)> + Send + Sync + 'static) {
        self.shared.state().always = Some(Arc::new(rule));
    }

    /// The kept emails that were not taken.
    pub fn received(&self) -> Vec<Received> {
        self.shared.state().received.clone()
    }

    /// Takes the kept emails.
    pub fn take_received(&self) -> Vec<Received> {
        std::mem::take(&mut self.shared.state().received)
    }

    /// How many emails were kept in all, including those taken.
    pub fn received_count(&self) -> usize {
        self.shared.state().received_count
    }

    /// How many connections were accepted in all.
    pub fn connections(&self) -> usize {
        self.shared.state().connections
    }

    pub fn open_connections(&self) -> usize {
        self.shared.state().open
    }

    /// How many connections were open at the same time, at most.
    pub fn most_open(&self) -> usize {
        self.shared.state().most_open
    }

    /// Closes all connections without an answer, and still accepts new ones.
    pub fn hang_up(&self) {
        self.conversations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .abort_all();
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>, conversations: Arc<Mutex<JoinSet<()>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let open = Open::new(shared.clone());
        let mut conversations = conversations.lock().unwrap_or_else(PoisonError::into_inner);
        while conversations.try_join_next().is_some() {}
        conversations.spawn(async move {
            // A client that disconnects ends only its own conversation.
            let _ = converse(stream, &open.0).await;
        });
    }
}

/// A new authority, as PEM, and a TLS acceptor with its certificate for localhost.
fn certified() -> (String, TlsAcceptor) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let authority = params.self_signed(&key).expect("an authority").pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()])
        .and_then(|params| params.signed_by(&key, &issuer))
        .expect("a certificate");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .expect("a certificate with its key");
    (authority, TlsAcceptor::from(Arc::new(config)))
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// The address between the angle brackets of a MAIL or RCPT command.
fn address_in(command: &str) -> &str {
    let inside = command.split_once('<').map_or(command, |(_, rest)| rest);
    inside.rsplit_once('>').map_or(inside, |(address, _)| address)
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection that acknowledges at once what it has read. lettre sends the end of an email separately, and the kernel holds it
/// back until the rest is acknowledged. Otherwise that would take 40 ms for every email.
struct Prompt(TcpStream);

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
struct Wire(BufReader<Box<dyn Stream>>);

impl Wire {
    fn over(stream: impl Stream + 'static) -> Self {
        Self(BufReader::with_capacity(1 << 16, Box::new(stream)))
    }

    async fn secured(self, acceptor: &TlsAcceptor) -> io::Result<Self> {
        // Commands sent before the handshake could come from anyone.
        if !self.0.buffer().is_empty() {
            return Err(io::Error::other("something said in the clear after STARTTLS"));
        }
        Ok(Self::over(acceptor.accept(self.0.into_inner()).await?))
    }

    /// The next line without its end; `None` if the client has disconnected.
    async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let read = self.0.read_until(b'\n', &mut line).await?;
        Ok((read > 0).then(|| String::from_utf8_lossy(&line).trim_end().to_owned()))
    }

    async fn answer(&mut self, answer: &str) -> io::Result<()> {
        self.0.write_all(format!("{answer}\r\n").as_bytes()).await?;
        self.0.flush().await
    }

    async fn close_with(mut self, answer: &str) -> io::Result<()> {
        self.answer(answer).await?;
        self.0.shutdown().await
    }

    /// The email up to the single dot, with dot-stuffing undone; `None` if the client has disconnected.
    async fn email(&mut self) -> io::Result<Option<Vec<u8>>> {
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
    async fn login(&mut self, command: &str, login: Option<(&str, &str)>) -> io::Result<&'static str> {
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

/// The commands before the data of an email.
struct Envelope {
    from: String,
    to: Vec<String>,
    next: Option<Next>,
}

impl Envelope {
    /// The answer to a recipient who is refused.
    fn refusal(&self, recipient: &str, shared: &Shared) -> Option<String> {
        match self.next {
            Some(Next::RefuseRecipient(code)) => Some(format!("{code} not this one")),
            Some(Next::RefuseRecipientWith(code, text)) => Some(format!("{code} {text}")),
            Some(_) => None,
            None => {
                let rule = shared.state().always.clone()?;
                rule(recipient).map(|(code, text)| format!("{code} {text}"))
            }
        }
    }
}

async fn converse(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let ServerOptions { tls, login } = shared.options;
    let mut wire = Wire::over(Prompt(stream));
    let mut in_the_clear = tls == Tls::Upgraded;
    if let (Tls::Implicit, Some(acceptor)) = (tls, &shared.acceptor) {
        wire = wire.secured(acceptor).await?;
    }
    let mut welcome = login.is_none();
    let mut envelope: Option<Envelope> = None;
    wire.answer("220 sink.test ESMTP").await?;
    while let Some(command) = wire.line().await? {
        let word = command.split([' ', ':']).next().unwrap_or_default();
        let answer = match word.to_ascii_uppercase().as_str() {
            "EHLO" => {
                envelope = None;
                let extension = if in_the_clear {
                    "STARTTLS"
                } else {
                    "AUTH PLAIN LOGIN"
                };
                format!("250-sink.test\r\n250-8BITMIME\r\n250-{extension}\r\n250 SIZE 10000000")
            }
            "STARTTLS" => match &shared.acceptor {
                Some(acceptor) if in_the_clear => {
                    wire.answer("220 2.0.0 go ahead").await?;
                    wire = wire.secured(acceptor).await?;
                    (in_the_clear, envelope) = (false, None);
                    continue;
                }
                Some(_) => "503 5.5.1 TLS is on".to_owned(),
                None => "502 unknown".to_owned(),
            },
            "AUTH" | "MAIL" if in_the_clear => "530 5.7.0 STARTTLS first".to_owned(),
            "AUTH" => {
                let answer = wire.login(&command, login).await?;
                welcome |= answer == WELCOME;
                answer.to_owned()
            }
            "MAIL" if !welcome => "530 5.7.0 AUTH first".to_owned(),
            "MAIL" if envelope.is_some() => "503 5.5.1 one email at a time".to_owned(),
            "MAIL" => {
                let next = shared.state().next.pop_front();
                match next {
                    Some(Next::RefuseSender(code)) => format!("{code} not this sender"),
                    Some(Next::Goodbye) => return wire.close_with("421 4.3.2 closing").await,
                    next => {
                        envelope = Some(Envelope {
                            from: command,
                            to: Vec::new(),
                            next,
                        });
                        "250 ok".to_owned()
                    }
                }
            }
            "RCPT" => match &mut envelope {
                None => "503 5.5.1 MAIL first".to_owned(),
                Some(envelope) => match envelope.refusal(address_in(&command), shared) {
                    Some(refusal) => refusal,
                    None => {
                        envelope.to.push(command);
                        "250 ok".to_owned()
                    }
                },
            },
            "DATA" => match envelope.take_if(|envelope| !envelope.to.is_empty()) {
                None => "503 5.5.1 RCPT first".to_owned(),
                Some(Envelope { from, to, next }) => {
                    wire.answer("354 go on").await?;
                    if next == Some(Next::HangUpInEmail) {
                        wire.line().await?;
                        return Ok(());
                    }
                    let Some(bytes) = wire.email().await? else {
                        return Ok(());
                    };
                    if let Some(Next::RefuseEmail(code)) = next {
                        format!("{code} not this email")
                    } else {
                        {
                            let mut state = shared.state();
                            state.received.push(Received { from, to, bytes });
                            state.received_count += 1;
                        }
                        match next {
                            Some(Next::HangUpAfterEmail) => return Ok(()),
                            Some(Next::Slowly(wait)) => tokio::time::sleep(wait).await,
                            _ => {}
                        }
                        "250 kept".to_owned()
                    }
                }
            },
            "QUIT" => return wire.close_with("221 bye").await,
            "RSET" => {
                envelope = None;
                "250 ok".to_owned()
            }
            "NOOP" => "250 ok".to_owned(),
            _ => "502 unknown".to_owned(),
        };
        wire.answer(&answer).await?;
    }
    Ok(())
}
