//! Where emails go: a mail server, a folder of files, or memory.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    address::Envelope,
    transport::smtp::{
        PoolConfig,
        client::{Certificate, Tls, TlsParameters},
    },
};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use store::private_file;
use tokio::io::AsyncWriteExt;

use super::error::SendError;

/// How long connecting to the mail server may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// How long sending one email may take in all. A server may take ten minutes after the end of the data (RFC 5321,
/// section 4.5.3.2.6). The lease of an email is longer than this.
const SEND_TIMEOUT: Duration = Duration::from_secs(11 * 60);
/// Connections to the mail server that are kept open.
const POOL: u32 = 16;
/// A connection that has been idle for this long is closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Where emails go.
#[derive(Debug, Clone)]
pub enum Outbox {
    /// A mail server. Its connections are reused.
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// `.eml` files in this folder. Any mail program opens them.
    Folder(PathBuf),
    /// For tests: the bytes of all emails.
    Memory(Arc<Mutex<Vec<Vec<u8>>>>),
}

impl Outbox {
    /// The mail server at an `smtp://` or `smtps://` URL, with user, password and `?tls=required|opportunistic` as
    /// lettre reads them. `authority` is a certificate (PEM) that is trusted besides the usual ones.
    pub fn smtp(url: &str, authority: Option<&[u8]>) -> Result<Self, String> {
        let mut transport =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|error| error.to_string())?;
        if let Some(tls) = authority.map(|pem| tls(url, pem)).transpose()? {
            transport = transport.tls(tls);
        }
        let pool = PoolConfig::new().max_size(POOL).idle_timeout(IDLE_TIMEOUT);
        Ok(Self::Smtp(
            transport.timeout(Some(CONNECT_TIMEOUT)).pool_config(pool).build(),
        ))
    }

    /// Checks that the mail server answers. Folders and memory always do.
    pub async fn reachable(&self) -> Result<(), String> {
        match self {
            Self::Smtp(transport) => {
                match tokio::time::timeout(CONNECT_TIMEOUT, transport.test_connection()).await {
                    Ok(Ok(true)) => Ok(()),
                    Ok(Err(error)) => Err(error.to_string()),
                    Ok(Ok(false)) | Err(_) => Err("the mail server does not answer".to_owned()),
                }
            }
            Self::Folder(_) | Self::Memory(_) => Ok(()),
        }
    }
}

/// Sends the bytes of an email to the mail server.
pub(super) async fn send_by_smtp(
    transport: &AsyncSmtpTransport<Tokio1Executor>,
    from: &str,
    to: &str,
    bytes: Vec<u8>,
) -> Result<(), SendError> {
    let address = |text: &str| {
        text.parse()
            .map_err(|error: lettre::address::AddressError| SendError::unsendable(&error))
    };
    let envelope = Envelope::new(Some(address(from)?), vec![address(to)?])
        .map_err(|error| SendError::unsendable(&error))?;
    // lettre has a timeout for connecting only. If our timeout dropped the sending, its connection would go back to
    // the pool in mid-conversation, and the next email would read the replies to this one. So the sending goes on in
    // a task of its own.
    let transport = transport.clone();
    let sending = tokio::spawn(async move { transport.send_raw(&envelope, &bytes).await });
    match tokio::time::timeout(SEND_TIMEOUT, sending).await {
        Ok(Ok(Ok(reply))) if u16::from(reply.code()) == 250 => Ok(()),
        Ok(Ok(Ok(reply))) => Err(SendError::Later(format!(
            "the mail server answered {} to the email",
            reply.code()
        ))),
        Ok(Ok(Err(error))) => Err(SendError::of_reply(&error)),
        Ok(Err(error)) => Err(SendError::Later(error.to_string())),
        Err(_) => Err(SendError::Unreachable(
            "the mail server took longer than eleven minutes".to_owned(),
        )),
    }
}

/// Writes an email as a file. It is written under another name first and then renamed, so a reader never sees a part
/// of it.
pub(super) async fn write_file(folder: &Path, id: &str, bytes: &[u8]) -> std::io::Result<()> {
    // Emails hold links that act without a password.
    private_file::create_folder(folder)?;
    let name: String = id
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_') {
                c
            } else {
                '-'
            }
        })
        .collect();
    let part = folder.join(format!(".{name}.part"));
    // Left by a process that was killed.
    let _ = tokio::fs::remove_file(&part).await;
    let mut file = tokio::fs::File::from_std(private_file::create_new(&part)?);
    file.write_all(bytes).await?;
    // An email that is recorded as sent must survive a power cut.
    file.sync_all().await?;
    tokio::fs::rename(part, folder.join(format!("{name}.eml"))).await
}

/// TLS settings with one more trusted authority. The URL says how to secure the connection, as lettre reads it.
fn tls(url: &str, authority: &[u8]) -> Result<Tls, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let url = reqwest::Url::parse(url).map_err(|error| text(&error))?;
    let mode = url.query_pairs().find(|(name, _)| name == "tls");
    let kind: fn(TlsParameters) -> Tls = match (url.scheme(), mode.as_ref().map(|(_, value)| &**value)) {
        ("smtps", _) => Tls::Wrapper,
        (_, Some("required")) => Tls::Required,
        (_, Some("opportunistic")) => Tls::Opportunistic,
        _ => {
            return Err(
                "BROADSHEET_SMTP_CA needs a connection with TLS: add ?tls=required to BROADSHEET_SMTP_URL, or use smtps://"
                    .to_owned(),
            );
        }
    };
    // lettre accepts a file without any certificate and would add none.
    CertificateDer::from_pem_slice(authority)
        .map_err(|error| format!("the certificate of the authority cannot be read: {error}"))?;
    let certificate = Certificate::from_pem(authority).map_err(|error| text(&error))?;
    let parameters = TlsParameters::builder(url.host_str().unwrap_or_default().to_owned())
        .add_root_certificate(certificate)
        .build()
        .map_err(|error| text(&error))?;
    Ok(kind(parameters))
}
