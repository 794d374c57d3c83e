//! What surrounds every page: head, masthead, banner, footer.

use std::sync::Arc;

use domain::{Density, ReadMarking, paper::Published, text::counted};
use jiff::civil::Date;
use leptos::prelude::*;

use crate::{
    behaviour::Behaviour,
    components::date_words,
    meta::{Meta, Metadata},
};

/// The built front end, by the names its hashes give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// The style sheet.
    pub css: Sheet,
    /// The style of what is not in lists.
    pub pages_css: Sheet,
    /// The script that loads the module and wakes the island.
    pub boot: String,
    /// The JavaScript side of the module.
    pub js: String,
    /// The WebAssembly side.
    pub wasm: String,
}

/// A style sheet. It stands in the page for whoever does not have its file yet: the first paint then waits for nothing
/// else, where a file would cost a slow line another way there and back. The island fetches the file when the page is
/// whole and says so in a cookie (`behaviour/worker.rs`); without scripts it stands in every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its path as a file.
    pub href: String,
    /// The part of its name that changes with its content.
    pub version: String,
    /// What is in it; never `</style`.
    pub text: Arc<str>,
}

/// The theme a reader chose; without a choice the system's is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on light paper.
    Light,
    /// Light ink on dark paper.
    Dark,
}

impl Theme {
    /// The word in the cookie and on `<html>`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What a page needs besides its own content.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The built front end; `None` where only the HTML matters (tests).
    pub assets: Option<Arc<Assets>>,
    /// The versions of the style sheets whose files this browser has at hand.
    pub at_hand: Vec<String>,
    /// Of this answer's content security policy.
    pub nonce: String,
    /// Where this Broadsheet is, for links that are followed elsewhere.
    pub public_url: String,
    /// Chosen by the reader.
    pub theme: Option<Theme>,
    /// How much of a card lists show.
    pub density: Density,
    /// What marks papers as read by itself.
    pub marking: ReadMarking,
    /// The path of the page, for marking where one is.
    pub path: String,
    /// Today in UTC.
    pub today: Date,
    /// Papers announced on the last day that has any, and that day (or month, where only that is known).
    pub edition: Option<(u64, Published)>,
    /// The reader's bookmarks.
    pub bookmarks: u64,
    /// Whether to ask for an address.
    pub banner: bool,
}

/// What a page says of itself in its head.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// Without the name of the site.
    pub title: String,
    /// One sentence for search engines and previews.
    pub description: Option<String>,
    /// The address without what does not change the content.
    pub canonical: Option<String>,
    /// Personal pages and endless filters stay out of search engines.
    pub noindex: bool,
    /// A list and nothing else: the first style sheet is enough.
    pub is_list: bool,
    /// The addresses of this list's feeds: Atom, RSS, JSON.
    pub feeds: Option<[String; 3]>,
    /// What previews of links and catalogues read.
    pub meta: Meta,
}

#[component]
fn Masthead(frame: Frame) -> impl IntoView {
    let day = frame.today.strftime("%A %-d %B %Y").to_string();
    let edition = frame.edition.map(|(count, newest)| {
        let (edition, when) = match newest {
            Published::Month(first) => (domain::Edition::Month(first), "in"),
            _ => (domain::Edition::Day(newest.day()), "on"),
        };
        let words = format!(
            "{} {when} {}",
            counted(count, "new paper", "new papers"),
            date_words(newest)
        );
        view! { <a href=edition.path()>{words}</a> }
    });
    let name = view! { <a href="/">"Broadsheet"</a> };
    let name = if frame.path == "/" {
        view! { <h1 class="name">{name}</h1> }.into_any()
    } else {
        view! { <p class="name">{name}</p> }.into_any()
    };
    let current = |path: &str| (frame.path == path).then_some("page");
    view! {
        <header class="masthead">
            <div class="sheet">
                {name}
                <p class="day"><time datetime=frame.today.to_string()>{day}</time>" "<span>{edition}</span></p>
                <nav class="nav" aria-label="Yours">
                    <a href="/bookmarks" aria-current=current("/bookmarks")>"Bookmarks"<span class="count">{(frame.bookmarks > 0).then(|| format!(" {}", frame.bookmarks))}</span></a>
                    <a class="go" href="/subscribe" aria-current=current("/subscribe")>"Subscribe"</a>
                    <button class="theme" type="button" aria-label="Dark theme" aria-pressed="false" hidden></button>
                </nav>
            </div>
        </header>
    }
    .into_any()
}

#[component]
fn BannerForm(id: &'static str, button: &'static str) -> impl IntoView {
    view! {
        <form method="post" action="/fn/subscribe">
            <label class="vh" for=id>"Email address"</label>
            <input id=id type="email" name="email" required autocomplete="email" placeholder="you@university.edu"/>
            <input type="hidden" name="zone" value=""/>
            <button class="act">{button}</button>
        </form>
    }
}

/// Asks for an address, until it is closed or answered.
#[component]
fn Banner() -> impl IntoView {
    view! {
        <section class="banner" aria-label="Papers by mail">
            <div class="banner-wide">
                <p>"Get trending papers in your email inbox once a day!"</p>
                <BannerForm id="banner-email" button="Subscribe"/>
            </div>
            <div class="banner-narrow">
                <p>"Get trending papers in your email inbox!"</p>
                <details>
                    <summary class="button act">"Subscribe"</summary>
                    <BannerForm id="banner-email-narrow" button="Send"/>
                </details>
            </div>
            <form class="close" method="post" action="/fn/dismiss_banner"><button class="plain" aria-label="Dismiss the banner">"×"</button></form>
        </section>
    }
    .into_any()
}

#[component]
fn Footer() -> impl IntoView {
    view! {
        <footer class="foot">
            <ul>
                <li><a href="/about/ranking">"How papers are ranked"</a></li>
                <li><a href="/about/sources">"Where they come from"</a></li>
                <li><a href="/subscribe">"Papers by mail"</a></li>
                <li><a href="/bookmarks">"Bookmarks"</a></li>
                <li><a href="/views">"Your lists"</a></li>
                <li><a href="/reading">"How you read"</a></li>
            </ul>
            <p>
                "Titles, abstracts and authors are arXiv metadata ("<a href="https://creativecommons.org/publicdomain/zero/1.0/">"CC0"</a>
                "). Thank you to arXiv for use of its open access interoperability. Nothing here tracks you."
            </p>
        </footer>
    }
    .into_any()
}

/// A style sheet: its file for whoever has it, else what is in it.
fn style(sheet: &Sheet, at_hand: &[String], nonce: &str) -> AnyView {
    if at_hand.contains(&sheet.version) {
        view! { <link rel="stylesheet" href=sheet.href.clone()/> }.into_any()
    } else {
        view! { <style nonce=nonce.to_owned() data-href=sheet.href.clone() inner_html=sheet.text.clone()></style> }.into_any()
    }
}

/// A whole page as HTML, doctype and all.
pub fn page<V: IntoView>(frame: Frame, head: Head, content: impl FnOnce() -> V) -> String {
    let html = crate::render::to_html(|| shell(frame, head, content));
    format!("<!doctype html>{html}")
}

fn shell<V: IntoView>(frame: Frame, head: Head, content: impl FnOnce() -> V) -> impl IntoView {
    let title = if head.title.is_empty() {
        "Broadsheet: trending papers".to_owned()
    } else {
        format!("{} · Broadsheet", head.title)
    };
    let theme = frame.theme.map(Theme::code);
    // Only what differs from the usual is written.
    let density = (frame.density != Density::default()).then(|| frame.density.code());
    let marking = (frame.marking != ReadMarking::default()).then(|| frame.marking.code());
    let nonce = frame.nonce.clone();
    let about = if head.title.is_empty() {
        title.clone()
    } else {
        head.title
    };
    let metadata = view! {
        <Metadata title=about description=head.description.clone() url=head.canonical.clone() public_url=frame.public_url.clone() nonce=nonce.clone() meta=head.meta/>
    };
    let files = frame.assets.as_deref().map(|assets| view! {
        {style(&assets.css, &frame.at_hand, &nonce)}
        {(!head.is_list).then(|| style(&assets.pages_css, &frame.at_hand, &nonce))}
        // Low, or on a slow line they take from the style and the faces what the first paint waits for.
        <link rel="modulepreload" href=assets.js.clone() fetchpriority="low"/>
        <link rel="preload" href=assets.wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin="anonymous" fetchpriority="low"/>
        <script type="module" src=assets.boot.clone() nonce=nonce.clone()></script>
    });
    let banner = frame.banner.then(|| view! { <Banner/> });
    let feeds = head.feeds.map(|feeds| {
        let kinds = [
            ("application/atom+xml", "This list, as Atom"),
            ("application/rss+xml", "This list, as RSS"),
            ("application/feed+json", "This list, as JSON Feed"),
        ];
        feeds
            .into_iter()
            .zip(kinds)
            .map(|(href, (kind, title))| view! { <link rel="alternate" r#type=kind title=title href=href/> })
            .collect_view()
    });
    view! {
        <html lang="en" data-theme=theme data-density=density data-marking=marking>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title>{title}</title>
                {head.description.map(|text| view! { <meta name="description" content=text/> })}
                {head.canonical.map(|href| view! { <link rel="canonical" href=href/> })}
                {feeds}
                {metadata}
                {head.noindex.then(|| view! { <meta name="robots" content="noindex"/> })}
                <link rel="preload" href="/fonts/broadsheet-serif.v3.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                {files}
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/icons/apple-touch-180.png"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <meta name="theme-color" content="#fbfaf7" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#161614" media="(prefers-color-scheme: dark)"/>
            </head>
            <body>
                <a class="skip button" href="#main">"Skip to the papers"</a>
                <Masthead frame/>
                <div class="sheet">
                    {banner}
                    {content().into_any()}
                    <Footer/>
                </div>
                <div class="low"><div class="toasts" role="status"></div></div>
                <Behaviour/>
            </body>
        </html>
    }
}
