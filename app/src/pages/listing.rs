//! The front page and the editions: a listing with its filters.

use domain::Page;
use domain::{
    Category, Density, Edition, Listing, ListingQuery, Mutes, PaperKey, paper::Published, text::counted,
};
use jiff::civil::Date;
use leptos::prelude::*;

use crate::{
    components::{Feed, FilterBar, Nothing, Notices, Wider, date_words, title_text},
    links,
};

/// Neighbours of an edition that have papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EditionNav {
    /// This one.
    pub edition: Edition,
    /// The nearest earlier one.
    pub previous: Option<Edition>,
    /// The nearest later one.
    pub next: Option<Edition>,
}

/// Everything the page of a listing shows.
#[derive(Debug, Clone)]
pub struct ListingView {
    /// What was asked.
    pub listing: Listing,
    /// What was found.
    pub page: Page,
    /// What the reader should know.
    pub notices: Vec<String>,
    /// Categories to offer.
    pub categories: Vec<Category>,
    /// When nothing was found: what to drop.
    pub wider: Vec<Wider>,
    /// On a day, week or month page.
    pub edition: Option<EditionNav>,
    /// Papers in the library.
    pub papers: u64,
    /// When the newest came out.
    pub newest: Option<Published>,
    /// What the reader would rather not see.
    pub mutes: Mutes,
    /// How much of a card is shown.
    pub density: Density,
    /// Sources in trouble, in words.
    pub troubles: Vec<String>,
    /// Today in UTC.
    pub today: Date,
    /// On an edition: how many were announced as new, cross-listed and replaced.
    pub announced: [u64; 3],
    /// On the edition of a day: the papers of which a new version was announced.
    pub replaced: Vec<(PaperKey, String, Option<u32>)>,
    /// Heat is of this day, because nothing has been heard from any source since.
    pub silent_since: Option<Date>,
}

#[component]
fn EditionHead(nav: EditionNav, count: String, announced: [u64; 3]) -> impl IntoView {
    let [new, cross, replaced] = announced;
    let told_apart = (new + cross + replaced > 0).then(|| {
        use domain::text::grouped;
        format!(
            "arXiv announced {} new, {} cross-listed, {} replaced.",
            grouped(new),
            grouped(cross),
            grouped(replaced)
        )
    });
    let day = nav.edition.first_day();
    let link = |edition: Edition| match edition {
        Edition::Day(day) => day.strftime("%-d %b").to_string(),
        Edition::Week(monday) => format!("Week {}", monday.iso_week_date().week()),
        Edition::Month(first) => first.strftime("%B").to_string(),
    };
    let wider = [Edition::Day(day), Edition::week_of(day), Edition::Month(day.first_of_month())]
        .into_iter()
        .filter(|edition| std::mem::discriminant(edition) != std::mem::discriminant(&nav.edition))
        .enumerate()
        .map(|(index, edition)| view! { {(index > 0).then_some(" · ")} <a href=edition.path()>{link(edition)}</a> })
        .collect_view();
    view! {
        <div class="edition">
            <p class="kicker">"The edition of"</p>
            <h1>{nav.edition.label()}</h1>
            <p class="of">{count}</p>
            {told_apart.map(|words| view! { <p class="of told-apart">{words}</p> })}
            <nav aria-label="Editions"><ul>
                <li>{nav.previous.map(|edition| view! { <a rel="prev" href=edition.path()>{format!("← {}", link(edition))}</a> })}</li>
                <li>{wider}</li>
                <li>{nav.next.map(|edition| view! { <a href=edition.path()>{format!("{} →", link(edition))}</a> })}</li>
            </ul></nav>
        </div>
    }
    .into_any()
}

/// The papers of an edition that are not new: a line each, and no card.
#[component]
fn Replaced(replaced: Vec<(PaperKey, String, Option<u32>)>, more: u64) -> impl IntoView {
    let shown = replaced.len() as u64;
    (shown > 0).then(|| {
        let rows = replaced
            .into_iter()
            .map(|(key, title, version)| {
                let version = version.map(|version| format!(" v{version}"));
                view! { <li><a href=links::paper(&key)>{title_text(&title)}</a> {version}</li> }
            })
            .collect_view();
        let rest = more.saturating_sub(shown);
        view! {
            <details class="replaced">
                <summary>{counted(more.max(shown), "paper replaced by a new version", "papers replaced by a new version")}</summary>
                <ul>{rows}</ul>
                {(rest > 0).then(|| view! { <p>{format!("and {rest} more.")}</p> })}
            </details>
        }
        .into_any()
    })
}

/// How much of each paper is shown: three buttons that work as a form.
#[component]
fn Densities(density: Density) -> impl IntoView {
    let buttons = Density::ALL
        .iter()
        .map(|one| view! { <button class="plain" name="density" value=one.code() aria-pressed=(*one == density).to_string()>{one.label()}</button> })
        .collect_view();
    view! { <form class="densities" method="post" action="/fn/set_reading" aria-label="How much of each paper">{buttons}</form> }
        .into_any()
}

/// The ways to have a list without coming back to it.
#[component]
fn ByMail(listing: Listing) -> impl IntoView {
    let view = ListingQuery::of(&listing);
    let words = if view.is_front() {
        "Have the best sent once a day"
    } else {
        "Subscribe to this view"
    };
    let back = listing.url();
    view! {
        <section>
            <h2 class="caps">"By mail"</h2>
            <p><a href=links::subscribe(&view)>{words}</a></p>
        </section>
        <section>
            <h2 class="caps">"At hand"</h2>
            <form class="keep-list" method="post" action="/fn/save_search">
                <input type="hidden" name="view" value=view.query()/>
                <input type="hidden" name="back" value=back/>
                <button>"Keep this list"</button>
            </form>
            <p><a href="/views">"Your lists"</a></p>
        </section>
    }
    .into_any()
}

#[component]
fn Aside(view: ListingView) -> impl IntoView {
    let newest = view
        .newest
        .map(|published| format!("The newest is of {}.", date_words(published)));
    let ranked = view
        .page
        .ranked_for
        .map(|at| format!("Heat was worked out for {} UTC.", at.strftime("%-d %B %Y, %H:%M")));
    let troubles = view
        .troubles
        .into_iter()
        .map(|words| view! { <li class="trouble">{words}</li> })
        .collect_view();
    let [atom, rss, json] = links::feeds(&view.listing);
    let bare = view.listing.edition.is_none();
    view! {
        <aside class="aside" aria-label="About this view">
            <section>
                <h2 class="caps">"The library"</h2>
                <ul>
                    <li>{counted(view.papers, "paper", "papers")}". "{newest}</li>
                    {ranked.map(|words| view! { <li>{words}</li> })}
                    {troubles}
                    <li><a href="/about/sources">"How the sources are doing"</a></li>
                </ul>
            </section>
            {bare.then(|| view! { <ByMail listing=view.listing.clone()/> })}
            <section>
                <h2 class="caps">"In a feed reader"</h2>
                <p>"This list as "<a href=atom>"Atom"</a>", "<a href=rss>"RSS"</a>" or "<a href=json>"JSON Feed"</a></p>
            </section>
            <section>
                <h2 class="caps">"Why is it here?"</h2>
                <p>"Heat adds up what moved lately: upvotes, stars, bookmarks here. "<a href="/about/ranking">"The formula, with today’s numbers"</a></p>
            </section>
            <section class="keys-help" hidden></section>
        </aside>
    }
    .into_any()
}

/// The end of the list: what to do next.
#[component]
pub fn End(listing: Listing, total: u64) -> impl IntoView {
    let sent = links::subscribe(&if listing.edition.is_some() {
        ListingQuery::front()
    } else {
        ListingQuery::of(&listing)
    });
    let widest = Listing {
        edition: listing.edition,
        ..Listing::default()
    };
    let all = (widest.url() != listing.url() && listing.is_filtered())
        .then(|| view! { "Look at " <a href=widest.url()>"everything"</a> ", or " });
    view! {
        <div class="end">
            <h2>"You are caught up"</h2>
            <p>{format!("That was all: {}. ", listing.count_words(total))} {all} <a href=sent>"have tomorrow’s sent"</a>"."</p>
        </div>
    }
    .into_any()
}

/// A listing: filters, cards, the link to the next page or the end.
#[component]
pub fn ListingPage(view: ListingView) -> impl IntoView {
    let ListingView {
        listing,
        page,
        notices,
        categories,
        wider,
        edition,
        today,
        announced,
        replaced,
        mutes,
        density,
        ..
    } = view.clone();
    let total = page.total;
    let empty = page.cards.is_empty();
    let last = page.next.is_none() && !empty;
    let found = listing.count_words(total);
    let silent = view
        .silent_since
        .map(|day| format!(" as of {}, the last day with news", day.strftime("%-d %B %Y")))
        .unwrap_or_default();
    let result = format!("{}{silent}: {found}", listing.label());
    // The front page has its banner; what is past brings nothing new.
    let own = ListingQuery::of(&listing);
    let by_mail = (listing.edition.is_none() && !own.is_front()).then(|| links::subscribe(&own));
    let label = edition.map_or_else(
        || "Papers".to_owned(),
        |nav| format!("Papers of {}", nav.edition.label()),
    );
    view! {
        <FilterBar listing=listing.clone() categories/>
        <div class="columns">
            <main id="main" tabindex="-1">
                {edition.map(|nav| view! { <EditionHead nav count=listing.count_words(total) announced/> })}
                <Replaced replaced more=announced[2]/>
                <div class="over"><p class="result">{result}</p><Densities density/></div>
                {by_mail.map(|href| view! { <p class="by-mail"><a href=href>"Subscribe to this view"</a></p> })}
                <Notices notices/>
                {if empty {
                    view! { <Nothing wider/> }.into_any()
                } else {
                    view! { <Feed page listing=listing.clone() label today mutes/> }.into_any()
                }}
                {last.then(|| view! { <End listing total/> })}
            </main>
            <Aside view/>
        </div>
    }
    .into_any()
}
