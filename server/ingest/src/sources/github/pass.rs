//! Updates the repositories that are due.

use domain::{Upstream, edition::utc_day};
use jiff::civil::Date;

use super::{graph, rest};
use crate::{
    fetch::FetchError,
    sources::{Adapter, SourceContext},
};

/// Most repositories of a pass without a token. GitHub allows 60 requests an hour; some of them are left for others.
const MOST_BY_REST: usize = 50;
/// Most repositories of a pass with a token.
const MOST_BY_GRAPH: usize = 1_000;

/// Follows GitHub.
#[derive(Debug, Clone, Copy)]
pub struct GitHub;

impl Adapter for GitHub {
    async fn pass(&self, source: &SourceContext, _from: Option<Date>) -> Result<(), FetchError> {
        let now = source.clock.now();
        let token = source.settings.github_token.as_ref();
        let most = if token.is_some() {
            MOST_BY_GRAPH
        } else {
            MOST_BY_REST
        };
        let urls = source.store.repositories_due(now, most).await?;
        if urls.is_empty() {
            return Ok(());
        }
        let count = match token {
            Some(token) => graph::update(source, &urls, token.reveal()).await?,
            None => rest::update(source, &urls).await?,
        };
        source
            .store
            .source_batch(Upstream::GitHub, Some(utc_day(now)), count, now)
            .await?;
        source.report(&format!("{count} repositories"));
        Ok(())
    }
}
