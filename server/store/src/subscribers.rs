//! The table of subscribers: what confirming, unsubscribing and saving preferences write into it.

use domain::DigestSchedule;
use jiff::Timestamp;

use super::{Result, WriteTransaction};

/// What a subscriber can choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// When the digest is due.
    pub schedule: DigestSchedule,
    /// Papers per search in one email: 5, 10 or 20.
    pub papers: i64,
    /// No digest is sent before this moment, Unix seconds.
    pub paused_until: Option<i64>,
}

impl WriteTransaction {
    /// Deletes a subscriber and the records of all their emails.
    pub async fn delete_subscriber(&mut self, subscriber: i64) -> Result<()> {
        sqlx::query!("delete from subscribers where id = $1", subscriber)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Turns a subscription on. `due` is the next digest, in Unix seconds. A pause ends unless `keep_pause`.
    pub async fn activate_subscriber(
        &mut self,
        subscriber: i64,
        due: Option<i64>,
        keep_pause: bool,
        now: Timestamp,
    ) -> Result<()> {
        let now = now.as_second();
        sqlx::query!(
            "update subscribers set state = 'active', confirmed_at = $2, due_at = $3, confirm_sent_at = null,
                 quiet_until = null, paused_until = case when $4 then paused_until end where id = $1",
            subscriber,
            now,
            due,
            keep_pause
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Turns a subscription off. An address that was never confirmed gets no confirmation email before `quiet_until`.
    pub async fn stop_subscriber(&mut self, subscriber: i64, quiet_until: Timestamp) -> Result<()> {
        let quiet_until = quiet_until.as_second();
        sqlx::query!(
            "update subscribers set state = 'stopped', due_at = null,
                 quiet_until = case when confirmed_at is null then $2 end where id = $1",
            subscriber,
            quiet_until
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Saves preferences. `due` is the next digest; `resume` turns a stopped subscription on again. Answers `false`,
    /// and saves nothing, while the address is not confirmed.
    pub async fn save_preferences(
        &mut self,
        subscriber: i64,
        chosen: &Preferences,
        due: Timestamp,
        resume: bool,
        now: Timestamp,
    ) -> Result<bool> {
        let now = now.as_second();
        let (zone, hour, days, due) = (
            &chosen.schedule.zone,
            i64::from(chosen.schedule.hour),
            chosen.schedule.days.bits(),
            due.as_second(),
        );
        let saved = sqlx::query!(
            "update subscribers set zone = $2, hour = $3, days = $4, papers = $5, paused_until = $6,
                 due_at = case when state = 'active' or $8 then $7 end,
                 state = case when $8 then 'active' else state end,
                 confirmed_at = case when $8 then $9 else confirmed_at end
             where id = $1 and (state in ('active', 'stopped') or ($8 and confirmed_at is not null))",
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
        .execute(&mut *self.0)
        .await?;
        Ok(saved.rows_affected() > 0)
    }

    /// Stops a subscription whose address is suppressed, with all emails that wait.
    pub(super) async fn silence_subscriber(&mut self, subscriber: i64) -> Result<()> {
        sqlx::query!(
            "update subscribers set state = 'stopped', due_at = null where id = $1",
            subscriber
        )
        .execute(&mut *self.0)
        .await?;
        sqlx::query!(
            "update deliveries set state = 'suppressed' where subscriber_id = $1 and state in ('queued', 'deferred')",
            subscriber
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Deletes requests that were not confirmed, if the last one was made before `before` (Unix seconds). A
    /// subscriber who had stopped earlier is stopped again.
    pub(super) async fn delete_unconfirmed_subscribers(&mut self, before: i64) -> Result<()> {
        sqlx::query!(
            "delete from subscribers where state <> 'active' and confirmed_at is null
                 and coalesce(confirm_sent_at, created_at) < $1",
            before
        )
        .execute(&mut *self.0)
        .await?;
        sqlx::query!(
            "update subscribers set state = 'stopped' where state = 'pending' and confirm_sent_at < $1",
            before
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}
