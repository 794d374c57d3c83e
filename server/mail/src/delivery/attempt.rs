//! One try of one email.

use std::time::Instant;

use domain::SubscriberState;
use jiff::{SignedDuration, Timestamp};
use store::{EmailKind, FinalState, LeasedEmail, Refusal, Result, Subscriber};

use super::drafts::draft;
use crate::{
    schedule::LATEST_SECONDS,
    service::MailService,
    status::Blame,
    transport::{Draft, SendError},
};

/// Tries of one email before it is given up. With the pauses of [`pause_after`] they take about two days.
const MAX_ATTEMPTS: u32 = 9;

/// How a try ended.
pub(super) enum Outcome {
    /// The mail server has accepted the email. The caller records this.
    Sent,
    /// The email will be tried again.
    Deferred,
    /// The email is not tried again.
    Ended,
    /// The email must wait for its turn under a rate limit. It was not tried.
    PutBack,
}

/// Tries a leased email.
pub(super) async fn try_email(mail: &MailService, email: &LeasedEmail, now: Timestamp) -> Result<Outcome> {
    if let Some((end, why)) = no_longer_wanted(mail, email, now).await? {
        tracing::info!(
            email = email.id,
            subscriber = email.subscriber.id,
            ?end,
            why,
            "not sent"
        );
        mail.store.email_ended(email, end, why).await?;
        return Ok(Outcome::Ended);
    }
    if email.attempts > MAX_ATTEMPTS {
        // Every try ended in a crash of its sender; otherwise the last try would have recorded a result.
        tracing::error!(email = email.id, attempts = email.attempts, "given up");
        mail.store
            .email_ended(
                email,
                FinalState::Failed,
                "the program stopped each time it tried to send this email",
            )
            .await?;
        return Ok(Outcome::Ended);
    }
    if !mail.pace.admits(&email.subscriber.domain(), now) {
        mail.store.email_put_back(email).await?;
        return Ok(Outcome::PutBack);
    }
    let begun = Instant::now();
    let sent = match write(mail, email, now).await {
        Ok(Some((draft, bytes))) => mail.mailer.send_bytes(&draft, bytes).await,
        Ok(None) => {
            mail.store
                .email_ended(email, FinalState::Dropped, "its papers were deleted")
                .await?;
            return Ok(Outcome::Ended);
        }
        Err(error) => Err(error),
    };
    // Pauses begin with the reply, which may have taken minutes.
    let took = i64::try_from(begun.elapsed().as_secs()).unwrap_or(0);
    let now = now.saturating_add(SignedDuration::from_secs(took)).unwrap_or(now);
    adjust_pace(mail, email, &sent, now);
    match sent {
        Ok(()) => {
            tracing::info!(email = email.id, subscriber = email.subscriber.id, kind = ?email.kind, "sent");
            Ok(Outcome::Sent)
        }
        Err(error) => record_failure(mail, email, error, now).await,
    }
}

/// Slows down where the mail server asks for it or cannot be reached.
fn adjust_pace(mail: &MailService, email: &LeasedEmail, sent: &Result<(), SendError>, now: Timestamp) {
    match sent {
        Err(SendError::Unreachable(_)) => mail.pace.rest(now),
        Err(SendError::SlowDown(_)) => mail.pace.hold(&email.subscriber.domain(), now),
        Ok(()) | Err(SendError::Permanent { .. }) => mail.pace.answered(),
        Err(SendError::Later(_)) => {}
    }
}

/// Records a failed try: the email is ended, or deferred.
async fn record_failure(
    mail: &MailService,
    email: &LeasedEmail,
    error: SendError,
    now: Timestamp,
) -> Result<Outcome> {
    match error {
        SendError::Permanent { words, blame } => {
            tracing::warn!(
                email = email.id,
                attempts = email.attempts,
                error = words,
                "refused permanently"
            );
            mail.store.email_ended(email, FinalState::Bounced, &words).await?;
            if blame != Blame::None {
                let mark = mail.signer(&email.nonce, None).mark(email.id);
                record_refusal(mail, &email.subscriber, &mark, blame, &words, now).await?;
            }
            Ok(Outcome::Ended)
        }
        error if email.attempts < MAX_ATTEMPTS => {
            let again = now.saturating_add(pause_after(email.attempts)).unwrap_or(now);
            tracing::warn!(email = email.id, attempts = email.attempts, %error, %again, "will be tried again");
            mail.store
                .email_deferred(email, again, &error.to_string())
                .await?;
            Ok(Outcome::Deferred)
        }
        error => {
            tracing::error!(email = email.id, attempts = email.attempts, %error, "given up");
            mail.store
                .email_ended(email, FinalState::Failed, &error.to_string())
                .await?;
            Ok(Outcome::Ended)
        }
    }
}

/// Why an email must not be sent after all.
async fn no_longer_wanted(
    mail: &MailService,
    email: &LeasedEmail,
    now: Timestamp,
) -> Result<Option<(FinalState, &'static str)>> {
    let subscriber = &email.subscriber;
    let dropped = Some((FinalState::Dropped, "no longer wanted"));
    Ok(match email.kind {
        EmailKind::Confirm if subscriber.state == SubscriberState::Stopped => dropped,
        EmailKind::Confirm => {
            let searches = mail.store.pending_searches_of(subscriber.id).await?;
            if searches.is_empty() { dropped } else { None }
        }
        EmailKind::Goodbye if subscriber.is_active() => dropped,
        EmailKind::Digest if !subscriber.is_active() || subscriber.is_paused(now) => dropped,
        // Broadsheet was not running. Under a rate limit, emails wait this long while it runs.
        EmailKind::Digest
            if !mail.pace.is_limited() && now.duration_since(email.due_at).as_secs() > LATEST_SECONDS =>
        {
            Some((FinalState::Dropped, "too late; its papers are in the next"))
        }
        EmailKind::Goodbye | EmailKind::Digest => mail
            .suppression_of(subscriber)
            .await?
            .map(|_| (FinalState::Suppressed, "emails to this address bounced")),
    })
}

/// Counts a permanent refusal of the email with this mark. Answers whether the address is suppressed now.
pub(crate) async fn record_refusal(
    mail: &MailService,
    subscriber: &Subscriber,
    mark: &str,
    blame: Blame,
    words: &str,
    now: Timestamp,
) -> Result<bool> {
    let refusal = Refusal {
        address: &mail.subscriber_address_hash(subscriber),
        subscriber: subscriber.id,
        email: mark,
        is_certain: blame == Blame::Certain,
        words,
    };
    let suppressed = mail.store.record_refusal(refusal, now).await?;
    if suppressed {
        tracing::warn!(subscriber = subscriber.id, words, "address suppressed");
    }
    Ok(suppressed)
}

/// The draft and bytes of an email; `None` if all its papers were deleted.
async fn write(
    mail: &MailService,
    email: &LeasedEmail,
    now: Timestamp,
) -> Result<Option<(Draft, Vec<u8>)>, SendError> {
    let _turn = mail.pace.turn_to_write().await;
    let draft = draft(mail, email)
        .await
        .map_err(|error| SendError::Later(error.to_string()))?;
    draft
        .map(|draft| {
            let bytes = mail.mailer.write(&draft, now)?;
            Ok((draft, bytes))
        })
        .transpose()
}

/// The longest pause between two tries.
pub(crate) const fn longest_pause() -> SignedDuration {
    SignedDuration::from_hours(12)
}

/// The pause after a failed try: 1, 4, 16, 64 minutes and so on, up to 12 hours.
fn pause_after(attempts: u32) -> SignedDuration {
    let minutes = 4_i64.saturating_pow(attempts.saturating_sub(1));
    SignedDuration::from_mins(minutes).min(longest_pause())
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
