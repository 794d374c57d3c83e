//! The papers of a digest as its templates show them, by search.

use domain::{
    Edition, SavedSearch, Sort,
    paper::{CodeState, PaperCard},
    ranking::HeatReport,
    text::{counted, one_line},
};
use formats::{plain_abstract, plain_title};
use store::EmailPaper;

use super::content::DigestContent;

/// A paper of a digest.
pub(super) struct Entry {
    pub rank: usize,
    pub title: String,
    pub authors: String,
    pub summary: String,
    pub why: String,
    pub url: String,
    /// Label and URL.
    pub links: Vec<(&'static str, String)>,
}

/// The papers that one search found.
pub(super) struct Section {
    /// `None` if the digest has the front page only.
    pub heading: Option<String>,
    /// That a trending list is out of date.
    pub note: Option<String>,
    pub entries: Vec<Entry>,
    /// The issue on the web; `None` in a preview of an issue that is not frozen yet.
    pub web_url: Option<String>,
    pub search_url: String,
}

/// The papers by search, in the order of the email. The papers of a search that was removed meanwhile have no
/// heading.
pub(super) fn sections(content: &DigestContent<'_>, public_url: &str, abstract_chars: usize) -> Vec<Section> {
    let search_of = |paper: &EmailPaper| {
        content
            .searches
            .iter()
            .find(|search| Some(search.view_id) == paper.view_id)
    };
    let is_only_front = content
        .papers
        .iter()
        .all(|paper| search_of(paper).is_none_or(|search| search.view.is_front() && search.name.is_none()));
    let mut sections: Vec<(Option<i64>, Section)> = Vec::new();
    for paper in content.papers {
        // A paper without a card was deleted in the meantime.
        let Some(card) = content.cards.iter().find(|card| card.id == paper.paper_id) else {
            continue;
        };
        let at = match sections.iter().position(|(view, _)| *view == paper.view_id) {
            Some(at) => at,
            None => {
                let search = search_of(paper);
                let mut section = section(paper, search, is_only_front, public_url);
                section.note = outdated(content, search);
                sections.push((paper.view_id, section));
                sections.len() - 1
            }
        };
        let entries = &mut sections[at].1.entries;
        let why = paper.why.clone().unwrap_or_else(|| why(card));
        entries.push(entry(entries.len() + 1, card, why, public_url, abstract_chars));
    }
    sections.into_iter().map(|(_, section)| section).collect()
}

/// A section without papers: that of the search that found this paper.
fn section(
    paper: &EmailPaper,
    search: Option<&SavedSearch>,
    is_only_front: bool,
    public_url: &str,
) -> Section {
    let path = search.map_or_else(|| "/".to_owned(), |search| search.view.path());
    let web_url = search.and_then(|search| {
        let day = paper.day.as_ref()?;
        Some(format!(
            "{public_url}{}",
            search.view.issue_path(&search.slug, day)
        ))
    });
    Section {
        heading: search.filter(|_| !is_only_front).map(SavedSearch::label),
        note: None,
        entries: Vec::new(),
        web_url,
        search_url: format!("{public_url}{path}"),
    }
}

/// What an email says above a trending list if no source has sent anything for days.
fn outdated(content: &DigestContent<'_>, search: Option<&SavedSearch>) -> Option<String> {
    let is_trending = search.is_none_or(|search| search.view.listing().order() == Sort::Trending);
    let day = content.last_news.filter(|_| is_trending)?;
    Some(format!(
        "No source has sent anything since {}. These papers were trending then.",
        Edition::Day(day).label()
    ))
}

fn entry(rank: usize, card: &PaperCard, why: String, public_url: &str, abstract_chars: usize) -> Entry {
    let mut links = Vec::new();
    if let Some(id) = card.key.arxiv_id() {
        links.push(("arXiv", format!("https://arxiv.org/abs/{id}")));
    }
    if let Some(code) = card.code.as_ref().filter(|code| code.state != CodeState::Gone) {
        links.push(("Code", code.url.clone()));
    }
    Entry {
        rank,
        title: plain_title(card).into_owned(),
        authors: one_line(&card.byline()),
        summary: shortened(&plain_abstract(card), abstract_chars),
        why,
        url: format!("{public_url}/papers/{}", card.key),
        links,
    }
}

/// Why a paper is in an issue, on one line: `5.8 trending this week: +128 upvotes · +214 stars · fresh`.
pub(crate) fn why(card: &PaperCard) -> String {
    let mut facts = Vec::new();
    if let Some(HeatReport { heat, .. }) = &card.heat {
        let terms = heat.label();
        if !terms.is_empty() {
            return format!("{:.2} trending this week: {terms}", heat.total());
        }
    }
    if let Some(upvotes) = card.upvotes {
        facts.push(counted(upvotes.into(), "upvote", "upvotes"));
    }
    if let Some(stars) = card.stars {
        facts.push(counted(stars.into(), "star", "stars"));
    }
    if let Some(category) = &card.primary_category {
        facts.push(category.to_string());
    }
    if let Some(published) = card.published {
        facts.push(published.label());
    }
    facts.join(" · ")
}

/// The text up to a word boundary, with an ellipsis if it is longer than `max` characters. With a `max` of 0, empty.
pub(super) fn shortened(text: &str, max: usize) -> String {
    if max == 0 {
        return String::new();
    }
    let Some((end, _)) = text.char_indices().nth(max) else {
        return text.to_owned();
    };
    let cut = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..cut].trim_end_matches([',', ';', ':', '.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_at_a_word_and_a_short_one_is_not() {
        assert_eq!(shortened("One, two three", 14), "One, two three");
        assert_eq!(shortened("One, two three", 13), "One, two…");
        assert_eq!(shortened("One, two three", 6), "One…");
        assert_eq!(shortened("Unbroken", 3), "Unb…");
        assert_eq!(shortened("One", 0), "");
    }
}
