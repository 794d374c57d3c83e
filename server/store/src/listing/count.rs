//! How many papers a listing has.

use domain::{Listing, Sort, listing::COUNTED_TO};
use jiff::Timestamp;
use sqlx::Row;

use super::{filter::Filter, full_text::Match, sql::count_query};
use crate::{error::Result, store::Store};

impl Store {
    /// How many papers a listing has, at most a minute old. A narrowed listing is counted only to
    /// [`COUNTED_TO`], and one more stands for "more than".
    pub async fn count_listing(&self, listing: &Listing, now: Timestamp) -> Result<u64> {
        self.count(listing, &Filter::of(listing, now)).await
    }

    pub(super) async fn count(&self, listing: &Listing, filter: &Filter) -> Result<u64> {
        // The order does not change the number, except that trending listings have no time window. The cache goes by the
        // URL: the bounds of a window change every second, and a key with them would never be found again.
        let heat = if listing.order() == Sort::Trending {
            "heat "
        } else {
            ""
        };
        let key = format!("{heat}{}", listing.with(|listing| listing.sort = None).url());
        if let Some(count) = self.counts.get(&key) {
            return Ok(count);
        }
        let count: i64 = count_query(filter)
            .prepare()
            .fetch_one(&self.readers)
            .await?
            .try_get(0)?;
        let is_everything = filter.is_everything() && filter.words == Match::default();
        let count = u64::try_from(count).unwrap_or(0);
        let count = if is_everything {
            count
        } else {
            count.min(COUNTED_TO + 1)
        };
        tracing::debug!(listing = %listing.url(), count, "counted");
        self.counts.put(key, count);
        Ok(count)
    }
}
