//! Requests to subscribe: a subscriber or search that waits for confirmation, and the email that asks for it.

use domain::{DigestSchedule, EmailAddress, ListingQuery, SubscriberState};
use jiff::Timestamp;

use super::{Result, WriteTransaction, subscriber::subscriber_state};

/// What a person asks for who subscribes.
#[derive(Debug, Clone, PartialEq)]
pub struct SubscriptionRequest {
    /// The search whose papers are sent.
    pub view: ListingQuery,
    /// When. An active subscriber keeps their own schedule.
    pub schedule: DigestSchedule,
    /// Papers per search in one email: 5, 10 or 20.
    pub papers: i64,
}

impl SubscriptionRequest {
    /// The front page at 08:00 on working days.
    pub fn usual(zone: &str) -> Self {
        Self {
            view: ListingQuery::front(),
            schedule: DigestSchedule::usual(zone),
            papers: 10,
        }
    }
}

/// The subscriber of a request, and when they were last asked to confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedSubscriber {
    /// Row id.
    pub id: i64,
    /// Pending in a new request.
    pub state: SubscriberState,
    /// When the last confirmation email was queued, Unix seconds; `None` after it was confirmed.
    pub confirm_sent_at: Option<i64>,
    /// When the address was last confirmed, Unix seconds.
    pub confirmed_at: Option<i64>,
    /// No confirmation email is sent before this moment, Unix seconds.
    pub quiet_until: Option<i64>,
}

/// A confirmation link that still works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenConfirmation {
    /// The token of the link is made from this.
    pub nonce: Vec<u8>,
    /// SHA-256 of that token.
    pub confirm_hash: Vec<u8>,
}

/// A confirmation email to be queued.
#[derive(Debug, Clone, Copy)]
pub struct ConfirmationEmail<'a> {
    /// Row id of the subscriber.
    pub subscriber: i64,
    /// The domain of the address.
    pub domain: &'a str,
    /// The tokens of the email are made from this: 16 random bytes.
    pub nonce: &'a [u8],
    /// SHA-256 of the unsubscribe token; `None` if an earlier email has the same link.
    pub unsubscribe_hash: Option<&'a [u8]>,
}

impl WriteTransaction {
    /// The subscriber with this address, added or changed as requested. An active subscriber is not changed: anyone
    /// can make a request in anyone's name.
    pub async fn request_subscriber(
        &mut self,
        email: &EmailAddress,
        request: &SubscriptionRequest,
        now: Timestamp,
    ) -> Result<RequestedSubscriber> {
        let (address, key, now) = (email.as_str(), email.key(), now.as_second());
        let (zone, hour, days) = (
            &request.schedule.zone,
            i64::from(request.schedule.hour),
            request.schedule.days.bits(),
        );
        let row = sqlx::query!(
            r#"insert into subscribers (email, email_key, zone, hour, days, papers, state, created_at)
               values ($1, $2, $3, $4, $5, $6, 'pending', $7)
               on conflict (email_key) do update set
                   email = case when subscribers.state = 'active' then subscribers.email else excluded.email end,
                   zone = case when subscribers.state = 'active' then subscribers.zone else excluded.zone end,
                   hour = case when subscribers.state = 'active' then subscribers.hour else excluded.hour end,
                   days = case when subscribers.state = 'active' then subscribers.days else excluded.days end,
                   papers = case when subscribers.state = 'active' then subscribers.papers else excluded.papers end
               returning id as "id!", state, confirm_sent_at, confirmed_at, quiet_until"#,
            address,
            key,
            zone,
            hour,
            days,
            request.papers,
            now
        )
        .fetch_one(&mut *self.0)
        .await?;
        Ok(RequestedSubscriber {
            id: row.id,
            state: subscriber_state(&row.state)?,
            confirm_sent_at: row.confirm_sent_at,
            confirmed_at: row.confirmed_at,
            quiet_until: row.quiet_until,
        })
    }

    /// How many confirmation emails to a subscriber were queued after `since` and up to `now` (Unix seconds).
    pub async fn confirmation_emails_since(&mut self, subscriber: i64, since: i64, now: i64) -> Result<i64> {
        Ok(sqlx::query_scalar!(
            r#"select count(*) as "sent!" from deliveries where subscriber_id = $1 and kind = 'confirm' and queued_at > $2 and queued_at <= $3"#,
            subscriber,
            since,
            now
        )
        .fetch_one(&mut *self.0)
        .await?)
    }

    /// The confirmation link of a subscriber, if one was sent, has not been used and works at `now`.
    pub async fn open_confirmation(
        &mut self,
        subscriber: i64,
        now: Timestamp,
    ) -> Result<Option<OpenConfirmation>> {
        let now = now.as_second();
        Ok(sqlx::query_as!(
            OpenConfirmation,
            r#"select d.nonce, s.confirm_hash as "confirm_hash!" from subscribers s
               join deliveries d on d.subscriber_id = s.id and d.kind = 'confirm'
               where s.id = $1 and s.confirm_sent_at is not null and s.state in ('pending', 'active')
                   and s.confirm_expires_at > $2 order by d.id desc limit 1"#,
            subscriber,
            now
        )
        .fetch_optional(&mut *self.0)
        .await?)
    }

    /// Sets the confirmation link of a subscriber, which works until `expires`. A stopped subscriber is pending
    /// again.
    pub async fn set_confirmation(
        &mut self,
        subscriber: i64,
        confirm_hash: &[u8],
        expires: Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        let (expires, now) = (expires.as_second(), now.as_second());
        sqlx::query!(
            "update subscribers set state = case when state = 'stopped' then 'pending' else state end,
                 confirm_hash = $2, confirm_expires_at = $3, confirm_sent_at = $4 where id = $1",
            subscriber,
            confirm_hash,
            expires,
            now
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Queues a confirmation email.
    pub async fn queue_confirmation(&mut self, email: ConfirmationEmail<'_>, now: Timestamp) -> Result<()> {
        let now = now.as_second();
        // The count makes two emails within one second different.
        let period = now.to_string();
        sqlx::query!(
            "insert into deliveries (subscriber_id, kind, period, next_try_at, domain, nonce, unsubscribe_hash, queued_at)
             select $1, 'confirm', $2 || '.' || count(*), $3, $4, $5, $6, $3 from deliveries where subscriber_id = $1",
            email.subscriber,
            period,
            now,
            email.domain,
            email.nonce,
            email.unsubscribe_hash
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}
