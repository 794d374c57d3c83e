//! Fetches a paper from arXiv because a visitor asks for it.

use std::{net::IpAddr, time::Duration};

use app::links;
use domain::ArxivId;
use ingest::sources::arxiv_api;

use crate::state::AppState;

/// How long a visitor waits for arXiv.
const MAX_WAIT: Duration = Duration::from_secs(15);

/// Fetches a paper that is not in the library. The error says to the visitor why it is not available.
pub async fn fetch_paper(state: &AppState, network: IpAddr, id: &ArxivId) -> Result<(), String> {
    let address = links::arxiv(id);
    let unknown = || format!("{id} is neither in this library nor on arXiv. Check for typos.");
    let too_many = || {
        format!(
            "{id} is not in this library. Too many lookups at the moment; try again in a minute. arXiv may have it at {address}."
        )
    };
    let now = state.clock.now();
    if state.missing.contains(id, now) {
        return Err(unknown());
    }
    if !state.limits.may_fetch(network) {
        return Err(too_many());
    }
    // Few at a time: arXiv allows one request in three seconds, and the harvest needs its share.
    let Ok(permit) = state.fetching.clone().try_acquire_owned() else {
        return Err(too_many());
    };
    // In a task of its own: if the visitor leaves, the request must still end and free arXiv's gate.
    let (context, wanted) = (state.sources.context(Default::default()), id.clone());
    let fetching = tokio::spawn(async move {
        let fetched = arxiv_api::fetch_paper(&context, &wanted).await;
        drop(permit);
        fetched
    });
    match tokio::time::timeout(MAX_WAIT, fetching).await {
        Ok(Ok(Ok(true))) => return Ok(()),
        Ok(Ok(Ok(false))) => {
            state.missing.add(id, now);
            return Err(unknown());
        }
        Ok(Ok(Err(error))) => tracing::info!(%id, %error, "cannot fetch the paper from arXiv"),
        Ok(Err(_)) | Err(_) => {}
    }
    Err(format!(
        "{id} is not in this library, and arXiv did not answer. It may have the paper at {address}; try again in a few minutes."
    ))
}
