//! The DOIs of a paper.

use domain::{ArxivId, PaperPage};

/// The DOI that arXiv gives every paper.
pub(super) fn of_arxiv(id: &ArxivId) -> String {
    format!("10.48550/arXiv.{id}")
}

/// The DOI of the published paper. Some records hold several in one field; this is the first.
pub(super) fn published(paper: &PaperPage) -> Option<&str> {
    paper.doi.as_deref()?.split_whitespace().next()
}
