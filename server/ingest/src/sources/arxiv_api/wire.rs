//! The responses of arXiv's query API: Atom (<https://info.arxiv.org/help/api/user-manual.html>).

#![expect(missing_docs, reason = "the fields have the names that the source gives them")]

use serde::Deserialize;

/// One response.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Feed {
    pub entry: Vec<Entry>,
}

/// One paper, or an error in the same form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// `http://arxiv.org/abs/2510.01234v2`
    pub id: String,
    pub title: String,
    pub summary: String,
    /// When the first version was published.
    pub published: Option<String>,
    pub updated: Option<String>,
    pub author: Vec<Author>,
    pub category: Vec<Term>,
    #[serde(alias = "arxiv:primary_category")]
    pub primary_category: Option<Term>,
    #[serde(alias = "arxiv:comment")]
    pub comment: Option<String>,
    #[serde(alias = "arxiv:journal_ref")]
    pub journal_ref: Option<String>,
    #[serde(alias = "arxiv:doi")]
    pub doi: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Author {
    pub name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Term {
    #[serde(rename = "@term")]
    pub term: String,
}

/// Reads a response. The error says that it is something else, or that it is incomplete.
pub fn read(text: &str) -> Result<Feed, String> {
    let root = text
        .split('<')
        .find(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic()))
        .unwrap_or_default();
    if !root.starts_with("feed") {
        return Err("arXiv’s query API sent something that is not a feed".to_owned());
    }
    quick_xml::de::from_str(text).map_err(|error| format!("arXiv’s query API sent incomplete XML: {error}"))
}
