//! The DOIs of a paper.

use domain::{PaperPage, doi::dois};

/// The DOIs of the published paper, followed by the DOI that arXiv assigns to every paper.
pub(super) fn all(paper: &PaperPage) -> Vec<String> {
    let mut all = dois(paper.doi.as_deref().unwrap_or_default());
    if let Some(id) = paper.card.key.arxiv_id() {
        let of_arxiv = format!("10.48550/arXiv.{id}");
        // Some records repeat arXiv's DOI in their own field.
        if !all.iter().any(|doi| doi.eq_ignore_ascii_case(&of_arxiv)) {
            all.push(of_arxiv);
        }
    }
    all
}
