//! Fetches the papers of one day.

use domain::{Upstream, edition::utc_day};
use jiff::{Timestamp, civil::Date};
use serde_json::value::RawValue;
use store::{SetAside, Validators};

use super::wire;
use crate::{
    fetch::{Body, FetchError, FetchRequest, Fetched},
    import::{Moments, read_record},
    sources::{SourceContext, SourceRecords},
};

/// Papers of one response.
const PAGE: usize = 100;
/// Most pages of one day, far more than any day had.
const MOST_PAGES: usize = 10;

/// Fetches and stores the papers of one day, page by page.
pub(super) async fn fetch(source: &SourceContext, day: Date) -> Result<(), FetchError> {
    let mut first: Option<(String, Validators)> = None;
    let mut size = 0;
    for page in 0..MOST_PAGES {
        let request = request(source, day, page);
        let now = source.clock.now();
        let fetched = source
            .fetcher
            .fetch(&request, |body: &Body| {
                if body.status == 400 {
                    return Ok((Vec::new(), Validators::default()));
                }
                Ok((wire::read(&body.bytes)?, body.validators.clone()))
            })
            .await?;
        let Fetched::Fresh((elements, validators)) = fetched else {
            return Ok(());
        };
        let records = translate(&elements, now);
        size += records.papers.len() as u64;
        source.save(records, None).await?;
        if size > 0 {
            source
                .store
                .source_batch(Upstream::HuggingFace, Some(day), size, now)
                .await?;
        }
        if page == 0 {
            first = Some((request.url, validators));
        }
        source.report(&format!("{day}: {size} papers"));
        if elements.len() < PAGE {
            break;
        }
    }
    // The validators of the first page are stored only now, when the whole day is stored. Otherwise an interrupted day
    // would look unchanged to the next pass.
    if let Some((url, validators)) = first {
        source
            .store
            .remember_validators(&url, &validators, source.clock.now())
            .await?;
    }
    Ok(())
}

fn request(source: &SourceContext, day: Date, page: usize) -> FetchRequest {
    let mut url = format!(
        "{}/api/daily_papers?date={day}&limit={PAGE}",
        source.settings.hugging_face
    );
    if page > 0 {
        url.push_str(&format!("&p={page}"));
    }
    let may_lie_ahead = day >= utc_day(source.clock.now());
    FetchRequest {
        conditional: page == 0,
        // The answer for a day that has not yet begun by the server's clock.
        also_accepted: if may_lie_ahead { &[400] } else { &[] },
        ..FetchRequest::get(Upstream::HuggingFace, url)
    }
}

fn translate(elements: &[Box<RawValue>], now: Timestamp) -> SourceRecords {
    let mut records = SourceRecords::default();
    for element in elements {
        match read_record(element.get().as_bytes(), Moments { as_of: now, now }) {
            Ok(mut paper) => {
                // The totals are those of this moment, whatever the record says.
                for reading in [&mut paper.upvotes, &mut paper.stars].into_iter().flatten() {
                    reading.at = now;
                }
                records.papers.push(paper);
            }
            Err(reason) => records.set_aside.push(SetAside {
                record: element.get().chars().take(80).collect(),
                reason,
            }),
        }
    }
    records
}
