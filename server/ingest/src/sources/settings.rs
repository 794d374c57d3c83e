//! Where the sources are, and what to take from them.

use domain::Category;

/// A key to a source. It shows in no log.
#[derive(Clone)]
pub struct SourceToken(String);

impl SourceToken {
    /// Keeps a key.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// For the one header it belongs in.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SourceToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SourceToken(…)")
    }
}

/// Where the sources live, and what we want of them.
#[derive(Debug, Clone)]
pub struct SourceSettings {
    /// OAI-PMH base URL.
    pub arxiv_oai: String,
    /// The folder of the feeds.
    pub arxiv_rss: String,
    /// The query API.
    pub arxiv_api: String,
    /// The host of `/api/daily_papers`.
    pub hugging_face: String,
    /// The host of `/repos/…` and `/graphql`.
    pub github_api: String,
    /// Categories and archives to follow on arXiv.
    pub sets: Vec<Category>,
    /// Allows many more questions to GitHub.
    pub github_token: Option<SourceToken>,
}

impl Default for SourceSettings {
    fn default() -> Self {
        Self {
            arxiv_oai: "https://oaipmh.arxiv.org/oai".to_owned(),
            arxiv_rss: "https://rss.arxiv.org/rss".to_owned(),
            arxiv_api: "https://export.arxiv.org/api/query".to_owned(),
            hugging_face: "https://huggingface.co".to_owned(),
            github_api: "https://api.github.com".to_owned(),
            sets: ["cs", "stat.ML", "math.OC"]
                .iter()
                .filter_map(|name| name.parse().ok())
                .collect(),
            github_token: None,
        }
    }
}
