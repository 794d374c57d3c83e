//! Handing letters over.
//!
//! A letter is leased before it is tried, and noted as sent after the mail server has taken it. Between the two lies the
//! one window in which a crash repeats a letter: the same one, under the same Message-ID.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use super::{MailService, compose, queue::LATEST_SECONDS};
use crate::transport::{Blame, Draft, MailError};
use domain::SavedSearch;
use store::tokens::{Purpose, Token};
use store::{CARD_AUTHORS, EmailKind, EmailPaper, FinalState, LeasedEmail, Result, Subscriber};

/// Tries of one letter before it is given up, over about two days with the pauses below.
const MOST_ATTEMPTS: u32 = 9;
/// Letters on their way at once: as many connections to the mail server. (Between the parts of a letter both sides may wait
/// 40 ms for each other, RFC 1122's delayed acknowledgement; what is on its way besides uses that time.)
const AT_ONCE: usize = 16;

/// Tries to note that letters were sent, and the pause between them: together less than the lease of a letter.
const MOST_NOTES: u32 = 10;
const NOTE_AGAIN: Duration = Duration::from_secs(3);
/// Mail programs clip what is larger (Gmail at 102 kB).
const LARGEST_MAIL: usize = 100_000;
/// Characters of an abstract in a digest: enough to decide; fewer where many papers would make the mail too large.
const ABSTRACT_CHARS: [usize; 4] = [420, 240, 100, 0];

/// What one step of the sender did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The letter to this subscriber was handed over.
    Sent(i64),
    /// It will be tried again.
    Deferred(i64),
    /// It was given up, or its reader has unsubscribed.
    Ended(i64),
    /// No letter is due, or none may go yet.
    NothingDue,
}

/// What became of a letter that was tried.
enum Tried {
    Sent,
    Over(Step),
    /// It was not its turn.
    PutBack,
}

impl MailService {
    /// Whether a letter could go at `now`. Costs no write lock.
    pub async fn has_email_due(&self, now: Timestamp) -> Result<bool> {
        match self.pace.held(now) {
            None => Ok(false),
            Some(held) => self.store.has_email_due(&held, now).await,
        }
    }

    /// Sends one letter that is due, if there is one.
    pub async fn deliver_one(&self, now: Timestamp) -> Result<Step> {
        loop {
            match self.deliver(1, now).await? {
                None => return Ok(Step::NothingDue),
                Some(steps) => {
                    if let Some(step) = steps.into_iter().next() {
                        return Ok(step);
                    }
                }
            }
        }
    }

    /// Sends some of the letters that are due, side by side. `None` when none is due or may go; fewer steps than letters
    /// when some have to wait for their turn.
    pub async fn deliver_some(&self, now: Timestamp) -> Result<Option<Vec<Step>>> {
        self.deliver(AT_ONCE, now).await
    }

    async fn deliver(&self, most: usize, now: Timestamp) -> Result<Option<Vec<Step>>> {
        let Some(held) = self.pace.held(now) else {
            return Ok(None);
        };
        let most_rows = i64::try_from(most).unwrap_or(1);
        let letters = self.store.lease_emails(most_rows, &held, now).await?;
        if letters.is_empty() {
            return Ok(None);
        }
        let mut steps = Vec::with_capacity(letters.len());
        let mut trying = JoinSet::new();
        for letter in letters {
            let post = self.clone();
            trying.spawn(async move {
                let outcome = post.try_letter(&letter, now).await;
                (letter, outcome)
            });
        }
        let mut trouble = None;
        while let Some(first) = trying.join_next().await {
            // What is ready together is noted together: one write to the disk for all of it.
            let mut ready = vec![first];
            ready.extend(std::iter::from_fn(|| trying.try_join_next()));
            let mut sent = Vec::new();
            for ended in ready {
                match ended {
                    Ok((letter, Ok(Tried::Sent))) => {
                        sent.push((letter.id, letter.attempts));
                        steps.push(Step::Sent(letter.subscriber.id));
                    }
                    Ok((_, Ok(Tried::Over(step)))) => steps.push(step),
                    Ok((_, Ok(Tried::PutBack))) => {}
                    // Its lease will run out; the others go on.
                    Ok((_, Err(error))) => trouble = Some(error),
                    Err(died) => tracing::error!(%died, "a letter's sender has died"),
                }
            }
            if !sent.is_empty() {
                // Whatever happens, those still under way are waited for: whoever was sent a letter must be noted.
                if let Err(error) = self.note_sent(&sent, now).await {
                    trouble = Some(error);
                }
            }
        }
        match trouble {
            Some(error) if steps.is_empty() => Err(error),
            Some(error) => {
                tracing::error!(%error, "a letter could not be seen to");
                Ok(Some(steps))
            }
            None => Ok(Some(steps)),
        }
    }

    /// Notes that letters were sent, again and again if need be: else they would go twice.
    async fn note_sent(&self, letters: &[(i64, u32)], now: Timestamp) -> Result<()> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.store.emails_sent(letters, now).await {
                Err(error) if tries < MOST_NOTES => {
                    tracing::error!(%error, tries, "letters that were sent could not be noted; trying again");
                    tokio::time::sleep(NOTE_AGAIN).await;
                }
                other => return other,
            }
        }
    }

    async fn try_letter(&self, letter: &LeasedEmail, now: Timestamp) -> Result<Tried> {
        let to = letter.subscriber.id;
        let over = |step| Ok(Tried::Over(step));
        if let Some((end, why)) = self.no_longer_wanted(letter, now).await? {
            tracing::info!(letter = letter.id, subscriber = to, ?end, why, "not sent");
            self.store.email_ended(letter, end, why).await?;
            return over(Step::Ended(to));
        }
        if letter.attempts > MOST_ATTEMPTS {
            // Each try so far ended with its sender.
            tracing::error!(letter = letter.id, attempts = letter.attempts, "given up");
            self.store
                .email_ended(letter, FinalState::Failed, "its senders died")
                .await?;
            return over(Step::Ended(to));
        }
        if !self.pace.admits(&letter.subscriber.domain(), now) {
            self.store.email_put_back(letter).await?;
            return Ok(Tried::PutBack);
        }
        let begun = Instant::now();
        let sent = match self.written(letter, now).await {
            Ok(Some((draft, bytes))) => self.mailer.hand_over(&draft, bytes).await,
            Ok(None) => {
                self.store
                    .email_ended(letter, FinalState::Dropped, "its papers were deleted")
                    .await?;
                return over(Step::Ended(to));
            }
            Err(error) => Err(error),
        };
        // Pauses are counted from the answer, which may have taken minutes.
        let took = i64::try_from(begun.elapsed().as_secs()).unwrap_or(0);
        let now = now.saturating_add(SignedDuration::from_secs(took)).unwrap_or(now);
        match &sent {
            Err(MailError::Unreachable(_)) => self.pace.rest(now),
            Err(MailError::Patience(_)) => self.pace.hold(&letter.subscriber.domain(), now),
            Ok(()) | Err(MailError::Never { .. }) => self.pace.answered(),
            Err(MailError::Later(_)) => {}
        }
        match sent {
            Ok(()) => {
                tracing::info!(letter = letter.id, subscriber = to, kind = ?letter.kind, "sent");
                Ok(Tried::Sent)
            }
            Err(MailError::Never { words, blame }) => {
                tracing::warn!(
                    letter = letter.id,
                    attempts = letter.attempts,
                    error = words,
                    "refused for good"
                );
                self.store
                    .email_ended(letter, FinalState::Bounced, &words)
                    .await?;
                if blame != Blame::Nobody {
                    self.count_refusal(&letter.subscriber, letter.id, &letter.nonce, blame, &words, now)
                        .await?;
                }
                over(Step::Ended(to))
            }
            Err(error) if letter.attempts < MOST_ATTEMPTS => {
                let again = now.saturating_add(pause_after(letter.attempts)).unwrap_or(now);
                tracing::warn!(letter = letter.id, attempts = letter.attempts, %error, %again, "will be tried again");
                self.store
                    .email_deferred(letter, again, &error.to_string())
                    .await?;
                over(Step::Deferred(to))
            }
            Err(error) => {
                tracing::error!(letter = letter.id, attempts = letter.attempts, %error, "given up");
                self.store
                    .email_ended(letter, FinalState::Failed, &error.to_string())
                    .await?;
                over(Step::Ended(to))
            }
        }
    }

    /// Why a letter is not to be sent after all.
    async fn no_longer_wanted(
        &self,
        letter: &LeasedEmail,
        now: Timestamp,
    ) -> Result<Option<(FinalState, &'static str)>> {
        let subscriber = &letter.subscriber;
        let dropped = Some((FinalState::Dropped, "no longer wanted"));
        Ok(match letter.kind {
            EmailKind::Confirm if subscriber.state == "stopped" => dropped,
            EmailKind::Confirm => {
                let waits = self.store.pending_searches_of(subscriber.id).await?;
                if waits.is_empty() { dropped } else { None }
            }
            EmailKind::Goodbye if subscriber.is_active() => dropped,
            EmailKind::Digest if !subscriber.is_active() => dropped,
            EmailKind::Digest
                if subscriber
                    .paused_until
                    .is_some_and(|until| until > now.as_second()) =>
            {
                dropped
            }
            // It lay here while the program stood; what is in it is part of the next. Where letters wait for their turn under
            // a limit, that is no standing still.
            EmailKind::Digest
                if !self.pace.is_limited()
                    && now.duration_since(letter.due_at).as_secs() > LATEST_SECONDS =>
            {
                Some((FinalState::Dropped, "too late; its papers are in the next"))
            }
            EmailKind::Goodbye | EmailKind::Digest => self
                .suppression_of(subscriber)
                .await?
                .map(|_| (FinalState::Suppressed, "mail to this address came back")),
        })
    }

    /// Counts a refusal for good, and stops writing to the address when that is enough.
    pub(super) async fn count_refusal(
        &self,
        subscriber: &Subscriber,
        letter: i64,
        nonce: &[u8],
        blame: Blame,
        words: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let address = self.address_of(subscriber);
        let letter = self.mark(letter, nonce);
        let certainly = blame == Blame::Certain;
        let suppressed = self
            .store
            .refuse(&address, subscriber.id, &letter, certainly, words, now)
            .await?;
        if suppressed {
            tracing::warn!(subscriber = subscriber.id, words, "not written to any more");
        }
        Ok(suppressed)
    }

    /// The letter as it goes over the wire; `None` when nothing is left of what it was to tell.
    async fn written(
        &self,
        letter: &LeasedEmail,
        now: Timestamp,
    ) -> Result<Option<(Draft, Vec<u8>)>, MailError> {
        let _place = self.pace.desk().await;
        let draft = self
            .draft(letter)
            .await
            .map_err(|error| MailError::Later(error.to_string()))?;
        draft
            .map(|draft| {
                let bytes = self.mailer.write(&draft, now)?;
                Ok((draft, bytes))
            })
            .transpose()
    }

    /// The letter's words; `None` when nothing is left of what it was to tell.
    async fn draft(&self, letter: &LeasedEmail) -> Result<Option<Draft>> {
        let id = format!(
            "{}.{}.{}",
            letter.kind.code(),
            letter.period,
            self.mark(letter.id, &letter.nonce)
        );
        match letter.kind {
            EmailKind::Confirm => {
                let confirm = self.secret.token(Purpose::Confirm, &letter.nonce).write();
                let waits: Vec<String> = self
                    .store
                    .pending_searches_of(letter.subscriber.id)
                    .await?
                    .into_iter()
                    .map(|section| section.view.label_without_search())
                    .collect();
                compose::confirm(
                    &self.envelope(&letter.subscriber, id, &letter.nonce, letter.id)?,
                    &format!("{}/confirm/{confirm}", self.public_url),
                    &waits,
                    &letter.subscriber.schedule().label(),
                    letter.subscriber.is_active(),
                )
                .map(Some)
            }
            EmailKind::Goodbye => compose::goodbye(
                &self.envelope(&letter.subscriber, id, &letter.nonce, letter.id)?,
                &self.preferences_url(&letter.nonce),
            )
            .map(Some),
            EmailKind::Digest => {
                let sections = self.store.searches_of(letter.subscriber.id).await?;
                self.digest_draft(
                    &letter.subscriber,
                    id,
                    &letter.period,
                    &letter.papers,
                    &sections,
                    &letter.nonce,
                    letter.id,
                )
                .await
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a letter, or what stands for one in a preview"
    )]
    pub(super) async fn digest_draft(
        &self,
        subscriber: &Subscriber,
        id: String,
        day: &str,
        papers: &[EmailPaper],
        sections: &[SavedSearch],
        nonce: &[u8],
        letter: i64,
    ) -> Result<Option<Draft>> {
        let ids: Vec<i64> = papers.iter().map(|paper| paper.paper_id).collect();
        let cards = self.store.cards(&ids, None, CARD_AUTHORS).await?;
        if cards.is_empty() {
            return Ok(None);
        }
        let envelope = self.envelope(subscriber, id, nonce, letter)?;
        let preferences = self.preferences_url(nonce);
        let mut lengths = ABSTRACT_CHARS.into_iter();
        let mut length = lengths.next().unwrap_or(0);
        loop {
            let draft = compose::digest(&envelope, day, &cards, papers, sections, &preferences, length)?;
            // Hardly any letter has to be written out to know that it is not too large.
            let is_large = most_on_the_wire(&draft) > LARGEST_MAIL
                && self
                    .mailer
                    .write(&draft, Timestamp::UNIX_EPOCH)
                    .is_ok_and(|bytes| bytes.len() > LARGEST_MAIL);
            match lengths.next() {
                Some(shorter) if is_large => length = shorter,
                _ => return Ok(Some(draft)),
            }
        }
    }

    fn preferences_url(&self, nonce: &[u8]) -> String {
        let token = self.secret.token(Purpose::Preferences, nonce).write();
        format!("{}/preferences/{token}", self.public_url)
    }

    fn envelope(
        &self,
        subscriber: &Subscriber,
        id: String,
        nonce: &[u8],
        letter: i64,
    ) -> Result<compose::Envelope<'_>> {
        let unsubscribe = self.secret.token(Purpose::Unsubscribe, nonce).write();
        Ok(compose::Envelope {
            to: compose::address(subscriber)?,
            id,
            mark: self.mark(letter, nonce),
            public_url: &self.public_url,
            unsubscribe_url: format!("{}/unsubscribe/{unsubscribe}", self.public_url),
        })
    }

    /// What a letter is known by when it comes back: `17.0123456789abcdef0123`.
    pub(super) fn mark(&self, letter: i64, nonce: &[u8]) -> String {
        format!("{letter}.{}", self.bounce_token(nonce).mark())
    }

    pub(super) fn bounce_token(&self, nonce: &[u8]) -> Token {
        self.secret.token(Purpose::Bounce, nonce)
    }
}

/// A letter has at most so many bytes: those that quoted-printable (RFC 2045, 6.7) writes as three, a soft break in each
/// line, and its head.
fn most_on_the_wire(draft: &Draft) -> usize {
    const HEAD: usize = 4_000;
    let part = |text: &str| {
        let plain = |byte: &u8| matches!(byte, b' '..=b'~') && *byte != b'=';
        let encoded = text.len() + 2 * text.bytes().filter(|byte| !plain(byte)).count();
        encoded + 3 * (encoded / 70 + 1)
    };
    part(&draft.text) + part(&draft.html) + 3 * draft.subject.len() + HEAD
}

/// 1, 4, 16, 64 minutes … up to 12 hours.
fn pause_after(attempts: u32) -> SignedDuration {
    let minutes = 4_i64.saturating_pow(attempts.saturating_sub(1)).min(12 * 60);
    SignedDuration::from_mins(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_half_a_day() {
        let minutes: Vec<i64> = (1..=8).map(|attempts| pause_after(attempts).as_mins()).collect();
        assert_eq!(minutes, [1, 4, 16, 64, 256, 720, 720, 720]);
    }
}
