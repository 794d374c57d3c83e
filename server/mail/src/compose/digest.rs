//! The digest.

use askama::Template;
use domain::text::counted;
use store::Result;

use super::{
    content::DigestContent,
    entries::{Entry, Section, sections, shortened},
    envelope::Envelope,
    render::{HtmlContent, filters, html, render},
};
use crate::transport::Draft;

/// Characters of a title in a subject. Mail programs show about this many before they cut.
const SUBJECT_CHARS: usize = 70;
/// Titles shown beside the subject, after the one in the subject.
const PREVIEW_TITLES: usize = 3;

#[derive(Template)]
#[template(path = "digest.txt", escape = "none")]
struct DigestText<'a> {
    day: &'a str,
    count: &'a str,
    sections: &'a [Section],
    public_url: &'a str,
    unsubscribe_url: &'a str,
    preferences_url: &'a str,
}

#[derive(Template)]
#[template(path = "digest.html")]
struct DigestHtml<'a> {
    sections: &'a [Section],
}

/// The subject of a digest: the title of its first paper, shortened, and the number of other papers.
pub fn digest_subject(first_title: &str, papers: usize) -> String {
    let title = shortened(first_title, SUBJECT_CHARS);
    match papers {
        0 | 1 => title,
        n => format!("{title} + {}", counted(n as u64 - 1, "more paper", "more papers")),
    }
}

/// The digest, with at most `abstract_chars` characters of each abstract.
pub(crate) fn digest(
    envelope: &Envelope<'_>,
    content: &DigestContent<'_>,
    abstract_chars: usize,
) -> Result<Draft> {
    let sections = sections(content, envelope.public_url, abstract_chars);
    let entries: Vec<&Entry> = sections.iter().flat_map(|section| &section.entries).collect();
    let first = entries
        .first()
        .map(|entry| entry.title.as_str())
        .unwrap_or_default();
    let count = counted(entries.len() as u64, "paper", "papers");
    let day = content
        .day
        .parse()
        .map_or_else(|_| content.day.to_owned(), |day: domain::Edition| day.label());
    let preview = entries
        .iter()
        .skip(1)
        .take(PREVIEW_TITLES)
        .map(|entry| entry.title.as_str())
        .collect::<Vec<_>>()
        .join(" · ");
    let text = render(&DigestText {
        day: &day,
        count: &count,
        sections: &sections,
        public_url: envelope.public_url,
        unsubscribe_url: &envelope.unsubscribe_url,
        preferences_url: content.preferences_url,
    })?;
    let html = html(
        envelope,
        &HtmlContent {
            title: &format!("Broadsheet, {day}"),
            preview: &preview,
            dateline: &format!("{day} · {count}"),
            body: &DigestHtml { sections: &sections },
            preferences_url: Some(content.preferences_url),
        },
    )?;
    Ok(envelope.draft(digest_subject(first, entries.len()), text, html))
}

#[cfg(test)]
mod tests {
    use domain::paper::PaperCard;
    use store::EmailPaper;
    use testing::{
        Library,
        real_papers::{cards, has_raw_formula, import_daily_papers},
        visible::{blemish, visible},
    };

    use super::*;

    /// The digest of these papers.
    fn digest_of(cards: &[PaperCard]) -> Draft {
        let papers: Vec<EmailPaper> = cards
            .iter()
            .map(|card| EmailPaper {
                paper_id: card.id,
                view_id: None,
                day: None,
                why: None,
            })
            .collect();
        let envelope = Envelope {
            to: "ada@example.org".parse().expect("an address"),
            id: String::new(),
            mark: String::new(),
            public_url: "https://news.example.org",
            unsubscribe_url: String::new(),
        };
        let content = DigestContent {
            day: "2026-11-24",
            cards,
            papers: &papers,
            searches: &[],
            last_news: None,
            preferences_url: "",
        };
        digest(&envelope, &content, usize::MAX).expect("a digest")
    }

    #[tokio::test]
    async fn no_email_shows_an_entity_an_invisible_character_or_a_command() {
        let library = Library::of_the_sample().await;
        import_daily_papers(&library.store).await;
        let mut cards = cards(&library.store).await;
        cards.retain(|card| !has_raw_formula(card));
        for cards in cards.chunks(40) {
            let draft = digest_of(cards);
            for text in [draft.subject, draft.text, visible(&draft.html)] {
                assert_eq!(blemish(&text), None, "{text}");
            }
        }
    }

    #[test]
    fn a_subject_has_a_short_title_and_the_number_of_other_papers() {
        assert_eq!(digest_subject("A title", 1), "A title");
        assert_eq!(digest_subject("A title", 2), "A title + 1 more paper");
        assert_eq!(digest_subject("A title", 20), "A title + 19 more papers");
        let long = "A title that goes on and on ".repeat(5);
        let subject = digest_subject(&long, 20);
        assert_eq!(
            subject,
            "A title that goes on and on A title that goes on and on A title that… + 19 more papers"
        );
    }
}
