//! Code links in stored texts, found again by the present rules. Earlier versions of Broadsheet found some wrong ones.

use domain::Paper;
use jiff::Timestamp;
use sqlx::{Sqlite, Transaction};

use super::{load::load_ids, merge::code_in_texts, outcome::SaveOutcome};
use crate::{error::Result, store::Store};

/// The version of the rules in `domain::paper::code_link`. Increase it when they find other links: then all stored
/// links are checked again.
const RULES: i64 = 1;

/// Papers per transaction. With this number another writer waits for only a fraction of a second.
const BATCH: i64 = 200;

/// The value of `checked up to` when every paper has been checked.
const ALL: i64 = i64::MAX;

impl Store {
    /// Whether stored code links may come from other rules.
    pub async fn has_unchecked_code_links(&self) -> Result<bool> {
        Ok(self.checked_up_to().await? != ALL)
    }

    /// Finds the code links in the texts of all papers again. It continues where it was interrupted. Returns how many papers
    /// it changed.
    pub async fn check_code_links(&self, now: Timestamp) -> Result<usize> {
        let (mut changed, mut after) = (0, self.checked_up_to().await?);
        while after != ALL {
            let (wrong, last) = self.wrong_code_links(after).await?;
            after = last;
            let mut tx = self.begin().await?;
            if !wrong.is_empty() {
                find_again(&mut tx, &wrong, now).await?;
            }
            store_progress(&mut tx, after).await?;
            tx.commit().await?;
            if !wrong.is_empty() {
                self.note_changes(&[SaveOutcome::Updated]);
            }
            changed += wrong.len();
        }
        Ok(changed)
    }

    /// The row id of the last checked paper; 0 if these rules have checked none.
    async fn checked_up_to(&self) -> Result<i64> {
        let stored = sqlx::query_scalar!("select value from settings where name = 'code_links'")
            .fetch_optional(&self.readers)
            .await?;
        let last = stored.as_deref().and_then(|value| {
            let last = value.strip_prefix(RULES.to_be_bytes().as_slice())?;
            Some(i64::from_be_bytes(last.try_into().ok()?))
        });
        Ok(last.unwrap_or(0))
    }

    /// The papers of the next batch whose stored link differs from the one in their texts, and the last row id of
    /// the batch. Links from other sources are not checked.
    async fn wrong_code_links(&self, after: i64) -> Result<(Vec<i64>, i64)> {
        let papers = sqlx::query!(
            r#"select p.id as "id!", p.code_url, p.comments, p.abstract as abstract_text from papers p
               where p.id > $1 and (p.code_url is null or exists (
                   select 1 from code_repositories c
                   where c.paper_id = p.id and c.url = p.code_url and c.found_in in ('abstract', 'comments')))
               order by p.id limit $2"#,
            after,
            BATCH
        )
        .fetch_all(&self.readers)
        .await?;
        let last = papers.last().map_or(ALL, |paper| paper.id);
        let wrong = papers
            .into_iter()
            .filter(|paper| code_in_texts(&paper.abstract_text, paper.comments.as_deref()) != paper.code_url)
            .map(|paper| paper.id)
            .collect();
        Ok((wrong, last))
    }
}

async fn find_again(tx: &mut Transaction<'_, Sqlite>, ids: &[i64], now: Timestamp) -> Result<()> {
    let mut batch = load_ids(tx, ids).await?;
    // A record that says nothing.
    let record = Paper::default();
    for paper in &mut batch.papers {
        paper.link_code(&record);
    }
    batch.write(tx, now.as_second()).await
}

async fn store_progress(tx: &mut Transaction<'_, Sqlite>, last: i64) -> Result<()> {
    let value = [RULES.to_be_bytes(), last.to_be_bytes()].concat();
    sqlx::query!(
        "insert into settings (name, value) values ('code_links', $1) on conflict (name) do update set value = excluded.value",
        value
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
