//! Where the sources are, and what to request from them.

use domain::Category;

/// An access token of a source. `Debug` does not show it, so it appears in no log.
#[derive(Clone)]
pub struct SourceToken(String);

impl SourceToken {
    /// Wraps a token.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The token itself, for the Authorization header.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SourceToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SourceToken(…)")
    }
}

/// The URLs of the sources, and what to request from them.
#[derive(Debug, Clone)]
pub struct SourceSettings {
    /// Base URL of arXiv's OAI-PMH service.
    pub arxiv_oai: String,
    /// URL of the folder with arXiv's daily feeds.
    pub arxiv_rss: String,
    /// URL of arXiv's query API.
    pub arxiv_api: String,
    /// URL before `/api/daily_papers`.
    pub hugging_face: String,
    /// URL before `/repos/…` and `/graphql`.
    pub github_api: String,
    /// Categories and archives to follow on arXiv.
    pub sets: Vec<Category>,
    /// With a token, GitHub allows many more requests.
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
