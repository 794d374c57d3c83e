//! Fetches a paper from arXiv because a visitor asks for it.

use std::{net::IpAddr, time::Duration};

use app::{context::ForReader, links};
use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
};
use domain::{ArxivId, PaperKey};
use ingest::sources::arxiv_api;

use super::form_return::form_input;
use crate::{
    clients::Client,
    http::web::{
        form_body::FormBody,
        page_error::{PageError, PageResult},
        responses::redirect,
    },
    state::AppState,
};

/// How long a visitor waits for arXiv.
const MAX_WAIT: Duration = Duration::from_secs(15);
/// When a visitor who was refused may ask again, in seconds.
const RETRY_AFTER: u64 = 60;

/// `POST /fn/fetch_paper`: fetches the paper with this `id` if the library lacks it, and leads to its page.
pub async fn fetch(State(state): State<AppState>, request: Parts, FormBody(body): FormBody) -> PageResult {
    let input = form_input(&body);
    let id = input.get("id").and_then(ArxivId::from_pasted).ok_or_else(|| {
        let message = "The field id must hold an arXiv id such as 2510.01234.";
        PageError::new(StatusCode::UNPROCESSABLE_ENTITY, "Invalid request", message).or_json()
    })?;
    let key = PaperKey::Arxiv(id.clone());
    let page = links::paper(&key);
    let found = state.store.paper_id(&key).await.for_reader()?;
    if found.is_none() {
        let network = Client::of(&request.extensions).network();
        fetch_paper(&state, network, &id).await?;
    }
    Ok(redirect(StatusCode::SEE_OTHER, &page))
}

fn refused(status: StatusCode, id: &ArxivId, why: &str) -> PageError {
    PageError::new(status, format!("{id} is not in this library"), why.to_owned()).or_json()
}

/// Fetches a paper that is not in the library. The error says to the visitor why it is not available.
async fn fetch_paper(state: &AppState, network: IpAddr, id: &ArxivId) -> Result<(), PageError> {
    let address = links::arxiv(id);
    let unknown = || {
        refused(
            StatusCode::NOT_FOUND,
            id,
            "arXiv does not have it either. Check for typos.",
        )
    };
    let too_many = || {
        let why =
            format!("Too many lookups at the moment; try again in a minute. arXiv may have it at {address}.");
        refused(StatusCode::TOO_MANY_REQUESTS, id, &why).retry_after(RETRY_AFTER)
    };
    if !state.sync {
        let why = format!(
            "This site does not fetch papers from other sites (BROADSHEET_SYNC=off). arXiv may have it at {address}."
        );
        return Err(refused(StatusCode::NOT_FOUND, id, &why));
    }
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
    let why =
        format!("arXiv did not answer. It may have the paper at {address}; try again in a few minutes.");
    Err(refused(StatusCode::SERVICE_UNAVAILABLE, id, &why).retry_after(RETRY_AFTER))
}
