//! The head of a page.

use leptos::prelude::*;

use super::{
    assets::{Assets, files},
    frame::Frame,
};
use crate::meta::{Meta, Metadata};

/// What a page says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// The title, without the name of the site. Empty on the front page.
    pub title: String,
    /// One sentence for search engines and link previews.
    pub description: Option<String>,
    /// The address, without parameters that do not change the content.
    pub canonical: Option<String>,
    /// Keeps personal pages and filtered lists out of search engines.
    pub noindex: bool,
    /// The page is only a list, so it needs only the first style sheet.
    pub is_list: bool,
    /// The addresses of the list's feeds: Atom, RSS, JSON.
    pub feeds: Option<[String; 3]>,
    /// What link previews and reference managers read.
    pub meta: Meta,
}

impl Head {
    /// The title of the window.
    fn window_title(&self) -> String {
        if self.title.is_empty() {
            "Broadsheet: trending papers".to_owned()
        } else {
            format!("{} · Broadsheet", self.title)
        }
    }
}

/// Links by which feed readers find the feeds of a list.
fn feed_links(feeds: [String; 3]) -> impl IntoView {
    let kinds = [
        ("application/atom+xml", "This list as Atom"),
        ("application/rss+xml", "This list as RSS"),
        ("application/feed+json", "This list as JSON Feed"),
    ];
    feeds
        .into_iter()
        .zip(kinds)
        .map(|(href, (kind, title))| view! { <link rel="alternate" r#type=kind title=title href=href/> })
        .collect_view()
}

/// The elements of the head.
pub(super) fn head(frame: &Frame, head: Head) -> impl IntoView + use<> {
    let title = head.window_title();
    let about = if head.title.is_empty() {
        title.clone()
    } else {
        head.title
    };
    let metadata = view! {
        <Metadata title=about description=head.description.clone() url=head.canonical.clone() public_url=frame.public_url.clone() nonce=frame.nonce.clone() meta=head.meta/>
    };
    let files = frame
        .assets
        .as_deref()
        .map(|assets: &Assets| files(assets, &frame.cached_sheets, &frame.nonce, head.is_list));
    view! {
        <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>{title}</title>
            {head.description.map(|text| view! { <meta name="description" content=text/> })}
            {head.canonical.map(|href| view! { <link rel="canonical" href=href/> })}
            {head.feeds.map(feed_links)}
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
    }
}
