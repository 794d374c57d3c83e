//! One request per repository, without a token.

use domain::Upstream;

use super::{
    repository::{found, gone, headers, owner_and_name, postpone},
    wire,
};
use crate::{
    fetch::{Body, FetchError, FetchRequest, Fetched},
    sources::SourceContext,
};

/// Updates these repositories; returns how many were updated.
pub(super) async fn update(source: &SourceContext, urls: &[String]) -> Result<u64, FetchError> {
    let mut count = 0;
    for url in urls {
        let Some((owner, name)) = owner_and_name(url) else {
            continue;
        };
        let request = FetchRequest {
            headers: headers(None),
            may_be_missing: true,
            // GitHub has blocked the repository. (A used-up quota has the status 403 too, but other headers.)
            also_accepted: &[403],
            ..FetchRequest::get(
                Upstream::GitHub,
                format!("{}/repos/{owner}/{name}", source.settings.github_api),
            )
        };
        let fetched = source
            .fetcher
            .fetch(&request, |body: &Body| {
                // A body that cannot be read concerns this repository only, so it is not an error of the source.
                let repository = serde_json::from_slice::<wire::RestRepository>(&body.bytes);
                Ok((body.status == 200).then_some(repository))
            })
            .await;
        let fetched = match fetched {
            Ok(fetched) => fetched,
            Err(error) => {
                // Perhaps GitHub fails for this repository only. The next pass begins with another one.
                if let FetchError::Passing {
                    retry_after: None, ..
                }
                | FetchError::Refused(_) = error
                {
                    postpone(source, url).await?;
                }
                return Err(error);
            }
        };
        let now = source.clock.now().as_second();
        let repository = match fetched {
            Fetched::Fresh(Some(Ok(repository))) => found(url, repository, now),
            Fetched::Fresh(Some(Err(error))) => {
                tracing::warn!(url, %error, "GitHub sent something that is not a repository");
                postpone(source, url).await?;
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
