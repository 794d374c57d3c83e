//! The addresses that pages link to. Every link is made here or by [`domain::Listing::url`].

use domain::{
    ArxivId, Category, Edition, Listing, ListingQuery, Name, Newest, PaperKey, listing::push_encoded,
};

/// The saved searches of the reader.
pub const SEARCHES: &str = "/searches";

/// The saved searches as OPML.
pub const SEARCHES_OPML: &str = "/searches.opml";

/// The settings of the reader.
pub const SETTINGS: &str = "/settings";

/// The page of a paper.
pub fn paper(key: &PaperKey) -> String {
    format!("/papers/{key}")
}

/// The authors section of a paper's page.
pub fn authors(key: &PaperKey) -> String {
    format!("/papers/{key}#authors")
}

/// A paper's page with all its authors.
pub fn all_authors(key: &PaperKey) -> String {
    format!("/papers/{key}?authors=all#authors")
}

/// The BibTeX file of a paper.
pub fn bib(key: &PaperKey) -> String {
    format!("/papers/{key}.bib")
}

/// The preview picture of the front page.
pub const FRONT_PICTURE: &str = "/pictures/front.png";

/// The preview picture of a paper.
pub fn picture(key: &PaperKey) -> String {
    format!("/pictures/papers/{key}.png")
}

/// The preview picture of an edition.
pub fn edition_picture(edition: Edition) -> String {
    format!("/pictures{}.png", edition.path())
}

/// The abstract page on arXiv.
pub fn arxiv(id: &ArxivId) -> String {
    format!("https://arxiv.org/abs/{id}")
}

/// The PDF on arXiv: linked, never stored.
pub fn pdf(id: &ArxivId) -> String {
    format!("https://arxiv.org/pdf/{id}")
}

/// A search on arXiv by title, for papers whose arXiv id is not known.
pub fn find_on_arxiv(title: &str) -> String {
    let mut url = "https://arxiv.org/search/?searchtype=title&query=".to_owned();
    push_encoded(&mut url, title);
    url
}

/// An author's papers: a search for the full name.
pub fn author(name: &Name) -> String {
    let mut url = "/?q=".to_owned();
    push_encoded(&mut url, &format!("au:\"{}\"", name.as_str().replace('"', " ")));
    url
}

/// The front page of one category.
pub fn category(category: &Category) -> String {
    Listing::default()
        .with(|listing| listing.categories.push(category.clone()))
        .url()
}

/// The events that tell a page how many papers its listing has gained.
pub fn events(listing: &Listing, newest: Newest) -> String {
    let mut url = format!("/events?since={}&epoch={}", newest.paper_id, newest.epoch);
    if let Some(edition) = listing.edition {
        url.push_str(&format!("&edition={edition}"));
    }
    if let Some((_, query)) = listing.url().split_once('?') {
        url.push('&');
        url.push_str(query);
    }
    url
}

/// The feeds of a listing: Atom, RSS, JSON Feed.
pub fn feeds(listing: &Listing) -> [String; 3] {
    let page = listing.url();
    let (path, query) = page.split_once('?').unwrap_or((&page, ""));
    ["atom", "rss", "json"].map(|suffix| {
        let mut url = format!("{}/feed.{suffix}", path.trim_end_matches('/'));
        if !query.is_empty() {
            url.push('?');
            url.push_str(query);
        }
        url
    })
}

/// The form that subscribes to a search.
pub fn subscribe(search: &ListingQuery) -> String {
    format!("/subscribe{}", search.query())
}

/// The discussion on Hugging Face, where the upvotes come from.
pub fn hugging_face(id: &ArxivId) -> String {
    format!("https://huggingface.co/papers/{id}")
}
