//! arXiv's query API: a single paper, on the spot.

pub mod wire;

use std::time::Duration;

use domain::{
    ArxivId, Paper, Upstream,
    paper::{Published, Source},
    text::one_line,
};

use super::{Harvest, SourceContext};
use crate::names::display_name;

use crate::fetch::{Body, FetchError, FetchRequest, Fetched, text_of};

/// How long a reader waits for other requests to arXiv before being told to come again.
const PATIENCE: Duration = Duration::from_secs(7);

/// Fetches one paper and tells the library; false when arXiv has no such paper.
pub async fn fetch_paper(source: &SourceContext, id: &ArxivId) -> Result<bool, FetchError> {
    let mut url = format!("{}?id_list=", source.settings.arxiv_api);
    domain::listing::push_encoded(&mut url, id.as_str());
    url.push_str("&max_results=1");
    let ask = FetchRequest {
        // 400 comes with an entry that says why.
        also_read: &[400],
        patience: Some(PATIENCE),
        ..FetchRequest::get(Upstream::ArxivApi, url)
    };
    let answer = source
        .fetcher
        .ask(&ask, |body: &Body| wire::read(&text_of(&body.bytes)))
        .await?;
    let Fetched::Fresh(feed) = answer else {
        return Ok(false);
    };
    let found = feed
        .entry
        .into_iter()
        .filter_map(paper)
        .find(|paper| paper.arxiv_id.as_ref() == Some(id));
    let Some(paper) = found else { return Ok(false) };
    source
        .save_papers(
            Harvest {
                papers: vec![paper],
                ..Harvest::default()
            },
            None,
        )
        .await?;
    Ok(true)
}

/// What an entry means; `None` for an error in the guise of one, and for what is no paper.
pub fn paper(entry: wire::Entry) -> Option<Paper> {
    // An error is a feed with one entry titled "Error", id …/api/errors#….
    let name = entry.id.rsplit_once("/abs/")?.1;
    let (id, version) = ArxivId::parse_versioned(name).ok()?;
    let categories: Vec<_> = entry
        .category
        .iter()
        .filter_map(|category| category.term.parse().ok())
        .collect();
    let said = |text: Option<String>| text.map(|text| one_line(&text)).filter(|text| !text.is_empty());
    let published: Option<Published> = entry.published.and_then(|text| text.trim().parse().ok());
    let paper = Paper {
        source: Source::Arxiv,
        version,
        title: one_line(&entry.title),
        abstract_text: one_line(&entry.summary),
        authors: entry
            .author
            .iter()
            .map(|author| display_name(&author.name))
            .filter(|name| !name.is_empty())
            .collect(),
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
        comments: said(entry.comment),
        doi: said(entry.doi),
        journal_ref: said(entry.journal_ref),
        arxiv_id: Some(id),
        live: true,
        ..Paper::default()
    };
    paper.check().ok().map(|()| paper)
}
