//! The words of the letters. Templates lie in `templates/`; askama checks them when the program is built and
//! escapes everything that comes from a paper.

use askama::Template;
use domain::{
    EmailAddress,
    paper::{CodeState, PaperCard},
    ranking::HeatReport,
    text::{counted, one_line},
};

use crate::{
    mail::Draft,
    maths,
    store::{Result, StoreError},
};

/// Width of the text part, in columns: fits every mail program, quoted once or twice.
const TEXT_WIDTH: usize = 72;
/// Characters of an abstract in a digest: enough to decide, not enough to clip the mail.
const ABSTRACT_CHARS: usize = 420;

/// What every letter has on its outside.
pub(super) struct Envelope<'a> {
    pub to: EmailAddress,
    pub id: String,
    pub public_url: &'a str,
    pub unsubscribe_url: String,
}

#[derive(Template)]
#[template(path = "confirm.txt")]
struct ConfirmText<'a> {
    confirm_url: &'a str,
    public_url: &'a str,
}

#[derive(Template)]
#[template(path = "confirm.html")]
struct ConfirmHtml<'a> {
    confirm_url: &'a str,
    public_url: &'a str,
}

struct Entry {
    rank: usize,
    title: String,
    authors: String,
    summary: String,
    why: String,
    url: String,
    links: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "digest.txt", escape = "none")]
struct DigestText<'a> {
    day: &'a str,
    count: &'a str,
    entries: &'a [Entry],
    public_url: &'a str,
    unsubscribe_url: &'a str,
    preferences_url: &'a str,
}

#[derive(Template)]
#[template(path = "digest.html")]
struct DigestHtml<'a> {
    day: &'a str,
    count: &'a str,
    preheader: &'a str,
    entries: &'a [Entry],
    public_url: &'a str,
    unsubscribe_url: &'a str,
    preferences_url: &'a str,
}

pub(super) fn confirm(envelope: &Envelope<'_>, confirm_url: &str) -> Result<Draft> {
    Ok(Draft {
        to: envelope.to.clone(),
        subject: "Please confirm your Broadsheet subscription".to_owned(),
        text: render(&ConfirmText {
            confirm_url,
            public_url: envelope.public_url,
        })?,
        html: render(&ConfirmHtml {
            confirm_url,
            public_url: envelope.public_url,
        })?,
        id: envelope.id.clone(),
        unsubscribe_url: envelope.unsubscribe_url.clone(),
    })
}

pub(super) fn digest(
    envelope: &Envelope<'_>,
    day: &str,
    cards: &[PaperCard],
    preferences_url: &str,
) -> Result<Draft> {
    let entries: Vec<Entry> = cards
        .iter()
        .enumerate()
        .map(|(index, card)| entry(index + 1, card, envelope.public_url))
        .collect();
    let first = entries
        .first()
        .map(|entry| entry.title.as_str())
        .unwrap_or_default();
    let subject = match entries.len() {
        0 | 1 => first.to_owned(),
        n => format!("{first}, and {} more", n - 1),
    };
    let count = counted(entries.len() as u64, "paper", "papers");
    let day = day
        .parse()
        .map_or_else(|_| day.to_owned(), |day: domain::Edition| day.title());
    let preheader = entries
        .iter()
        .skip(1)
        .take(3)
        .map(|entry| entry.title.as_str())
        .collect::<Vec<_>>()
        .join(" · ");
    let unsubscribe_url = &envelope.unsubscribe_url;
    let text = render(&DigestText {
        day: &day,
        count: &count,
        entries: &entries,
        public_url: envelope.public_url,
        unsubscribe_url,
        preferences_url,
    })?;
    let html = render(&DigestHtml {
        day: &day,
        count: &count,
        preheader: &preheader,
        entries: &entries,
        public_url: envelope.public_url,
        unsubscribe_url,
        preferences_url,
    })?;
    Ok(Draft {
        to: envelope.to.clone(),
        subject,
        text,
        html,
        id: envelope.id.clone(),
        unsubscribe_url: unsubscribe_url.clone(),
    })
}

fn render(template: &impl Template) -> Result<String> {
    template
        .render()
        .map_err(|error| StoreError::Corrupt(format!("a letter cannot be written: {error}")))
}

fn entry(rank: usize, card: &PaperCard, public_url: &str) -> Entry {
    let mut links = Vec::new();
    if let Some(id) = card.key.arxiv_id() {
        links.push(("arXiv", format!("https://arxiv.org/abs/{id}")));
    }
    if let Some(code) = card.code.as_ref().filter(|code| code.state != CodeState::Gone) {
        links.push(("code", code.url.clone()));
    }
    Entry {
        rank,
        title: maths::plain(&card.title),
        authors: one_line(&card.byline()),
        summary: shortened(&maths::plain(&card.abstract_text), ABSTRACT_CHARS),
        why: why(card),
        url: format!("{public_url}/papers/{}", card.key),
        links,
    }
}

/// Why it is here, in one line: `5.8 trending this week: +128 upvotes · +214 stars · fresh`.
fn why(card: &PaperCard) -> String {
    let mut facts = Vec::new();
    if let Some(HeatReport { heat, .. }) = &card.heat {
        let words = heat.words();
        if !words.is_empty() {
            return format!("{:.2} trending this week: {words}", heat.total());
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

/// Cuts at a word, with an ellipsis.
fn shortened(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    let cut = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..cut].trim_end_matches([',', ';', ':', '.', ' ']))
}

/// What the templates call.
mod filters {
    /// Wraps a paragraph for the text part, indented under its rank.
    #[askama::filter_fn]
    pub fn wrapped(text: &str, _: &dyn askama::Values) -> askama::Result<String> {
        let options = textwrap::Options::new(super::TEXT_WIDTH)
            .initial_indent("    ")
            .subsequent_indent("    ")
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        Ok(textwrap::fill(text, options))
    }
}
