//! `/bookmarks`: the reader's own bookmarks.

use app::{
    AppError,
    context::ForReader,
    pages::{BookmarksPage, BookmarksPageProps},
    session::Session,
    shell::Head,
};
use axum::{
    extract::State,
    http::{StatusCode, header},
};
use domain::{Newest, Page, PaperKey, edition::utc_day, listing::ParsedListing};
use formats::{cite, plain_title};

use crate::{
    http::web::{
        page::render,
        page_error::PageResult,
        query::QueryPairs,
        responses::{bibtex_file, set},
        visitor::Visitor,
    },
    state::AppState,
};

/// `GET /bookmarks`: the list, with search and filters.
pub async fn page(State(state): State<AppState>, visitor: Visitor, query: QueryPairs) -> PageResult {
    let props = load(&state, &visitor, &query).await?;
    let head = Head {
        title: "Bookmarks".to_owned(),
        noindex: true,
        ..Head::default()
    };
    let next = props.next.clone();
    let mut response = render(&state, &visitor, StatusCode::OK, head, || BookmarksPage(props)).await;
    // The service worker follows this header to save the whole list (RFC 8288).
    if let Some(next) = next {
        set(&mut response, header::LINK, &format!("<{next}>; rel=\"next\""));
    }
    Ok(response)
}

async fn load(
    state: &AppState,
    visitor: &Visitor,
    query: &QueryPairs,
) -> Result<BookmarksPageProps, AppError> {
    let mut asked = query.listing();
    // Bookmarks have one order: the newest bookmark first.
    asked.listing.sort = None;
    asked.listing.window = None;
    let after = asked.take_cursor();
    let ParsedListing {
        listing, mut notices, ..
    } = asked;
    if visitor.session == Session::Forged {
        notices.push("Your cookie isn’t valid here, so your bookmarks can’t be shown. Bookmark a paper to start a new list.".to_owned());
    }
    let now = state.clock.now();
    let page = match visitor.session.reader() {
        Some(reader) => state
            .store
            .list_bookmarks(reader, &listing, after, now)
            .await
            .for_reader()?,
        None => no_bookmarks(),
    };
    let next = page.next.map(|cursor| {
        let url = listing.url_after(&cursor);
        format!("/bookmarks{}", url.trim_start_matches('/'))
    });
    Ok(BookmarksPageProps {
        removed: removed(state, visitor, query).await?,
        listing,
        page,
        notices,
        next,
        today: utc_day(now),
    })
}

fn no_bookmarks() -> Page {
    Page {
        cards: Vec::new(),
        next: None,
        seen: 0,
        total: 0,
        ranked_for: None,
        notices: Vec::new(),
        newest: Newest::default(),
    }
}

/// The paper in `removed=`, whose bookmark can be restored. `None` if it has a bookmark again.
async fn removed(
    state: &AppState,
    visitor: &Visitor,
    query: &QueryPairs,
) -> Result<Option<(PaperKey, String)>, AppError> {
    let Some(key) = query.get("removed").and_then(|key| key.parse::<PaperKey>().ok()) else {
        return Ok(None);
    };
    let paper = state
        .store
        .paper(&key, visitor.session.reader())
        .await
        .for_reader()?;
    Ok(paper
        .filter(|paper| !paper.card.bookmarked)
        .map(|paper| (paper.card.key.clone(), plain_title(&paper.card).into_owned())))
}

/// `GET /bookmarks.bib`: all bookmarks as BibTeX.
pub async fn bib(State(state): State<AppState>, visitor: Visitor) -> PageResult {
    let cards = match visitor.session.reader() {
        Some(reader) => state.store.all_bookmarks(reader).await.for_reader()?,
        None => Vec::new(),
    };
    Ok(bibtex_file("bookmarks.bib", cite::bibliography(&cards)))
}
