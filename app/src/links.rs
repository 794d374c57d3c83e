//! Where things live. Every link of a page is made here or by [`domain::Listing::url`].

use domain::Newest;
use domain::{ArxivId, Category, Edition, Listing, ListingQuery, PaperKey, listing::push_encoded};

/// The page of a paper.
pub fn paper(key: &PaperKey) -> String {
    format!("/papers/{key}")
}

/// A paper as a BibTeX file.
pub fn bib(key: &PaperKey) -> String {
    format!("/papers/{key}.bib")
}

/// The picture of the front page.
pub const FRONT_PICTURE: &str = "/pictures/front.png";

/// The picture of a paper.
pub fn picture(key: &PaperKey) -> String {
    format!("/pictures/papers/{key}.png")
}

/// The picture of an edition.
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

/// A search on arXiv by title, for papers whose identifier is not known.
pub fn find_on_arxiv(title: &str) -> String {
    let mut url = "https://arxiv.org/search/?searchtype=title&query=".to_owned();
    push_encoded(&mut url, title);
    url
}

/// The papers of an author.
pub fn author(name: &str) -> String {
    let mut url = "/?q=".to_owned();
    push_encoded(&mut url, &format!("au:\"{}\"", name.replace('"', " ")));
    url
}

/// The front page of one category.
pub fn category(category: &Category) -> String {
    Listing::default()
        .with(|listing| listing.categories.push(category.clone()))
        .url()
}

/// What tells the page of a listing of new papers; the query is the listing's own.
pub fn events(listing: &Listing, newest: Newest) -> String {
    let mut url = format!("/events?since={}&epoch={}", newest.paper_id, newest.epoch);
    if let Some(edition) = listing.edition {
        url.push_str(&format!("&edition={edition}"));
    }
    let own = listing.url();
    if let Some((_, query)) = own.split_once('?') {
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

/// Where a list is asked for by mail.
pub fn subscribe(view: &ListingQuery) -> String {
    format!("/subscribe{}", view.query())
}

/// The discussion on Hugging Face, where the upvotes come from.
pub fn hugging_face(id: &ArxivId) -> String {
    format!("https://huggingface.co/papers/{id}")
}
