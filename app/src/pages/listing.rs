//! The front page and the editions: a listing with its filters.

use domain::{ArxivId, Category, Density, Listing, ListingQuery, Mutes, Page, PaperKey, paper::Published};
use jiff::civil::Date;
use leptos::prelude::*;

use super::{
    edition::{EditionHead, EditionNav, Replaced},
    listing_aside::ListingAside,
    result_label::result_label,
};
use crate::{
    components::{CardList, FetchForm, FilterBar, NoResults, Notices, Wider},
    links,
};

/// Everything that the page of a listing shows.
#[derive(Debug, Clone)]
pub struct ListingView {
    /// The listing.
    pub listing: Listing,
    /// One page of its papers.
    pub page: Page,
    /// What the reader should know before the list.
    pub notices: Vec<String>,
    /// The paper that was searched for by its id, if the library lacks it.
    pub absent: Option<AbsentPaper>,
    /// Categories that the filters offer.
    pub categories: Vec<Category>,
    /// If nothing was found: the filters that could be removed.
    pub wider: Vec<Wider>,
    /// The edition, if the page is one.
    pub edition: Option<EditionNav>,
    /// How many papers the library has.
    pub papers: u64,
    /// When the newest paper was published.
    pub newest: Option<Published>,
    /// The words and categories that the reader does not want to see.
    pub mutes: Mutes,
    /// How much of each paper is shown.
    pub density: Density,
    /// Sources with problems, as texts for the reader.
    pub warnings: Vec<String>,
    /// Today in UTC.
    pub today: Date,
    /// On an edition: how many papers arXiv announced as new, cross-listed and replaced.
    pub announced: [u64; 3],
    /// On the edition of a day: key, title and version of papers that were replaced by a new version.
    pub replaced: Vec<(PaperKey, String, Option<u32>)>,
    /// The day of the ranking, if no source has sent anything since.
    pub silent_since: Option<Date>,
}

/// A paper that the library lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsentPaper {
    /// Its id.
    pub id: ArxivId,
    /// Whether it can be fetched from arXiv.
    pub can_fetch: bool,
}

/// Three buttons that change how much of each paper is shown. They work as a form.
#[component]
fn Densities(density: Density) -> impl IntoView {
    let buttons = Density::ALL
        .iter()
        .map(|one| view! { <button class="plain" name="density" value=one.code() aria-pressed=(*one == density).to_string()>{one.label()}</button> })
        .collect_view();
    view! { <form class="densities" method="post" action="/fn/set_settings" aria-label="Density">{buttons}</form> }
        .into_any()
}

/// The end of the list, and what to do next.
#[component]
pub fn End(
    /// The listing that ends here.
    listing: Listing,
    /// How many papers it has.
    total: u64,
) -> impl IntoView {
    // An edition gets no new papers: it offers the digest of the front page.
    let subscribe = links::subscribe(&if listing.edition.is_some() {
        ListingQuery::front()
    } else {
        ListingQuery::of(&listing)
    });
    let widest = Listing {
        edition: listing.edition,
        ..Listing::default()
    };
    let count = listing.count_label(total);
    let next = if listing.is_filtered() && widest.url() != listing.url() {
        view! { <a href=widest.url()>"Browse everything"</a> " or " <a href=subscribe>"get new ones by email"</a> "." }
            .into_any()
    } else {
        view! { <a href=subscribe>"Get new ones by email"</a> "." }.into_any()
    };
    view! {
        <div class="end">
            <h2>"You’re all caught up"</h2>
            <p>{format!("{count}. ")} {next}</p>
        </div>
    }
    .into_any()
}

/// The line over the list: what was found, when that is old, and the densities.
#[component]
fn Over(result: String, silent_since: Option<Date>, density: Density) -> impl IntoView {
    let silent = silent_since.map(|day| {
        let label = format!("Votes last updated {}", day.strftime("%-d %B %Y"));
        view! { " " <small>{label}</small> }
    });
    view! { <div class="over"><p class="result">{result}{silent}</p><Densities density/></div> }
}

/// A listing: filters, cards, and the link to the next page or the end.
#[component]
pub fn ListingPage(
    /// What the page shows.
    view: ListingView,
) -> impl IntoView {
    let ListingView {
        listing,
        page,
        notices,
        absent,
        categories,
        wider,
        edition,
        papers,
        newest,
        mutes,
        density,
        warnings,
        today,
        announced,
        replaced,
        silent_since,
    } = view;
    let total = page.total;
    let empty = page.cards.is_empty();
    let last = page.next.is_none() && !empty;
    let ranked_for = page.ranked_for;
    let result = result_label(&listing, total);
    // The front page has the banner instead, and an edition gets no new papers.
    let search = ListingQuery::of(&listing);
    let subscribe = (listing.edition.is_none() && !search.is_front()).then(|| links::subscribe(&search));
    let label = edition.map_or_else(
        || "Papers".to_owned(),
        |nav| format!("Papers of {}", nav.edition.label()),
    );
    view! {
        <FilterBar listing=listing.clone() categories/>
        <div class="columns">
            <main id="main" tabindex="-1">
                {edition.map(|nav| view! { <EditionHead nav count=listing.count_label(total) announced/> })}
                <Replaced replaced total=announced[2]/>
                <Over result silent_since density/>
                {subscribe.map(|href| view! { <p class="by-mail"><a href=href>"Subscribe to this search"</a></p> })}
                <Notices notices/>
                {absent.map(|absent| view! { <FetchForm id=absent.id can_fetch=absent.can_fetch/> })}
                {if empty {
                    view! { <NoResults wider/> }.into_any()
                } else {
                    view! { <CardList page listing=listing.clone() label today mutes/> }.into_any()
                }}
                {last.then(|| view! { <End listing=listing.clone() total/> })}
            </main>
            <ListingAside listing papers newest ranked_for warnings/>
        </div>
    }
    .into_any()
}
