//! What the rank job reads.

use std::collections::HashMap;

use domain::{paper::Signal, ranking::Snapshot};

use crate::{error::Result, json::from_json, listing::stored_signal, store::Store};

/// The signals of one paper.
#[derive(Debug, Clone, PartialEq)]
pub struct Signals {
    /// Row id.
    pub paper_id: i64,
    /// Unix seconds; 0 when unknown.
    pub announced: i64,
    /// When it entered Hugging Face Daily, Unix seconds.
    pub hf_submitted_at: Option<i64>,
    /// The archive of its primary category, such as `cs`; "" when unknown.
    pub archive: String,
    /// Totals of upvotes, oldest first.
    pub hf: Vec<Snapshot>,
    /// Totals of stars, oldest first.
    pub gh: Vec<Snapshot>,
    /// When its code repository was created, Unix seconds.
    pub code_created_at: Option<i64>,
    /// When each confirmed reader bookmarked it, Unix seconds.
    pub local: Vec<i64>,
}

/// Paper, announced, entered Daily, primary category or else all categories, repository created.
type PaperRow = (i64, i64, Option<i64>, String, Option<i64>);
/// Paper, signal, moment, total.
type SnapshotRow = (i64, String, i64, i64);

impl Store {
    /// The moment of the last snapshot and of the last announcement up to `now`, Unix seconds.
    pub async fn last_news(&self, now: i64) -> Result<(Option<i64>, Option<i64>)> {
        let news = sqlx::query!(
            r#"select (select max(at) from snapshots where at <= $1) as "snapshot: i64",
                      (select max(announced) from papers where announced <= $1 and announced > 0) as "paper: i64""#,
            now
        )
        .fetch_one(&self.readers)
        .await?;
        Ok((news.snapshot, news.paper))
    }

    /// Papers with a snapshot since `signals_since` or an announcement since `fresh_since`, both up to `now`, or with a
    /// bookmark of a confirmed reader up to `bookmarked_until`. Each comes with all its snapshots: the gain of a total is
    /// known only from the one before it, however old that is.
    pub async fn active_signals(
        &self,
        signals_since: i64,
        fresh_since: i64,
        now: i64,
        bookmarked_until: i64,
    ) -> Result<Vec<Signals>> {
        let papers = self
            .active_papers(signals_since, fresh_since, now, bookmarked_until)
            .await?;
        let mut by_id: HashMap<i64, Signals> = papers.into_iter().map(|row| (row.0, signals(row))).collect();
        for (paper_id, signal, at, total) in self.active_snapshots(signals_since, fresh_since, now).await? {
            let signal = stored_signal(&signal)?;
            if let Some(signals) = by_id.get_mut(&paper_id) {
                let history = match signal {
                    Signal::Upvotes => &mut signals.hf,
                    Signal::Stars => &mut signals.gh,
                };
                history.push(Snapshot { at, total });
            }
        }
        for (paper_id, at) in self.counted_bookmarks(signals_since, bookmarked_until).await? {
            if let Some(signals) = by_id.get_mut(&paper_id) {
                signals.local.push(at);
            }
        }
        let mut signals: Vec<Signals> = by_id.into_values().collect();
        for paper in &mut signals {
            paper.hf.sort_by_key(|snapshot| snapshot.at);
            paper.gh.sort_by_key(|snapshot| snapshot.at);
        }
        signals.sort_by_key(|paper| paper.paper_id);
        Ok(signals)
    }

    async fn active_papers(
        &self,
        signals_since: i64,
        fresh_since: i64,
        now: i64,
        bookmarked_until: i64,
    ) -> Result<Vec<PaperRow>> {
        let papers = sqlx::query_scalar!(
            r#"with active as materialized (
                   select distinct paper_id as id from snapshots where at > $1 and at <= $3
                   union select id from papers where announced > $2 and announced <= $3
                   union select b.paper_id from bookmarks b join readers r on r.id = b.reader_id
                         where b.removed_at is null and b.created_at > $1 and b.created_at <= $4 and r.subscriber_id is not null)
               select json_group_array(json_array(p.id, p.announced, p.hf_submitted_at, coalesce(p.primary_category, p.categories),
                          (select r.created_at from repositories r where r.url = p.code_url))) as "papers!: String"
               from active join papers p on p.id = active.id where p.removed_at is null"#,
            signals_since,
            fresh_since,
            now,
            bookmarked_until
        )
        .fetch_one(&self.readers)
        .await?;
        from_json(&papers)
    }

    async fn active_snapshots(
        &self,
        signals_since: i64,
        fresh_since: i64,
        now: i64,
    ) -> Result<Vec<SnapshotRow>> {
        let snapshots = sqlx::query_scalar!(
            r#"with active as materialized (
                   select distinct paper_id as id from snapshots where at > $1 and at <= $3
                   union select id from papers where announced > $2 and announced <= $3)
               select json_group_array(json_array(s.paper_id, s.signal, s.at, s.total)) as "snapshots!: String"
               from active join snapshots s on s.paper_id = active.id where s.at <= $3"#,
            signals_since,
            fresh_since,
            now
        )
        .fetch_one(&self.readers)
        .await?;
        from_json(&snapshots)
    }

    /// Paper and moment of each bookmark that counts. A confirmed address counts once per paper, whatever number of
    /// browsers its reader has.
    async fn counted_bookmarks(&self, since: i64, until: i64) -> Result<Vec<(i64, i64)>> {
        let bookmarks = sqlx::query_scalar!(
            r#"select json_group_array(json_array(counted.paper_id, counted.at)) as "bookmarks!: String" from (
                   select b.paper_id, min(b.created_at) as at
                   from bookmarks b join readers r on r.id = b.reader_id join subscribers s on s.id = r.subscriber_id
                   where b.removed_at is null and b.created_at > $1 and b.created_at <= $2 and s.confirmed_at is not null
                   group by b.paper_id, r.subscriber_id) counted"#,
            since,
            until
        )
        .fetch_one(&self.readers)
        .await?;
        from_json(&bookmarks)
    }
}

fn signals((paper_id, announced, hf_submitted_at, categories, code_created_at): PaperRow) -> Signals {
    Signals {
        paper_id,
        announced,
        hf_submitted_at,
        archive: categories.split(['.', ' ']).next().unwrap_or("").to_owned(),
        hf: Vec::new(),
        gh: Vec::new(),
        code_created_at,
        local: Vec::new(),
    }
}
