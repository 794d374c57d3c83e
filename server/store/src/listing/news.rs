//! What is new in the library and in a listing.

use domain::{Listing, Newest, Sort, listing::PAGE_SIZE};
use jiff::Timestamp;
use sqlx::Row;

use super::{filter::Filter, query::Query};
use crate::{error::Result, store::Store};

/// The latest rows that are searched for new papers.
const MOST_NEW_ROWS: i64 = 20_000;
/// New papers are counted up to this number.
const NEWS_COUNTED_TO: i64 = 1_000;

/// How many papers of a listing were added after a row, up to [`NEWS_COUNTED_TO`].
pub(super) fn added_query(filter: &Filter, since: i64) -> Query {
    let mut query = Query::default();
    query
        .push("select count(*) from (select 1 from papers p where p.removed_at is null")
        .int(" and p.id > ?", since)
        .append(&filter.of_paper())
        .int(" limit ?) added", NEWS_COUNTED_TO);
    query
}

impl Store {
    /// The newest paper, rank run and move.
    pub async fn newest(&self) -> Result<Newest> {
        Ok(sqlx::query_as!(
            Newest,
            r#"select (select coalesce(max(id), 0) from papers) as "paper_id!: i64",
                      (select coalesce(max(epoch), 0) from rank_runs) as "epoch!: i64",
                      (select coalesce(max(id), 0) from moves) as "moves!: i64""#
        )
        .fetch_one(&self.readers)
        .await?)
    }

    /// How many papers of a listing were added after row `since`. For a trending listing, plus how many others have
    /// risen onto the first page since rank run `epoch`. Counts at most 1,000 added papers.
    pub async fn news_since(&self, listing: &Listing, since: i64, epoch: i64, now: Timestamp) -> Result<u64> {
        let filter = Filter::of(listing, now);
        // A page that has been open for days has many new papers.
        let since = since.max(self.newest().await?.paper_id - MOST_NEW_ROWS);
        let row = added_query(&filter, since)
            .prepare()
            .fetch_one(&self.readers)
            .await?;
        let added: i64 = row.try_get(0)?;
        let risen = match listing.order() {
            Sort::Trending => self.risen_since(listing, &filter, since, epoch).await?,
            _ => 0,
        };
        Ok(u64::try_from(added).unwrap_or(0) + risen)
    }

    /// How many papers up to row `since` are on the first page now and were not in rank run `epoch`.
    async fn risen_since(&self, listing: &Listing, filter: &Filter, since: i64, epoch: i64) -> Result<u64> {
        let Some(then) = self.ranking(epoch, listing.span()).await? else {
            return Ok(0);
        };
        let Some(today) = self.current_ranking(listing.span()).await? else {
            return Ok(0);
        };
        if today.epoch == then.epoch {
            return Ok(0);
        }
        let before = self.trending(filter, Some(&then), None, PAGE_SIZE, None).await?;
        let after = self.trending(filter, Some(&today), None, PAGE_SIZE, None).await?;
        Ok(after
            .iter()
            .filter(|place| place.id <= since && !before.iter().any(|known| known.id == place.id))
            .count() as u64)
    }

    /// The last moment before `before` (Unix seconds) at which a paper was announced.
    pub async fn last_announced_before(&self, before: i64) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar!(
            r#"select announced as "announced!" from listings where scope = '' and announced < $1 and announced > 0
               order by announced desc limit 1"#,
            before
        )
        .fetch_optional(&self.readers)
        .await?)
    }

    /// The first moment from `from` on (Unix seconds) at which a paper was announced.
    pub async fn first_announced_from(&self, from: i64) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar!(
            r#"select announced as "announced!" from listings where scope = '' and announced >= $1 and announced > 0
               order by announced limit 1"#,
            from
        )
        .fetch_optional(&self.readers)
        .await?)
    }
}
