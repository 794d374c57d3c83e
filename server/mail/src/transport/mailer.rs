//! Writing an email with its headers, and sending it.

use std::time::{Duration, SystemTime};

use domain::{EmailAddress, email::ascii_domain};
use jiff::Timestamp;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use super::{
    draft::Draft,
    error::SendError,
    outbox::{Outbox, send_by_smtp, write_file},
};

/// The longest left side of an address (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL_PART: usize = 64;

/// Writes drafts as emails and sends them.
#[derive(Debug, Clone)]
pub struct Mailer {
    outbox: Outbox,
    from: Mailbox,
    /// The address for returned emails: left and right side.
    returns: (String, String),
    /// The host of the public URL: the right side of Message-ID and List-Id.
    host: String,
}

impl Mailer {
    /// A mailer that sends as `from` (`Name <address>`), for the site at `public_url`. Emails that cannot be
    /// delivered come back to `returns`, or else to the sender. Each email has a return address of its own:
    /// `local+bounce.MARK@domain`.
    pub fn new(
        outbox: Outbox,
        from: &str,
        returns: Option<&EmailAddress>,
        public_url: &str,
    ) -> Result<Self, String> {
        let mut from = from.parse::<Mailbox>().map_err(|error| {
            format!("“{from}” is not a sender such as Broadsheet <news@example.org>: {error}")
        })?;
        // Every mail server accepts the ASCII form of an internationalised domain. `localhost` stays as it is.
        if let Some(domain) = ascii_domain(from.email.domain()) {
            from.email = Address::new(from.email.user(), domain)
                .map_err(|error| format!("“{from}” is not a valid sender: {error}"))?;
        }
        let host = public_url
            .split_once("://")
            .map_or(public_url, |(_, rest)| rest)
            .split(['/', ':'])
            .next()
            .filter(|host| !host.is_empty())
            .unwrap_or("localhost");
        let host = ascii_domain(host).unwrap_or_else(|| host.to_owned());
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

    /// The Message-ID of an email with this [`Draft::id`].
    pub fn message_id(&self, id: &str) -> String {
        format!("<{id}@{}>", self.host)
    }

    /// Where emails go.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The bytes of an email, dated `now`.
    pub fn write(&self, draft: &Draft, now: Timestamp) -> Result<Vec<u8>, SendError> {
        Ok(self.message(draft, now)?.formatted())
    }

    fn message(&self, draft: &Draft, now: Timestamp) -> Result<Message, SendError> {
        let to = Mailbox::new(
            None,
            draft
                .to
                .as_str()
                .parse()
                .map_err(|error| SendError::unsendable(&error))?,
        );
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
            .map_err(|error| SendError::unsendable(&error))?;
        for (name, value) in [
            ("List-Id", format!("Broadsheet <daily.{}>", self.host)),
            ("List-Unsubscribe", format!("<{}>", draft.unsubscribe_url)),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
            ("Auto-Submitted", "auto-generated".to_owned()),
            ("Precedence", "bulk".to_owned()),
        ] {
            let name =
                HeaderName::new_from_ascii(name.to_owned()).map_err(|error| SendError::unsendable(&error))?;
            // Not folded: some mail programs read these headers line by line.
            message
                .headers_mut()
                .insert_raw(HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value));
        }
        Ok(message)
    }

    /// The return path of an email (variable envelope return path). It has no mark if the mark would make it too
    /// long.
    pub fn return_path(&self, draft: &Draft) -> String {
        let (local, domain) = &self.returns;
        let marked = format!("{local}+bounce.{}", draft.mark);
        if marked.len() > MAX_LOCAL_PART {
            return format!("{local}@{domain}");
        }
        format!("{marked}@{domain}")
    }

    /// Writes an email and sends it.
    pub async fn send(&self, draft: &Draft, now: Timestamp) -> Result<(), SendError> {
        let bytes = self.write(draft, now)?;
        self.send_bytes(draft, bytes).await
    }

    /// Sends the bytes that [`Mailer::write`] made of this draft.
    pub async fn send_bytes(&self, draft: &Draft, bytes: Vec<u8>) -> Result<(), SendError> {
        match &self.outbox {
            Outbox::Smtp(transport) => {
                send_by_smtp(transport, &self.return_path(draft), draft.to.as_str(), bytes).await
            }
            Outbox::Folder(folder) => {
                // A mail server adds this line on delivery.
                let mut file = format!("Return-Path: <{}>\r\n", self.return_path(draft)).into_bytes();
                file.extend(bytes);
                write_file(folder, &draft.id, &file)
                    .await
                    .map_err(|error| SendError::Later(format!("{}: {error}", folder.display())))
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

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
    fn an_email_has_the_headers_of_a_mailing_list_and_no_injected_ones() {
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
    fn every_email_has_a_return_address_of_its_own() {
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
    fn internationalised_domains_are_sent_in_ascii() {
        let mailer = Mailer::new(
            Outbox::Memory(Arc::default()),
            "Zeitung <zeitung@bücher.example>",
            None,
            "https://zeitung.bücher.example:8443",
        )
        .expect("a mailer");
        let draft = Draft {
            to: "leserin@BÜCHER.example".parse().expect("address"),
            ..draft()
        };
        let bytes = mailer
            .write(&draft, "2026-11-24T08:00:00Z".parse().expect("time"))
            .expect("mail");
        let text = String::from_utf8(bytes).expect("ascii");
        for line in [
            "From: Zeitung <zeitung@xn--bcher-kva.example>",
            "To: leserin@xn--bcher-kva.example",
            "Message-ID: <digest.1.2026-11-24@zeitung.xn--bcher-kva.example>",
            "List-Id: Broadsheet <daily.zeitung.xn--bcher-kva.example>",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
        assert!(text.is_ascii());
        assert!(mailer.return_path(&draft).ends_with("@xn--bcher-kva.example"));
    }

    #[test]
    fn an_invalid_sender_is_refused_and_named() {
        let error =
            Mailer::new(Outbox::Memory(Arc::default()), "nobody", None, "http://x").expect_err("no sender");
        assert!(error.contains("nobody"));
    }
}
