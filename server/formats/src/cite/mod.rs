//! BibTeX, as described in "BibTeXing" (Oren Patashnik, 1988), with the fields that arXiv writes.

mod author;
mod latex;

use std::fmt::Write;

use domain::{fold::fold, paper::PaperCard};

use author::author;
use latex::title;

/// The months as BibTeX's standard styles define them.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// One `@misc` entry for a paper, with all authors that the card holds.
pub fn bibtex(card: &PaperCard) -> String {
    let mut entry = format!("@misc{{{},\n", citation_key(card));
    let mut field = |name: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(entry, "  {name} = {value},");
    };
    let braced = |text: &str| format!("{{{text}}}");
    // The second pair of braces preserves capitals.
    field("title", &format!("{{{{{}}}}}", title(&card.title)));
    if !card.authors.is_empty() {
        let mut authors: Vec<String> = card.authors.iter().map(|name| author(&name.parts())).collect();
        // BibTeX's placeholder for authors that an entry leaves out.
        if card.author_count > card.authors.len() {
            authors.push("others".to_owned());
        }
        field("author", &braced(&authors.join(" and ")));
    }
    if let Some(date) = card.published {
        field("year", &braced(&date.day().year().to_string()));
        // A month is a macro, without braces; styles print it in their language.
        if let Some(month) = MONTHS.get(usize::from(date.day().month().unsigned_abs()).saturating_sub(1)) {
            field("month", month);
        }
    }
    if let Some(id) = card.key.arxiv_id() {
        field("eprint", &braced(id.as_str()));
        field("archivePrefix", "{arXiv}");
        if let Some(category) = &card.primary_category {
            field("primaryClass", &braced(category.as_str()));
        }
        field("url", &format!("{{https://arxiv.org/abs/{id}}}"));
    }
    entry.push_str("}\n");
    entry
}

/// The entries of many papers.
pub fn bibliography(cards: &[PaperCard]) -> String {
    cards.iter().map(bibtex).collect::<Vec<_>>().join("\n")
}

/// Words in organisation names that do not distinguish one organisation from another.
const ARTICLES: [&str; 2] = ["the", "a"];

/// A key of letters, digits, `:` and `-`: `hinder2025:2510.01234`. The paper's own key makes it unique.
fn citation_key(card: &PaperCard) -> String {
    let family = card
        .authors
        .first()
        .map(|name| name.parts())
        .map(|parts| match parts {
            domain::NameParts::Person(person) => person.family,
            domain::NameParts::Organisation { organisation } => first_word(&organisation),
        })
        .unwrap_or_default();
    let family: String = fold(&family)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let year = card
        .published
        .map(|date| date.day().year().to_string())
        .unwrap_or_default();
    let key = card.key.slug();
    if family.is_empty() {
        key
    } else {
        format!("{family}{year}:{key}")
    }
}

/// `ATLAS` of `The ATLAS Collaboration`.
fn first_word(organisation: &str) -> String {
    organisation
        .split_whitespace()
        .find(|word| !ARTICLES.contains(&word.to_lowercase().as_str()))
        .unwrap_or_default()
        .to_owned()
}
