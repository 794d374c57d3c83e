//! The mail server.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};

use super::{
    certificate::certified,
    conversation::converse,
    options::{Next, Received, ServerOptions, Tls},
    state::{Open, Shared},
};

/// A mail server. It ends when this is dropped.
pub struct MailServer {
    /// Its address on the loopback.
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
    /// Starts a server without TLS and login.
    pub async fn start() -> Self {
        Self::start_with(ServerOptions::default()).await
    }

    /// Starts a server.
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

    /// Adds instructions for the next emails.
    pub fn then(&self, next: &[Next]) {
        self.shared.state().next.extend(next);
    }

    /// Answers RCPT by this rule, unless there is an instruction. It gets the address of the recipient; `None`
    /// accepts it.
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

    /// How many connections are open.
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

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
