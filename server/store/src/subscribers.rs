//! People who asked for the daily mail, and what became of it.

use domain::{Days, DigestSchedule, EmailAddress, ListingQuery};
use jiff::Timestamp;
use sqlx::{Sqlite, Transaction};

use super::{
    Result, Store,
    saved_searches::{MAX_SEARCHES_PER_EMAIL, forget_views, view_row},
    to_json,
};

/// Asks for rows of `subscribers` as [`Subscriber`]s: `rows!("where id = ?", id)`.
macro_rules! rows {
    ($rest:literal $(, $value:expr)* $(,)?) => {
        sqlx::query_as!(
            Subscriber,
            r#"select s.id as "id!", s.email, s.zone, s.state, s.confirm_expires_at, s.due_at, s.hour, s.days, s.papers,
                      s.paused_until from subscribers s "# + $rest
            $(, $value)*
        )
    };
}
pub(super) use rows;

/// A confirmation link works this long.
const CONFIRM_SECONDS: i64 = 7 * 86_400;
/// A confirmation mail is not sent again to the same address before this has passed.
const CONFIRM_AGAIN_SECONDS: i64 = 600;
/// Confirmation mails to one address within a day: anybody can ask for them in anybody's name.
const CONFIRM_PER_DAY: i64 = 4;
/// After leaving by a letter that asked to confirm, nobody is asked again for so long.
const QUIET_SECONDS: i64 = 7 * 86_400;
/// Views that wait for one address's button: anybody can ask for them in anybody's name.
const MOST_WAITING: i64 = 6;
/// A request that nobody confirmed is forgotten after this long: the address is not ours to keep.
const PENDING_SECONDS: i64 = 30 * 86_400;

/// A row of `subscribers`, as far as its pages and letters need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriber {
    /// Row id.
    pub id: i64,
    /// As typed.
    pub email: String,
    /// IANA zone.
    pub zone: String,
    /// 'pending', 'active' or 'stopped'.
    pub state: String,
    /// When the confirmation link stops merged_paper, Unix seconds.
    pub confirm_expires_at: Option<i64>,
    /// When the next mail is due, Unix seconds.
    pub due_at: Option<i64>,
    /// By the clock of the zone.
    pub hour: i64,
    /// As [`domain::Days::bits`].
    pub days: i64,
    /// Papers of each list in one mail.
    pub papers: i64,
    /// Nothing before this moment, Unix seconds.
    pub paused_until: Option<i64>,
}

impl Subscriber {
    /// Someone who is not there: for previews.
    pub fn nobody() -> Self {
        Self {
            id: 0,
            email: "you@example.org".to_owned(),
            zone: "UTC".to_owned(),
            state: "active".to_owned(),
            confirm_expires_at: None,
            due_at: None,
            hour: 8,
            days: Days::WORKING.bits(),
            papers: 10,
            paused_until: None,
        }
    }

    /// When the mail comes.
    pub fn schedule(&self) -> DigestSchedule {
        DigestSchedule {
            zone: self.zone.clone(),
            hour: i8::try_from(self.hour).unwrap_or(8),
            days: Days::of_bits(self.days).unwrap_or(Days::WORKING),
        }
    }

    /// The domain of the address.
    pub fn domain(&self) -> String {
        let (_, domain) = self.email.rsplit_once('@').unwrap_or_default();
        domain.to_lowercase()
    }

    /// Receives the mail.
    pub fn is_active(&self) -> bool {
        self.state == "active"
    }

    /// Its confirmation link no longer works at `now`.
    pub fn link_has_expired(&self, now: Timestamp) -> bool {
        self.confirm_expires_at
            .is_none_or(|expires| expires < now.as_second())
    }
}

/// Tokens of a letter about to be queued: what the database keeps of them.
#[derive(Debug, Clone, Copy)]
pub struct EmailTokens {
    /// Random; the tokens are made from it.
    pub nonce: [u8; 16],
    /// Hash of the confirmation token.
    pub confirm: [u8; 32],
    /// Hash of the unsubscribe token.
    pub unsubscribe: [u8; 32],
    /// Hash of the token that opens the preferences.
    pub preferences: [u8; 32],
}

/// What somebody asks for who subscribes.
#[derive(Debug, Clone, PartialEq)]
pub struct SubscriptionRequest {
    /// Which list.
    pub view: ListingQuery,
    /// When. Whoever has mail already keeps their own rhythm.
    pub rhythm: DigestSchedule,
    /// Papers of each section: 5, 10 or 20.
    pub papers: i64,
}

impl SubscriptionRequest {
    /// The front page at eight on merged_paper days.
    pub fn usual(zone: &str) -> Self {
        Self {
            view: ListingQuery::front(),
            rhythm: DigestSchedule::usual(zone),
            papers: 10,
        }
    }
}

/// What a subscriber can choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// When the mail comes.
    pub rhythm: DigestSchedule,
    /// 5, 10 or 20.
    pub papers: i64,
    /// Nothing before this moment, Unix seconds.
    pub paused_until: Option<i64>,
}

/// A letter as it is stored, for its reader.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct StoredEmail {
    /// 'confirm', 'digest' or 'goodbye'.
    pub kind: String,
    /// The day of a digest.
    pub period: String,
    /// What became of it.
    pub state: String,
    /// When the mail server took it.
    pub sent_at: Option<Timestamp>,
    /// The names of its papers, in order.
    pub papers: Vec<String>,
}

/// What pressing the button behind a confirmation mail did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmed {
    /// The subscription is on; a first mail is due.
    Now(Subscriber),
    /// It was on already: the button was pressed before.
    Before(Subscriber),
    /// None of what waits was chosen; nothing has changed.
    Nothing(Subscriber),
    /// With these there would be more than [`MAX_SEARCHES_PER_EMAIL`]; nothing has changed.
    TooMany(Subscriber),
    /// The link is too old.
    Expired,
    /// No such link.
    Unknown,
}

impl Store {
    /// Takes a request to subscribe: makes or renews a pending subscriber, or notes a view that an active one may want
    /// too, and queues the confirmation letter. `false` when there was nothing to do: had already, or asked within the
    /// last ten minutes. The caller must not tell the two apart.
    pub async fn request_subscription(
        &self,
        email: &EmailAddress,
        wish: &SubscriptionRequest,
        tokens: &EmailTokens,
        now: Timestamp,
    ) -> Result<bool> {
        let now = now.as_second();
        let (address, key, domain) = (email.as_str(), email.key(), email.domain());
        let expires = now + CONFIRM_SECONDS;
        let (zone, hour, days) = (
            &wish.rhythm.zone,
            i64::from(wish.rhythm.hour),
            wish.rhythm.days.bits(),
        );
        let mut tx = self.begin().await?;
        let view = view_row(&mut tx, &wish.view, now).await?;
        // Whoever has no mail yet gets it as asked last; whoever has keeps their rhythm, for anybody can ask in anybody's
        // name.
        let subscriber = sqlx::query!(
            r#"insert into subscribers (email, email_key, zone, hour, days, papers, state, created_at)
               values (?1, ?2, ?3, ?4, ?5, ?6, 'pending', ?7)
               on conflict (email_key) do update set
                   email = iif(state = 'active', email, excluded.email), zone = iif(state = 'active', zone, excluded.zone),
                   hour = iif(state = 'active', hour, excluded.hour), days = iif(state = 'active', days, excluded.days),
                   papers = iif(state = 'active', papers, excluded.papers)
               returning id as "id!", state, confirm_sent_at, confirmed_at, quiet_until"#,
            address,
            key,
            zone,
            hour,
            days,
            wish.papers,
            now
        )
        .fetch_one(&mut *tx)
        .await?;
        let id = subscriber.id;
        let is_active = subscriber.state == "active";
        sqlx::query!(
            "insert into subscriptions (subscriber_id, view_id, state, position, added_at)
             select ?1, ?2, 'pending', coalesce(max(position), 0) + 1, ?3 from subscriptions where subscriber_id = ?1
             on conflict (subscriber_id, view_id) do update set state = iif(?4, state, 'pending')",
            id,
            view,
            now,
            is_active
        )
        .execute(&mut *tx)
        .await?;
        // The newest wish pushes out the oldest.
        sqlx::query!(
            "delete from subscriptions where subscriber_id = ?1 and state = 'pending' and view_id in
                 (select view_id from subscriptions where subscriber_id = ?1 and state = 'pending'
                  order by position desc, view_id desc limit -1 offset ?2)",
            id,
            MOST_WAITING
        )
        .execute(&mut *tx)
        .await?;
        let wants = sqlx::query_scalar!(
            r#"select exists (select 1 from subscriptions where subscriber_id = ? and state = 'pending') as "wants!: bool""#,
            id
        )
        .fetch_one(&mut *tx)
        .await?;
        // Letters since the button was last pressed: who presses it may ask again at once.
        let since = subscriber.confirmed_at.unwrap_or(0).max(now - 86_400);
        let sent = sqlx::query_scalar!(
            r#"select count(*) as "sent!" from deliveries where subscriber_id = ? and kind = 'confirm' and queued_at > ?"#,
            id,
            since
        )
        .fetch_one(&mut *tx)
        .await?;
        let too_soon = subscriber
            .confirm_sent_at
            .is_some_and(|sent| sent > now - CONFIRM_AGAIN_SECONDS);
        let is_quiet = subscriber.quiet_until.is_some_and(|until| until > now);
        if !wants || too_soon || is_quiet || sent >= CONFIRM_PER_DAY {
            // The view is noted all the same: the page behind the letter that is under way shows it.
            tx.commit().await?;
            return Ok(false);
        }
        // Asked again while a link is out, the same link is sent again: whichever of the two mails is opened, it works.
        let earlier = sqlx::query!(
            r#"select d.nonce, s.confirm_hash as "confirm!" from subscribers s
               join deliveries d on d.subscriber_id = s.id and d.kind = 'confirm'
               where s.id = ? and s.confirm_sent_at is not null and s.state in ('pending', 'active')
                   and s.confirm_expires_at > ? order by d.id desc limit 1"#,
            id,
            now
        )
        .fetch_optional(&mut *tx)
        .await?;
        let (nonce, confirm, unsubscribe) = match &earlier {
            // The way out of the earlier letter is that of this one too.
            Some(earlier) => (earlier.nonce.as_slice(), earlier.confirm.as_slice(), None),
            None => (
                tokens.nonce.as_slice(),
                tokens.confirm.as_slice(),
                Some(tokens.unsubscribe.as_slice()),
            ),
        };
        sqlx::query!(
            "update subscribers set state = iif(state = 'stopped', 'pending', state), confirm_hash = ?2,
                 confirm_expires_at = ?3, confirm_sent_at = ?4 where id = ?1",
            id,
            confirm,
            expires,
            now
        )
        .execute(&mut *tx)
        .await?;
        // Two within one second are two.
        sqlx::query!(
            "insert into deliveries (subscriber_id, kind, period, next_try_at, domain, nonce, unsubscribe_hash, queued_at)
             select ?1, 'confirm', ?2 || '.' || count(*), ?2, ?3, ?4, ?5, ?2 from deliveries where subscriber_id = ?1",
            id,
            now,
            domain,
            nonce,
            unsubscribe
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Forgets requests that were never confirmed, and bookmarks whose undo has long passed.
    pub async fn forget_leftovers(&self, now: Timestamp) -> Result<()> {
        let (pending, removed) = (now.as_second() - PENDING_SECONDS, now.as_second() - 86_400);
        let mut tx = self.begin().await?;
        sqlx::query!(
            "delete from subscribers where state <> 'active' and confirmed_at is null and coalesce(confirm_sent_at, created_at) < ?",
            pending
        )
        .execute(&mut *tx)
        .await?;
        // Somebody asked in the name of one who had stopped, who did not answer: as it was before.
        sqlx::query!(
            "update subscribers set state = 'stopped' where state = 'pending' and confirm_sent_at < ?",
            pending
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            "delete from subscriptions where state = 'pending' and added_at < ?1
                 and subscriber_id in (select id from subscribers where coalesce(confirm_sent_at, 0) < ?1)",
            pending
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!("delete from bookmarks where removed_at < ?", removed)
            .execute(&mut *tx)
            .await?;
        sqlx::query!("delete from refusals where at < ?", pending)
            .execute(&mut *tx)
            .await?;
        forget_views(&mut tx, now.as_second()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The subscriber a confirmation link belongs to.
    pub async fn subscriber_by_confirm(&self, hash: &[u8; 32]) -> Result<Option<Subscriber>> {
        let hash = hash.as_slice();
        Ok(rows!("where s.confirm_hash = ?", hash)
            .fetch_optional(&self.readers)
            .await?)
    }

    /// Turns on what was asked for: of the views that wait, those `chosen`, or all. Pressing twice is the same as once.
    /// `first_due` is computed from the rhythm.
    pub async fn confirm(
        &self,
        hash: &[u8; 32],
        chosen: Option<&[i64]>,
        now: Timestamp,
        first_due: impl FnOnce(&Subscriber) -> Timestamp,
    ) -> Result<Confirmed> {
        let mut tx = self.begin().await?;
        let token = hash.as_slice();
        let subscriber = rows!("where s.confirm_hash = ?", token)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(subscriber) = subscriber else {
            return Ok(Confirmed::Unknown);
        };
        // Unsubscribing ends the old link too: a scanner or an old mail must not turn it on again.
        if subscriber.state == "stopped" {
            return Ok(Confirmed::Unknown);
        }
        let (id, at) = (subscriber.id, now.as_second());
        let waiting: Vec<i64> = sqlx::query_scalar!(
            "select view_id from subscriptions where subscriber_id = ? and state = 'pending' order by position",
            id
        )
        .fetch_all(&mut *tx)
        .await?;
        if subscriber.is_active() && waiting.is_empty() {
            return Ok(Confirmed::Before(subscriber));
        }
        if subscriber.link_has_expired(now) {
            return Ok(Confirmed::Expired);
        }
        let wanted: Vec<i64> = waiting
            .into_iter()
            .filter(|view| chosen.is_none_or(|chosen| chosen.contains(view)))
            .collect();
        if wanted.is_empty() {
            return Ok(Confirmed::Nothing(subscriber));
        }
        let was_active = subscriber.is_active();
        let has = sqlx::query_scalar!(
            r#"select count(*) as "has!" from subscriptions where subscriber_id = ? and state = 'active'"#,
            id
        )
        .fetch_one(&mut *tx)
        .await?;
        if was_active && usize::try_from(has).unwrap_or(0) + wanted.len() > MAX_SEARCHES_PER_EMAIL {
            return Ok(Confirmed::TooMany(subscriber));
        }
        let wanted = to_json(&wanted)?;
        // What was not chosen, and, of somebody who comes back, what they had once.
        sqlx::query!(
            "delete from subscriptions where subscriber_id = ?1 and view_id not in (select value from json_each(?2))
                 and (state = 'pending' or not ?3)",
            id,
            wanted,
            was_active
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            "update subscriptions set state = 'active' where subscriber_id = ? and state = 'pending'",
            id
        )
        .execute(&mut *tx)
        .await?;
        let due = if was_active {
            subscriber.due_at
        } else {
            Some(first_due(&subscriber).as_second())
        };
        sqlx::query!(
            "update subscribers set state = 'active', confirmed_at = ?2, due_at = ?3, confirm_sent_at = null,
                 quiet_until = null, paused_until = iif(?4, paused_until, null) where id = ?1",
            id,
            at,
            due,
            was_active
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Confirmed::Now(Subscriber {
            state: "active".to_owned(),
            due_at: due,
            ..subscriber
        }))
    }

    /// The subscriber an unsubscribe link belongs to.
    pub async fn subscriber_by_unsubscribe(&self, hash: &[u8; 32]) -> Result<Option<Subscriber>> {
        let hash = hash.as_slice();
        Ok(rows!(
            "join deliveries d on d.subscriber_id = s.id where d.unsubscribe_hash = ?",
            hash
        )
        .fetch_optional(&self.readers)
        .await?)
    }

    /// The subscriber whose preferences a link opens.
    pub async fn subscriber_by_preferences(&self, hash: &[u8; 32]) -> Result<Option<Subscriber>> {
        let hash = hash.as_slice();
        Ok(rows!(
            "join deliveries d on d.subscriber_id = s.id where d.preferences_hash = ?",
            hash
        )
        .fetch_optional(&self.readers)
        .await?)
    }

    /// Keeps what a subscriber chose. `due` is the next mail; `resume` turns a subscription on that was ended. False when
    /// the address waits to be confirmed, and nothing is kept.
    pub async fn prefer(
        &self,
        subscriber: i64,
        chosen: &Preferences,
        due: Timestamp,
        resume: bool,
        now: Timestamp,
    ) -> Result<bool> {
        let now = now.as_second();
        let (zone, hour, days, due) = (
            &chosen.rhythm.zone,
            i64::from(chosen.rhythm.hour),
            chosen.rhythm.days.bits(),
            due.as_second(),
        );
        let kept = sqlx::query!(
            "update subscribers set zone = ?2, hour = ?3, days = ?4, papers = ?5, paused_until = ?6,
                 due_at = case when state = 'active' or ?8 then ?7 end,
                 state = case when ?8 then 'active' else state end,
                 confirmed_at = case when ?8 then ?9 else confirmed_at end
             where id = ?1 and (state in ('active', 'stopped') or (?8 and confirmed_at is not null))",
            subscriber,
            zone,
            hour,
            days,
            chosen.papers,
            chosen.paused_until,
            due,
            resume,
            now
        )
        .execute(&self.writer)
        .await?;
        Ok(kept.rows_affected() > 0)
    }

    /// Ends a subscription, and everything of it that waits. Doing so twice is the same as once.
    pub async fn stop(&self, subscriber: i64, now: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        stop(&mut tx, subscriber, now.as_second()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether a subscriber has, or will be sent, the mail of this local day.
    pub async fn has_mail_of(&self, subscriber: i64, day: jiff::civil::Date) -> Result<bool> {
        let day = day.to_string();
        Ok(sqlx::query_scalar!(
            r#"select exists (select 1 from deliveries where subscriber_id = ? and kind = 'digest' and period = ?) as "has!: bool""#,
            subscriber,
            day
        )
        .fetch_one(&self.readers)
        .await?)
    }

    /// Forgets a subscriber and every letter, at once and for good.
    pub async fn forget_subscriber(&self, subscriber: i64) -> Result<()> {
        sqlx::query!("delete from subscribers where id = ?", subscriber)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Every letter of a subscriber, for whoever asks what is stored: kind, period, state, when sent, papers.
    pub async fn emails_of(&self, subscriber: i64) -> Result<Vec<StoredEmail>> {
        let rows = sqlx::query!(
            r#"select d.kind, d.period, d.state, d.sent_at,
                      (select json_group_array(p.key order by x.position) from delivery_papers x join papers p on p.id = x.paper_id
                       where x.delivery_id = d.id) as "papers!: String"
               from deliveries d where d.subscriber_id = ? order by d.id"#,
            subscriber
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(StoredEmail {
                    kind: row.kind,
                    period: row.period,
                    state: row.state,
                    sent_at: row.sent_at.and_then(|at| Timestamp::from_second(at).ok()),
                    papers: super::from_json(&row.papers)?,
                })
            })
            .collect()
    }

    /// Ends the subscription of that link. `None` when there is no such link.
    pub async fn unsubscribe(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<Subscriber>> {
        let Some(subscriber) = self.subscriber_by_unsubscribe(hash).await? else {
            return Ok(None);
        };
        self.stop(subscriber.id, now).await?;
        Ok(Some(Subscriber {
            state: "stopped".to_owned(),
            due_at: None,
            ..subscriber
        }))
    }
}

async fn stop(tx: &mut Transaction<'_, Sqlite>, subscriber: i64, now: i64) -> Result<()> {
    // Whoever never asked is not asked again for a while, whoever asks in their name.
    let quiet = now + QUIET_SECONDS;
    sqlx::query!(
        "update subscribers set state = 'stopped', due_at = null, quiet_until = iif(confirmed_at is null, ?, null) where id = ?",
        quiet,
        subscriber
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "delete from subscriptions where subscriber_id = ? and state = 'pending'",
        subscriber
    )
    .execute(&mut **tx)
    .await?;
    // Nobody has seen these digests; who comes back on the same day can have the mail of that day.
    sqlx::query!(
        "delete from deliveries where subscriber_id = ? and state in ('queued', 'deferred', 'dropped') and kind = 'digest'",
        subscriber
    )
    .execute(&mut **tx)
    .await?;
    // Their links go on merged_paper.
    sqlx::query!(
        "update deliveries set state = 'dropped' where subscriber_id = ? and state in ('queued', 'deferred') and kind = 'confirm'",
        subscriber
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes no more to a subscriber whose address is suppressed.
pub(super) async fn silence(tx: &mut Transaction<'_, Sqlite>, subscriber: i64) -> Result<()> {
    sqlx::query!(
        "update subscribers set state = 'stopped', due_at = null where id = ?",
        subscriber
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update deliveries set state = 'suppressed' where subscriber_id = ? and state in ('queued', 'deferred')",
        subscriber
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
