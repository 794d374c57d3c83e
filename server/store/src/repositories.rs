//! Code repositories: what their host says about them, and the stars of the papers that link to them.

use domain::{
    Paper,
    paper::{CodeState, CounterReading},
};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::{Sqlite, Transaction};

use crate::{error::Result, json::to_json, saving::save_within, store::Store};

/// A repository as its host describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// The URL in the papers.
    pub url: String,
    /// Whether it exists.
    pub state: CodeState,
    /// Its new URL, if it has moved.
    pub moved_to: Option<String>,
    /// Total stars.
    pub stars: Option<u32>,
    /// Unix seconds.
    pub created_at: Option<i64>,
    /// Unix seconds.
    pub pushed_at: Option<i64>,
    /// Unix seconds.
    pub checked_at: i64,
    /// The next check is not before this moment, Unix seconds.
    pub next_check_at: i64,
}

#[derive(Serialize)]
struct Row<'a> {
    url: &'a str,
    state: &'static str,
    moved_to: Option<&'a str>,
    stars: Option<u32>,
    created_at: Option<i64>,
    pushed_at: Option<i64>,
    checked_at: i64,
    next_check_at: i64,
}

impl Store {
    /// The repositories on GitHub that are due for a check: those of the hottest papers first, then of the newest. Only
    /// of papers that have heat or are younger than two weeks.
    pub async fn repositories_due(&self, now: Timestamp, most: usize) -> Result<Vec<String>> {
        let now = now.as_second();
        let young = now - 14 * 86_400;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        Ok(sqlx::query_scalar!(
            r#"select p.code_url as "url!" from (
                   select id from papers where heat > 0
                   union select id from papers where announced >= $2) active
               join papers p on p.id = active.id
               left join repositories r on r.url = p.code_url
               where p.code_url like 'https://github.com/%' and p.removed_at is null and coalesce(r.next_check_at, 0) <= $1
               group by p.code_url order by max(p.heat) desc, max(p.announced) desc, p.code_url limit $3"#,
            now,
            young,
            most
        )
        .fetch_all(&self.readers)
        .await?)
    }

    /// Stores what the host says, and the stars as a new total of every paper that links to the repository.
    pub async fn save_repositories(&self, repositories: &[Repository]) -> Result<()> {
        if repositories.is_empty() {
            return Ok(());
        }
        let rows: Vec<Row<'_>> = repositories
            .iter()
            .map(|repository| Row {
                url: &repository.url,
                state: repository.state.code(),
                moved_to: repository.moved_to.as_deref(),
                stars: repository.stars,
                created_at: repository.created_at,
                pushed_at: repository.pushed_at,
                checked_at: repository.checked_at,
                next_check_at: repository.next_check_at,
            })
            .collect();
        let rows = to_json(&rows)?;
        let mut tx = self.begin().await?;
        sqlx::query!(
            "insert into repositories (url, state, moved_to, stars, created_at, pushed_at, checked_at, next_check_at)
             select value ->> 'url', value ->> 'state', value ->> 'moved_to', cast(value ->> 'stars' as bigint),
                    cast(value ->> 'created_at' as bigint), cast(value ->> 'pushed_at' as bigint),
                    cast(value ->> 'checked_at' as bigint), cast(value ->> 'next_check_at' as bigint)
             from json_each($1) where true
             on conflict (url) do update set
                 state = excluded.state, moved_to = excluded.moved_to, stars = coalesce(excluded.stars, repositories.stars),
                 created_at = coalesce(excluded.created_at, repositories.created_at), pushed_at = coalesce(excluded.pushed_at, repositories.pushed_at),
                 checked_at = excluded.checked_at, next_check_at = excluded.next_check_at",
            rows
        )
        .execute(&mut *tx)
        .await?;
        let papers = papers_with_stars(&mut tx, repositories).await?;
        if let Some(latest) = repositories.iter().map(|repository| repository.checked_at).max() {
            save_within(&mut tx, &papers, latest).await?;
        }
        tx.commit().await?;
        // Rankings stay cached: a pass saves one repository after the other, and a rank run follows it.
        self.counts.clear();
        Ok(())
    }

    /// Stores that a repository did not answer, and is not asked again before `next`.
    pub async fn repository_tried(&self, url: &str, now: i64, next: i64) -> Result<()> {
        sqlx::query!(
            "insert into repositories (url, state, checked_at, next_check_at) values ($1, 'unknown', $2, $3)
             on conflict (url) do update set next_check_at = $3",
            url,
            now,
            next
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}

/// The papers that link to these repositories, with the stars as a new reading.
async fn papers_with_stars(
    tx: &mut Transaction<'_, Sqlite>,
    repositories: &[Repository],
) -> Result<Vec<Paper>> {
    let urls = to_json(
        &repositories
            .iter()
            .filter(|repository| repository.stars.is_some())
            .map(|repository| repository.url.as_str())
            .collect::<Vec<_>>(),
    )?;
    let named = sqlx::query!(
        r#"select p.arxiv_id, p.title, p.code_url as "url!" from json_each($1) url
               join papers p on p.code_url = url.value"#,
        urls
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(named
        .into_iter()
        .filter_map(|paper| {
            let repository = repositories.iter().find(|known| known.url == paper.url)?;
            // The least trusted source, with nothing but the stars.
            Some(Paper {
                arxiv_id: paper.arxiv_id.and_then(|id| id.parse().ok()),
                title: paper.title,
                stars: Some(CounterReading {
                    at: Timestamp::from_second(repository.checked_at).ok()?,
                    total: repository.stars?,
                }),
                ..Paper::default()
            })
        })
        .collect())
}
