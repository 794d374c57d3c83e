//! Feeds of a listing: one document, written as Atom (RFC 4287, paged by RFC 5005), RSS 2.0 or JSON Feed 1.1.

mod atom;
mod json;
mod opml;
mod rss;

use domain::{
    paper::{PaperCard, Published},
    text::counted,
};
use jiff::{Timestamp, civil::Date};
use sha2::{Digest, Sha256};

pub use opml::{Outline, opml};

/// How a feed is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4287.
    Atom,
    /// <https://www.rssboard.org/rss-specification>
    Rss,
    /// <https://www.jsonfeed.org/version/1.1/>
    Json,
}

impl Format {
    /// All of them, the most exact first.
    pub const ALL: [Self; 3] = [Self::Atom, Self::Rss, Self::Json];

    /// The suffix of its address.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Atom => "atom",
            Self::Rss => "rss",
            Self::Json => "json",
        }
    }

    /// What it is sent as.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Json => "application/feed+json; charset=utf-8",
        }
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Never changes: not with rank, votes or the address of this Broadsheet.
    pub id: String,
    /// Where it leads.
    pub url: String,
    /// Plain text, TeX as Unicode.
    pub title: String,
    /// Plain text.
    pub authors: Vec<String>,
    /// Plain text, TeX as Unicode.
    pub summary: String,
    /// The same as HTML, with links.
    pub html: String,
    /// When it came; never changes.
    pub published: Timestamp,
    /// Moves only with what is said, never with votes or rank.
    pub updated: Timestamp,
    /// arXiv's categories.
    pub categories: Vec<String>,
    /// For JSON's `_paper`; none for an entry that is a whole day.
    pub card: Option<Box<PaperCard>>,
}

/// A feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// For people.
    pub title: String,
    /// The page it is the twin of.
    pub page: String,
    /// Its own address.
    pub address: String,
    /// The address of the first page of it, and of the next.
    pub first: String,
    /// Likewise.
    pub next: Option<String>,
    /// The latest first, or in the order of the list.
    pub items: Vec<Item>,
}

/// A moment of what is known to the day or month.
fn moment(published: Published) -> Timestamp {
    published
        .sort_key()
        .and_then(|at| Timestamp::from_second(at).ok())
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Text as HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// What may stand in XML 1.0 (section 2.2): no control characters but the white ones.
fn sayable(text: &str) -> String {
    text.chars()
        .filter(|c| {
            matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
        })
        .collect()
}

impl Item {
    /// A paper. `came` is when it came into this feed, where that is not its announcement.
    pub fn of_paper(card: PaperCard, public_url: &str, came: Option<Timestamp>) -> Self {
        let categories = card.categories.iter().map(ToString::to_string).collect();
        let announced = card
            .announced_on
            .map(Published::Day)
            .or(card.published)
            .map_or(Timestamp::UNIX_EPOCH, moment);
        let published = came.unwrap_or(announced);
        let changed = card.updated.map_or(announced, moment);
        let url = format!("{public_url}/papers/{}", card.key);
        let title = sayable(&tex::plain(&card.title));
        let summary = sayable(&tex::plain(&card.abstract_text));
        let mut links = vec![format!("<a href=\"{}\">Broadsheet</a>", escaped(&url))];
        if let Some(id) = card.key.arxiv_id() {
            links.push(format!("<a href=\"https://arxiv.org/abs/{id}\">arXiv</a>"));
            links.push(format!("<a href=\"https://arxiv.org/pdf/{id}\">PDF</a>"));
        }
        if let Some(code) = &card.code {
            links.push(format!("<a href=\"{}\">code</a>", escaped(&code.url)));
        }
        let authors = card.authors.iter().map(|name| sayable(name)).collect::<Vec<_>>();
        let html = format!(
            "<p>{}</p><p>{}</p><p>{}</p>",
            escaped(&sayable(&card.byline())),
            escaped(&summary),
            links.join(" · ")
        );
        Self {
            id: match card.key.arxiv_id() {
                // arXiv's own name for it, as in its own feeds.
                Some(id) => format!("oai:arXiv.org:{id}"),
                None => format!("urn:broadsheet:{}", card.key),
            },
            url,
            title,
            authors,
            summary,
            html,
            published,
            updated: published.max(changed),
            categories,
            card: Some(Box::new(card)),
        }
    }

    /// A whole day in one entry, the best papers first; `own` tells this list of this Broadsheet from all others.
    pub fn of_day(day: Date, cards: &[PaperCard], total: u64, public_url: &str, own: u64) -> Self {
        let url = format!("{public_url}/date/{day}");
        let rows: Vec<String> = cards
            .iter()
            .map(|card| {
                format!(
                    "<li><a href=\"{}\">{}</a><br>{}</li>",
                    escaped(&format!("{public_url}/papers/{}", card.key)),
                    escaped(&sayable(&tex::plain(&card.title))),
                    escaped(&sayable(&card.byline()))
                )
            })
            .collect();
        let lines: Vec<String> = cards
            .iter()
            .map(|card| sayable(&tex::plain(&card.title)))
            .collect();
        // When the day was over: from then on its entry stays as it is.
        let over = moment(Published::Day(day.tomorrow().unwrap_or(day)));
        Self {
            id: format!("urn:broadsheet:{own:016x}:{day}"),
            title: format!(
                "{}: {}",
                day.strftime("%-d %B %Y"),
                counted(total, "paper", "papers")
            ),
            authors: Vec::new(),
            summary: lines.join(" · "),
            html: format!(
                "<ol>{}</ol><p><a href=\"{}\">The whole day</a></p>",
                rows.join(""),
                escaped(&url)
            ),
            url,
            published: over,
            updated: over,
            categories: Vec::new(),
            card: None,
        }
    }
}

impl Feed {
    /// When anything in it last changed.
    pub fn updated(&self) -> Timestamp {
        self.items
            .iter()
            .map(|item| item.updated)
            .max()
            .unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The document.
    pub fn write(&self, format: Format) -> String {
        // What was typed into a search stands in the title.
        let feed = &Self {
            title: sayable(&self.title),
            ..self.clone()
        };
        match format {
            Format::Atom => atom::write(feed),
            Format::Rss => rss::write(feed),
            Format::Json => json::write(feed),
        }
    }
}

/// A strong validator of a document (RFC 9110, 8.8.3).
pub fn etag(document: &str) -> String {
    let hash = Sha256::digest(document.as_bytes());
    let short: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{short}\"")
}
