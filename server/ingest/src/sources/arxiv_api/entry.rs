//! Turns entries of the query API into papers.

use domain::{
    ArxivId, Paper,
    paper::{Published, Source},
    text::one_line,
};

use super::wire;
use crate::names::{RawName, clean_names};

/// The paper of an entry; `None` if it is an error or not a valid paper.
pub fn paper(entry: wire::Entry) -> Option<Paper> {
    // An error is an entry too. Its title is "Error" and its id ends with /api/errors#….
    let versioned = entry.id.rsplit_once("/abs/")?.1;
    let (id, version) = ArxivId::parse_versioned(versioned).ok()?;
    let categories: Vec<_> = entry
        .category
        .iter()
        .filter_map(|category| category.term.parse().ok())
        .collect();
    let one_line_or_none =
        |text: Option<String>| text.map(|text| one_line(&text)).filter(|text| !text.is_empty());
    let published: Option<Published> = entry.published.and_then(|text| text.trim().parse().ok());
    let paper = Paper {
        source: Source::Arxiv,
        version,
        title: one_line(&entry.title),
        abstract_text: one_line(&entry.summary),
        authors: clean_names(entry.author.iter().map(|author| RawName::Printed(&author.name))),
        updated: entry
            .updated
            .and_then(|text| text.trim().parse().ok())
            .filter(|updated| Some(*updated) != published),
        published: published.or_else(|| Published::of_arxiv_id(&id)),
        primary_category: entry
            .primary_category
            .and_then(|category| category.term.parse().ok())
            .or_else(|| categories.first().cloned()),
        categories,
        comments: one_line_or_none(entry.comment),
        doi: one_line_or_none(entry.doi),
        journal_ref: one_line_or_none(entry.journal_ref),
        arxiv_id: Some(id),
        live: true,
        ..Paper::default()
    };
    paper.check().ok().map(|()| paper)
}
