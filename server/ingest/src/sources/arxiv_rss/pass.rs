//! Fetches the feed of the day, and decides whether to store it.

use domain::{
    ArxivId, Category, Upstream,
    calendar::{closed_at, eastern_day, eastern_moment, has_listing, listing_before},
    upstream::AnnounceKind,
};
use jiff::civil::{Date, Time};
use store::{StoreError, Validators};

use super::{
    batch::{Batch, translate},
    wire,
};
use crate::{
    fetch::{Body, FetchError, FetchRequest, Fetched, text_of},
    sources::{Adapter, SourceContext},
};

/// On a working day an empty feed may only be early. From this hour on it means that there are no announcements.
const BELIEVED_FROM: Time = Time::constant(12, 0, 0, 0);

/// Follows the daily feed.
#[derive(Debug, Clone, Copy)]
pub struct ArxivRss;

impl Adapter for ArxivRss {
    async fn pass(&self, source: &SourceContext, _from: Option<Date>) -> Result<(), FetchError> {
        let today = eastern_day(source.clock.now());
        if source.store.batch_is_in(Upstream::ArxivRss, today).await? {
            return Ok(());
        }
        let sets: Vec<&str> = source.settings.sets.iter().map(Category::as_str).collect();
        let request = FetchRequest {
            conditional: true,
            ..FetchRequest::get(
                Upstream::ArxivRss,
                format!("{}/{}", source.settings.arxiv_rss, sets.join("+")),
            )
        };
        let fetched = source
            .fetcher
            .fetch(&request, |body: &Body| {
                let feed = wire::read(&text_of(&body.bytes))?;
                Ok((translate(feed, today), body.validators.clone()))
            })
            .await?;
        let Fetched::Fresh((batch, validators)) = fetched else {
            return Ok(());
        };
        match batch.day {
            None => save_empty(source, batch, today).await?,
            Some(day) if is_repeated(source, &batch, day).await? => {
                source.store.source_repeated(Upstream::ArxivRss, day).await?;
                source.report(&format!(
                    "{day}: the feed repeats an earlier batch with this date; nothing was stored"
                ));
            }
            Some(day) => save(source, batch, day, &request.url, &validators).await?,
        }
        Ok(())
    }
}

/// Handles a feed without papers of a day. On a weekend or a holiday this is the regular feed.
async fn save_empty(source: &SourceContext, batch: Batch, today: Date) -> Result<(), StoreError> {
    let is_late = source.clock.now() >= eastern_moment(today, BELIEVED_FROM);
    let is_empty = batch.records.papers.is_empty() && batch.records.set_aside.is_empty();
    // An empty feed with the date of another day says nothing about today.
    let is_of_today = batch.channel.is_none_or(|channel| channel == today);
    if (is_late || !has_listing(today)) && is_empty && is_of_today {
        source.store.source_empty(Upstream::ArxivRss, today).await?;
    }
    // Its validators are not stored: the same empty feed has to be read again tomorrow.
    source.save(batch.records, None).await?;
    source.report("no announcements today");
    Ok(())
}

/// Whether this batch is an earlier one with a new date.
///
/// A paper is announced as new only once. So a batch is repeated if half of its new papers were announced before. If the
/// earlier batch was missed, the submission dates from the harvest show it: nearly all papers of a batch are submitted
/// after the deadline of the batch before.
async fn is_repeated(source: &SourceContext, batch: &Batch, day: Date) -> Result<bool, StoreError> {
    let new: Vec<&ArxivId> = batch
        .records
        .papers
        .iter()
        .filter(|paper| {
            paper
                .announcement
                .is_some_and(|announced| announced.kind == AnnounceKind::New)
        })
        .filter_map(|paper| paper.arxiv_id.as_ref())
        .collect();
    if new.is_empty() {
        return Ok(false);
    }
    let again = source.store.announced_before(&new, day).await?;
    let closed = closed_at(listing_before(day));
    let (early, known) = source.store.submitted_before(&new, closed).await?;
    Ok(again * 2 >= new.len() as u64 || known >= 5 && early * 10 >= known * 9)
}

async fn save(
    source: &SourceContext,
    batch: Batch,
    day: Date,
    url: &str,
    validators: &Validators,
) -> Result<(), StoreError> {
    let size = batch.records.papers.len();
    source.save(batch.records, None).await?;
    let now = source.clock.now();
    source
        .store
        .source_batch(Upstream::ArxivRss, Some(day), size as u64, now)
        .await?;
    source.store.remember_validators(url, validators, now).await?;
    source.report(&format!("{day}: {size} announcements"));
    Ok(())
}
