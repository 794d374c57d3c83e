//! Entries of feeds.

use domain::{
    paper::{PaperCard, Published},
    text::counted,
};
use jiff::{Timestamp, civil::Date};

use super::text::{as_html, for_xml};
use crate::plain::{plain_abstract, plain_title};

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Never changes: neither with rank or votes nor with the URL of this Broadsheet.
    pub id: String,
    /// URL of its page.
    pub url: String,
    /// Plain text, TeX as Unicode.
    pub title: String,
    /// Plain text.
    pub authors: Vec<String>,
    /// Plain text, TeX as Unicode.
    pub summary: String,
    /// The summary as HTML, with authors and links.
    pub html: String,
    /// When it entered the feed. Never changes.
    pub published: Timestamp,
    /// When its text last changed. Votes and rank do not change it.
    pub updated: Timestamp,
    /// arXiv's categories.
    pub categories: Vec<String>,
    /// The paper, for `_paper` in JSON Feed. `None` for an entry that is a whole day.
    pub card: Option<Box<PaperCard>>,
}

impl Item {
    /// An entry that is one paper.
    ///
    /// `entered` is when the paper entered this feed, if that is not when it was announced.
    pub fn of_paper(card: PaperCard, public_url: &str, entered: Option<Timestamp>) -> Self {
        // A paper without any known date uses the time when Broadsheet first stored it.
        let announced = card
            .announced_on
            .map(Published::Day)
            .or(card.published)
            .and_then(moment)
            .or_else(|| Timestamp::from_second(card.added).ok())
            .unwrap_or_default();
        let published = entered.unwrap_or(announced);
        let changed = card.updated.and_then(moment).unwrap_or(announced);
        let url = format!("{public_url}/papers/{}", card.key);
        let summary = for_xml(&plain_abstract(&card));
        let html = format!(
            "<p>{}</p><p>{}</p><p>{}</p>",
            as_html(&for_xml(&card.byline())),
            as_html(&summary),
            links(&card, &url)
        );
        Self {
            id: match card.key.arxiv_id() {
                // The name of the paper in arXiv's own feeds.
                Some(id) => format!("oai:arXiv.org:{id}"),
                None => format!("urn:broadsheet:{}", card.key),
            },
            url,
            title: for_xml(&plain_title(&card)),
            authors: card.authors.iter().map(|name| for_xml(name.as_str())).collect(),
            summary,
            html,
            published,
            updated: published.max(changed),
            categories: card.categories.iter().map(ToString::to_string).collect(),
            card: Some(Box::new(card)),
        }
    }

    /// An entry that is a whole day, with its best papers first.
    ///
    /// `listing` is a number that distinguishes this listing of this Broadsheet from all others.
    pub fn of_day(day: Date, cards: &[PaperCard], total: u64, public_url: &str, listing: u64) -> Self {
        let url = format!("{public_url}/date/{day}");
        let rows: String = cards.iter().map(|card| row(card, public_url)).collect();
        let titles: Vec<String> = cards.iter().map(|card| for_xml(&plain_title(card))).collect();
        // The entry does not change after the end of its day.
        let end = moment(Published::Day(day.tomorrow().unwrap_or(day))).unwrap_or_default();
        Self {
            id: format!("urn:broadsheet:{listing:016x}:{day}"),
            title: format!(
                "{}: {}",
                day.strftime("%-d %B %Y"),
                counted(total, "paper", "papers")
            ),
            authors: Vec::new(),
            summary: titles.join(" · "),
            html: format!(
                "<ol>{rows}</ol><p><a href=\"{}\">All papers of this day</a></p>",
                as_html(&url)
            ),
            url,
            published: end,
            updated: end,
            categories: Vec::new(),
            card: None,
        }
    }
}

/// The beginning of a day or month, if no more is known.
fn moment(published: Published) -> Option<Timestamp> {
    Timestamp::from_second(published.sort_key()?).ok()
}

/// The links of a paper as HTML.
fn links(card: &PaperCard, url: &str) -> String {
    let mut links = vec![format!("<a href=\"{}\">Broadsheet</a>", as_html(url))];
    if let Some(id) = card.key.arxiv_id() {
        links.push(format!("<a href=\"https://arxiv.org/abs/{id}\">arXiv</a>"));
        links.push(format!("<a href=\"https://arxiv.org/pdf/{id}\">PDF</a>"));
    }
    if let Some(code) = &card.code {
        links.push(format!("<a href=\"{}\">code</a>", as_html(&code.url)));
    }
    links.join(" · ")
}

/// A paper in the list of its day, as HTML.
fn row(card: &PaperCard, public_url: &str) -> String {
    format!(
        "<li><a href=\"{}\">{}</a><br>{}</li>",
        as_html(&format!("{public_url}/papers/{}", card.key)),
        as_html(&for_xml(&plain_title(card))),
        as_html(&for_xml(&card.byline()))
    )
}
