//! Corrects stored dates in the future, and stored dates that stand for a missing one, as earlier versions of Broadsheet
//! saved them.

use jiff::Timestamp;

use super::{load::load_ids, outcome::SaveOutcome, plausible_dates::ClockState};
use crate::{error::Result, store::Store};

/// Papers per transaction.
const BATCH: i64 = 200;

/// The beginning of 1980 in Unix time. Earlier dates stand for a missing one.
const FIRST_SECOND: i64 = 315_532_800;

/// If more than half of this many newest papers are in the future, the clock of this machine is wrong.
const NEWEST: i64 = 1_000;

impl Store {
    /// Corrects papers with a stored date in the future or before 1980. Returns how many it changed.
    ///
    /// It reads every paper, because `updated` has no index, and runs once a night.
    pub async fn correct_implausible_dates(&self, now: Timestamp) -> Result<usize> {
        // More than any tolerance for dates: dates that are less far ahead become plausible by themselves.
        let from = now.as_second().saturating_add(2 * 86_400);
        if self.is_clock_wrong(from).await? {
            tracing::warn!(
                "more than half of the newest papers have future dates, so none was corrected: check the clock of this machine"
            );
            return Ok(0);
        }
        // Stored dates sort as text: 2025-10, 2025-10-31, 2025-10-31T12:00:00Z.
        let first_moment = Timestamp::from_second(from).unwrap_or(Timestamp::MAX).to_string();
        let (mut corrected, mut after) = (0, 0);
        loop {
            let ahead = sqlx::query_scalar!(
                r#"select id as "id!" from papers
                   where id > $1 and (announced > $2 or updated > $3 or hf_submitted_at > $2
                     or published < '1980' or updated < '1980' or hf_submitted_at < $4)
                   order by id limit $5"#,
                after,
                from,
                first_moment,
                FIRST_SECOND,
                BATCH
            )
            .fetch_all(&self.readers)
            .await?;
            let Some(last) = ahead.last() else {
                return Ok(corrected);
            };
            after = *last;
            corrected += self.drop_impossible_dates_of(&ahead, now).await?;
        }
    }

    /// Whether so many of the newest papers are listed after `from` that the clock must be wrong.
    async fn is_clock_wrong(&self, from: i64) -> Result<bool> {
        let newest = sqlx::query!(
            r#"select count(*) as "papers!: i64", count(case when newest.announced > $1 then 1 end) as "ahead!: i64"
               from (select announced from papers order by announced desc limit $2) newest"#,
            from,
            NEWEST
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(newest.ahead * 2 > newest.papers)
    }

    async fn drop_impossible_dates_of(&self, ids: &[i64], now: Timestamp) -> Result<usize> {
        let mut tx = self.begin().await?;
        let mut batch = load_ids(&mut tx, ids).await?;
        for paper in &mut batch.papers {
            paper.row.drop_impossible_dates(now, ClockState::Right);
        }
        let changed = batch.papers.iter().filter(|paper| paper.is_changed()).count();
        if changed > 0 {
            batch.write(&mut tx, now.as_second()).await?;
            tx.commit().await?;
            self.note_changes(&[SaveOutcome::Updated]);
        }
        Ok(changed)
    }
}
