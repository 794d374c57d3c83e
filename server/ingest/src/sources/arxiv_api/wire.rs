//! What arXiv's query API sends: Atom (<https://info.arxiv.org/help/api/user-manual.html>).

use serde::Deserialize;

/// One answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Feed {
    pub entry: Vec<Entry>,
}

/// One paper; or an error in the guise of one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// `http://arxiv.org/abs/2510.01234v2`
    pub id: String,
    pub title: String,
    pub summary: String,
    /// Of the first version.
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

/// Reads an answer.
pub fn read(text: &str) -> Result<Feed, String> {
    let root = text
        .split('<')
        .find(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic()))
        .unwrap_or_default();
    if !root.starts_with("feed") {
        return Err("arXiv’s query service sent something that is not a feed".to_owned());
    }
    quick_xml::de::from_str(text)
        .map_err(|error| format!("arXiv’s query service sent XML that breaks off: {error}"))
}
