//! Finds arXiv identifiers in text that people paste and share, and in imported records.

use super::{
    address::{Named, after, bare, paper_of},
    id::{ArxivId, InvalidArxivId},
    words::{Kind, plain, words},
};

/// The longest text to read, in bytes. A longer one is not just an identifier.
const MOST_BYTES: usize = 8_192;

impl ArxivId {
    /// Reads the identifier from pasted text, if the text names one paper and nothing else: `arXiv:2510.01234v2`, a
    /// URL of arXiv or of a site built on it, an arXiv DOI, a citation such as `arXiv:2510.01234 [cs.LG] 3 Oct 2025`, a
    /// BibTeX field, an arXiv page title (`[2510.01234] Title`) or a Markdown link. `None` for any other
    /// text.
    pub fn from_pasted(text: &str) -> Option<Self> {
        if text.len() > MOST_BYTES {
            return None;
        }
        let text = plain(text);
        let text = text.trim();
        only_paper(text)
            .or_else(|| page_title(text))
            .or_else(|| link_target(text))
            .or_else(|| bibtex_entry(text))
            .map(|(id, _)| id)
    }

    /// Reads the identifier and version of a record in the forms that other programs write: `2510.01234v2`,
    /// `http://arxiv.org/abs/2510.01234v2`, `arXiv:2510.01234`, `oai:arXiv.org:cmp-lg/9808001`, an arXiv DOI. The
    /// archive is not changed: `cmp-lg/9808001` is not `cs/9808001`.
    pub fn from_record(text: &str) -> Result<(Self, Option<u32>), InvalidArxivId> {
        // Most records have a plain identifier.
        bare(text.trim())
            .or_else(|| {
                (text.len() <= MOST_BYTES)
                    .then(|| only_paper(plain(text).trim()))
                    .flatten()
            })
            .ok_or_else(|| InvalidArxivId::of(text))
    }

    /// Finds the first identifier in what another program shares: `[2510.01234] A title`, or a sentence with a link.
    pub fn in_text(text: &str) -> Option<Self> {
        // An identifier is ASCII. Chinese and Japanese text has no spaces around it.
        plain(text).split(|c: char| !c.is_ascii()).find_map(|part| {
            words(part)
                .find_map(|word| paper_of(word.text).or_else(|| paper_of(link_in(word.text)?)))
                .map(|(id, _)| id)
        })
    }
}

/// The URL in a word, without any text before it: `Title:https://…`.
fn link_in(word: &str) -> Option<&str> {
    let at = word.find("https://").or_else(|| word.find("http://"))?;
    Some(&word[at..])
}

/// The paper of a text that contains only its identifier and the words that citations put beside it.
fn only_paper(text: &str) -> Option<Named> {
    let mut found: Option<ArxivId> = None;
    let mut version = None;
    let (mut has_mark, mut has_words_beside) = (false, false);
    for word in words(text) {
        match word.kind() {
            Kind::Paper {
                named: (id, its_version),
                is_marked,
            } => {
                if found.as_ref().is_some_and(|other| *other != id) {
                    return None;
                }
                found = Some(id);
                version = version.or(its_version);
                has_mark |= is_marked;
            }
            Kind::Version(number) => version = version.or(Some(number)),
            Kind::Mark => has_mark = true,
            Kind::Beside => has_words_beside = true,
            Kind::Other => return None,
        }
    }
    // `2510.01234 2025` without a label is a search for two numbers.
    let id = found.filter(|_| has_mark || !has_words_beside)?;
    Some((id, version))
}

/// The paper of an arXiv page title: `[2510.01234] A title of a paper`. `None` if the text names a second paper.
fn page_title(text: &str) -> Option<Named> {
    let (inside, title) = text.strip_prefix('[')?.split_once(']')?;
    let (id, version) = only_paper(inside)?;
    let names_another = words(title)
        .filter_map(|word| paper_of(word.text))
        .any(|(other, _)| other != id);
    (!names_another).then_some((id, version))
}

/// The paper that a single link points to: `[A title](https://arxiv.org/abs/2510.01234)` in Markdown, `\href{…}{A title}` in
/// TeX, `<a href="…">A title</a>` in HTML.
fn link_target(text: &str) -> Option<Named> {
    let target = if let Some(rest) = after(text, "\\href{").filter(|rest| rest.ends_with('}')) {
        rest.split('}').next()?
    } else if let Some(rest) = after(text, "<a ").filter(|rest| rest.ends_with("</a>")) {
        rest.split_once("href=\"")?.1.split('"').next()?
    } else {
        text.strip_prefix('[')?.strip_suffix(')')?.rsplit_once("](")?.1
    };
    paper_of(target.trim())
}

/// The paper of a complete BibTeX entry, read from its `eprint` field.
fn bibtex_entry(text: &str) -> Option<Named> {
    if !text.starts_with('@') || !text.ends_with('}') {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    lower.match_indices("eprint").find_map(|(at, field)| {
        let value = text[at + field.len()..].trim_start().strip_prefix('=')?;
        let value = value.trim_start().strip_prefix(['{', '"'])?;
        paper_of(value.split(['}', '"']).next()?.trim())
    })
}
