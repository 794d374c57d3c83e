//! Deleting what is no longer needed: requests that were not confirmed, removed bookmarks, old issues.

use jiff::Timestamp;

use super::{Result, Store};

/// A request that was not confirmed is deleted after this long: Broadsheet has no right to keep the address.
const PENDING_SECONDS: i64 = 30 * 86_400;
/// Removing a bookmark can be undone for an hour; its row is deleted after a day.
const REMOVED_SECONDS: i64 = 86_400;

impl Store {
    /// Deletes what is no longer needed. The daily clean-up job calls this.
    pub async fn forget_leftovers(&self, now: Timestamp) -> Result<()> {
        let now = now.as_second();
        let pending = now - PENDING_SECONDS;
        let mut tx = self.write_transaction().await?;
        tx.delete_unconfirmed_subscribers(pending).await?;
        tx.delete_unconfirmed_searches(pending).await?;
        tx.delete_removed_bookmarks(now - REMOVED_SECONDS).await?;
        tx.delete_refusals(pending).await?;
        tx.delete_old_issues(now).await?;
        tx.commit().await
    }
}
