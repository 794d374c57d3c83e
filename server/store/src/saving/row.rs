//! A row of `papers`.

use domain::{
    Paper, PaperKey,
    paper::{Source, code_link},
};
use jiff::Timestamp;
use serde::Serialize;

use super::listing_row::{ListingRow, scopes};

/// The columns of `papers` that come from sources. The statements in `rows.rs` and `load.rs` name the same columns; a test
/// compares them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Row {
    pub id: i64,
    pub key: String,
    pub announced: i64,
    pub upvotes: Option<i64>,
    pub stars: Option<i64>,
    pub code_url: Option<String>,
    pub categories: String,
    pub primary_category: Option<String>,
    pub published: Option<String>,
    pub updated: Option<String>,
    pub arxiv_id: Option<String>,
    pub title_key: Option<String>,
    pub source: i64,
    pub version: Option<i64>,
    pub hf_submitted_at: Option<i64>,
    pub num_comments: Option<i64>,
    pub comments: Option<String>,
    pub doi: Option<String>,
    pub journal_ref: Option<String>,
    pub license: Option<String>,
    pub project_page: Option<String>,
    pub announced_on: Option<String>,
    pub announced_firm: i64,
    pub removed_at: Option<i64>,
    pub author_count: i64,
    pub title: String,
    pub authors: String,
    #[serde(rename = "abstract")]
    pub abstract_text: String,
}

impl Row {
    /// A paper that is new.
    pub fn new(id: i64, paper: &Paper, now: Timestamp) -> Self {
        let mut row = Self {
            id,
            key: paper.key().to_string(),
            announced: 0,
            upvotes: None,
            stars: None,
            code_url: None,
            categories: String::new(),
            primary_category: None,
            published: None,
            updated: None,
            arxiv_id: None,
            title_key: None,
            source: paper.source.rank(),
            version: None,
            hf_submitted_at: None,
            num_comments: None,
            comments: None,
            doi: None,
            journal_ref: None,
            license: None,
            project_page: None,
            announced_on: None,
            announced_firm: 0,
            removed_at: None,
            author_count: 0,
            title: paper.title.clone(),
            authors: String::new(),
            abstract_text: String::new(),
        };
        row.merge(paper, now);
        row.link_code(paper, false);
        row
    }

    /// Where the code link was found: a code of `code_repositories.found_in`.
    pub fn code_found_in(&self, paper: &Paper) -> Option<&'static str> {
        let url = self.code_url.as_deref()?;
        Some(
            if paper.code_url.as_deref().and_then(code_link).as_deref() == Some(url) {
                match paper.source {
                    Source::Sample => "sample",
                    Source::HuggingFace => "huggingface",
                    Source::Arxiv => "arxiv",
                }
            } else if code_link(&self.abstract_text).as_deref() == Some(url) {
                "abstract"
            } else {
                "comments"
            },
        )
    }

    /// The rows of `listings` for this paper; none when arXiv has deleted it.
    pub(super) fn listing_rows(&self) -> Vec<ListingRow> {
        if self.removed_at.is_some() {
            return Vec::new();
        }
        scopes(&self.categories)
            .into_iter()
            .map(|scope| ListingRow {
                scope: scope.to_owned(),
                announced: self.announced,
                paper_id: self.id,
                upvotes: self.upvotes.unwrap_or(0),
                stars: self.stars.unwrap_or(0),
                has_code: i64::from(self.code_url.is_some()),
            })
            .collect()
    }

    /// The key that becomes an alias when this record is merged: the present key if the paper gets an identifier, or the
    /// key that the record makes from its title.
    pub fn other_key(&self, paper: &Paper) -> Option<PaperKey> {
        match (&paper.arxiv_id, &self.arxiv_id) {
            (Some(id), _) if self.key != id.as_str() => self.key.parse().ok(),
            (None, Some(_)) => Some(paper.key()),
            _ => None,
        }
    }
}
