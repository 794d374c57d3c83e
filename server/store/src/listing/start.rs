//! Where a page of a listing starts: whose order it follows, and as of which moment.

use std::sync::Arc;

use domain::{Cursor, ListStart, Listing, Newest, Sort};
use jiff::Timestamp;

use super::as_of::AsOf;
use crate::{
    error::Result,
    rankings::{KEPT_SECONDS, Ranking},
    store::Store,
};

const TOO_OLD: &str = "You opened this list more than two days ago. It continues in the current order.";
const TOO_MANY_CHANGES: &str =
    "The library has changed a lot since you opened this list. A paper may appear twice or not at all.";
const OTHER_RANKING: &str =
    "The ranking was updated after you opened this list. This page continues from the nearest place.";

impl Store {
    /// The ranking that a trending page follows: that of the first page, or else the latest. `None` before the first
    /// rank run; papers are then ordered by date.
    pub(super) async fn ranking_to_follow(
        &self,
        listing: &Listing,
        after: Option<Cursor>,
        newest: Newest,
        notices: &mut Vec<String>,
    ) -> Result<Option<Arc<Ranking>>> {
        if let Some(cursor) = after {
            if cursor.epoch == 0 {
                // The first page was shown before the first rank run.
                return Ok(None);
            }
            let known = self
                .ranking_as_of(cursor.epoch, listing.span(), cursor.begun.moves)
                .await?;
            if let Some(ranking) = known {
                return Ok(Some(ranking));
            }
            notices.push(OTHER_RANKING.to_owned());
        }
        self.ranking_as_of(newest.epoch, listing.span(), newest.moves)
            .await
    }

    /// What has changed since the first page; `None` when that is no longer known.
    pub(super) async fn as_of(
        &self,
        start: ListStart,
        order: Sort,
        now: Timestamp,
        newest: Newest,
        notices: &mut Vec<String>,
    ) -> Result<Option<AsOf>> {
        // Older moves have been deleted.
        if start.at < now.as_second() - KEPT_SECONDS {
            // A trending page already says that its ranking is gone.
            if order != Sort::Trending {
                notices.push(TOO_OLD.to_owned());
            }
            return Ok(None);
        }
        let as_of = self.changes_since(start, newest).await?;
        if as_of.is_none() {
            notices.push(TOO_MANY_CHANGES.to_owned());
        }
        Ok(as_of)
    }
}
