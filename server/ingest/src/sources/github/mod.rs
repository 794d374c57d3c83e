//! GitHub: stars of the repositories that papers name, and whether these are still there.

pub mod wire;

use domain::{Upstream, paper::CodeState};
use jiff::{Timestamp, civil::Date};

use super::{Adapter, SourceContext};

use crate::fetch::{Body, FetchError, FetchRequest, Fetched};
use store::Repository;

/// Without a token: 60 questions an hour, some of them left for others.
const MOST_BY_REST: usize = 50;
/// Repositories of one GraphQL question.
const PER_QUESTION: usize = 50;
/// With a token: as many as a run asks for.
const MOST_BY_GRAPH: usize = 1_000;
/// One snapshot a day is kept, so asking twice a day is idle.
const AGAIN_SECONDS: i64 = 20 * 3_600;
/// One that could not be read is tried again after others.
const TRIED_SECONDS: i64 = 6 * 3_600;
/// What is gone is looked for once a week.
const GONE_AGAIN_SECONDS: i64 = 7 * 86_400;

/// The adapter.
#[derive(Debug, Clone, Copy)]
pub struct GitHub;

impl Adapter for GitHub {
    async fn pass(&self, source: &SourceContext, _from: Option<Date>) -> Result<(), FetchError> {
        let now = source.clock.now();
        let most = match source.settings.github_token {
            Some(_) => MOST_BY_GRAPH,
            None => MOST_BY_REST,
        };
        let urls = source.store.repositories_due(now, most).await?;
        if urls.is_empty() {
            return Ok(());
        }
        let count = match &source.settings.github_token {
            Some(token) => by_graph(source, &urls, token.reveal()).await?,
            None => by_rest(source, &urls).await?,
        };
        source
            .store
            .source_batch(Upstream::GitHub, Some(domain::edition::utc_day(now)), count, now)
            .await?;
        source.say(&format!("{count} repositories"));
        Ok(())
    }
}

fn headers(token: Option<&str>) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("accept", "application/vnd.github+json".to_owned()),
        ("x-github-api-version", "2022-11-28".to_owned()),
    ];
    if let Some(token) = token {
        headers.push(("authorization", format!("Bearer {token}")));
    }
    headers
}

fn owner_and_name(url: &str) -> Option<(&str, &str)> {
    url.strip_prefix("https://github.com/")?.split_once('/')
}

fn moment(text: Option<&str>) -> Option<i64> {
    text?.parse::<Timestamp>().ok().map(|at| at.as_second())
}

/// A repository that is not there.
fn gone(url: &str, now: i64) -> Repository {
    Repository {
        url: url.to_owned(),
        state: CodeState::Gone,
        moved_to: None,
        stars: None,
        created_at: None,
        pushed_at: None,
        checked_at: now,
        next_check_at: now + GONE_AGAIN_SECONDS,
    }
}

fn found(url: &str, repository: wire::RestRepository, now: i64) -> Repository {
    // As a link of ours; what is none is not said.
    let today = domain::paper::code_link(&format!("https://github.com/{}", repository.full_name));
    Repository {
        state: if repository.archived {
            CodeState::Archived
        } else {
            CodeState::Reachable
        },
        moved_to: today.filter(|today| !today.eq_ignore_ascii_case(url)),
        stars: Some(repository.stargazers_count),
        created_at: moment(repository.created_at.as_deref()),
        pushed_at: moment(repository.pushed_at.as_deref()),
        url: url.to_owned(),
        checked_at: now,
        next_check_at: now + AGAIN_SECONDS,
    }
}

async fn by_rest(source: &SourceContext, urls: &[String]) -> Result<u64, FetchError> {
    let mut count = 0;
    for url in urls {
        let Some((owner, name)) = owner_and_name(url) else {
            continue;
        };
        let ask = FetchRequest {
            headers: headers(None),
            may_be_missing: true,
            // Blocked by GitHub: not there for us. (A used-up quota is 403 too, and told by its headers.)
            also_read: &[403],
            ..FetchRequest::get(
                Upstream::GitHub,
                format!("{}/repos/{owner}/{name}", source.settings.github_api),
            )
        };
        let answer = source
            .fetcher
            .ask(&ask, |body: &Body| {
                // Blocked, or nothing we understand: a matter of this repository.
                let repository = serde_json::from_slice::<wire::RestRepository>(&body.bytes);
                Ok((body.status == 200).then_some(repository))
            })
            .await;
        let now = source.clock.now().as_second();
        let answer = match answer {
            Ok(answer) => answer,
            Err(trouble) => {
                // It may be this repository alone that GitHub fails on: the next pass begins with another one.
                if let FetchError::Passing {
                    retry_after: None, ..
                }
                | FetchError::Refused(_) = trouble
                {
                    source
                        .store
                        .repository_tried(url, now, now + TRIED_SECONDS)
                        .await?;
                }
                return Err(trouble);
            }
        };
        let repository = match answer {
            Fetched::Fresh(Some(Ok(repository))) => found(url, repository, now),
            Fetched::Fresh(Some(Err(error))) => {
                tracing::warn!(url, %error, "GitHub sent something that is not a repository");
                source
                    .store
                    .repository_tried(url, now, now + TRIED_SECONDS)
                    .await?;
                continue;
            }
            Fetched::Fresh(None) | Fetched::Missing => gone(url, now),
            Fetched::Unchanged => continue,
        };
        source.store.save_repositories(&[repository]).await?;
        count += 1;
    }
    Ok(count)
}

async fn by_graph(source: &SourceContext, urls: &[String], token: &str) -> Result<u64, FetchError> {
    let mut count = 0;
    for batch in urls.chunks(PER_QUESTION) {
        let named: Vec<(&String, (String, String))> = batch
            .iter()
            .filter_map(|url| {
                let (owner, name) = owner_and_name(url)?;
                Some((url, (owner.to_owned(), name.to_owned())))
            })
            .collect();
        let names: Vec<_> = named.iter().map(|(_, names)| names.clone()).collect();
        let question = wire::question(&names).map_err(|error| FetchError::Refused(error.to_string()))?;
        let ask = FetchRequest {
            headers: headers(Some(token)),
            json: Some(question),
            ..FetchRequest::get(
                Upstream::GitHub,
                format!("{}/graphql", source.settings.github_api),
            )
        };
        let answer = source
            .fetcher
            .ask(&ask, |body: &Body| {
                let answer: wire::GraphAnswer = serde_json::from_slice(&body.bytes)
                    .map_err(|error| format!("GitHub sent something that is not an answer: {error}"))?;
                match &answer.data {
                    Some(_) => Ok(answer),
                    None => Err(format!(
                        "GitHub refuses: {}",
                        answer
                            .errors
                            .iter()
                            .flatten()
                            .next()
                            .map_or("no reason given", |error| &error.message)
                    )),
                }
            })
            .await?;
        let Fetched::Fresh(answer) = answer else {
            return Ok(count);
        };
        let now = source.clock.now().as_second();
        let mut data = answer.data.unwrap_or_default();
        let missing = |alias: &str| {
            answer.errors.iter().flatten().any(|error| {
                error.kind.as_deref() == Some("NOT_FOUND")
                    && error.path.first().and_then(|at| at.as_str()) == Some(alias)
            })
        };
        let repositories: Vec<Repository> = named
            .iter()
            .enumerate()
            .filter_map(|(index, (url, _))| {
                let alias = format!("r{index}");
                let graph = data
                    .remove(&alias)
                    .map(|value| serde_json::from_str::<Option<wire::GraphRepository>>(value.get()));
                match graph {
                    Some(Ok(Some(graph))) => Some(found(
                        url,
                        wire::RestRepository {
                            full_name: graph.name_with_owner,
                            stargazers_count: graph.stargazer_count,
                            archived: graph.is_archived,
                            created_at: graph.created_at,
                            pushed_at: graph.pushed_at,
                        },
                        now,
                    )),
                    // Null for any other reason, or nothing we understand, is a fault of today.
                    _ => missing(&alias).then(|| gone(url, now)),
                }
            })
            .collect();
        // What could not be read is tried again after others.
        for (url, _) in &named {
            if !repositories.iter().any(|known| known.url == **url) {
                source
                    .store
                    .repository_tried(url, now, now + TRIED_SECONDS)
                    .await?;
            }
        }
        count += repositories.len() as u64;
        source.store.save_repositories(&repositories).await?;
        source.say(&format!("{count} of {} repositories", urls.len()));
    }
    Ok(count)
}
