//! What comes back: a letter that could not be delivered, or that its reader called spam.
//!
//! Anybody can write such a mail. It is acted on only if it bears the mark of one of our letters: part of its return path
//! and of its Message-ID, made with the program's secret.

use jiff::Timestamp;

use super::MailService;
use crate::bounces::{Action, Kind, Report};
use crate::transport::Blame;
use store::{Result, Subscriber};

/// What a mail that came back led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BounceOutcome {
    /// Its address is not written to any more.
    Suppressed(ReturnedEmail),
    /// It is counted against the address; so far that is written to.
    Counted(ReturnedEmail),
    /// Nothing: it is still being tried, or the fault is not that of the address, or it was told before.
    Nothing(ReturnedEmail),
    /// It bears no mark of ours, or that of a letter whose reader has been deleted or has confirmed since.
    NotOurs,
}

/// Whose letter came back, and the words that came with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnedEmail {
    /// The address as its reader typed it.
    pub email: String,
    /// What the other server said.
    pub words: String,
}

impl MailService {
    /// Acts on a report. SaveOutcome twice of the same letter, it counts once.
    pub async fn record_bounce(&self, report: &Report, now: Timestamp) -> Result<BounceOutcome> {
        let Some((letter, nonce, subscriber)) = self.email_of(report).await? else {
            return Ok(BounceOutcome::NotOurs);
        };
        let failed = report
            .recipients
            .iter()
            .find(|recipient| recipient.action == Some(Action::Failed))
            .or_else(|| report.recipients.first());
        let status = failed.and_then(|recipient| recipient.status.clone());
        let said = failed.and_then(|recipient| recipient.diagnostic.clone());
        let words = match (&said, &status) {
            (Some(said), Some(status)) if !said.contains(status.as_str()) => format!("{status} {said}"),
            (Some(said), _) => said.clone(),
            (None, Some(status)) => status.clone(),
            (None, None) => "no reason was given".to_owned(),
        };
        let came = ReturnedEmail {
            email: subscriber.email.clone(),
            words: words.clone(),
        };
        match report.kind {
            Kind::Passing => Ok(BounceOutcome::Nothing(came)),
            Kind::Complaint => {
                let address = self.address_of(&subscriber);
                self.store
                    .note_complaint(&address, subscriber.id, "called spam", now)
                    .await?;
                tracing::warn!(subscriber = subscriber.id, "called spam; not written to any more");
                Ok(BounceOutcome::Suppressed(ReturnedEmail {
                    words: "called spam".to_owned(),
                    ..came
                }))
            }
            Kind::Failed => {
                let said = format!("{} {}", status.unwrap_or_default(), said.unwrap_or_default());
                let blame = Blame::of(None, &said);
                // What says nothing about the address: the letter may well have been read.
                if blame == Blame::Nobody || !self.store.email_came_back(letter, &words).await? {
                    return Ok(BounceOutcome::Nothing(came));
                }
                let suppressed = self
                    .count_refusal(&subscriber, letter, &nonce, blame, &words, now)
                    .await?;
                Ok(if suppressed {
                    BounceOutcome::Suppressed(came)
                } else {
                    BounceOutcome::Counted(came)
                })
            }
        }
    }

    /// The letter whose mark a report bears: in an address `…+bounce.17.0123…@…`, or as the end of the Message-ID.
    async fn email_of(&self, report: &Report) -> Result<Option<(i64, Vec<u8>, Subscriber)>> {
        let of_ids = report.message_ids.iter().filter_map(|id| id.split('@').next());
        for mark in report.marks.iter().map(String::as_str).chain(of_ids) {
            let mut parts = mark.rsplit('.');
            let (Some(hex), Some(id)) = (parts.next(), parts.next().and_then(|id| id.parse::<i64>().ok()))
            else {
                continue;
            };
            if let Some((nonce, subscriber)) = self.store.email_of(id).await?
                && self.bounce_token(&nonce).has_mark(&hex.to_ascii_lowercase())
            {
                return Ok(Some((id, nonce, subscriber)));
            }
        }
        Ok(None)
    }
}
