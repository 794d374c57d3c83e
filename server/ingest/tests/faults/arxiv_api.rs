//! arXiv's query API.

use ingest::{SourceJob, sources::arxiv_api};
use jobs::Run;
use testing::upstream::Reply;

use crate::fixture::{Fixture, ids, two_pages};

#[tokio::test]
async fn the_error_entry_of_the_query_api_is_never_stored_as_a_paper() {
    let error = "<?xml version='1.0'?><feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id><title>Error</title><summary>incorrect id format</summary><author><name>arXiv api core</name></author></entry></feed>";
    let fixture = Fixture::with_upstream(move |_, before| match before {
        0 => Reply::Whole(400, vec![], error.into()),
        1 => Reply::ok(error),
        _ => Reply::ok("<feed xmlns=\"http://www.w3.org/2005/Atom\"></feed>"),
    })
    .await;
    let id = "2611.00001".parse().expect("an identifier");
    for _ in 0..3 {
        let found = arxiv_api::fetch_paper(&fixture.sources.context(Run::default()), &id)
            .await
            .expect("an answer");
        assert!(!found);
    }
    assert!(fixture.papers().await.is_empty());
}

#[tokio::test]
async fn a_long_retry_after_of_the_query_api_does_not_stop_the_harvest() {
    let fixture = Fixture::with_upstream(|asked, _| match asked.path.starts_with("/api/query") {
        true => Reply::status(429).with("retry-after", "1000000000000"),
        false => two_pages(asked),
    })
    .await;
    let id = "2510.01234".parse().expect("an identifier");
    arxiv_api::fetch_paper(&fixture.sources.context(Run::default()), &id)
        .await
        .expect_err("a failure");
    arxiv_api::fetch_paper(&fixture.sources.context(Run::default()), &id)
        .await
        .expect_err("an open circuit");
    assert_eq!(fixture.upstream.count(), 1);
    assert_eq!(fixture.run(SourceJob::ArxivOai).await, None);
    assert_eq!(fixture.papers().await, ids(1..6));
}
