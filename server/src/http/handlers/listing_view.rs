//! What the page of a listing shows, and what its head says.

use app::{
    AppError,
    components::{Wider, active_filters},
    context::ForReader,
    links,
    meta::{Meta, Picture},
    pages::{AbsentPaper, EditionNav, ListingView, source_warning},
    shell::Head,
};
use domain::{
    Density, Edition, Listing, Page, Sort,
    edition::utc_day,
    listing::{FIRST_PAGE, PAGE_SIZE, ParsedListing},
};
use formats::linked;
use ingest::health;
use jiff::Timestamp;

use crate::{http::web::visitor::Visitor, state::AppState};

/// This Broadsheet in one sentence.
const SITE: &str = "The research papers people are reading now. Every card shows why the paper is trending.";
/// Replaced papers in the edition of a day.
const MAX_REPLACED: i64 = 200;
/// Categories with a checkbox in the filters.
const OFFERED_CATEGORIES: usize = 12;
/// After this many seconds without a rank run, the page says how old the ranking is.
const STALE_RANKING_SECONDS: i64 = 86_400;

/// Loads a page of a listing. A fragment shows only cards, so the rest is not loaded for it.
pub async fn load(
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
        notices.push("Trending covers at most a month, so this list shows the month.".to_owned());
    }
    // A visitor with another density has chosen to see more papers at once, so the first page is not a short one.
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
    let facts = state.store.facts(now).await.for_reader()?;
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
            state.store.replaced_on(day, MAX_REPLACED).await.for_reader()?
        }
        _ => Vec::new(),
    };
    Ok(ListingView {
        absent: listing.query.paper.clone().map(|id| AbsentPaper {
            id,
            can_fetch: state.sync,
        }),
        mutes: visitor.mutes(state).await,
        density: visitor.density,
        wider: wider_listings(state, &listing, &page, now).await?,
        silent_since: silent_since(&page, now),
        warnings: source_warnings(state, is_fragment, now).await?,
        categories: state
            .store
            .top_categories(OFFERED_CATEGORIES)
            .await
            .for_reader()?,
        listing,
        page,
        notices,
        edition,
        papers: facts.papers,
        newest: facts.newest,
        replaced,
        today: utc_day(now),
        announced,
    })
}

/// For a page without papers: the listings that remain when one filter is removed, if they have papers.
async fn wider_listings(
    state: &AppState,
    listing: &Listing,
    page: &Page,
    now: Timestamp,
) -> Result<Vec<Wider>, AppError> {
    let mut wider = Vec::new();
    if !page.cards.is_empty() {
        return Ok(wider);
    }
    for (what, without) in active_filters(listing) {
        let count = state.store.count_listing(&without, now).await.for_reader()?;
        if count > 0 {
            wider.push(Wider {
                what,
                listing: without,
                count,
            });
        }
    }
    Ok(wider)
}

/// The day of the last rank run, if it is too long ago.
fn silent_since(page: &Page, now: Timestamp) -> Option<jiff::civil::Date> {
    page.ranked_for
        .filter(|at| now.as_second() - at.as_second() > STALE_RANKING_SECONDS)
        .map(utc_day)
}

async fn source_warnings(
    state: &AppState,
    is_fragment: bool,
    now: Timestamp,
) -> Result<Vec<String>, AppError> {
    if is_fragment {
        return Ok(Vec::new());
    }
    let sources = health::sources(&state.store, state.sync, now)
        .await
        .for_reader()?;
    Ok(sources.iter().filter_map(source_warning).collect())
}

/// The head of the page.
pub fn head(state: &AppState, view: &ListingView) -> Head {
    let listing = &view.listing;
    let is_plain_front = listing.edition.is_none() && listing.url() == "/" && view.page.seen == 0;
    let title = match listing.edition {
        _ if is_plain_front => String::new(),
        Some(edition) => edition.label(),
        None => listing.label(),
    };
    let papers = listing.count_label(view.page.total);
    let description = match listing.edition {
        _ if is_plain_front => SITE.to_owned(),
        Some(Edition::Day(_)) => {
            format!("The research papers of {title}: {papers}, with their votes and code.")
        }
        Some(_) => format!(
            "The research papers of {}: {papers}, with their votes and code.",
            title.replacen("Week", "week", 1)
        ),
        None => format!("{title}: {papers}."),
    };
    let picture = listing.edition.map(|edition| Picture {
        path: links::edition_picture(edition),
        says: format!("Broadsheet, edition of {title}, with the titles of its first papers"),
    });
    Head {
        description: Some(description),
        meta: Meta {
            picture: picture.unwrap_or_default(),
            data: is_plain_front.then(|| linked::site(&state.public_url, SITE)),
            ..Meta::default()
        },
        title,
        canonical: Some(format!("{}{}", state.public_url, listing.url())),
        is_list: listing.edition.is_none(),
        // Search engines index the front page and the editions. Combinations of filters are endless.
        noindex: listing.is_filtered() || view.page.seen > 0,
        feeds: Some(links::feeds(listing)),
    }
}
