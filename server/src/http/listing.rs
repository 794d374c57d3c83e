//! The front page, and what every listing page shares.

use std::time::Duration;

use app::{
    AppError,
    components::{Feed, FeedProps, Wider},
    context::ForReader,
    links,
    meta::{Meta, Picture},
    pages::{EditionNav, ListingPage, ListingPageProps, ListingView},
    shell::Head,
};
use axum::{
    extract::State,
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use domain::{
    ArxivId, Density, Edition, Listing, PaperKey, Sort,
    edition::utc_day,
    listing::{FIRST_PAGE, PAGE_SIZE, ParsedListing},
};
use formats::linked;
use ingest::health;
use ingest::sources::arxiv_api;

use super::{
    pages::{failed, html, redirect, render},
    visitor::Visitor,
};
use crate::state::AppState;

/// This Broadsheet in one sentence.
const SITE: &str = "The research papers people are reading now, with the reason why on every card.";
/// Replaced papers listed on the edition of a day.
const REPLACED: i64 = 200;
/// Categories offered as boxes.
const OFFERED: usize = 12;

/// A reader waits no longer for a paper from arXiv.
const MOST_FETCH: Duration = Duration::from_secs(15);

/// Reads the query of a URL as a listing.
pub fn read(request: &Parts) -> ParsedListing {
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(request.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    Listing::read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// `/`
pub async fn front(State(state): State<AppState>, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let mut asked = read(&request);
    if let Some(id) = asked.listing.query.paper.clone() {
        let key = PaperKey::Arxiv(id.clone());
        match state.store.paper_id(&key).await.for_reader() {
            Ok(Some(_)) => return redirect(StatusCode::FOUND, &links::paper(&key)),
            // To look whether a page is there is not to ask for it.
            Ok(None) if request.method == Method::HEAD => {}
            Ok(None) => match fetched(&state, &request, &id).await {
                Ok(()) => return redirect(StatusCode::FOUND, &links::paper(&key)),
                Err(words) => asked.notices.push(words),
            },
            Err(error) => return failed(&state, &visitor, error).await,
        }
    }
    listing_page(&state, &visitor, &request, asked, None).await
}

/// Fetches a paper from arXiv on the spot. The error says in words why it is not here.
pub(super) async fn fetched(state: &AppState, request: &Parts, id: &ArxivId) -> Result<(), String> {
    let there = links::arxiv(id);
    let nowhere = || format!("{id} is neither in this library nor on arXiv. Is there a slip in it?");
    let now = state.clock.now();
    if state.absent.has(id, now) {
        return Err(nowhere());
    }
    if !state.limits.may_fetch(request) {
        return Err(format!(
            "{id} is not in this library, and you have had several fetched already; arXiv may have it at {there}. Try again in a minute."
        ));
    }
    // Few at a time: arXiv is asked once in three seconds, and the harvest wants its turn.
    let Ok(place) = state.fetching.clone().try_acquire_owned() else {
        return Err(format!(
            "{id} is not in this library, and others are having papers fetched just now. arXiv may have it at {there}; try again in a minute."
        ));
    };
    // A reader who leaves must not leave the gate shut behind them: the request goes on without them.
    let (desk, wanted) = (state.sources.context(Default::default()), id.clone());
    let fetching = tokio::spawn(async move {
        let fetched = arxiv_api::fetch_paper(&desk, &wanted).await;
        drop(place);
        fetched
    });
    let later = || {
        format!(
            "{id} is not in this library, and arXiv could not be asked just now. It may have it at {there}; try again in a few minutes."
        )
    };
    match tokio::time::timeout(MOST_FETCH, fetching).await {
        Ok(Ok(Ok(true))) => Ok(()),
        Ok(Ok(Ok(false))) => {
            state.absent.note(id, now);
            Err(nowhere())
        }
        Ok(Ok(Err(trouble))) => {
            tracing::info!(%id, %trouble, "not fetched");
            Err(later())
        }
        Ok(Err(_)) | Err(_) => Err(later()),
    }
}

/// A page of a listing: whole, or only its cards for the endless list.
pub async fn listing_page(
    state: &AppState,
    visitor: &Visitor,
    request: &Parts,
    asked: ParsedListing,
    edition: Option<EditionNav>,
) -> Response {
    let is_fragment = request.headers.contains_key("x-fragment");
    match load(state, visitor, asked, edition, is_fragment).await {
        Ok(view) if is_fragment => {
            let mut response = html(StatusCode::OK, fragment(view));
            // Coming back to a list, its browser puts the pages it has kept in place again, whoever their reader has
            // become since; how the papers stand now it asks apart. (What is muted stays as it was until the list is opened anew.)
            response
                .headers_mut()
                .insert(header::VARY, HeaderValue::from_static("x-fragment"));
            response
        }
        Ok(view) => {
            let head = head(state, &view);
            render(state, visitor, StatusCode::OK, head, || {
                ListingPage(ListingPageProps { view })
            })
            .await
        }
        Err(error) => failed(state, visitor, error).await,
    }
}

async fn load(
    state: &AppState,
    visitor: &Visitor,
    mut asked: ParsedListing,
    edition: Option<EditionNav>,
    is_fragment: bool,
) -> Result<ListingView, AppError> {
    asked.listing.edition = edition.map(|nav| nav.edition);
    let after = asked.take_cursor();
    let ParsedListing {
        listing, mut notices, ..
    } = asked;
    let now = state.clock.now();
    if listing.order() == Sort::Trending && listing.window.is_some_and(|window| window.of_heat() != window) {
        notices.push("Heat is kept over a day, a week or a month; this is the month.".to_owned());
    }
    // Whoever wants more papers on a screen has chosen so, and is no first visit.
    let size = if after.is_none() && visitor.density == Density::Comfortable {
        FIRST_PAGE
    } else {
        PAGE_SIZE
    };
    let page = state
        .store
        .list_of(&listing, after, visitor.session.reader(), now, size)
        .await
        .for_reader()?;
    notices.extend(page.notices.iter().cloned());
    let mut wider = Vec::new();
    if page.cards.is_empty() {
        for (what, without) in app::components::active_filters(&listing) {
            let count = state.store.count_listing(&without, now).await.for_reader()?;
            if count > 0 {
                wider.push(Wider {
                    what,
                    listing: without,
                    count,
                });
            }
        }
    }
    let facts = state.store.facts(now).await.for_reader()?;
    let silent_since = page
        .ranked_for
        .filter(|at| now.as_second() - at.as_second() > 86_400)
        .map(utc_day);
    let troubles = if is_fragment {
        Vec::new()
    } else {
        let sources = health::sources(&state.store, state.sync, now)
            .await
            .for_reader()?;
        sources.iter().filter_map(app::pages::trouble_words).collect()
    };
    let announced = match listing.edition {
        Some(edition) if !is_fragment => state
            .store
            .announced_between(edition.first_day(), edition.last_day())
            .await
            .for_reader()?,
        _ => [0; 3],
    };
    let replaced = match listing.edition {
        Some(Edition::Day(day)) if after.is_none() && !is_fragment => {
            state.store.replaced_on(day, REPLACED).await.for_reader()?
        }
        _ => Vec::new(),
    };
    let categories = state.store.top_categories(OFFERED).await.for_reader()?;
    let mutes = visitor.mutes(state).await;
    Ok(ListingView {
        mutes,
        density: visitor.density,
        listing,
        page,
        notices,
        categories,
        wider,
        edition,
        papers: facts.papers,
        newest: facts.newest,
        silent_since,
        troubles,
        replaced,
        today: utc_day(now),
        announced,
    })
}

/// The cards and what follows them, without what surrounds them.
fn fragment(view: ListingView) -> String {
    let last = view.page.next.is_none();
    let (listing, total, mutes) = (view.listing.clone(), view.page.total, view.mutes);
    app::render::to_html(|| {
        leptos::prelude::view! {
            {Feed(FeedProps { page: view.page, listing: listing.clone(), label: "Papers".to_owned(), today: view.today, mutes })}
            {last.then(|| app::pages::End(app::pages::EndProps { listing, total }))}
        }
    })
}

fn head(state: &AppState, view: &ListingView) -> Head {
    let listing = &view.listing;
    let plain_front = listing.edition.is_none() && listing.url() == "/" && view.page.seen == 0;
    let title = match listing.edition {
        _ if plain_front => String::new(),
        Some(edition) => edition.label(),
        None => listing.label(),
    };
    let papers = listing.count_words(view.page.total);
    let description = match listing.edition {
        _ if plain_front => SITE.to_owned(),
        Some(Edition::Day(_)) => {
            format!("The research papers of {title}: {papers}, with their votes and code.")
        }
        Some(_) => format!(
            "The research papers of {}: {papers}, with their votes and code.",
            title.replacen("Week", "week", 1)
        ),
        None => format!("{title}: {papers}, with the reason why on every card."),
    };
    let picture = listing.edition.map(|edition| Picture {
        path: links::edition_picture(edition),
        says: format!("The edition of {title} of Broadsheet, with the titles of its first papers"),
    });
    Head {
        description: Some(description),
        meta: Meta {
            picture: picture.unwrap_or_default(),
            data: plain_front.then(|| linked::site(&state.mail.public_url, SITE)),
            ..Meta::default()
        },
        title,
        canonical: Some(format!("{}{}", state.mail.public_url, listing.url())),
        is_list: listing.edition.is_none(),
        // Filters are endless; the front page and the editions are not.
        noindex: listing.is_filtered() || view.page.seen > 0,
        feeds: Some(links::feeds(listing)),
    }
}

/// The neighbours of an edition that have papers.
pub async fn neighbours(state: &AppState, edition: Edition) -> Result<EditionNav, AppError> {
    let day_of = |at: i64| jiff::Timestamp::from_second(at).ok().map(utc_day);
    let earlier = state
        .store
        .last_announced_before(edition.start())
        .await
        .for_reader()?;
    let later = state
        .store
        .first_announced_from(edition.end())
        .await
        .for_reader()?;
    Ok(EditionNav {
        edition,
        previous: earlier.and_then(day_of).map(|day| edition.at(day)),
        next: later.and_then(day_of).map(|day| edition.at(day)),
    })
}
