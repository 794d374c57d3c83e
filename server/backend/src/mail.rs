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
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

/// How long one exchange with the mail server may take.
const SMTP_TIMEOUT: Duration = Duration::from_secs(60);

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
    /// Worth another try: no connection, a 4xx answer, a full disk.
    #[error("{0}")]
    Later(String),
    /// A 5xx answer to this letter: trying again would not help.
    #[error("{0}")]
    Never(String),
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
    /// The address whose POST unsubscribes (RFC 8058).
    pub unsubscribe_url: String,
}

/// Writes drafts as mails and hands them over.
#[derive(Debug, Clone)]
pub struct Mailer {
    outbox: Outbox,
    from: Mailbox,
    /// The host of the public URL: the right side of Message-ID and List-Id.
    host: String,
}

impl Outbox {
    /// The mail server at an `smtp://` or `smtps://` URL, with user, password and `?tls=required|opportunistic` as
    /// lettre reads them.
    pub fn smtp(url: &str) -> Result<Self, String> {
        let transport =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|error| error.to_string())?;
        Ok(Self::Smtp(transport.timeout(Some(SMTP_TIMEOUT)).build()))
    }

    /// Whether the mail server answers; folders and memory always do.
    pub async fn reachable(&self) -> Result<(), String> {
        match self {
            Self::Smtp(transport) => match transport.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err("the mail server does not answer".to_owned()),
                Err(error) => Err(error.to_string()),
            },
            Self::Folder(_) | Self::Memory(_) => Ok(()),
        }
    }
}

impl Mailer {
    /// A mailer that sends in the name of `from` (`Name <address>`), for the site at `public_url`.
    pub fn new(outbox: Outbox, from: &str, public_url: &str) -> Result<Self, String> {
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
        Ok(Self { outbox, from, host })
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
        let never = |error: &dyn std::fmt::Display| MailError::Never(error.to_string());
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
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
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

    /// Hands a letter over.
    pub async fn send(&self, draft: &Draft, now: Timestamp) -> Result<(), MailError> {
        let message = self.message(draft, now)?;
        match &self.outbox {
            Outbox::Smtp(transport) => match transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if is_about_the_letter(&error) => Err(MailError::Never(error.to_string())),
                Err(error) => Err(MailError::Later(error.to_string())),
            },
            Outbox::Folder(folder) => write_file(folder, &draft.id, &message.formatted())
                .await
                .map_err(|error| MailError::Later(format!("{}: {error}", folder.display()))),
            Outbox::Memory(sent) => {
                sent.lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner)
                    .push(message.formatted());
                Ok(())
            }
        }
    }
}

/// A 5xx answer to the letter or its recipient. Those to our login (RFC 4954, section 6) are about our settings: once
/// these are mended, the letter can go.
fn is_about_the_letter(error: &lettre::transport::smtp::Error) -> bool {
    const LOGIN: [u16; 4] = [530, 534, 535, 538];
    error.is_permanent() && !error.status().is_some_and(|code| LOGIN.contains(&code.into()))
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
    tokio::fs::write(&part, bytes).await?;
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
            unsubscribe_url: "https://news.example.org/unsubscribe/TOKEN".into(),
        }
    }

    fn mailer() -> Mailer {
        Mailer::new(
            Outbox::Memory(Arc::default()),
            "Broadsheet <news@example.org>",
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
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
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
    fn a_sender_that_is_none_is_refused_by_name() {
        let error = Mailer::new(Outbox::Memory(Arc::default()), "nobody", "http://x").expect_err("no sender");
        assert!(error.contains("nobody"));
    }
}
