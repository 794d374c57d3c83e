//! Searches that people receive by email or have saved (table `views`), and the saved searches of readers.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{ListingQuery, SavedSearch};
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{ReaderId, Result, Store, StoreError, WriteTransaction};
use crate::tokens::random_bytes;

/// Saved searches of one reader, at most.
pub const MAX_SAVED_SEARCHES: i64 = 100;
/// Issues of searches other than the front page stay on the web for this long.
const ISSUE_SECONDS: i64 = 90 * 86_400;
/// An unused search is deleted after this long.
const UNUSED_SECONDS: i64 = 86_400;

/// A search with what its owner calls it.
pub(super) struct SavedSearchRow {
    pub id: i64,
    pub slug: String,
    pub query: String,
    pub name: Option<String>,
    pub is_pending: bool,
}

impl From<SavedSearchRow> for SavedSearch {
    fn from(row: SavedSearchRow) -> Self {
        Self {
            view_id: row.id,
            slug: row.slug,
            view: ListingQuery::stored(&row.query),
            name: row.name,
            is_pending: row.is_pending,
        }
    }
}

/// The row id of a search, which is added if it is new. `now` is in Unix seconds.
pub(super) async fn search_id(
    connection: &mut SqliteConnection,
    search: &ListingQuery,
    now: i64,
) -> Result<i64> {
    let query = search.query();
    let slug = random_slug()?;
    sqlx::query!(
        "insert into views (query, slug, created_at) values ($1, $2, $3) on conflict (query) do nothing",
        query,
        slug,
        now
    )
    .execute(&mut *connection)
    .await?;
    Ok(
        sqlx::query_scalar!(r#"select id as "id!" from views where query = $1"#, query)
            .fetch_one(&mut *connection)
            .await?,
    )
}

fn random_slug() -> Result<String> {
    let bytes: [u8; 16] =
        random_bytes().map_err(|error| StoreError::Corrupt(format!("no random bytes: {error}")))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

impl Store {
    /// The search whose issues have this name on the web, with its row id.
    pub async fn search_by_slug(&self, slug: &str) -> Result<Option<(i64, ListingQuery)>> {
        let row = sqlx::query!(r#"select id as "id!", query from views where slug = $1"#, slug)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|row| (row.id, ListingQuery::stored(&row.query))))
    }

    /// The row id and slug of a search, if anyone has it.
    pub async fn known_search(&self, view: &ListingQuery) -> Result<Option<(i64, String)>> {
        let query = view.query();
        let row = sqlx::query!(r#"select id as "id!", slug from views where query = $1"#, query)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|row| (row.id, row.slug)))
    }

    /// The saved searches of a reader, the newest first.
    pub async fn saved_searches(&self, reader: ReaderId) -> Result<Vec<SavedSearch>> {
        let rows = sqlx::query_as!(
            SavedSearchRow,
            r#"select v.id as "id!", v.slug, v.query, s.name, 1 = 0 as "is_pending!: bool"
               from saved_views s join views v on v.id = s.view_id
               where s.reader_id = $1 order by s.saved_at desc, s.view_id desc"#,
            reader.0
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(rows.into_iter().map(SavedSearch::from).collect())
    }

    /// Saves a search for a reader, or renames it. Answers `false`, and changes nothing, if the reader has
    /// [`MAX_SAVED_SEARCHES`] others.
    pub async fn save_search(
        &self,
        reader: ReaderId,
        view: &ListingQuery,
        name: Option<&str>,
        now: Timestamp,
    ) -> Result<bool> {
        let now = now.as_second();
        let mut tx = self.begin().await?;
        let id = search_id(&mut tx, view, now).await?;
        let saved = sqlx::query!(
            "insert into saved_views (reader_id, view_id, name, saved_at)
             select $1, $2, $3, $4
                 where (select count(*) from saved_views where reader_id = $1 and view_id <> $2) < $5
             on conflict (reader_id, view_id) do update set name = excluded.name",
            reader.0,
            id,
            name,
            now,
            MAX_SAVED_SEARCHES
        )
        .execute(&mut *tx)
        .await?;
        if saved.rows_affected() == 0 {
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Removes a saved search. Idempotent.
    pub async fn remove_search(&self, reader: ReaderId, view: i64) -> Result<()> {
        sqlx::query!(
            "delete from saved_views where reader_id = $1 and view_id = $2",
            reader.0,
            view
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}

impl WriteTransaction {
    /// Deletes the papers of old issues, except those of the front page, and unused searches. `now` is in Unix
    /// seconds.
    pub(super) async fn delete_old_issues(&mut self, now: i64) -> Result<()> {
        let (old, unused) = (now - ISSUE_SECONDS, now - UNUSED_SECONDS);
        // The row of the issue stays: emails refer to it.
        sqlx::query!(
            "delete from issue_papers where issue_id in (select id from issues where composed_at < $1
                 and view_id <> (select id from views where query = ''))",
            old
        )
        .execute(&mut *self.0)
        .await?;
        sqlx::query!(
            "delete from views where query <> '' and created_at < $1
                 and not exists (select 1 from subscriptions s where s.view_id = views.id)
                 and not exists (select 1 from saved_views s where s.view_id = views.id)
                 and not exists (select 1 from issues i where i.view_id = views.id)",
            unused
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}
