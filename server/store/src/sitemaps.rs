//! What sitemaps list: papers by ranges of row ids, and days with papers.

use domain::{PaperKey, edition::utc_day};
use jiff::{Timestamp, civil::Date};

use crate::{error::Result, json::from_json, store::Store};

/// Row ids of one range. Far fewer than the 50,000 URLs that a sitemap may have, because each row must be read.
pub const SITEMAP_ROWS: i64 = 10_000;

impl Store {
    /// The number of ranges that hold all papers.
    pub async fn sitemap_ranges(&self) -> Result<i64> {
        let last: i64 = sqlx::query_scalar("select coalesce(max(id), 0) from papers")
            .fetch_one(&self.readers)
            .await?;
        Ok((last + SITEMAP_ROWS - 1) / SITEMAP_ROWS)
    }

    /// The papers of a range, which are numbered from 1, each with its last change. Empty after the last range.
    pub async fn sitemap_range(&self, range: i64) -> Result<Vec<(PaperKey, Timestamp)>> {
        let first = range.saturating_sub(1).saturating_mul(SITEMAP_ROWS);
        // `removed_at` comes after the abstract in a row, so reading it would read the abstract. The index has the few deleted
        // papers.
        let rows: String = sqlx::query_scalar(
            "select json_group_array(json_array(p.key, p.changed_at)) from (
                 select key, changed_at from papers
                 where id > $1 and id <= $2 and id not in (
                     select r.id from papers r indexed by papers_removed where r.removed_at is not null and r.id > $1 and r.id <= $2)
                 order by id) p",
        )
        .bind(first)
        .bind(first.saturating_add(SITEMAP_ROWS))
        .fetch_one(&self.readers)
        .await?;
        Ok(from_json::<Vec<(String, i64)>>(&rows)?
            .into_iter()
            .filter_map(|(key, at)| Some((key.parse().ok()?, Timestamp::from_second(at).ok()?)))
            .collect())
    }

    /// The days up to `now` with papers, the latest first, at most `most`. Each day costs one step in the index.
    pub async fn days_with_papers(&self, now: Timestamp, most: i64) -> Result<Vec<Date>> {
        let days: String = sqlx::query_scalar(
            "with recursive days (at) as (
                 select (select max(announced) from listings not indexed where scope = '' and announced <= $1)
                 union all
                 select (select max(announced) from listings not indexed where scope = '' and announced < days.at - days.at % 86400)
                 from days where days.at > 0
                 limit $2)
             select json_group_array(at) from days where at > 0",
        )
        .bind(now.as_second())
        .bind(most)
        .fetch_one(&self.readers)
        .await?;
        Ok(from_json::<Vec<i64>>(&days)?
            .into_iter()
            .filter_map(|at| Timestamp::from_second(at).ok())
            .map(utc_day)
            .collect())
    }
}
