//! Letters on their way out: over SMTP, or as files, or into memory for a test.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use domain::EmailAddress;
use jiff::Timestamp;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    address::Envelope,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        PoolConfig,
        client::{Certificate, Tls, TlsParameters},
    },
};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use tokio::io::AsyncWriteExt;

use crate::bounces;

/// How long connecting to the mail server may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// How long handing over one letter may take in all: the ten minutes a server may think after its end (RFC 5321, section
/// 4.5.3.2.6), and less than the lease of a letter.
const LETTER_TIMEOUT: Duration = Duration::from_secs(11 * 60);
/// Connections to the mail server that are kept and used again.
const POOL: u32 = 16;
/// A connection that has been idle for this long is closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Where letters go.
#[derive(Debug, Clone)]
pub enum Outbox {
    /// A real mail server. Connections are kept and used again.
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// `.eml` files, which any mail program opens.
    Folder(PathBuf),
    /// For tests: the letters as they would go out.
    Memory(Arc<Mutex<Vec<Vec<u8>>>>),
}

/// Why a letter was not handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// Worth another try: a 4xx answer, a full disk.
    #[error("{0}")]
    Later(String),
    /// The server asks for patience (421): worth another try, of this domain not before a while.
    #[error("{0}")]
    Patience(String),
    /// No connection, or one that broke, or our login refused: nothing to do with this letter.
    #[error("{0}")]
    Unreachable(String),
    /// A 5xx answer to this letter: trying again would not help.
    #[error("{words}")]
    Never {
        /// What the server said.
        words: String,
        /// What it says about the address.
        blame: Blame,
    },
}

/// What a refusal for good says about the address it was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// It does not exist (RFC 3463: 5.1.1 and its kin, 5.2.1).
    Certain,
    /// It may be at fault (5.1.x and 5.2.x else; 550, 551, 553 without a further word).
    Counts,
    /// Nothing: policy, our own address, routes, the letter itself.
    Nobody,
}

impl Blame {
    /// What a reply code and the words with it say.
    pub fn of(code: Option<u16>, words: &str) -> Self {
        match enhanced(words) {
            Some((1, 1 | 2 | 3 | 6 | 10) | (2, 1)) => Self::Certain,
            // 5.1.7 and 5.1.8 are about the sender.
            Some((1, 7 | 8)) => Self::Nobody,
            Some((1 | 2, _)) => Self::Counts,
            Some(_) => Self::Nobody,
            None if matches!(code, None | Some(550 | 551 | 553)) => Self::Counts,
            None => Self::Nobody,
        }
    }
}

/// A letter before it is put into its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// To whom.
    pub to: EmailAddress,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Makes the Message-ID: the same letter always has the same.
    pub id: String,
    /// What it is known by when it comes back: part of its return path.
    pub mark: String,
    /// The address whose POST unsubscribes (RFC 8058).
    pub unsubscribe_url: String,
}

/// Writes drafts as mails and hands them over.
#[derive(Debug, Clone)]
pub struct Mailer {
    outbox: Outbox,
    from: Mailbox,
    /// Where what cannot be delivered comes back to, before each letter's own mark.
    returns: (String, String),
    /// The host of the public URL: the right side of Message-ID and List-Id.
    host: String,
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

    /// Whether the mail server answers; folders and memory always do.
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

impl Mailer {
    /// A mailer that sends in the name of `from` (`Name <address>`), for the site at `public_url`. What cannot be delivered
    /// comes back to `returns`, or to the sender: each letter to an address of its own, `local+bounce.MARK@domain`.
    pub fn new(
        outbox: Outbox,
        from: &str,
        returns: Option<&EmailAddress>,
        public_url: &str,
    ) -> Result<Self, String> {
        let from = from.parse::<Mailbox>().map_err(|error| {
            format!("“{from}” is no sender such as Broadsheet <news@example.org>: {error}")
        })?;
        let host = public_url
            .split_once("://")
            .map_or(public_url, |(_, rest)| rest)
            .split(['/', ':'])
            .next()
            .filter(|host| !host.is_empty())
            .unwrap_or("localhost")
            .to_owned();
        let returns = returns.map_or_else(|| from.email.to_string(), |returns| returns.as_str().to_owned());
        let (local, domain) = returns.rsplit_once('@').unwrap_or((&returns, "localhost"));
        let returns = (local.to_owned(), domain.to_owned());
        Ok(Self {
            outbox,
            from,
            returns,
            host,
        })
    }

    /// The Message-ID of a letter.
    pub fn message_id(&self, id: &str) -> String {
        format!("<{id}@{}>", self.host)
    }

    /// Where the letters go.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The mail as it goes over the wire.
    pub fn write(&self, draft: &Draft, now: Timestamp) -> Result<Vec<u8>, MailError> {
        Ok(self.message(draft, now)?.formatted())
    }

    fn message(&self, draft: &Draft, now: Timestamp) -> Result<Message, MailError> {
        let to = Mailbox::new(None, draft.to.as_str().parse().map_err(|error| never(&error))?);
        let date = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(now.as_second()).unwrap_or(0));
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(domain::text::one_line(&draft.subject))
            .message_id(Some(self.message_id(&draft.id)))
            .date(date)
            .multipart(MultiPart::alternative_plain_html(
                draft.text.clone(),
                draft.html.clone(),
            ))
            .map_err(|error| never(&error))?;
        for (name, value) in [
            ("List-Id", format!("Broadsheet <daily.{}>", self.host)),
            ("List-Unsubscribe", format!("<{}>", draft.unsubscribe_url)),
            (
                "List-Unsubscribe-MailService",
                "List-Unsubscribe=One-Click".to_owned(),
            ),
            ("Auto-Submitted", "auto-generated".to_owned()),
            ("Precedence", "bulk".to_owned()),
        ] {
            let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|error| never(&error))?;
            // Unfolded: clients look for these lines with simple means.
            message
                .headers_mut()
                .insert_raw(HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value));
        }
        Ok(message)
    }

    /// Where this letter comes back to if it cannot be delivered (a variable envelope return path). An address whose mark
    /// would make it too long (RFC 5321, 4.5.3.1.1) goes without.
    pub fn return_path(&self, draft: &Draft) -> String {
        let (local, domain) = &self.returns;
        let marked = format!("{local}+bounce.{}", draft.mark);
        if marked.len() > 64 {
            return format!("{local}@{domain}");
        }
        format!("{marked}@{domain}")
    }

    /// Writes a letter and hands it over.
    pub async fn send(&self, draft: &Draft, now: Timestamp) -> Result<(), MailError> {
        let bytes = self.write(draft, now)?;
        self.hand_over(draft, bytes).await
    }

    /// Hands over what [`Mailer::write`] made of this letter.
    pub async fn hand_over(&self, draft: &Draft, bytes: Vec<u8>) -> Result<(), MailError> {
        match &self.outbox {
            Outbox::Smtp(transport) => {
                let address = |text: &str| {
                    text.parse()
                        .map_err(|error: lettre::address::AddressError| never(&error))
                };
                let envelope = Envelope::new(
                    Some(address(&self.return_path(draft))?),
                    vec![address(draft.to.as_str())?],
                )
                .map_err(|error| never(&error))?;
                // lettre bounds only the connecting. Whoever stopped waiting in the middle of a conversation would leave it
                // to the next letter, which would take the answers to this one for its own: so the conversation goes on
                // without us.
                let transport = transport.clone();
                let sending = tokio::spawn(async move { transport.send_raw(&envelope, &bytes).await });
                match tokio::time::timeout(LETTER_TIMEOUT, sending).await {
                    Ok(Ok(Ok(answer))) if u16::from(answer.code()) == 250 => Ok(()),
                    Ok(Ok(Ok(answer))) => Err(MailError::Later(format!(
                        "the mail server answered {} to the letter",
                        answer.code()
                    ))),
                    Ok(Ok(Err(error))) => Err(told(&error)),
                    Ok(Err(error)) => Err(MailError::Later(error.to_string())),
                    Err(_) => Err(MailError::Unreachable(
                        "the mail server took longer than eleven minutes".to_owned(),
                    )),
                }
            }
            Outbox::Folder(folder) => {
                // What a mail server would note on delivery.
                let mut file = format!("Return-Path: <{}>\r\n", self.return_path(draft)).into_bytes();
                file.extend(bytes);
                write_file(folder, &draft.id, &file)
                    .await
                    .map_err(|error| MailError::Later(format!("{}: {error}", folder.display())))
            }
            Outbox::Memory(sent) => {
                sent.lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner)
                    .push(bytes);
                Ok(())
            }
        }
    }
}

/// Something of the letter itself is wrong: no server was asked.
fn never(error: &dyn std::fmt::Display) -> MailError {
    MailError::Never {
        words: error.to_string(),
        blame: Blame::Nobody,
    }
}

/// What an answer of the mail server means.
fn told(error: &lettre::transport::smtp::Error) -> MailError {
    /// Answers to our login (RFC 4954, section 6) are about our settings: once these are mended, the letter can go.
    const LOGIN: [u16; 5] = [454, 530, 534, 535, 538];
    let words = error.to_string();
    let code = error.status().map(u16::from);
    match code {
        Some(code) if LOGIN.contains(&code) => MailError::Unreachable(words),
        Some(421) => MailError::Patience(words),
        Some(400..=499) => MailError::Later(words),
        Some(500..) => MailError::Never {
            blame: Blame::of(code, &words),
            words,
        },
        _ => MailError::Unreachable(words),
    }
}

/// Subject and detail of an enhanced status code of class 5 in a text (RFC 3463): `5.1.1`.
pub fn enhanced(text: &str) -> Option<(u16, u16)> {
    let code = bounces::code(text, &["5"])?;
    let (_, rest) = code.split_once('.')?;
    let (subject, detail) = rest.split_once('.')?;
    Some((subject.parse().ok()?, detail.parse().ok()?))
}

/// How lettre is told to trust one more authority: the ways of securing a connection as it reads them from the URL.
fn tls(url: &str, authority: &[u8]) -> Result<Tls, String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let url = reqwest::Url::parse(url).map_err(|error| told(&error))?;
    let wish = url.query_pairs().find(|(name, _)| name == "tls");
    let kind: fn(TlsParameters) -> Tls = match (url.scheme(), wish.as_ref().map(|(_, value)| &**value)) {
        ("smtps", _) => Tls::Wrapper,
        (_, Some("required")) => Tls::Required,
        (_, Some("opportunistic")) => Tls::Opportunistic,
        _ => {
            return Err("an authority’s certificate says nothing where the connection is not secured: write ?tls=required or smtps://".to_owned());
        }
    };
    // lettre takes a file without certificates for one with none to add.
    CertificateDer::from_pem_slice(authority)
        .map_err(|error| format!("the authority's certificate cannot be read: {error}"))?;
    let certificate = Certificate::from_pem(authority).map_err(|error| told(&error))?;
    let parameters = TlsParameters::builder(url.host_str().unwrap_or_default().to_owned())
        .add_root_certificate(certificate)
        .build()
        .map_err(|error| told(&error))?;
    Ok(kind(parameters))
}

/// Writes beside and renames, so that nobody ever reads half a letter.
async fn write_file(folder: &Path, id: &str, bytes: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
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
    let mut file = tokio::fs::File::create(&part).await?;
    file.write_all(bytes).await?;
    // What is noted as sent must not be gone after a power cut.
    file.sync_all().await?;
    tokio::fs::rename(part, folder.join(format!("{name}.eml"))).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            to: "ada@example.org".parse().expect("address"),
            subject: "Größe & more\r\nBcc: everyone@example.org".into(),
            text: "Text — “quoted”.\n.\nEnd".into(),
            html: "<p>Text</p>".into(),
            id: "digest.1.2026-11-24".into(),
            mark: "17.0123456789abcdef0123".into(),
            unsubscribe_url: "https://news.example.org/unsubscribe/TOKEN".into(),
        }
    }

    fn mailer() -> Mailer {
        Mailer::new(
            Outbox::Memory(Arc::default()),
            "Broadsheet <news@example.org>",
            None,
            "https://news.example.org:8443/x",
        )
        .expect("mailer")
    }

    #[test]
    fn a_letter_carries_the_headers_of_a_list_and_none_that_were_injected() {
        let bytes = mailer()
            .write(&draft(), "2026-11-24T08:00:00Z".parse().expect("time"))
            .expect("mail");
        let text = String::from_utf8(bytes).expect("ascii");
        let (head, _) = text.split_once("\r\n\r\n").expect("head");
        for line in [
            "List-Unsubscribe: <https://news.example.org/unsubscribe/TOKEN>",
            "List-Unsubscribe-MailService: List-Unsubscribe=One-Click",
            "List-Id: Broadsheet <daily.news.example.org>",
            "Auto-Submitted: auto-generated",
            "Precedence: bulk",
            "Message-ID: <digest.1.2026-11-24@news.example.org>",
            "To: ada@example.org",
        ] {
            assert!(head.lines().any(|found| found == line), "{line} in\n{head}");
        }
        assert!(
            !head
                .lines()
                .any(|line| line.to_ascii_lowercase().starts_with("bcc")),
            "{head}"
        );
        assert!(text.is_ascii() && !text.replace("\r\n", "").contains(['\r', '\n']));
        assert!(text.find("text/plain") < text.find("text/html"));
    }

    #[test]
    fn a_letter_comes_back_to_an_address_of_its_own() {
        assert_eq!(
            mailer().return_path(&draft()),
            "news+bounce.17.0123456789abcdef0123@example.org"
        );
        let elsewhere = "returns@bounces.example.net".parse().expect("an address");
        let mailer = Mailer::new(
            Outbox::Memory(Arc::default()),
            "news@example.org",
            Some(&elsewhere),
            "http://x",
        )
        .expect("mailer");
        assert_eq!(
            mailer.return_path(&draft()),
            "returns+bounce.17.0123456789abcdef0123@bounces.example.net"
        );
    }

    #[test]
    fn an_enhanced_status_is_found_in_what_servers_say() {
        for (text, found) in [
            ("permanent error (550): 5.1.1 no such user", Some((1, 1))),
            ("550-5.7.26 unauthenticated; see http://a.b/c", Some((7, 26))),
            ("550 host 10.5.1.1 says no", None),
            ("4.2.2 mailbox full", None),
            ("550 no", None),
            ("#5.1.10", Some((1, 10))),
        ] {
            assert_eq!(enhanced(text), found, "{text}");
        }
        for (code, words, blame) in [
            (550, "5.1.1 no such user", Blame::Certain),
            (552, "5.2.2 mailbox full", Blame::Counts),
            (550, "no", Blame::Counts),
            (550, "5.1.8 sender domain", Blame::Nobody),
            (550, "5.7.1 policy", Blame::Nobody),
            (554, "no", Blame::Nobody),
        ] {
            assert_eq!(Blame::of(Some(code), words), blame, "{code} {words}");
        }
    }

    #[test]
    fn a_sender_that_is_none_is_refused_by_name() {
        let error =
            Mailer::new(Outbox::Memory(Arc::default()), "nobody", None, "http://x").expect_err("no sender");
        assert!(error.contains("nobody"));
    }
}
