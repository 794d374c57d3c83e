//! Read marks and mutes of a reader.

use domain::{Category, Mutes, PaperKey};
use jiff::Timestamp;

use crate::{
    error::{Result, StoreError},
    json::to_json,
    readers::ReaderId,
    store::Store,
};

/// What a reader has done with a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderState {
    /// The paper.
    pub key: PaperKey,
    /// Whether it is bookmarked.
    pub bookmarked: bool,
    /// Whether it is marked as read.
    pub read: bool,
}

impl Store {
    /// Marks papers as read or unread. Idempotent. Unknown keys are ignored.
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
                 select $1, p.id, $2 from papers p where p.key in (select value from json_each($3))
                 on conflict do nothing",
                reader.0,
                now,
                keys
            )
            .execute(&self.writer)
            .await?;
        } else {
            sqlx::query!(
                "delete from readings where reader_id = $1
                 and paper_id in (select p.id from papers p where p.key in (select value from json_each($2)))",
                reader.0,
                keys
            )
            .execute(&self.writer)
            .await?;
        }
        Ok(())
    }

    /// The papers among these that a reader has bookmarked or read.
    pub async fn reader_states(&self, reader: ReaderId, papers: &[PaperKey]) -> Result<Vec<ReaderState>> {
        let keys = names(papers)?;
        let rows = sqlx::query!(
            r#"select p.key,
                      exists (select 1 from bookmarks b where b.reader_id = $1 and b.paper_id = p.id and b.removed_at is null) as "bookmarked!: bool",
                      exists (select 1 from readings r where r.reader_id = $1 and r.paper_id = p.id) as "read!: bool"
               from papers p where p.key in (select value from json_each($2))
                 and (exists (select 1 from bookmarks b where b.reader_id = $1 and b.paper_id = p.id and b.removed_at is null)
                      or exists (select 1 from readings r where r.reader_id = $1 and r.paper_id = p.id))"#,
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
            "select kind, what from mutes where reader_id = $1 order by kind, position",
            reader.0
        )
        .fetch_all(&self.readers)
        .await?;
        let (mut words, mut categories) = (Vec::new(), Vec::new());
        for row in rows {
            match row.kind.as_str() {
                "word" => words.push(row.what),
                "category" => categories.push(row.what),
                other => return Err(StoreError::Corrupt(format!("“{other}” is not a kind of mute"))),
            }
        }
        Ok(Mutes::stored(
            words,
            categories
                .into_iter()
                .filter_map(|name| name.parse::<Category>().ok())
                .collect(),
        ))
    }

    /// Replaces all mutes of a reader.
    pub async fn set_mutes(&self, reader: ReaderId, mutes: &Mutes) -> Result<()> {
        let words = to_json(&mutes.words())?;
        let categories = to_json(&mutes.categories())?;
        let mut transaction = self.begin().await?;
        sqlx::query!("delete from mutes where reader_id = $1", reader.0)
            .execute(&mut *transaction)
            .await?;
        sqlx::query!(
            "insert into mutes (reader_id, kind, what, position)
             select $1, 'word', w.value, cast(w.key as bigint) from json_each($2) w
             union all select $1, 'category', c.value, cast(c.key as bigint) from json_each($3) c",
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
