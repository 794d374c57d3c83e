//! Which days a pass fetches.

use domain::edition::utc_day;
use jiff::{
    ToSpan,
    civil::{Date, date},
};

use super::day;
use crate::{
    fetch::FetchError,
    sources::{Adapter, SourceContext},
};

/// A paper is submitted to Daily at most this many days after arXiv announced it, and its upvotes change for about as
/// long.
const FORTNIGHT: i64 = 14;
/// The first day of Hugging Face Daily.
const BEGAN: Date = date(2023, 5, 4);

/// Follows Hugging Face Daily.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HuggingFace {
    /// Today and yesterday, when most upvotes are given.
    Newest,
    /// The days before, back to a fortnight.
    Fortnight,
}

impl Adapter for HuggingFace {
    async fn pass(&self, source: &SourceContext, from: Option<Date>) -> Result<(), FetchError> {
        let today = utc_day(source.clock.now());
        let back = |days: i64| today.saturating_sub(days.days());
        let days: Vec<Date> = match (from, self) {
            (Some(from), _) => {
                let from = from.max(BEGAN);
                let count = today.since(from).map_or(0, |span| span.get_days());
                (0..=i64::from(count.max(0))).map(back).collect()
            }
            (None, Self::Newest) => (0..2).map(back).collect(),
            (None, Self::Fortnight) => (2..=FORTNIGHT).map(back).collect(),
        };
        // The newest day comes first, because its papers are what readers look for.
        for day in days {
            day::fetch(source, day).await?;
        }
        Ok(())
    }
}
