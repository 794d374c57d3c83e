//! What a feed URL asks for, and the URLs of a feed.
//!
//! `feed=` chooses one of three kinds:
//! - `entered` (the default of a trending listing): a paper appears once, when it first enters the top `top=10`, `20`
//!   (the
//!   default) or `50`;
//! - `list` (the default of all other listings): the listing as its page shows it;
//! - `daily`: one entry for each day.

use domain::{Edition, Listing, Sort, Window};
use formats::feeds::Format;
use store::TOPS;

use crate::http::web::query::QueryPairs;

/// The default of `top=`.
const DEFAULT_TOP: i64 = 20;

/// The kind of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Papers that entered the top.
    Entered,
    /// The listing itself.
    List,
    /// One entry for each day.
    Daily,
}

impl Kind {
    /// All kinds.
    const ALL: [Self; 3] = [Self::Entered, Self::List, Self::Daily];

    /// The kind of a URL without `feed=`.
    fn default_of(listing: &Listing) -> Self {
        if is_recorded(listing) {
            Self::Entered
        } else {
            Self::List
        }
    }

    /// The text in the URL.
    pub fn code(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::List => "list",
            Self::Daily => "daily",
        }
    }
}

/// Where a page of an "entered" feed begins: when the last paper before it entered, and its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Seconds since 1970.
    pub at: i64,
    /// The row.
    pub id: i64,
}

impl Position {
    fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('-')?;
        Some(Self {
            at: at.parse().ok()?,
            id: id.parse().ok()?,
        })
    }

    /// The text in the URL.
    pub fn code(self) -> String {
        format!("{}-{}", self.at, self.id)
    }
}

/// A feed URL.
#[derive(Debug, Clone)]
pub struct FeedRequest {
    /// Atom, RSS or JSON Feed.
    pub format: Format,
    /// The listing that the feed is about.
    pub listing: Listing,
    /// Where a page of a "list" feed begins.
    pub after: Option<domain::Cursor>,
    /// The kind of feed.
    pub kind: Kind,
    /// How many papers count as the top, for an "entered" feed.
    pub top: i64,
    /// Where a page of an "entered" feed begins.
    pub before: Option<Position>,
}

impl FeedRequest {
    /// Reads a URL.
    pub fn read(query: &QueryPairs, format: Format, edition: Option<Edition>) -> Self {
        let mut asked = query.listing();
        asked.listing.edition = edition;
        let after = asked.take_cursor();
        let mut listing = asked.listing;
        if listing.order() == Sort::Relevance {
            // Whoever follows a search wants what is new in it. New papers are rarely among its best matches.
            listing.sort = Some(Sort::New);
        }
        let mut kind = Kind::default_of(&listing);
        let (mut top, mut before) = (DEFAULT_TOP, None);
        for (name, value) in query.iter() {
            match name {
                "feed" => {
                    kind = Kind::ALL
                        .into_iter()
                        .find(|known| known.code() == value)
                        .unwrap_or(kind);
                }
                "top" => {
                    top = TOPS
                        .into_iter()
                        .find(|known| known.to_string() == value)
                        .unwrap_or(top);
                }
                "before" => before = Position::parse(value),
                _ => {}
            }
        }
        // Only recorded listings have an "entered" feed, and an edition has no days.
        if kind == Kind::Entered && !is_recorded(&listing) || kind == Kind::Daily && listing.edition.is_some()
        {
            kind = Kind::List;
        }
        Self {
            format,
            listing,
            after,
            kind,
            top,
            before,
        }
    }

    /// The URL of the first page.
    pub fn first_url(&self, public_url: &str) -> String {
        self.url(public_url, None)
    }

    /// The URL of this page.
    pub fn own_url(&self, public_url: &str) -> String {
        let page = match self.kind {
            Kind::Entered => self.before.map(|before| ("before", before.code())),
            Kind::List => self.after.as_ref().map(|after| ("after", after.to_string())),
            Kind::Daily => None,
        };
        self.url(public_url, page)
    }

    /// The URL of the page that begins here.
    pub fn url(&self, public_url: &str, page: Option<(&str, String)>) -> String {
        let listing = self.listing.url();
        let (path, query) = listing.split_once('?').unwrap_or((&listing, ""));
        let mut url = format!(
            "{public_url}{}/feed.{}",
            path.trim_end_matches('/'),
            self.format.suffix()
        );
        let mut parts = Vec::new();
        if !query.is_empty() {
            parts.push(query.to_owned());
        }
        if self.kind != Kind::default_of(&self.listing) {
            parts.push(format!("feed={}", self.kind.code()));
        }
        if self.kind == Kind::Entered && self.top != DEFAULT_TOP {
            parts.push(format!("top={}", self.top));
        }
        if let Some((name, value)) = page {
            parts.push(format!("{name}={value}"));
        }
        if !parts.is_empty() {
            url.push('?');
            url.push_str(&parts.join("&"));
        }
        url
    }

    /// The title of the feed.
    pub fn title(&self) -> String {
        let site = self.listing.edition.map_or_else(
            || "Broadsheet".to_owned(),
            |edition| format!("Broadsheet, {}", edition.label()),
        );
        match self.kind {
            Kind::Entered => format!("{site}: {}, top {}", self.listing.label(), self.top),
            Kind::Daily => {
                let by_day = Listing {
                    sort: Some(Sort::New),
                    window: None,
                    ..self.listing.clone()
                };
                format!("{site}: {}, daily", by_day.label())
            }
            Kind::List => format!("{site}: {}", self.listing.label()),
        }
    }
}

/// Whether rank runs record which papers enter the top of this listing: the trending papers of the week, of all
/// categories or of one, without other filters.
fn is_recorded(listing: &Listing) -> bool {
    let bare = Listing {
        categories: listing.categories.clone(),
        window: listing.window,
        sort: listing.sort,
        ..Listing::default()
    };
    *listing == bare
        && listing.order() == Sort::Trending
        && listing.categories.len() <= 1
        && listing.window.is_none_or(|window| window == Window::Week)
}
