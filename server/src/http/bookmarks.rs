//! `/bookmarks`: the reader's own.

use app::session::Session;
use app::{
    AppError,
    components::title_text,
    context::ForReader,
    pages::{BookmarksPage, BookmarksPageProps},
    shell::Head,
};
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use domain::{Newest, Page};
use domain::{PaperKey, listing::ParsedListing};
use formats::cite;

use super::{
    listing::read,
    pages::{failed, render},
    papers::bib_file,
    visitor::Visitor,
};
use crate::state::AppState;

/// The list, with search and filters.
pub async fn page(State(state): State<AppState>, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    match load(&state, &visitor, &request).await {
        Ok(props) => {
            let head = Head {
                title: "Bookmarks".to_owned(),
                noindex: true,
                ..Head::default()
            };
            let next = props.next.clone();
            let mut response = render(&state, &visitor, StatusCode::OK, head, || BookmarksPage(props)).await;
            // For the service worker, which follows the whole list to keep it (RFC 8288).
            if let Some(next) =
                next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok())
            {
                response.headers_mut().insert(header::LINK, next);
            }
            response
        }
        Err(error) => failed(&state, &visitor, error).await,
    }
}

async fn load(state: &AppState, visitor: &Visitor, request: &Parts) -> Result<BookmarksPageProps, AppError> {
    let mut asked = read(request);
    // Kept papers have one order: the last kept first.
    asked.listing.sort = None;
    asked.listing.window = None;
    let after = asked.take_cursor();
    let ParsedListing {
        listing, mut notices, ..
    } = asked;
    if visitor.session == Session::Forged {
        notices.push("The cookie of this browser was not made by this Broadsheet, so it opens nobody’s bookmarks. Keeping a paper makes a new one.".to_owned());
    }
    let page = match visitor.session.reader() {
        Some(reader) => state
            .store
            .list_bookmarks(reader, &listing, after, state.clock.now())
            .await
            .for_reader()?,
        None => Page {
            cards: Vec::new(),
            next: None,
            seen: 0,
            total: 0,
            ranked_for: None,
            notices: Vec::new(),
            newest: Newest::default(),
        },
    };
    let removed = form_urlencoded::parse(request.uri.query().unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "removed")
        .and_then(|(_, key)| key.parse::<PaperKey>().ok());
    let removed = match removed {
        Some(key) => state
            .store
            .paper(&key, visitor.session.reader())
            .await
            .for_reader()?,
        None => None,
    };
    // Kept again in the meantime: nothing to undo.
    let removed = removed
        .filter(|paper| !paper.card.bookmarked)
        .map(|paper| (paper.card.key, title_text(&paper.card.title)));
    let next = page.next.map(|cursor| {
        let url = listing.url_after(&cursor);
        format!("/bookmarks{}", url.trim_start_matches('/'))
    });
    Ok(BookmarksPageProps {
        listing,
        page,
        notices,
        removed,
        next,
        today: domain::edition::utc_day(state.clock.now()),
    })
}

/// All of them as BibTeX.
pub async fn bib(State(state): State<AppState>, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let cards = match visitor.session.reader() {
        Some(reader) => state.store.all_bookmarks(reader).await.for_reader(),
        None => Ok(Vec::new()),
    };
    match cards {
        Ok(cards) => bib_file("bookmarks.bib", cite::bibliography(&cards)),
        Err(error) => failed(&state, &visitor, error).await,
    }
}
