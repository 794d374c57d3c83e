//! The front page, and the page of any listing.

use app::{
    components::{CardList, CardListProps},
    context::ForReader,
    links,
    pages::{EditionNav, End, EndProps, ListingPage, ListingPageProps, ListingView},
};
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header, request::Parts},
};
use domain::{PaperKey, listing::ParsedListing};

use super::listing_view::{self, head};
use crate::{
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
    let asked = query.listing();
    if let Some(id) = asked.listing.query.paper.clone() {
        let key = PaperKey::Arxiv(id);
        if state.store.paper_id(&key).await.for_reader()?.is_some() {
            return Ok(redirect(StatusCode::FOUND, &links::paper(&key)));
        }
    }
    listing_page(&state, &visitor, &request, asked, None).await
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
