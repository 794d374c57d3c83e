//! Hugging Face daily papers.

use ingest::SourceJob;
use testing::upstream::Reply;

use crate::fixture::{Fixture, feed, ids};

#[tokio::test]
async fn texts_that_are_too_long_and_wrong_dates_are_not_stored() {
    let long = "x".repeat(40_000);
    let fixture = Fixture::with_upstream(move |asked, _| {
        if asked.path.starts_with("/rss") {
            return Reply::ok(feed("Tue, 25 Nov 2025", &[("2611.00009", "new")]));
        }
        Reply::ok(format!(
            r#"[{{"paper":{{"id":"2611.00001","title":"Long","summary":"{long}"}}}},
               {{"paper":{{"id":"2611.00002","title":"Early","upvotes":500,"submittedOnDailyAt":"2027-12-01T00:00:00Z"}}}}]"#
        ))
    })
    .await;
    fixture.run(SourceJob::HuggingFace).await;
    fixture.run(SourceJob::ArxivRss).await;
    assert_eq!(fixture.papers().await, ["2611.00002", "2611.00009"]);
    let reasons: String = fixture
        .set_aside()
        .await
        .into_iter()
        .map(|(_, reason)| reason)
        .collect();
    assert!(reasons.contains("longer than"), "{reasons}");
    assert_eq!(
        fixture.library.number("select count(*) from announcements").await,
        0
    );
    let paper = fixture.library.paper("2611.00002").await;
    assert_eq!(paper.hf_submitted_at, None);
}

#[tokio::test]
async fn a_malformed_element_is_set_aside_and_a_malformed_list_is_an_error() {
    let fixture = Fixture::with_upstream(|asked, _| match asked.parameter("date").as_deref() {
        Some("2026-11-24") => Reply::ok(
            r#"[{"paper":{"id":"2611.00001","title":"One","upvotes":3}},{"paper":{"id":2611.2,"title":"Two"}},{"paper":{"id":"2611.00003"}},7]"#,
        ),
        _ => Reply::ok(r#"{"error":"Sorry"}"#),
    })
    .await;
    let error = fixture.run(SourceJob::HuggingFace).await.expect("the second day");
    assert!(error.contains("not a list"), "{error}");
    assert_eq!(fixture.papers().await, ids(1..2));
    assert_eq!(fixture.set_aside().await.len(), 3);
}
