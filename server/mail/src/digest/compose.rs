//! The words of the letters. Templates lie in `templates/`; askama checks them when the program is built and
//! escapes everything that comes from a paper.

use askama::Template;
use domain::{
    EmailAddress,
    paper::{CodeState, PaperCard},
    ranking::HeatReport,
    text::{counted, one_line},
};

use super::frame::{self, Slots};
use crate::transport::Draft;
use domain::SavedSearch;
use store::{EmailPaper, Result, StoreError, Subscriber};

/// Width of the text part, in columns: fits every mail program, quoted once or twice.
const TEXT_WIDTH: usize = 72;

/// What every letter has on its outside.
pub(super) struct Envelope<'a> {
    pub to: EmailAddress,
    pub id: String,
    pub mark: String,
    pub public_url: &'a str,
    pub unsubscribe_url: String,
}

impl Envelope<'_> {
    fn draft(&self, subject: String, text: String, html: String) -> Draft {
        Draft {
            to: self.to.clone(),
            subject,
            text,
            html,
            id: self.id.clone(),
            mark: self.mark.clone(),
            unsubscribe_url: self.unsubscribe_url.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "confirm.txt", escape = "none")]
struct ConfirmText<'a> {
    confirm_url: &'a str,
    unsubscribe_url: &'a str,
    public_url: &'a str,
    wishes: &'a [String],
    rhythm: &'a str,
    adding: bool,
}

#[derive(Template)]
#[template(path = "confirm.html")]
struct ConfirmHtml<'a> {
    confirm_url: &'a str,
    unsubscribe_url: &'a str,
    wishes: &'a [String],
    rhythm: &'a str,
    adding: bool,
}

#[derive(Template)]
#[template(path = "goodbye.txt", escape = "none")]
struct GoodbyeText<'a> {
    preferences_url: &'a str,
    public_url: &'a str,
}

#[derive(Template)]
#[template(path = "goodbye.html")]
struct GoodbyeHtml<'a> {
    preferences_url: &'a str,
}

/// Why it came, and how to end it.
#[derive(Template)]
#[template(path = "foot.html")]
struct Foot<'a> {
    public_url: &'a str,
    /// Only where there is anything to change.
    preferences_url: Option<&'a str>,
    unsubscribe_url: &'a str,
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

/// A view's part of a digest.
struct Part {
    /// `None` where the mail is only the front page.
    heading: Option<String>,
    entries: Vec<Entry>,
    /// The issue on the web; `None` in a preview of one that is not printed yet.
    web_url: Option<String>,
    list_url: String,
}

#[derive(Template)]
#[template(path = "digest.txt", escape = "none")]
struct DigestText<'a> {
    day: &'a str,
    count: &'a str,
    parts: &'a [Part],
    public_url: &'a str,
    unsubscribe_url: &'a str,
    preferences_url: &'a str,
}

#[derive(Template)]
#[template(path = "digest.html")]
struct DigestHtml<'a> {
    parts: &'a [Part],
}

/// Sets the HTML of a letter into the frame that all have.
fn framed(
    envelope: &Envelope<'_>,
    title: &str,
    preview: &str,
    dateline: &str,
    body: &impl Template,
    preferences_url: Option<&str>,
) -> Result<String> {
    let foot = Foot {
        public_url: envelope.public_url,
        preferences_url,
        unsubscribe_url: &envelope.unsubscribe_url,
    };
    frame::framed(&Slots {
        title: &escaped(title),
        preview: &escaped(preview),
        home: &escaped(envelope.public_url),
        dateline: &escaped(dateline),
        body: &render(body)?,
        foot: &render(&foot)?,
    })
}

fn escaped(text: &str) -> String {
    askama::filters::escape(text, askama::filters::Html)
        .map_or_else(|never| match never {}, |text| text.to_string())
}

/// The letter that asks to confirm: what is wished, in words, and when it would come. `adding`: its reader has mail already
/// and may have this too.
pub(super) fn confirm(
    envelope: &Envelope<'_>,
    confirm_url: &str,
    wishes: &[String],
    rhythm: &str,
    adding: bool,
) -> Result<Draft> {
    let subject = if adding {
        "Please confirm: one more list in your Broadsheet"
    } else {
        "Please confirm your Broadsheet subscription"
    };
    let rhythm = if adding {
        "It comes with the mail you have.".to_owned()
    } else {
        format!("It comes {rhythm}.")
    };
    let html = ConfirmHtml {
        confirm_url,
        unsubscribe_url: &envelope.unsubscribe_url,
        wishes,
        rhythm: &rhythm,
        adding,
    };
    let text = ConfirmText {
        confirm_url,
        unsubscribe_url: &envelope.unsubscribe_url,
        public_url: envelope.public_url,
        wishes,
        rhythm: &rhythm,
        adding,
    };
    Ok(envelope.draft(
        subject.to_owned(),
        render(&text)?,
        framed(
            envelope,
            subject,
            "One button, and the papers come.",
            "",
            &html,
            None,
        )?,
    ))
}

/// The letter that says that the mail has stopped.
pub(super) fn goodbye(envelope: &Envelope<'_>, preferences_url: &str) -> Result<Draft> {
    let subject = "The mail has stopped";
    let text = GoodbyeText {
        preferences_url,
        public_url: envelope.public_url,
    };
    let html = GoodbyeHtml { preferences_url };
    Ok(envelope.draft(
        subject.to_owned(),
        render(&text)?,
        framed(
            envelope,
            subject,
            "As you wished. Thank you for reading.",
            "",
            &html,
            None,
        )?,
    ))
}

/// The mail with what is new: the papers of a letter in order, under the headings of their sections.
pub(super) fn digest(
    envelope: &Envelope<'_>,
    day: &str,
    cards: &[PaperCard],
    papers: &[EmailPaper],
    sections: &[SavedSearch],
    preferences_url: &str,
    abstract_chars: usize,
) -> Result<Draft> {
    let parts = parts(cards, papers, sections, envelope.public_url, abstract_chars);
    let entries: Vec<&Entry> = parts.iter().flat_map(|part| &part.entries).collect();
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
        .map_or_else(|_| day.to_owned(), |day: domain::Edition| day.label());
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
        parts: &parts,
        public_url: envelope.public_url,
        unsubscribe_url,
        preferences_url,
    })?;
    let title = format!("Broadsheet, {day}");
    let dateline = format!("{day} · {count}");
    let html = framed(
        envelope,
        &title,
        &preheader,
        &dateline,
        &DigestHtml { parts: &parts },
        Some(preferences_url),
    )?;
    Ok(envelope.draft(subject, text, html))
}

/// The papers of a letter by section, in the letter's order. A section that its reader has let go of since keeps its papers,
/// without a heading.
fn parts(
    cards: &[PaperCard],
    papers: &[EmailPaper],
    sections: &[SavedSearch],
    public_url: &str,
    abstract_chars: usize,
) -> Vec<Part> {
    let mut parts: Vec<(Option<i64>, Part)> = Vec::new();
    let is_only_front = papers.iter().all(|paper| {
        sections
            .iter()
            .find(|section| Some(section.view_id) == paper.view_id)
            .is_none_or(|section| section.view.is_front() && section.name.is_none())
    });
    for paper in papers {
        // Deleted since.
        let Some(card) = cards.iter().find(|card| card.id == paper.paper_id) else {
            continue;
        };
        let at = match parts.iter().position(|(view, _)| *view == paper.view_id) {
            Some(at) => at,
            None => {
                let section = sections
                    .iter()
                    .find(|section| Some(section.view_id) == paper.view_id);
                let path = section.map_or_else(|| "/".to_owned(), |section| section.view.path());
                let web = section.and_then(|section| {
                    let day = paper.day.as_ref()?;
                    Some(format!(
                        "{public_url}{}",
                        section.view.issue_path(&section.slug, day)
                    ))
                });
                parts.push((
                    paper.view_id,
                    Part {
                        heading: section.filter(|_| !is_only_front).map(SavedSearch::label),
                        entries: Vec::new(),
                        web_url: web,
                        list_url: format!("{public_url}{path}"),
                    },
                ));
                parts.len() - 1
            }
        };
        let rank = parts[at].1.entries.len() + 1;
        let why = paper.why.clone().unwrap_or_else(|| why(card));
        parts[at]
            .1
            .entries
            .push(entry(rank, card, why, public_url, abstract_chars));
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

/// The address of a subscriber.
pub(super) fn address(subscriber: &Subscriber) -> Result<EmailAddress> {
    subscriber
        .email
        .parse()
        .map_err(|error| StoreError::Corrupt(format!("the address of subscriber {}: {error}", subscriber.id)))
}

fn render(template: &impl Template) -> Result<String> {
    template
        .render()
        .map_err(|error| StoreError::Corrupt(format!("a letter cannot be written: {error}")))
}

fn entry(rank: usize, card: &PaperCard, why: String, public_url: &str, abstract_chars: usize) -> Entry {
    let mut links = Vec::new();
    if let Some(id) = card.key.arxiv_id() {
        links.push(("arXiv", format!("https://arxiv.org/abs/{id}")));
    }
    if let Some(code) = card.code.as_ref().filter(|code| code.state != CodeState::Gone) {
        links.push(("code", code.url.clone()));
    }
    Entry {
        rank,
        title: tex::plain(&card.title),
        authors: one_line(&card.byline()),
        summary: shortened(&tex::plain(&card.abstract_text), abstract_chars),
        why,
        url: format!("{public_url}/papers/{}", card.key),
        links,
    }
}

/// Why it is here, in one line: `5.8 trending this week: +128 upvotes · +214 stars · fresh`.
pub(super) fn why(card: &PaperCard) -> String {
    let mut facts = Vec::new();
    if let Some(HeatReport { heat, .. }) = &card.heat {
        let words = heat.label();
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

/// Cuts at a word, with an ellipsis; nothing is left of it where nothing may be.
fn shortened(text: &str, most: usize) -> String {
    if most == 0 {
        return String::new();
    }
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
        Ok(filled(text, "    ", "    "))
    }

    /// A line of a list.
    #[askama::filter_fn]
    pub fn listed(text: &str, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(filled(text, "  * ", "    "))
    }

    /// A paragraph at the margin.
    #[askama::filter_fn]
    pub fn paragraph(text: &str, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(filled(text, "", ""))
    }

    /// The heading of a section, underlined.
    #[askama::filter_fn]
    pub fn headed(text: &str, _: &dyn askama::Values) -> askama::Result<String> {
        let heading = filled(text, "", "");
        let width = heading
            .lines()
            .map(textwrap::core::display_width)
            .max()
            .unwrap_or(0);
        Ok(format!("{heading}\n{}", "=".repeat(width)))
    }

    fn filled(text: &str, first: &str, then: &str) -> String {
        let options = textwrap::Options::new(super::TEXT_WIDTH)
            .initial_indent(first)
            .subsequent_indent(then)
            .break_words(false)
            // A URL stays in one piece.
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::fill(text, options)
    }
}
