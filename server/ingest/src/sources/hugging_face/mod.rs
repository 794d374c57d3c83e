//! Hugging Face daily papers: votes, the day of entry, code.

pub mod wire;

use domain::{Upstream, edition::utc_day};
use jiff::{ToSpan, civil::Date};

use super::{Adapter, Harvest, SourceContext};
use store::{SetAside, Validators};

use crate::fetch::{Body, FetchError, FetchRequest, Fetched};

/// A paper enters Daily at most so many days after arXiv, and gathers votes for about as long.
const FORTNIGHT: i64 = 14;
/// The first day there is.
const BEGAN: Date = jiff::civil::date(2023, 5, 4);
/// Papers of one answer.
const PAGE: usize = 100;
/// Pages of one day: far more than there ever were.
const MOST_PAGES: usize = 10;

/// Which days are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HuggingFace {
    /// Today and yesterday: where votes move.
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
        // The newest first: they are on the page before the rest has come.
        for day in days {
            day_of(source, day).await?;
        }
        Ok(())
    }
}

async fn day_of(source: &SourceContext, day: Date) -> Result<(), FetchError> {
    let mut first: Option<(String, Validators)> = None;
    let mut size = 0;
    for page in 0..MOST_PAGES {
        let mut url = format!(
            "{}/api/daily_papers?date={day}&limit={PAGE}",
            source.settings.hugging_face
        );
        if page > 0 {
            url.push_str(&format!("&p={page}"));
        }
        let ask = FetchRequest {
            conditional: page == 0,
            // A day that has not begun there yet.
            also_read: if day >= utc_day(source.clock.now()) {
                &[400]
            } else {
                &[]
            },
            ..FetchRequest::get(Upstream::HuggingFace, url)
        };
        let now = source.clock.now();
        let answer = source
            .fetcher
            .ask(&ask, |body: &Body| {
                if body.status == 400 {
                    return Ok((Vec::new(), Validators::default()));
                }
                Ok((wire::read(&body.bytes)?, body.validators.clone()))
            })
            .await?;
        let Fetched::Fresh((records, validators)) = answer else {
            return Ok(());
        };
        let mut harvest = Harvest::default();
        let read = records.len();
        for record in records {
            match crate::import::read_record(record.get().as_bytes(), now) {
                Ok(mut paper) => {
                    // Read now, whatever it says of itself.
                    for seen in [&mut paper.upvotes, &mut paper.stars].into_iter().flatten() {
                        seen.at = now;
                    }
                    harvest.papers.push(paper);
                }
                Err(reason) => {
                    let record = record.get().chars().take(80).collect();
                    harvest.set_aside.push(SetAside { record, reason });
                }
            }
        }
        size += harvest.papers.len() as u64;
        source.save_papers(harvest, None).await?;
        if size > 0 {
            source
                .store
                .source_batch(Upstream::HuggingFace, Some(day), size, now)
                .await?;
        }
        if page == 0 {
            first = Some((ask.url.clone(), validators));
        }
        source.say(&format!("{day}: {size} papers"));
        if read < PAGE {
            break;
        }
    }
    // Only when the whole day is stored.
    if let Some((url, validators)) = first {
        source
            .store
            .remember_validators(&url, &validators, source.clock.now())
            .await?;
    }
    Ok(())
}
