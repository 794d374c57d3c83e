//! Facts about the library; integrity and backup of the file.

use std::path::Path;

use domain::{Category, paper::Published};
use jiff::Timestamp;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{backup::backup, connection::BUSY_TIMEOUT, error::Result, facts::LibraryFacts, store::Store};

/// The result of an integrity check; the default when there is no damage.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Integrity {
    /// Lines of SQLite's `integrity_check` other than "ok".
    pub damage: Vec<String>,
    /// Rows that refer to a missing row.
    pub dangling: u64,
}

impl Store {
    /// Facts about the library, at most a minute old.
    pub async fn facts(&self, now: Timestamp) -> Result<LibraryFacts> {
        if let Some(facts) = self.counts.facts.get() {
            return Ok(facts);
        }
        let papers = sqlx::query_scalar!(r#"select (select count(*) from papers) - (select count(*) from papers where removed_at is not null) as "n!: i64""#)
            .fetch_one(&self.readers)
            .await?;
        let mut facts = LibraryFacts {
            papers: u64::try_from(papers).unwrap_or(0),
            newest: None,
            in_last_day: 0,
        };
        if let Some(newest) = self.last_announced_before(now.as_second() + 1).await? {
            let since = newest - 86_400;
            let row = sqlx::query!(
                r#"select count(*) as "in_last_day!: i64",
                          (select coalesce(announced_on, published) from papers where announced = $2 order by id desc limit 1) as published
                   from papers where announced > $1 and announced <= $2"#,
                since,
                newest
            )
            .fetch_one(&self.readers)
            .await?;
            facts.in_last_day = u64::try_from(row.in_last_day).unwrap_or(0);
            facts.newest = row
                .published
                .and_then(|text| text.parse().ok())
                .or_else(|| Timestamp::from_second(newest).ok().map(Published::At));
        }
        self.counts.facts.put(facts);
        Ok(facts)
    }

    /// When the papers may last have changed, Unix seconds: the last rank run, move, new paper, or run of a
    /// job that does not send email.
    pub async fn last_change(&self) -> Result<i64> {
        Ok(sqlx::query_scalar!(
            r#"select coalesce(max(change.at), 0) as "at!: i64" from (
                   select max(ran_at) as at from rank_runs
                   union all select (select ended_at from job_runs where job not like 'email-%' order by id desc limit 1)
                   union all select (select at from moves order by id desc limit 1)
                   union all select (select added_at from papers order by id desc limit 1)) change"#
        )
        .fetch_one(&self.readers)
        .await?)
    }

    /// The categories with the most papers, largest first; at most ten minutes old.
    pub async fn top_categories(&self, most: usize) -> Result<Vec<Category>> {
        if let Some(names) = self.counts.categories.get() {
            return Ok(names.into_iter().take(most).collect());
        }
        // Only names with a dot are categories; an archive such as `hep-th` has none.
        let names = sqlx::query_scalar!(
            "select scope from listings where scope like '%.%' group by scope order by count(*) desc, scope limit 40"
        )
        .fetch_all(&self.readers)
        .await?;
        let names: Vec<Category> = names.into_iter().filter_map(|name| name.parse().ok()).collect();
        self.counts.categories.put(names.clone());
        Ok(names.into_iter().take(most).collect())
    }

    /// Runs the checks of SQLite, and compares the full-text index with the papers.
    pub async fn integrity(&self) -> Result<Integrity> {
        // A connection of its own: the check of the full-text index counts as a write, although it changes nothing.
        let mut connection = SqliteConnectOptions::new()
            .filename(&self.path)
            .busy_timeout(BUSY_TIMEOUT)
            .connect()
            .await?;
        let found = check(&mut connection).await;
        connection.close().await?;
        found
    }

    /// Writes a consistent copy to the new file `to`, as [`backup`] does.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        backup(&self.path, to).await
    }
}

async fn check(connection: &mut SqliteConnection) -> Result<Integrity> {
    let lines: Vec<String> = sqlx::query_scalar("pragma integrity_check")
        .fetch_all(&mut *connection)
        .await?;
    let mut damage: Vec<String> = lines.into_iter().filter(|line| line != "ok").collect();
    let index = sqlx::query("insert into papers_fts (papers_fts, rank) values ('integrity-check', 1)")
        .execute(&mut *connection)
        .await;
    if let Err(error) = index {
        damage.push(format!("the full-text index: {error}"));
    }
    let dangling = sqlx::query("pragma foreign_key_check")
        .fetch_all(&mut *connection)
        .await?
        .len() as u64;
    Ok(Integrity { damage, dangling })
}
