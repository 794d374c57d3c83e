//! The daily mail and the letter that asks to confirm: who is due, what goes in, and handing it over.

mod compose;
mod schedule;

use domain::{EmailAddress, paper::PaperCard};
use jiff::{SignedDuration, Timestamp, ToSpan};

pub use schedule::{first_due, next_due, valid_zone};

use crate::{
    mail::{Draft, MailError, Mailer},
    store::{CARD_AUTHORS, Letter, LetterKind, LetterTokens, Result, Store, StoreError, Subscriber},
    tokens::{Purpose, Secret, random_bytes},
};

/// Papers in one daily mail at most.
pub const MOST_PAPERS: usize = 10;
/// Least heat that is news: two days after a paper came out with nobody noticing, it is none.
const LEAST_HEAT: f64 = domain::ranking::WORTH_TELLING;
/// Tries of one letter before it is given up, over about two days with the pauses below.
const MOST_ATTEMPTS: u32 = 9;
/// A mail that is later than this is folded into the next.
const LATEST_SECONDS: i64 = 6 * 3_600;
/// Subscribers looked at in one go.
const BATCH: i64 = 500;

/// Everything the mail jobs need.
#[derive(Debug, Clone)]
pub struct Post {
    /// The library and the subscribers.
    pub store: Store,
    /// Hands letters over.
    pub mailer: Mailer,
    /// Makes tokens.
    pub secret: Secret,
    /// Without a slash at its end; every link in a letter begins with it.
    pub public_url: String,
}

/// What one step of the sender did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The letter to this subscriber was handed over.
    Sent(i64),
    /// It will be tried again.
    Deferred(i64),
    /// It was given up, or its reader has unsubscribed.
    Ended(i64),
    /// No letter is due.
    NothingDue,
}

/// A digest that would be sent.
#[derive(Debug, Clone)]
pub struct Preview {
    /// To whom; `None` when nobody is due and this only shows the form.
    pub subscriber: Option<Subscriber>,
    /// The letter.
    pub draft: Draft,
}

impl Post {
    /// Takes a request to subscribe and queues the letter that asks to confirm it. Tells nobody whether the address
    /// was known.
    pub async fn subscribe(&self, email: &EmailAddress, zone: &str, now: Timestamp) -> Result<()> {
        let zone = valid_zone(zone).unwrap_or("UTC");
        let tokens = self.fresh_tokens()?;
        let queued = self.store.request_subscription(email, zone, &tokens, now).await?;
        tracing::info!(queued, "subscription requested");
        Ok(())
    }

    /// Queues the digest of everybody who is due at `now`. Answers how many were queued. Running it twice queues
    /// nothing twice; one subscriber's fault does not hold up the others.
    pub async fn queue_due(&self, now: Timestamp) -> Result<usize> {
        let mut queued = 0;
        loop {
            let due = self.store.due_subscribers(now, BATCH).await?;
            let (all, mut failed) = (due.len(), 0);
            for subscriber in due {
                match self.queue_for(&subscriber, now).await {
                    Ok(true) => queued += 1,
                    Ok(false) => {}
                    Err(error) => {
                        failed += 1;
                        tracing::error!(subscriber = subscriber.id, %error, "cannot queue a digest");
                    }
                }
            }
            // Whoever failed is still due and would come again at once.
            if (all as i64) < BATCH || failed == all {
                return Ok(queued);
            }
        }
    }

    async fn queue_for(&self, subscriber: &Subscriber, now: Timestamp) -> Result<bool> {
        let rhythm = subscriber.rhythm();
        let next = match subscriber
            .paused_until
            .and_then(|until| Timestamp::from_second(until).ok())
        {
            // The first of the rhythm at or after the end of the pause.
            Some(until) if until > now => {
                next_due(until.saturating_sub(1.second()).unwrap_or(until), &rhythm)
            }
            _ => next_due(now, &rhythm),
        };
        let paused = subscriber
            .paused_until
            .is_some_and(|until| until > now.as_second());
        // What was missed by hours is part of the next one.
        let missed = subscriber
            .due_at
            .is_some_and(|due| now.as_second() - due > LATEST_SECONDS);
        let papers = if paused || missed {
            Vec::new()
        } else {
            self.choose(subscriber).await?
        };
        // The day it was due, though it is past midnight by now: else the mail of the new day would be taken for sent.
        let due = subscriber.due_at.and_then(|due| Timestamp::from_second(due).ok());
        let day = schedule::local_day(due.unwrap_or(now), &subscriber.zone).to_string();
        self.store
            .queue_digest(subscriber.id, &day, &papers, &self.fresh_tokens()?, next, now)
            .await
    }

    /// The papers of a subscriber's next digest: the top of the front page, less what they have been sent. A first
    /// mail is a full page even when little is hot; afterwards a day without hot papers is a day without mail.
    async fn choose(&self, subscriber: &Subscriber) -> Result<Vec<i64>> {
        let sent = self.store.papers_sent_to(subscriber.id).await?;
        let most = usize::try_from(subscriber.papers).unwrap_or(MOST_PAPERS);
        if sent.is_empty() {
            return Ok(self
                .next_papers(most)
                .await?
                .into_iter()
                .map(|card| card.id)
                .collect());
        }
        self.store
            .hottest(most, LEAST_HEAT, |id| !sent.contains(&id))
            .await
    }

    /// The cards a new subscriber's first mail would hold: the top of the front page, and the preview on the subscribe
    /// page.
    pub async fn next_papers(&self, most: usize) -> Result<Vec<PaperCard>> {
        // The front page has no window, so the moment it is asked for does not matter.
        let front = self
            .store
            .list(&domain::Listing::default(), None, None, Timestamp::MAX)
            .await?;
        Ok(front.cards.into_iter().take(most).collect())
    }

    /// Sends one letter that is due, if there is one.
    pub async fn deliver_one(&self, now: Timestamp) -> Result<Step> {
        let Some(letter) = self.store.take_letter(now).await? else {
            return Ok(Step::NothingDue);
        };
        let to = letter.subscriber.id;
        let wanted = match letter.kind {
            LetterKind::Confirm => letter.subscriber.state == "pending",
            LetterKind::Digest => {
                letter.subscriber.is_active()
                    && letter
                        .subscriber
                        .paused_until
                        .is_none_or(|until| until <= now.as_second())
            }
        };
        if !wanted {
            self.store
                .letter_ended(letter.id, false, "no longer wanted")
                .await?;
            return Ok(Step::Ended(to));
        }
        if letter.attempts > MOST_ATTEMPTS {
            // Each try so far ended with its sender.
            tracing::error!(letter = letter.id, attempts = letter.attempts, "given up");
            self.store
                .letter_ended(letter.id, true, "its senders died")
                .await?;
            return Ok(Step::Ended(to));
        }
        let sent = match self.draft(&letter).await {
            Ok(draft) => self.mailer.send(&draft, now).await,
            Err(error) => Err(MailError::Later(error.to_string())),
        };
        match sent {
            Ok(()) => {
                self.store.letter_sent(letter.id, now).await?;
                tracing::info!(letter = letter.id, subscriber = to, kind = ?letter.kind, "sent");
                Ok(Step::Sent(to))
            }
            Err(MailError::Later(error)) if letter.attempts < MOST_ATTEMPTS => {
                let again = now.saturating_add(pause_after(letter.attempts)).unwrap_or(now);
                tracing::warn!(letter = letter.id, attempts = letter.attempts, %error, %again, "will be tried again");
                self.store.letter_deferred(letter.id, again, &error).await?;
                Ok(Step::Deferred(to))
            }
            Err(error) => {
                tracing::error!(letter = letter.id, attempts = letter.attempts, %error, "given up");
                self.store
                    .letter_ended(letter.id, true, &error.to_string())
                    .await?;
                Ok(Step::Ended(to))
            }
        }
    }

    /// What would be mailed to whom at `now`, without changing anything. When nobody is due: one letter with the
    /// papers a new subscriber would get.
    pub async fn preview(&self, now: Timestamp) -> Result<Vec<Preview>> {
        let mut previews = Vec::new();
        for subscriber in self.store.due_subscribers(now, BATCH).await? {
            if let Some(draft) = self.preview_for(&subscriber, now).await? {
                previews.push(Preview {
                    subscriber: Some(subscriber),
                    draft,
                });
            }
        }
        if previews.is_empty() {
            let nobody = Subscriber::nobody();
            let draft = self.preview_for(&nobody, now).await?;
            previews.extend(draft.map(|draft| Preview {
                subscriber: None,
                draft,
            }));
        }
        Ok(previews)
    }

    async fn preview_for(&self, subscriber: &Subscriber, now: Timestamp) -> Result<Option<Draft>> {
        let papers = self.choose(subscriber).await?;
        if papers.is_empty() {
            return Ok(None);
        }
        let day = schedule::local_day(now, &subscriber.zone).to_string();
        // No letter, so no nonce: the way out of a preview leads nowhere.
        self.digest_draft(subscriber, &day, &papers, &[0; 16])
            .await
            .map(Some)
    }

    async fn draft(&self, letter: &Letter) -> Result<Draft> {
        match letter.kind {
            LetterKind::Confirm => self.confirm_draft(letter),
            LetterKind::Digest => {
                self.digest_draft(&letter.subscriber, &letter.period, &letter.papers, &letter.nonce)
                    .await
            }
        }
    }

    fn confirm_draft(&self, letter: &Letter) -> Result<Draft> {
        let confirm = self.secret.token(Purpose::Confirm, &letter.nonce).write();
        let id = format!("confirm.{}.{}", letter.subscriber.id, letter.period);
        compose::confirm(
            &self.envelope(&letter.subscriber, id, &letter.nonce)?,
            &format!("{}/confirm/{confirm}", self.public_url),
        )
    }

    async fn digest_draft(
        &self,
        subscriber: &Subscriber,
        day: &str,
        papers: &[i64],
        nonce: &[u8],
    ) -> Result<Draft> {
        let cards = self.store.cards(papers, None, CARD_AUTHORS).await?;
        let cards = self.store.warmed(cards).await?;
        let id = format!("digest.{}.{day}", subscriber.id);
        let preferences = self.secret.token(Purpose::Preferences, nonce).write();
        let preferences_url = format!("{}/preferences/{preferences}", self.public_url);
        compose::digest(
            &self.envelope(subscriber, id, nonce)?,
            day,
            &cards,
            &preferences_url,
        )
    }

    fn envelope(&self, subscriber: &Subscriber, id: String, nonce: &[u8]) -> Result<compose::Envelope<'_>> {
        let unsubscribe = self.secret.token(Purpose::Unsubscribe, nonce).write();
        Ok(compose::Envelope {
            to: address(subscriber)?,
            id,
            public_url: &self.public_url,
            unsubscribe_url: format!("{}/unsubscribe/{unsubscribe}", self.public_url),
        })
    }

    fn fresh_tokens(&self) -> Result<LetterTokens> {
        let nonce: [u8; 16] =
            random_bytes().map_err(|error| StoreError::Corrupt(format!("no randomness: {error}")))?;
        Ok(LetterTokens {
            nonce,
            confirm: self.secret.token(Purpose::Confirm, &nonce).hash(),
            unsubscribe: self.secret.token(Purpose::Unsubscribe, &nonce).hash(),
            preferences: self.secret.token(Purpose::Preferences, &nonce).hash(),
        })
    }
}

fn address(subscriber: &Subscriber) -> Result<EmailAddress> {
    subscriber
        .email
        .parse()
        .map_err(|error| StoreError::Corrupt(format!("the address of subscriber {}: {error}", subscriber.id)))
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
