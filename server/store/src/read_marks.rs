//! What a reader has read, and what they would rather not see.

use domain::{Category, Mutes, PaperKey};
use jiff::Timestamp;

use super::{ReaderId, Result, Store, to_json};

/// How a paper stands with a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderState {
    /// The paper.
    pub key: PaperKey,
    /// Kept.
    pub bookmarked: bool,
    /// Marked as read.
    pub read: bool,
}

impl Store {
    /// Marks papers as read, or as not read. Twice is the same as once; names of no paper change nothing.
    pub async fn set_read(
        &self,
        reader: ReaderId,
        papers: &[PaperKey],
        read: bool,
        now: Timestamp,
    ) -> Result<()> {
        let keys = names(papers)?;
        let now = now.as_second();
        if read {
            sqlx::query!(
                "insert into readings (reader_id, paper_id, read_at)
                 select ?1, p.id, ?2 from papers p where p.key in (select value from json_each(?3))
                 on conflict do nothing",
                reader.0,
                now,
                keys
            )
            .execute(&self.writer)
            .await?;
        } else {
            sqlx::query!(
                "delete from readings where reader_id = ?1
                 and paper_id in (select p.id from papers p where p.key in (select value from json_each(?2)))",
                reader.0,
                keys
            )
            .execute(&self.writer)
            .await?;
        }
        Ok(())
    }

    /// How these papers stand with a reader: those that are kept or read.
    pub async fn reader_states(&self, reader: ReaderId, papers: &[PaperKey]) -> Result<Vec<ReaderState>> {
        let keys = names(papers)?;
        let rows = sqlx::query!(
            r#"select p.key,
                      exists (select 1 from bookmarks b where b.reader_id = ?1 and b.paper_id = p.id and b.removed_at is null) as "bookmarked!: bool",
                      exists (select 1 from readings r where r.reader_id = ?1 and r.paper_id = p.id) as "read!: bool"
               from papers p where p.key in (select value from json_each(?2))
                 and (exists (select 1 from bookmarks b where b.reader_id = ?1 and b.paper_id = p.id and b.removed_at is null)
                      or exists (select 1 from readings r where r.reader_id = ?1 and r.paper_id = p.id))"#,
            reader.0,
            keys
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                Some(ReaderState {
                    key: row.key.parse().ok()?,
                    bookmarked: row.bookmarked,
                    read: row.read,
                })
            })
            .collect())
    }

    /// What a reader has muted.
    pub async fn mutes(&self, reader: ReaderId) -> Result<Mutes> {
        let rows = sqlx::query!(
            "select kind, what from mutes where reader_id = ? order by kind, position",
            reader.0
        )
        .fetch_all(&self.readers)
        .await?;
        let (words, categories): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.kind == "word");
        Ok(Mutes::stored(
            words.into_iter().map(|row| row.what).collect(),
            categories
                .into_iter()
                .filter_map(|row| row.what.parse::<Category>().ok())
                .collect(),
        ))
    }

    /// Mutes these and nothing else.
    pub async fn set_mutes(&self, reader: ReaderId, mutes: &Mutes) -> Result<()> {
        let words = to_json(&mutes.words())?;
        let categories = to_json(&mutes.categories())?;
        let mut transaction = self.begin().await?;
        sqlx::query!("delete from mutes where reader_id = ?", reader.0)
            .execute(&mut *transaction)
            .await?;
        sqlx::query!(
            "insert into mutes (reader_id, kind, what, position)
             select ?1, 'word', value, key from json_each(?2)
             union all select ?1, 'category', value, key from json_each(?3)",
            reader.0,
            words,
            categories
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }
}

fn names(papers: &[PaperKey]) -> Result<String> {
    to_json(&papers.iter().map(ToString::to_string).collect::<Vec<_>>())
}
