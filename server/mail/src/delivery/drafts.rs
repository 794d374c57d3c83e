//! From a leased email to its draft.

use domain::{
    EmailAddress, SavedSearch,
    edition::{day_start, utc_day},
};
use jiff::{Timestamp, ToSpan, civil::Date};
use store::{
    CARD_AUTHORS, EmailKind, EmailPaper, LeasedEmail, Result, StoreError, Subscriber, tokens::Purpose,
};

use crate::{
    compose::{self, DigestContent, Envelope},
    service::{MailService, Signer},
    transport::Draft,
};

/// Gmail clips emails that are larger than 102 kB.
const MAX_BYTES: usize = 100_000;
/// Characters of an abstract in a digest: enough to decide. If the email is too large, the next number is used.
const ABSTRACT_CHARS: [usize; 4] = [420, 240, 100, 0];

/// Days without data after which a digest says that its trending lists are out of date. arXiv announces nothing on a
/// weekend.
const MAX_SILENCE: i64 = 3;

/// A digest to be written.
pub(crate) struct DigestEmail<'a> {
    /// Row id; 0 in a preview.
    pub id: i64,
    /// As [`Draft::id`].
    pub message_id: String,
    /// Makes its tokens.
    pub signer: Signer<'a>,
    /// Who gets it.
    pub subscriber: &'a Subscriber,
    /// The local day.
    pub day: &'a str,
    /// The papers, in order.
    pub papers: &'a [EmailPaper],
    /// The searches of the subscriber.
    pub searches: &'a [SavedSearch],
}

/// The draft of an email; `None` if all its papers were deleted.
pub(super) async fn draft(mail: &MailService, email: &LeasedEmail) -> Result<Option<Draft>> {
    let subscriber = &email.subscriber;
    let signer = mail.signer(&email.nonce, email.unsubscribe_hash.as_deref());
    let id = format!("{}.{}.{}", email.kind.code(), email.period, signer.mark(email.id));
    match email.kind {
        EmailKind::Confirm => {
            let confirm = signer.token(Purpose::Confirm).write();
            // Anyone can enter anyone's address, so the email has no text that the sender of the form typed.
            let searches: Vec<String> = mail
                .store
                .pending_searches_of(subscriber.id)
                .await?
                .into_iter()
                .map(|search| search.view.label_without_search())
                .collect();
            compose::confirmation(
                &envelope(mail, subscriber, id, signer, email.id)?,
                &format!("{}/confirm/{confirm}", mail.public_url),
                &searches,
                &subscriber.schedule().label(),
                subscriber.is_active(),
            )
            .map(Some)
        }
        EmailKind::Goodbye => compose::goodbye(
            &envelope(mail, subscriber, id, signer, email.id)?,
            &preferences_url(mail, signer),
        )
        .map(Some),
        EmailKind::Digest => {
            let searches = mail.store.searches_of(subscriber.id).await?;
            let digest = DigestEmail {
                id: email.id,
                message_id: id,
                signer,
                subscriber,
                day: &email.period,
                papers: &email.papers,
                searches: &searches,
            };
            digest_draft(mail, digest).await
        }
    }
}

/// The draft of a digest; `None` if all its papers were deleted.
pub(crate) async fn digest_draft(mail: &MailService, digest: DigestEmail<'_>) -> Result<Option<Draft>> {
    let ids: Vec<i64> = digest.papers.iter().map(|paper| paper.paper_id).collect();
    let cards = mail.store.cards(&ids, None, CARD_AUTHORS).await?;
    if cards.is_empty() {
        return Ok(None);
    }
    let envelope = envelope(
        mail,
        digest.subscriber,
        digest.message_id,
        digest.signer,
        digest.id,
    )?;
    let content = DigestContent {
        day: digest.day,
        cards: &cards,
        papers: digest.papers,
        searches: digest.searches,
        last_news: last_news(mail, digest.day).await?,
        preferences_url: &preferences_url(mail, digest.signer),
    };
    let mut lengths = ABSTRACT_CHARS.into_iter();
    let mut length = lengths.next().unwrap_or(0);
    loop {
        let draft = compose::digest(&envelope, &content, length)?;
        // The estimate is cheap and nearly always enough, so few emails are written twice.
        let is_large = max_bytes(&draft) > MAX_BYTES
            && mail
                .mailer
                .write(&draft, Timestamp::UNIX_EPOCH)
                .is_ok_and(|bytes| bytes.len() > MAX_BYTES);
        match lengths.next() {
            Some(shorter) if is_large => length = shorter,
            _ => return Ok(Some(draft)),
        }
    }
}

/// The last day on which a source sent anything, if that was days before the day of the digest.
async fn last_news(mail: &MailService, day: &str) -> Result<Option<Date>> {
    let Ok(day) = day.parse::<Date>() else {
        return Ok(None);
    };
    let Some(end) = day.tomorrow().ok().and_then(day_start) else {
        return Ok(None);
    };
    let (reading, paper) = mail.store.last_news(end).await?;
    let last = reading
        .max(paper)
        .and_then(|at| Timestamp::from_second(at).ok())
        .map(utc_day);
    Ok(last.filter(|last| last.saturating_add(MAX_SILENCE.days()) < day))
}

fn preferences_url(mail: &MailService, signer: Signer<'_>) -> String {
    let token = signer.token(Purpose::Preferences).write();
    format!("{}/preferences/{token}", mail.public_url)
}

fn envelope<'a>(
    mail: &'a MailService,
    subscriber: &Subscriber,
    id: String,
    signer: Signer<'_>,
    email: i64,
) -> Result<Envelope<'a>> {
    let unsubscribe = signer.token(Purpose::Unsubscribe).write();
    Ok(Envelope {
        to: address(subscriber)?,
        id,
        mark: signer.mark(email),
        public_url: &mail.public_url,
        unsubscribe_url: format!("{}/unsubscribe/{unsubscribe}", mail.public_url),
    })
}

fn address(subscriber: &Subscriber) -> Result<EmailAddress> {
    subscriber
        .email
        .parse()
        .map_err(|error| StoreError::Corrupt(format!("the address of subscriber {}: {error}", subscriber.id)))
}

/// An upper bound for the bytes of an email. Quoted-printable (RFC 2045, section 6.7) writes some bytes as three and
/// adds a soft line break to each line.
fn max_bytes(draft: &Draft) -> usize {
    const HEADERS: usize = 4_000;
    let part = |text: &str| {
        let plain = |byte: &u8| matches!(byte, b' '..=b'~') && *byte != b'=';
        let encoded = text.len() + 2 * text.bytes().filter(|byte| !plain(byte)).count();
        encoded + 3 * (encoded / 70 + 1)
    };
    part(&draft.text) + part(&draft.html) + 3 * draft.subject.len() + HEADERS
}
