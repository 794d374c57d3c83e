//! Views: which lists are had by mail, and which a reader keeps at hand.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{ListingQuery, SavedSearch, listing_query::NamedListing};
use jiff::Timestamp;
use sqlx::{Sqlite, Transaction};

use super::{ReaderId, Result, Store, StoreError};
use crate::tokens::random_bytes;

/// Views one subscriber has at most: the mail must stay readable.
pub const MAX_SEARCHES_PER_EMAIL: usize = 12;
/// Views one reader keeps at most.
pub const MAX_SAVED_SEARCHES: i64 = 100;
/// What was printed of a view other than the front page stays on the web this long.
const KEPT_SECONDS: i64 = 90 * 86_400;

/// A row of a list of views.
struct Row {
    id: i64,
    slug: String,
    query: String,
    name: Option<String>,
    is_pending: bool,
}

impl From<Row> for SavedSearch {
    fn from(row: Row) -> Self {
        Self {
            view_id: row.id,
            slug: row.slug,
            view: ListingQuery::stored(&row.query),
            name: row.name,
            is_pending: row.is_pending,
        }
    }
}

/// The row of a view, made if there is none.
pub(super) async fn view_row(tx: &mut Transaction<'_, Sqlite>, view: &ListingQuery, now: i64) -> Result<i64> {
    let query = view.query();
    let slug = fresh_slug()?;
    sqlx::query!(
        "insert into views (query, slug, created_at) values (?, ?, ?) on conflict (query) do nothing",
        query,
        slug,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(
        sqlx::query_scalar!(r#"select id as "id!" from views where query = ?"#, query)
            .fetch_one(&mut **tx)
            .await?,
    )
}

fn fresh_slug() -> Result<String> {
    let bytes: [u8; 16] =
        random_bytes().map_err(|error| StoreError::Corrupt(format!("no randomness: {error}")))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// Forgets what was printed long ago, but for the front page's, and views that nobody has.
pub(super) async fn forget_views(tx: &mut Transaction<'_, Sqlite>, now: i64) -> Result<()> {
    let (old, yesterday) = (now - KEPT_SECONDS, now - 86_400);
    // The issue itself stays: letters name it.
    sqlx::query!(
        "delete from issue_papers where issue_id in (select id from issues where composed_at < ?
             and view_id <> (select id from views where query = ''))",
        old
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "delete from views where query <> '' and created_at < ?
             and not exists (select 1 from subscriptions s where s.view_id = views.id)
             and not exists (select 1 from saved_views s where s.view_id = views.id)
             and not exists (select 1 from issues i where i.view_id = views.id)",
        yesterday
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

impl Store {
    /// The view of that name on the web.
    pub async fn search_by_slug(&self, slug: &str) -> Result<Option<(i64, ListingQuery)>> {
        let row = sqlx::query!(r#"select id as "id!", query from views where slug = ?"#, slug)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|row| (row.id, ListingQuery::stored(&row.query))))
    }

    /// The row and the name on the web of a view that somebody has.
    pub async fn known_search(&self, view: &ListingQuery) -> Result<Option<(i64, String)>> {
        let query = view.query();
        let row = sqlx::query!(r#"select id as "id!", slug from views where query = ?"#, query)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|row| (row.id, row.slug)))
    }

    /// The views of a subscriber, in the order of their mail, those that wait to be confirmed last.
    pub async fn searches_of(&self, subscriber: i64) -> Result<Vec<SavedSearch>> {
        let rows = sqlx::query_as!(
            Row,
            r#"select v.id as "id!", v.slug, v.query, s.name, s.state = 'pending' as "is_pending!: bool"
               from subscriptions s join views v on v.id = s.view_id
               where s.subscriber_id = ? order by s.state, s.position, s.view_id"#,
            subscriber
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(rows.into_iter().map(SavedSearch::from).collect())
    }

    /// The views a subscriber has, in the order of their mail.
    pub async fn active_searches_of(&self, subscriber: i64) -> Result<Vec<SavedSearch>> {
        let mut sections = self.searches_of(subscriber).await?;
        sections.retain(|section| !section.is_pending);
        Ok(sections)
    }

    /// The views that wait for a subscriber's button.
    pub async fn pending_searches_of(&self, subscriber: i64) -> Result<Vec<SavedSearch>> {
        let mut sections = self.searches_of(subscriber).await?;
        sections.retain(|section| section.is_pending);
        Ok(sections)
    }

    /// Sets the views of a subscriber: these, in this order, under these names. What waits to be confirmed goes on waiting
    /// unless it is among them.
    pub async fn set_searches(
        &self,
        subscriber: i64,
        sections: &[NamedListing],
        now: Timestamp,
    ) -> Result<()> {
        let now = now.as_second();
        let mut tx = self.begin().await?;
        sqlx::query!(
            "delete from subscriptions where subscriber_id = ? and state = 'active'",
            subscriber
        )
        .execute(&mut *tx)
        .await?;
        for (position, NamedListing { view, name }) in (0_i64..).zip(sections) {
            let id = view_row(&mut tx, view, now).await?;
            sqlx::query!(
                "insert into subscriptions (subscriber_id, view_id, state, position, name, added_at)
                 values (?1, ?2, 'active', ?3, ?4, ?5)
                 on conflict (subscriber_id, view_id) do update set state = 'active', position = ?3, name = ?4",
                subscriber,
                id,
                position,
                name,
                now
            )
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The views a reader keeps, the latest first.
    pub async fn saved_searches(&self, reader: ReaderId) -> Result<Vec<SavedSearch>> {
        let rows = sqlx::query_as!(
            Row,
            r#"select v.id as "id!", v.slug, v.query, s.name, 0 as "is_pending!: bool"
               from saved_views s join views v on v.id = s.view_id
               where s.reader_id = ? order by s.saved_at desc, s.view_id desc"#,
            reader.0
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(rows.into_iter().map(SavedSearch::from).collect())
    }

    /// Keeps a view for a reader, or renames it. `false` when they keep [`MAX_SAVED_SEARCHES`] already.
    pub async fn save_search(
        &self,
        reader: ReaderId,
        view: &ListingQuery,
        name: Option<&str>,
        now: Timestamp,
    ) -> Result<bool> {
        let now = now.as_second();
        let mut tx = self.begin().await?;
        let id = view_row(&mut tx, view, now).await?;
        // Where nothing is kept, nothing is left of the view either.
        let saved = sqlx::query!(
            "insert into saved_views (reader_id, view_id, name, saved_at)
             select ?1, ?2, ?3, ?4 where (select count(*) from saved_views where reader_id = ?1 and view_id <> ?2) < ?5
             on conflict (reader_id, view_id) do update set name = ?3",
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

    /// Lets a view go; once is the same as twice.
    pub async fn remove_search(&self, reader: ReaderId, view: i64) -> Result<()> {
        sqlx::query!(
            "delete from saved_views where reader_id = ? and view_id = ?",
            reader.0,
            view
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
