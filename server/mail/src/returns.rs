//! What a report about a returned email changes: one that could not be delivered, or that its reader reported as
//! spam.
//!
//! Anyone can write such a report. Broadsheet acts on it only if it has the mark of an email of ours: a part of the
//! return path and of the Message-ID, signed with the secret of the server.

use jiff::Timestamp;
use store::{Result, Subscriber};

use crate::{
    bounces::{Action, Kind, Report},
    delivery::record_refusal,
    service::MailService,
    status::Blame,
};

/// What a report about a returned email led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BounceOutcome {
    /// The address is suppressed.
    Suppressed(ReturnedEmail),
    /// The refusal counts against the address, which still gets email.
    Counted(ReturnedEmail),
    /// Nothing: the email is still being tried, the address is not at fault, or the report is known.
    Nothing(ReturnedEmail),
    /// The report has no mark of ours, or its subscriber was deleted or has confirmed the address since.
    NotOurs,
}

/// The address to which an email was sent, and what the report says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnedEmail {
    /// The address as typed.
    pub email: String,
    /// What the other server said.
    pub words: String,
}

impl MailService {
    /// Records a report. Several reports about one email count once.
    pub async fn record_bounce(&self, report: &Report, now: Timestamp) -> Result<BounceOutcome> {
        let Some((email, nonce, subscriber)) = self.email_of(report).await? else {
            return Ok(BounceOutcome::NotOurs);
        };
        let reason = Reason::of(report);
        let returned = ReturnedEmail {
            email: subscriber.email.clone(),
            words: reason.words(),
        };
        match report.kind {
            Kind::Passing => Ok(BounceOutcome::Nothing(returned)),
            Kind::Complaint => {
                let words = "reported as spam".to_owned();
                let address = self.subscriber_address_hash(&subscriber);
                self.store
                    .record_complaint(&address, subscriber.id, &words, now)
                    .await?;
                tracing::warn!(subscriber = subscriber.id, "reported as spam; address suppressed");
                Ok(BounceOutcome::Suppressed(ReturnedEmail { words, ..returned }))
            }
            Kind::Failed => {
                let blame = reason.blame();
                // If the address is not at fault, the email may have been read all the same.
                if blame == Blame::None || !self.store.email_returned(email, &returned.words).await? {
                    return Ok(BounceOutcome::Nothing(returned));
                }
                let mark = self.signer(&nonce, None).mark(email);
                let suppressed =
                    record_refusal(self, &subscriber, &mark, blame, &returned.words, now).await?;
                Ok(if suppressed {
                    BounceOutcome::Suppressed(returned)
                } else {
                    BounceOutcome::Counted(returned)
                })
            }
        }
    }

    /// The email whose mark a report has, in an address `…+bounce.17.0123…@…` or at the end of the Message-ID: its
    /// row id, its nonce and its subscriber.
    async fn email_of(&self, report: &Report) -> Result<Option<(i64, Vec<u8>, Subscriber)>> {
        let in_ids = report.message_ids.iter().filter_map(|id| id.split('@').next());
        for mark in report.marks.iter().map(String::as_str).chain(in_ids) {
            let mut parts = mark.rsplit('.');
            let (Some(hex), Some(id)) = (parts.next(), parts.next().and_then(|id| id.parse::<i64>().ok()))
            else {
                continue;
            };
            if let Some((nonce, subscriber)) = self.store.reported_email(id).await?
                && self.has_mark(&nonce, &hex.to_ascii_lowercase())
            {
                return Ok(Some((id, nonce, subscriber)));
            }
        }
        Ok(None)
    }
}

/// Why an email was returned.
struct Reason {
    /// The enhanced status code.
    status: Option<String>,
    /// The text of the other server.
    diagnostic: Option<String>,
}

impl Reason {
    /// The reason of the first recipient whose delivery failed, or else of the first recipient.
    fn of(report: &Report) -> Self {
        let recipient = report
            .recipients
            .iter()
            .find(|recipient| recipient.action == Some(Action::Failed))
            .or_else(|| report.recipients.first());
        Self {
            status: recipient.and_then(|recipient| recipient.status.clone()),
            diagnostic: recipient.and_then(|recipient| recipient.diagnostic.clone()),
        }
    }

    /// For the log and the database.
    fn words(&self) -> String {
        match (&self.diagnostic, &self.status) {
            (Some(text), Some(status)) if !text.contains(status.as_str()) => format!("{status} {text}"),
            (Some(text), _) => text.clone(),
            (None, Some(status)) => status.clone(),
            (None, None) => "no reason was given".to_owned(),
        }
    }

    fn blame(&self) -> Blame {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        Blame::of(
            None,
            &format!("{} {}", text(&self.status), text(&self.diagnostic)),
        )
    }
}
