//! The sources of papers, and how Broadsheet asks them.

use anyhow::Context;
use clap::Args;
use domain::{Category, category::InvalidCategory};
use ingest::{
    Sources,
    fetch::{Fetcher, Limits},
    sources::{SourceSettings, SourceToken},
};
use jobs::Scheduler;
use store::{Clock, Store, tokens::random_bytes};

use super::switch::Switch;

/// The longest contact, in bytes.
const MAX_CONTACT: usize = 200;

/// The sources of papers.
#[derive(Debug, Clone, Args)]
pub struct SourcesSettings {
    /// Follow the sources on a schedule
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_SYNC",
        default_value = "on",
        value_name = "on|off",
        hide_possible_values = true
    )]
    pub sync: Switch,
    /// arXiv categories and archives to follow, separated by commas
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_ARXIV_SETS",
        default_value = "cs,stat.ML,math.OC",
        value_name = "CATEGORIES",
        value_parser = arxiv_sets
    )]
    pub arxiv_sets: Sets,
    /// Contact URL or email, sent to the sources in the User-Agent
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_CONTACT",
        value_name = "TEXT",
        value_parser = contact
    )]
    pub contact: Option<String>,
    /// GitHub token: allows about 1,000 repositories an hour instead of 50
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_GITHUB_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN",
        value_parser = github_token
    )]
    pub github_token: Option<String>,
    /// URL of arXiv's OAI-PMH service
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_ARXIV_OAI_URL",
        default_value = "https://oaipmh.arxiv.org/oai",
        value_name = "URL",
        value_parser = source_url
    )]
    pub arxiv_oai_url: String,
    /// URL of the folder with arXiv's daily feeds
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_ARXIV_RSS_URL",
        default_value = "https://rss.arxiv.org/rss",
        value_name = "URL",
        value_parser = source_url
    )]
    pub arxiv_rss_url: String,
    /// URL of arXiv's query API
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_ARXIV_API_URL",
        default_value = "https://export.arxiv.org/api/query",
        value_name = "URL",
        value_parser = source_url
    )]
    pub arxiv_api_url: String,
    /// URL of Hugging Face
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_HUGGINGFACE_URL",
        default_value = "https://huggingface.co",
        value_name = "URL",
        value_parser = source_url
    )]
    pub huggingface_url: String,
    /// URL of GitHub's API
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_GITHUB_API_URL",
        default_value = "https://api.github.com",
        value_name = "URL",
        value_parser = source_url
    )]
    pub github_api_url: String,
}

impl SourcesSettings {
    /// The sources, and how to ask them.
    pub fn sources(&self, store: &Store, clock: &Clock) -> anyhow::Result<Sources> {
        let fetcher = Fetcher::new(
            store.clone(),
            clock.clone(),
            Limits::default(),
            self.contact.as_deref().filter(|contact| !contact.is_empty()),
            u64::from_le_bytes(random()?),
        )?;
        let settings = SourceSettings {
            arxiv_oai: self.arxiv_oai_url.clone(),
            arxiv_rss: self.arxiv_rss_url.clone(),
            arxiv_api: self.arxiv_api_url.clone(),
            hugging_face: self.huggingface_url.clone(),
            github_api: self.github_api_url.clone(),
            sets: self.arxiv_sets.0.clone(),
            github_token: self
                .github_token
                .as_ref()
                .filter(|token| !token.is_empty())
                .map(SourceToken::new),
        };
        Ok(Sources::new(store.clone(), clock.clone(), fetcher, settings))
    }

    /// A scheduler for jobs, whose leases differ from those of other processes.
    pub fn scheduler(store: &Store, clock: &Clock) -> anyhow::Result<Scheduler> {
        let owner = i64::from_le_bytes(random()?);
        Ok(Scheduler::new(store.clone(), clock.clone(), owner))
    }
}

fn random() -> anyhow::Result<[u8; 8]> {
    random_bytes().context("the operating system gives no random bytes")
}

/// The address of a source. It may have a path, but no query.
fn source_url(text: &str) -> Result<String, String> {
    let url = text.trim().trim_end_matches('/');
    let parsed = url.parse::<axum::http::Uri>().ok().filter(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some()
            && uri.query().is_none()
            && uri
                .authority()
                .is_some_and(|authority| !authority.as_str().contains('@'))
    });
    match parsed {
        Some(_) if !url.contains('#') => Ok(url.to_owned()),
        _ => Err("write it as https://host/path, without a query and without a password".to_owned()),
    }
}

/// Categories and archives of arXiv.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sets(pub Vec<Category>);

fn arxiv_sets(text: &str) -> Result<Sets, String> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    let sets: Vec<Category> = names
        .map(|name| name.parse().map_err(|error: InvalidCategory| error.to_string()))
        .collect::<Result<_, _>>()?;
    if sets.is_empty() {
        return Err("name at least one category, for example cs.LG,stat.ML".to_owned());
    }
    Ok(Sets(sets))
}

/// A text that fits into a header. An empty one counts as unset.
fn contact(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.len() <= MAX_CONTACT && text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "write a URL or an email address in ASCII, of at most {MAX_CONTACT} characters, such as mailto:me@example.org"
        ))
    }
}

fn github_token(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err("a token consists of letters, digits and underscores".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_source_may_have_a_path_and_nothing_more() {
        assert_eq!(
            source_url("http://127.0.0.1:9/oai/").as_deref(),
            Ok("http://127.0.0.1:9/oai")
        );
        for text in [
            "",
            "oaipmh.arxiv.org",
            "ftp://x/y",
            "https://x/y?z",
            "https://x/#y",
        ] {
            assert!(source_url(text).is_err(), "{text}");
        }
    }
}
