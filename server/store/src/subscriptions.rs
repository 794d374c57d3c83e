//! The table of subscriptions: the searches whose papers a subscriber receives.

use domain::{ListingQuery, SavedSearch, listing_query::NamedListing};
use jiff::Timestamp;

use super::{
    Result, Store, WriteTransaction,
    saved_searches::{SavedSearchRow, search_id},
    to_json,
};

/// Searches of one subscriber, at most: the email must stay readable.
pub const MAX_SEARCHES_PER_EMAIL: usize = 12;

impl Store {
    /// All searches of a subscriber: the active ones in the order of their email, then those that wait for
    /// confirmation.
    pub async fn searches_of(&self, subscriber: i64) -> Result<Vec<SavedSearch>> {
        let rows = sqlx::query_as!(
            SavedSearchRow,
            r#"select v.id as "id!", v.slug, v.query, s.name, s.state = 'pending' as "is_pending!: bool"
               from subscriptions s join views v on v.id = s.view_id
               where s.subscriber_id = $1 order by s.state, s.position, s.view_id"#,
            subscriber
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(rows.into_iter().map(SavedSearch::from).collect())
    }

    /// The active searches of a subscriber, in the order of their email.
    pub async fn active_searches_of(&self, subscriber: i64) -> Result<Vec<SavedSearch>> {
        let mut searches = self.searches_of(subscriber).await?;
        searches.retain(|search| !search.is_pending);
        Ok(searches)
    }

    /// The searches of a subscriber that wait for confirmation.
    pub async fn pending_searches_of(&self, subscriber: i64) -> Result<Vec<SavedSearch>> {
        let mut searches = self.searches_of(subscriber).await?;
        searches.retain(|search| search.is_pending);
        Ok(searches)
    }
}

impl WriteTransaction {
    /// Adds a search that waits for confirmation, behind the others. A search that an active subscriber has already
    /// stays active.
    pub async fn add_pending_search(
        &mut self,
        subscriber: i64,
        search: &ListingQuery,
        is_active: bool,
        now: Timestamp,
    ) -> Result<()> {
        let now = now.as_second();
        let view = search_id(&mut self.0, search, now).await?;
        sqlx::query!(
            "insert into subscriptions (subscriber_id, view_id, state, position, added_at)
             select $1, $2, 'pending', coalesce(max(position), 0) + 1, $3 from subscriptions where subscriber_id = $1
             on conflict (subscriber_id, view_id) do update
                 set state = case when $4 then subscriptions.state else 'pending' end",
            subscriber,
            view,
            now,
            is_active
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Removes the oldest searches that wait for confirmation, so that at most `limit` are left.
    pub async fn limit_pending_searches(&mut self, subscriber: i64, limit: i64) -> Result<()> {
        sqlx::query!(
            "delete from subscriptions where subscriber_id = $1 and state = 'pending' and view_id not in
                 (select view_id from subscriptions where subscriber_id = $1 and state = 'pending'
                  order by position desc, view_id desc limit $2)",
            subscriber,
            limit
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// The row ids of the searches that wait for confirmation, in order.
    pub async fn pending_search_ids(&mut self, subscriber: i64) -> Result<Vec<i64>> {
        Ok(sqlx::query_scalar!(
            "select view_id from subscriptions where subscriber_id = $1 and state = 'pending' order by position",
            subscriber
        )
        .fetch_all(&mut *self.0)
        .await?)
    }

    /// How many active searches a subscriber has.
    pub async fn active_search_count(&mut self, subscriber: i64) -> Result<usize> {
        let count = sqlx::query_scalar!(
            r#"select count(*) as "count!" from subscriptions where subscriber_id = $1 and state = 'active'"#,
            subscriber
        )
        .fetch_one(&mut *self.0)
        .await?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// Activates the pending searches among `wanted` (row ids) and removes the other pending ones. Other active
    /// searches stay only if `keep_active`.
    pub async fn activate_searches(
        &mut self,
        subscriber: i64,
        wanted: &[i64],
        keep_active: bool,
    ) -> Result<()> {
        let wanted = to_json(&wanted)?;
        sqlx::query!(
            "delete from subscriptions where subscriber_id = $1
                 and view_id not in (select cast(e.value as bigint) from json_each($2) e) and (state = 'pending' or not $3)",
            subscriber,
            wanted,
            keep_active
        )
        .execute(&mut *self.0)
        .await?;
        sqlx::query!(
            "update subscriptions set state = 'active' where subscriber_id = $1 and state = 'pending'",
            subscriber
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Removes the searches that wait for confirmation.
    pub async fn remove_pending_searches(&mut self, subscriber: i64) -> Result<()> {
        sqlx::query!(
            "delete from subscriptions where subscriber_id = $1 and state = 'pending'",
            subscriber
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Replaces active searches by `searches`, in this order and under these names. Only the searches with the row
    /// ids
    /// `shown` are replaced; `None` replaces all. The others stay, behind the new ones. A pending search stays
    /// pending unless it is one of `searches`.
    pub async fn replace_searches(
        &mut self,
        subscriber: i64,
        shown: Option<&[i64]>,
        searches: &[NamedListing],
        now: Timestamp,
    ) -> Result<()> {
        let now = now.as_second();
        let (replaces_all, shown) = (shown.is_none(), to_json(&shown.unwrap_or_default())?);
        sqlx::query!(
            "delete from subscriptions where subscriber_id = $1 and state = 'active'
                 and ($2 or view_id in (select cast(e.value as bigint) from json_each($3) e))",
            subscriber,
            replaces_all,
            shown
        )
        .execute(&mut *self.0)
        .await?;
        let count = i64::try_from(searches.len()).unwrap_or(i64::MAX);
        sqlx::query!(
            "update subscriptions set position = position + $2 where subscriber_id = $1 and state = 'active'",
            subscriber,
            count
        )
        .execute(&mut *self.0)
        .await?;
        for (position, NamedListing { view, name }) in (0_i64..).zip(searches) {
            let id = search_id(&mut self.0, view, now).await?;
            sqlx::query!(
                "insert into subscriptions (subscriber_id, view_id, state, position, name, added_at)
                 values ($1, $2, 'active', $3, $4, $5)
                 on conflict (subscriber_id, view_id) do update
                     set state = 'active', position = excluded.position, name = excluded.name",
                subscriber,
                id,
                position,
                name,
                now
            )
            .execute(&mut *self.0)
            .await?;
        }
        Ok(())
    }

    /// Deletes searches that were added before `before` (Unix seconds) and never confirmed.
    pub(super) async fn delete_unconfirmed_searches(&mut self, before: i64) -> Result<()> {
        sqlx::query!(
            "delete from subscriptions where state = 'pending' and added_at < $1
                 and subscriber_id in (select id from subscribers where coalesce(confirm_sent_at, 0) < $1)",
            before
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}
