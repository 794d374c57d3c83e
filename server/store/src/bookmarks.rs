//! The bookmarks of a reader.

use domain::{Cursor, ListStart, Listing, Newest, Page, PaperKey, listing::PAGE_SIZE, paper::PaperCard};
use jiff::Timestamp;
use sqlx::Row;

use crate::{
    error::Result,
    listing::{CARD_AUTHORS, Filter, Query},
    readers::ReaderId,
    store::Store,
};

/// A bookmark that is removed and added again within this many seconds gets its old place.
const UNDO_SECONDS: i64 = 3_600;
/// How far bookmarks of the same second may run ahead of the clock, in seconds. A time further ahead comes from a clock
/// that was wrong, and is not continued.
const MOST_SECONDS_AHEAD: i64 = 60;
/// Papers in one bibliography: more than any reader has, and few enough for the memory.
const MOST_EXPORTED: i64 = 20_000;

impl Store {
    /// Adds or removes a bookmark. Idempotent. `false` when there is no such paper.
    ///
    /// Bookmarks are listed by the second in which they were added. One that is added in the same second as another gets
    /// the next second, so that the latest is always first.
    pub async fn set_bookmark(
        &self,
        reader: ReaderId,
        key: &PaperKey,
        bookmarked: bool,
        now: Timestamp,
    ) -> Result<bool> {
        let Some(paper_id) = self.paper_id(key).await? else {
            return Ok(false);
        };
        let now = now.as_second();
        if bookmarked {
            let since = now - UNDO_SECONDS;
            sqlx::query!(
                "insert into bookmarks (reader_id, paper_id, created_at)
                 select $1, $2, coalesce(max(created_at) + 1, $3)
                 from bookmarks
                 where reader_id = $1 and removed_at is null and created_at between $3 and $3 + $4
                 on conflict (reader_id, paper_id) do update set
                     created_at = case when bookmarks.removed_at < $5 then excluded.created_at else bookmarks.created_at end,
                     removed_at = null
                 where bookmarks.removed_at is not null",
                reader.0,
                paper_id,
                now,
                MOST_SECONDS_AHEAD,
                since
            )
            .execute(&self.writer)
            .await?;
        } else {
            sqlx::query!(
                "update bookmarks set removed_at = $1 where reader_id = $2 and paper_id = $3 and removed_at is null",
                now,
                reader.0,
                paper_id
            )
            .execute(&self.writer)
            .await?;
        }
        Ok(true)
    }

    /// How many bookmarks a reader has.
    pub async fn bookmark_count(&self, reader: ReaderId) -> Result<u64> {
        let count = sqlx::query_scalar!(
            r#"select count(*) as "count!: i64" from bookmarks where reader_id = $1 and removed_at is null"#,
            reader.0
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// A page of a reader's bookmarks, the latest first, narrowed by the filters and words of a listing.
    pub async fn list_bookmarks(
        &self,
        reader: ReaderId,
        listing: &Listing,
        after: Option<Cursor>,
        now: Timestamp,
    ) -> Result<Page> {
        let narrowed = Filter::of(listing, now).of_paper();
        let from = |query: &mut Query| {
            query.int(
                " from bookmarks b indexed by bookmarks_by_time join papers p on p.id = b.paper_id
                  where b.reader_id = ? and b.removed_at is null",
                reader.0,
            );
            query.append(&narrowed);
        };
        let mut page = Query::default();
        page.push("select b.paper_id, b.created_at");
        from(&mut page);
        page.int(
            " and (b.created_at, b.paper_id) < (?",
            after.map_or(i64::MAX, |cursor| cursor.announced),
        )
        .int(", ?)", after.map_or(i64::MAX, |cursor| cursor.id))
        .int(
            " order by b.created_at desc, b.paper_id desc limit ?",
            PAGE_SIZE as i64 + 1,
        );
        let rows = page.prepare().fetch_all(&self.readers).await?;
        let mut bookmarks: Vec<(i64, i64)> = rows
            .iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect::<Result<_>>()?;
        let more = bookmarks.len() > PAGE_SIZE;
        bookmarks.truncate(PAGE_SIZE);
        let seen = after.map_or(0, |cursor| cursor.seen);
        let next = bookmarks.last().filter(|_| more).map(|(id, created_at)| Cursor {
            listing: listing.fingerprint(),
            epoch: 0,
            key: 0.0,
            announced: *created_at,
            id: *id,
            seen: seen.saturating_add(bookmarks.len() as u32),
            begun: ListStart::default(),
        });
        let ids: Vec<i64> = bookmarks.iter().map(|(id, _)| *id).collect();
        let cards = self.cards(&ids, Some(reader), CARD_AUTHORS).await?;
        let mut count = Query::default();
        count.push("select count(*)");
        from(&mut count);
        let total: i64 = count.prepare().fetch_one(&self.readers).await?.try_get(0)?;
        let total = u64::try_from(total).unwrap_or(0);
        Ok(Page {
            cards,
            next,
            seen,
            total,
            ranked_for: None,
            notices: Vec::new(),
            newest: Newest::default(),
        })
    }

    /// All bookmarks of a reader with all authors, the latest first: for a bibliography.
    pub async fn all_bookmarks(&self, reader: ReaderId) -> Result<Vec<PaperCard>> {
        let ids = sqlx::query_scalar!(
            "select paper_id from bookmarks where reader_id = $1 and removed_at is null
             order by created_at desc, paper_id desc limit $2",
            reader.0,
            MOST_EXPORTED
        )
        .fetch_all(&self.readers)
        .await?;
        self.cards(&ids, Some(reader), usize::MAX).await
    }
}

impl super::WriteTransaction {
    /// Deletes bookmarks that were removed before `before` (Unix seconds).
    pub(super) async fn delete_removed_bookmarks(&mut self, before: i64) -> Result<()> {
        sqlx::query!("delete from bookmarks where removed_at < $1", before)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}
