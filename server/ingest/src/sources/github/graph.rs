//! Many repositories per request by GraphQL, which needs a token.

use domain::Upstream;
use store::Repository;

use super::{
    repository::{found, gone, headers, owner_and_name, postpone},
    wire,
};
use crate::{
    fetch::{Body, FetchError, FetchRequest, Fetched},
    sources::SourceContext,
};

/// Repositories of one request.
const PER_REQUEST: usize = 50;

/// Updates these repositories; returns how many were updated.
pub(super) async fn update(source: &SourceContext, urls: &[String], token: &str) -> Result<u64, FetchError> {
    let mut count = 0;
    for batch in urls.chunks(PER_REQUEST) {
        let named: Vec<(&str, (&str, &str))> = batch
            .iter()
            .filter_map(|url| Some((url.as_str(), owner_and_name(url)?)))
            .collect();
        let Some(response) = fetch(source, &named, token).await? else {
            return Ok(count);
        };
        let repositories = translate(&named, response, source.clock.now().as_second());
        for (url, _) in &named {
            if !repositories.iter().any(|known| known.url == *url) {
                postpone(source, url).await?;
            }
        }
        count += repositories.len() as u64;
        source.store.save_repositories(&repositories).await?;
        source.report(&format!("{count} of {} repositories", urls.len()));
    }
    Ok(count)
}

async fn fetch(
    source: &SourceContext,
    named: &[(&str, (&str, &str))],
    token: &str,
) -> Result<Option<wire::GraphResponse>, FetchError> {
    let names: Vec<_> = named.iter().map(|(_, names)| *names).collect();
    let query = wire::query(&names).map_err(|error| FetchError::Refused(error.to_string()))?;
    let request = FetchRequest {
        headers: headers(Some(token)),
        json: Some(query),
        ..FetchRequest::get(
            Upstream::GitHub,
            format!("{}/graphql", source.settings.github_api),
        )
    };
    let fetched = source
        .fetcher
        .fetch(&request, |body: &Body| wire::read_graph(&body.bytes))
        .await?;
    Ok(match fetched {
        Fetched::Fresh(response) => Some(response),
        Fetched::Unchanged | Fetched::Missing => None,
    })
}

/// The rows of the repositories that the response describes or reports as missing.
fn translate(named: &[(&str, (&str, &str))], response: wire::GraphResponse, now: i64) -> Vec<Repository> {
    let is_missing = |alias: &str| {
        response.errors.iter().flatten().any(|error| {
            error.kind.as_deref() == Some("NOT_FOUND")
                && error.path.first().and_then(|at| at.as_str()) == Some(alias)
        })
    };
    let data = response.data.as_ref();
    named
        .iter()
        .enumerate()
        .filter_map(|(index, (url, _))| {
            let alias = wire::alias(index);
            let repository = data
                .and_then(|data| data.get(&alias))
                .map(|value| serde_json::from_str::<Option<wire::GraphRepository>>(value.get()));
            match repository {
                Some(Ok(Some(repository))) => Some(found(url, repository.into(), now)),
                // Null for another reason, or a value that cannot be read, may be temporary.
                _ => is_missing(&alias).then(|| gone(url, now)),
            }
        })
        .collect()
}
