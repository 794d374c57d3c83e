//! Fetches a single paper while a reader waits.

use std::time::Duration;

use domain::{ArxivId, Upstream, listing::push_encoded};

use super::{entry::paper, wire};
use crate::{
    fetch::{Body, FetchError, FetchRequest, Fetched, text_of},
    sources::{SourceContext, SourceRecords},
};

/// How long a reader waits for other requests to arXiv.
const MOST_WAIT: Duration = Duration::from_secs(7);

/// Fetches one paper and stores it. Returns false if arXiv does not have it.
pub async fn fetch_paper(source: &SourceContext, id: &ArxivId) -> Result<bool, FetchError> {
    let mut url = format!("{}?id_list=", source.settings.arxiv_api);
    push_encoded(&mut url, id.as_str());
    url.push_str("&max_results=1");
    let request = FetchRequest {
        // The body of a 400 is an entry with the reason.
        also_accepted: &[400],
        max_wait: Some(MOST_WAIT),
        ..FetchRequest::get(Upstream::ArxivApi, url)
    };
    let fetched = source
        .fetcher
        .fetch(&request, |body: &Body| wire::read(&text_of(&body.bytes)))
        .await?;
    let Fetched::Fresh(feed) = fetched else {
        return Ok(false);
    };
    let found = feed
        .entry
        .into_iter()
        .filter_map(paper)
        .find(|paper| paper.arxiv_id.as_ref() == Some(id));
    let Some(paper) = found else { return Ok(false) };
    source
        .save(
            SourceRecords {
                papers: vec![paper],
                ..SourceRecords::default()
            },
            None,
        )
        .await?;
    Ok(true)
}
