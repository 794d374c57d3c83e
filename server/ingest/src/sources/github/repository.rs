//! What both of GitHub's APIs share: the headers of a request, and the stored row of a repository.

use domain::paper::{CodeState, code_link};
use jiff::Timestamp;
use store::{Repository, StoreError};

use super::wire;
use crate::sources::SourceContext;

/// Pause until a repository is asked for again. One snapshot a day is stored, so this is a little less than a day.
const AGAIN_SECONDS: i64 = 20 * 3_600;
/// Pause until a repository that could not be read is tried again. Until then others have their turn.
const TRIED_SECONDS: i64 = 6 * 3_600;
/// Pause until a repository that does not exist is asked for again.
const GONE_AGAIN_SECONDS: i64 = 7 * 86_400;

/// The headers of a request.
pub(super) fn headers(token: Option<&str>) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("accept", "application/vnd.github+json".to_owned()),
        ("x-github-api-version", "2022-11-28".to_owned()),
    ];
    if let Some(token) = token {
        headers.push(("authorization", format!("Bearer {token}")));
    }
    headers
}

/// The owner and the name in the URL of a repository.
pub(super) fn owner_and_name(url: &str) -> Option<(&str, &str)> {
    url.strip_prefix("https://github.com/")?.split_once('/')
}

/// The row of a repository that does not exist.
pub(super) fn gone(url: &str, now: i64) -> Repository {
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

/// The row of a repository that exists.
pub(super) fn found(url: &str, repository: wire::RestRepository, now: i64) -> Repository {
    let current = code_link(&format!("https://github.com/{}", repository.full_name));
    Repository {
        state: if repository.archived {
            CodeState::Archived
        } else {
            CodeState::Reachable
        },
        moved_to: current.filter(|current| !current.eq_ignore_ascii_case(url)),
        stars: Some(repository.stargazers_count),
        created_at: seconds(repository.created_at.as_deref()),
        pushed_at: seconds(repository.pushed_at.as_deref()),
        url: url.to_owned(),
        checked_at: now,
        next_check_at: now + AGAIN_SECONDS,
    }
}

/// Postpones a repository that could not be read.
pub(super) async fn postpone(source: &SourceContext, url: &str) -> Result<(), StoreError> {
    let now = source.clock.now().as_second();
    source.store.repository_tried(url, now, now + TRIED_SECONDS).await
}

fn seconds(text: Option<&str>) -> Option<i64> {
    text?.parse::<Timestamp>().ok().map(|at| at.as_second())
}
