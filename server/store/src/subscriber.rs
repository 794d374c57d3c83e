//! A subscriber as its pages and emails need it, and how it is found.

use domain::{Days, DigestSchedule, SubscriberState};
use jiff::{Timestamp, civil::Date};

use super::{Result, Store, StoreError, WriteTransaction};

/// Asks for rows of `subscribers` as [`SubscriberRow`]s: `rows!("where s.id = $1", id)`.
macro_rules! rows {
    ($rest:literal $(, $value:expr)* $(,)?) => {
        sqlx::query_as!(
            $crate::subscriber::SubscriberRow,
            r#"select s.id as "id!", s.email, s.zone, s.state, s.confirm_expires_at, s.due_at, s.hour, s.days, s.papers,
                      s.paused_until from subscribers s "# + $rest
            $(, $value)*
        )
    };
}
pub(super) use rows;

/// A row of `subscribers` as SQL returns it.
pub(super) struct SubscriberRow {
    pub id: i64,
    pub email: String,
    pub zone: String,
    pub state: String,
    pub confirm_expires_at: Option<i64>,
    pub due_at: Option<i64>,
    pub hour: i64,
    pub days: i64,
    pub papers: i64,
    pub paused_until: Option<i64>,
}

/// A row of `subscribers`, without what only SQL needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriber {
    /// Row id.
    pub id: i64,
    /// The address as typed.
    pub email: String,
    /// IANA name of the time zone.
    pub zone: String,
    /// Whether the digest is sent.
    pub state: SubscriberState,
    /// When the confirmation link expires, Unix seconds.
    pub confirm_expires_at: Option<i64>,
    /// When the next digest is due, Unix seconds.
    pub due_at: Option<i64>,
    /// The hour at which the digest is due, in the time zone, 0 to 23.
    pub hour: i64,
    /// Days of the week, as [`domain::Days::bits`].
    pub days: i64,
    /// Papers per search in one email, at most.
    pub papers: i64,
    /// No digest is sent before this moment, Unix seconds.
    pub paused_until: Option<i64>,
}

impl TryFrom<SubscriberRow> for Subscriber {
    type Error = StoreError;

    fn try_from(row: SubscriberRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            email: row.email,
            zone: row.zone,
            state: subscriber_state(&row.state)?,
            confirm_expires_at: row.confirm_expires_at,
            due_at: row.due_at,
            hour: row.hour,
            days: row.days,
            papers: row.papers,
            paused_until: row.paused_until,
        })
    }
}

/// Reads a stored state.
pub(super) fn subscriber_state(code: &str) -> Result<SubscriberState> {
    code.parse()
        .map_err(|error: domain::subscriber_state::UnknownSubscriberState| {
            StoreError::Corrupt(error.to_string())
        })
}

impl Subscriber {
    /// An example subscriber, for previews. It is not in the database.
    pub fn example() -> Self {
        Self {
            id: 0,
            email: "you@example.org".to_owned(),
            zone: "UTC".to_owned(),
            state: SubscriberState::Active,
            confirm_expires_at: None,
            due_at: None,
            hour: 8,
            days: Days::WORKING.bits(),
            papers: 10,
            paused_until: None,
        }
    }

    /// When the digest is due.
    pub fn schedule(&self) -> DigestSchedule {
        schedule_of(self.zone.clone(), self.hour, self.days)
    }

    /// The domain of the address, in lower case.
    pub fn domain(&self) -> String {
        let (_, domain) = self.email.rsplit_once('@').unwrap_or_default();
        domain.to_lowercase()
    }

    /// Whether the digest is sent to this subscriber.
    pub fn is_active(&self) -> bool {
        self.state == SubscriberState::Active
    }

    /// Whether no digest is sent at `now` because of a pause.
    pub fn is_paused(&self, now: Timestamp) -> bool {
        self.paused_until.is_some_and(|until| until > now.as_second())
    }

    /// Whether the confirmation link has expired at `now`.
    pub fn link_has_expired(&self, now: Timestamp) -> bool {
        self.confirm_expires_at
            .is_none_or(|expires| expires < now.as_second())
    }
}

impl Store {
    /// The subscriber of a confirmation link.
    pub async fn subscriber_by_confirm(&self, hash: &[u8; 32]) -> Result<Option<Subscriber>> {
        let hash = hash.as_slice();
        rows!("where s.confirm_hash = $1", hash)
            .fetch_optional(&self.readers)
            .await?
            .map(Subscriber::try_from)
            .transpose()
    }

    /// The subscriber of an unsubscribe link.
    pub async fn subscriber_by_unsubscribe(&self, hash: &[u8; 32]) -> Result<Option<Subscriber>> {
        let hash = hash.as_slice();
        rows!(
            "join deliveries d on d.subscriber_id = s.id where d.unsubscribe_hash = $1",
            hash
        )
        .fetch_optional(&self.readers)
        .await?
        .map(Subscriber::try_from)
        .transpose()
    }

    /// The subscriber of a preferences link.
    pub async fn subscriber_by_preferences(&self, hash: &[u8; 32]) -> Result<Option<Subscriber>> {
        let hash = hash.as_slice();
        rows!(
            "join deliveries d on d.subscriber_id = s.id where d.preferences_hash = $1",
            hash
        )
        .fetch_optional(&self.readers)
        .await?
        .map(Subscriber::try_from)
        .transpose()
    }

    /// Subscribers whose digest is due at `now`, the longest overdue first, at most `limit`. `after` is the due
    /// moment and the row id of the last one of the page before.
    pub async fn due_subscribers(
        &self,
        now: Timestamp,
        after: Option<(i64, i64)>,
        limit: i64,
    ) -> Result<Vec<Subscriber>> {
        let now = now.as_second();
        let (after_due, after_id) = after.unwrap_or((i64::MIN, i64::MIN));
        let rows = rows!(
            "where s.state = 'active' and s.due_at <= $1 and (s.due_at, s.id) > ($2, $3)
             order by s.due_at, s.id limit $4",
            now,
            after_due,
            after_id,
            limit
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(Subscriber::try_from).collect()
    }

    /// The latest due moment of each schedule, in Unix seconds, among active subscribers who are not paused at `now`.
    pub async fn latest_due_by_schedule(&self, now: Timestamp) -> Result<Vec<(DigestSchedule, i64)>> {
        let now = now.as_second();
        let rows = sqlx::query!(
            r#"select zone as "zone!", hour as "hour!", days as "days!", max(due_at) as "due!: i64" from subscribers
               where state = 'active' and due_at > $1 and coalesce(paused_until, 0) <= $1 group by zone, hour, days"#,
            now
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (schedule_of(row.zone, row.hour, row.days), row.due))
            .collect())
    }

    /// Whether [`Store::bring_forward`] would change anything.
    pub async fn is_any_due_after(
        &self,
        schedule: &DigestSchedule,
        next: Timestamp,
        day: Date,
        now: Timestamp,
    ) -> Result<bool> {
        let (next, day, now) = (next.as_second(), day.to_string(), now.as_second());
        let (hour, days) = (i64::from(schedule.hour), schedule.days.bits());
        Ok(sqlx::query_scalar!(
            r#"select exists (select 1 from subscribers s where s.state = 'active' and s.due_at > $1
                              and coalesce(s.paused_until, 0) <= $2 and s.zone = $3 and s.hour = $4 and s.days = $5
                              and not exists (select 1 from deliveries d where d.subscriber_id = s.id
                                              and d.kind = 'digest' and d.period = $6)) as "is_any!: bool""#,
            next,
            now,
            schedule.zone,
            hour,
            days,
            day
        )
        .fetch_one(&self.readers)
        .await?)
    }

    /// Sets the due moment of the subscribers with this schedule to `next` if it is later. Not during a pause, and not
    /// if they have had the digest of `day`, the local day of `next`. Answers how many were set.
    pub async fn bring_forward(
        &self,
        schedule: &DigestSchedule,
        next: Timestamp,
        day: Date,
        now: Timestamp,
    ) -> Result<u64> {
        let (next, day, now) = (next.as_second(), day.to_string(), now.as_second());
        let (hour, days) = (i64::from(schedule.hour), schedule.days.bits());
        let set = sqlx::query!(
            "update subscribers set due_at = $1 where state = 'active' and due_at > $1
                 and coalesce(paused_until, 0) <= $2 and zone = $3 and hour = $4 and days = $5
                 and not exists (select 1 from deliveries d where d.subscriber_id = subscribers.id
                                 and d.kind = 'digest' and d.period = $6)",
            next,
            now,
            schedule.zone,
            hour,
            days,
            day
        )
        .execute(&self.writer)
        .await?;
        Ok(set.rows_affected())
    }
}

/// A stored schedule.
fn schedule_of(zone: String, hour: i64, days: i64) -> DigestSchedule {
    DigestSchedule {
        zone,
        hour: i8::try_from(hour).unwrap_or(8),
        days: Days::of_bits(days).unwrap_or(Days::WORKING),
    }
}

impl WriteTransaction {
    /// The subscriber of a confirmation link.
    pub async fn subscriber_by_confirm(&mut self, hash: &[u8; 32]) -> Result<Option<Subscriber>> {
        let hash = hash.as_slice();
        rows!("where s.confirm_hash = $1", hash)
            .fetch_optional(&mut *self.0)
            .await?
            .map(Subscriber::try_from)
            .transpose()
    }

    /// The subscriber of an unsubscribe link.
    pub async fn subscriber_by_unsubscribe(&mut self, hash: &[u8; 32]) -> Result<Option<Subscriber>> {
        let hash = hash.as_slice();
        rows!(
            "join deliveries d on d.subscriber_id = s.id where d.unsubscribe_hash = $1",
            hash
        )
        .fetch_optional(&mut *self.0)
        .await?
        .map(Subscriber::try_from)
        .transpose()
    }

    /// The subscriber of a preferences link.
    pub async fn subscriber_by_preferences(&mut self, hash: &[u8; 32]) -> Result<Option<Subscriber>> {
        let hash = hash.as_slice();
        rows!(
            "join deliveries d on d.subscriber_id = s.id where d.preferences_hash = $1",
            hash
        )
        .fetch_optional(&mut *self.0)
        .await?
        .map(Subscriber::try_from)
        .transpose()
    }
}
