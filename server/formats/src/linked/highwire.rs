//! Highwire's `citation_…` tags.
//!
//! Google Scholar asks for them (<https://scholar.google.com/intl/en/scholar/inclusion.html#indexing>), and Zotero's
//! translator "Embedded Metadata" reads them.

use domain::{
    PaperPage,
    citation::{is_conference, journal_title, slashed},
};

use super::doi;
use crate::plain::{plain_abstract, plain_title};

/// The tags of the page at `url`: name and content, in the order of the page.
pub fn highwire(paper: &PaperPage, url: &str) -> Vec<(&'static str, String)> {
    let card = &paper.card;
    let arxiv = card.key.arxiv_id();
    let mut tags = vec![("citation_title", plain_title(card).into_owned())];
    tags.extend(
        card.authors
            .iter()
            .map(|name| ("citation_author", name.to_string())),
    );
    if let Some(published) = card.published {
        tags.push(("citation_publication_date", slashed(published)));
        tags.push((
            "citation_online_date",
            slashed(paper.updated.unwrap_or(published)),
        ));
    }
    let reference = paper.journal_ref.as_deref().map(tex::plain);
    match reference.as_deref().map(|text| (text, journal_title(text))) {
        Some((text, _)) if is_conference(text) => {
            tags.push(("citation_conference_title", text.to_owned()));
            // Without it Zotero shows the name of this site as the title of the volume.
            tags.push(("prism.publicationName", text.to_owned()));
        }
        Some((_, Some(journal))) => tags.push(("citation_journal_title", journal.to_owned())),
        // Without this tag, Zotero files a paper without a journal as a journal article.
        _ => {
            tags.push(("z:itemType", "preprint".to_owned()));
            if arxiv.is_some() {
                tags.push(("citation_publisher", "arXiv".to_owned()));
            }
        }
    }
    // Only one tag: Zotero reads only the first.
    if let Some(doi) = doi::all(paper).into_iter().next() {
        tags.push(("citation_doi", doi));
    }
    if let Some(id) = arxiv {
        tags.push(("citation_arxiv_id", id.to_string()));
        tags.push(("citation_pdf_url", format!("https://arxiv.org/pdf/{id}")));
        // Broadsheet may run on a private machine, so a library needs a public URL.
        tags.push(("citation_public_url", format!("https://arxiv.org/abs/{id}")));
    }
    tags.push(("citation_abstract_html_url", url.to_owned()));
    if !paper.categories.is_empty() {
        let names: Vec<String> = paper.categories.iter().map(ToString::to_string).collect();
        tags.push(("citation_keywords", names.join("; ")));
    }
    if !card.abstract_text.is_empty() {
        tags.push(("citation_abstract", plain_abstract(card).into_owned()));
    }
    tags
}
