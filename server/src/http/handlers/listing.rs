//! The front page, and the page of any listing.

use app::{
    AppError,
    components::{CardList, CardListProps},
    context::ForReader,
    links,
    pages::{EditionNav, End, EndProps, ListingPage, ListingPageProps, ListingView},
};
use axum::{
    extract::State,
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
};
use domain::{ArxivId, PaperKey, listing::ParsedListing};

use super::{
    fetch_on_demand::fetch_paper,
    listing_view::{self, head},
};
use crate::{
    clients::Client,
    http::web::{
        page::render,
        page_error::PageResult,
        query::QueryPairs,
        responses::{html, redirect},
        visitor::Visitor,
    },
    state::AppState,
};

/// `GET /`
pub async fn front(
    State(state): State<AppState>,
    visitor: Visitor,
    query: QueryPairs,
    request: Parts,
) -> PageResult {
    let mut asked = query.listing();
    if let Some(id) = asked.listing.query.paper.clone() {
        match find_paper(&state, &request, id).await? {
            Found::Paper(key) => return Ok(redirect(StatusCode::FOUND, &links::paper(&key))),
            Found::Nothing(why) => asked.notices.extend(why),
        }
    }
    listing_page(&state, &visitor, &request, asked, None).await
}

/// What a search for an arXiv id leads to.
enum Found {
    Paper(PaperKey),
    /// With the reason, if arXiv was asked.
    Nothing(Option<String>),
}

async fn find_paper(state: &AppState, request: &Parts, id: ArxivId) -> Result<Found, AppError> {
    let key = PaperKey::Arxiv(id.clone());
    if state.store.paper_id(&key).await.for_reader()?.is_some() {
        return Ok(Found::Paper(key));
    }
    // A HEAD request only checks the page, so it does not fetch.
    if request.method == Method::HEAD {
        return Ok(Found::Nothing(None));
    }
    let network = Client::of(&request.extensions).network();
    Ok(match fetch_paper(state, network, &id).await {
        Ok(()) => Found::Paper(key),
        Err(why) => Found::Nothing(Some(why)),
    })
}

/// The page of a listing, or only its cards for endless scrolling (`X-Fragment`).
pub async fn listing_page(
    state: &AppState,
    visitor: &Visitor,
    request: &Parts,
    asked: ParsedListing,
    edition: Option<EditionNav>,
) -> PageResult {
    let is_fragment = request.headers.contains_key("x-fragment");
    let view = listing_view::load(state, visitor, asked, edition, is_fragment).await?;
    if is_fragment {
        let mut response = html(StatusCode::OK, fragment(view));
        // Without `Cookie`: on Back, the browser reuses its cached fragments, even if the reader has changed. The page
        // asks for bookmark and read state separately. Mutes stay as they were until the listing is opened again.
        response
            .headers_mut()
            .insert(header::VARY, HeaderValue::from_static("x-fragment"));
        return Ok(response);
    }
    let head = head(state, &view);
    Ok(render(state, visitor, StatusCode::OK, head, || {
        ListingPage(ListingPageProps { view })
    })
    .await)
}

/// The cards and the link to the next page.
fn fragment(view: ListingView) -> String {
    let is_last = view.page.next.is_none();
    let (listing, total, mutes) = (view.listing.clone(), view.page.total, view.mutes);
    app::render::to_html(|| {
        leptos::prelude::view! {
            {CardList(CardListProps { page: view.page, listing: listing.clone(), label: "Papers".to_owned(), today: view.today, mutes })}
            {is_last.then(|| End(EndProps { listing, total }))}
        }
    })
}
