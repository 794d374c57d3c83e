//! arXiv's daily feed.

use domain::upstream::Condition;
use ingest::SourceJob;
use testing::{at, upstream::Reply};

use crate::fixture::{Fixture, feed, ids};

#[tokio::test]
async fn an_empty_feed_means_a_day_without_announcements() {
    let fixture = Fixture::with_upstream(|_, _| Reply::ok(feed("Tue, 24 Nov 2026", &[]))).await;
    assert_eq!(fixture.run(SourceJob::ArxivRss).await, None);
    // In the morning an empty feed may only be early. At noon it counts.
    fixture.clock.advance(jiff::SignedDuration::from_hours(6));
    assert_eq!(fixture.run(SourceJob::ArxivRss).await, None);
    assert_eq!(fixture.upstream.count(), 2);
    assert_eq!(fixture.run(SourceJob::ArxivRss).await, None);
    assert_eq!(fixture.upstream.count(), 2, "no third request on this day");
    let source = fixture.health(domain::Upstream::ArxivRss).await;
    assert_eq!(source.condition, Condition::Well);
    assert_eq!(source.next_expected, Some(at("2026-11-25T05:00:00Z")));
}

#[tokio::test]
async fn a_repeated_batch_is_not_stored() {
    let fixture = Fixture::with_upstream(|asked, _| {
        let day = if asked.at < at("2026-11-24T00:00:00Z") {
            "Mon, 23 Nov 2026"
        } else {
            "Tue, 24 Nov 2026"
        };
        let items: &[_] = if asked.at < at("2026-11-24T20:00:00Z") {
            &[
                ("2611.00001", "new"),
                ("2611.00002", "new"),
                ("2611.00003", "replace"),
            ]
        } else {
            &[("2611.00004", "new"), ("2611.00003", "replace")]
        };
        Reply::ok(feed(day, items))
    })
    .await;
    fixture.clock.advance(jiff::SignedDuration::from_hours(-24));
    assert_eq!(fixture.run(SourceJob::ArxivRss).await, None);
    fixture.clock.advance(jiff::SignedDuration::from_hours(24));
    assert_eq!(fixture.run(SourceJob::ArxivRss).await, None);
    let source = fixture.health(domain::Upstream::ArxivRss).await;
    assert_eq!(source.condition, Condition::Repeating);
    assert_eq!(source.last_batch.expect("a batch").0, "2026-11-23".parse().ok());
    let paper = fixture.library.paper("2611.00001").await;
    assert_eq!(paper.announcements.len(), 1, "{:?}", paper.announcements);
    // The correct batch is stored, and the source works again.
    fixture.clock.advance(jiff::SignedDuration::from_hours(9));
    assert_eq!(fixture.run(SourceJob::ArxivRss).await, None);
    assert_eq!(fixture.papers().await, ids(1..5));
    assert_eq!(
        fixture.health(domain::Upstream::ArxivRss).await.condition,
        Condition::Well
    );
}

#[tokio::test]
async fn an_empty_feed_of_yesterday_does_not_count_for_today() {
    let fixture = Fixture::with_upstream(|_, before| match before {
        0 => Reply::ok(feed("Mon, 23 Nov 2026", &[])),
        _ => Reply::ok(feed("Tue, 24 Nov 2026", &[("2611.00001", "new")])),
    })
    .await;
    assert_eq!(fixture.run(SourceJob::ArxivRss).await, None);
    assert_eq!(fixture.run(SourceJob::ArxivRss).await, None);
    assert_eq!(fixture.papers().await, ids(1..2));
}

#[tokio::test]
async fn an_impossible_day_is_ignored_and_the_paper_is_stored() {
    let fixture = Fixture::with_upstream(|_, before| {
        Reply::ok(match before {
            // A day in the future, and then a day long before the submission.
            0 => feed("Fri, 24 Nov 2062", &[("2611.00001", "new")]),
            _ => feed(
                "Tue, 25 Nov 2025",
                &[("2611.00002", "new"), ("2511.00003", "new")],
            ),
        })
    })
    .await;
    assert_eq!(fixture.run(SourceJob::ArxivRss).await, None);
    // The batch of today is still missing.
    assert_eq!(fixture.run(SourceJob::ArxivRss).await, None);
    assert_eq!(fixture.upstream.count(), 2);
    assert_eq!(fixture.papers().await, ["2511.00003", "2611.00001", "2611.00002"]);
    let announced = fixture.library.number("select count(*) from announcements").await;
    assert_eq!(announced, 1, "only of the paper of last year");
    assert_eq!(
        fixture
            .library
            .number("select count(*) from papers where announced_on is not null")
            .await,
        1
    );
}

#[tokio::test]
async fn a_missed_batch_with_the_next_date_is_recognised_by_its_submission_dates() {
    let fixture = Fixture::with_upstream(|_, _| {
        let items: Vec<String> = ids(1..8);
        let items: Vec<(&str, &str)> = items.iter().map(|id| (id.as_str(), "new")).collect();
        Reply::ok(feed("Tue, 24 Nov 2026", &items))
    })
    .await;
    // The harvest has stored them: all were submitted before Friday's deadline, so they belong to Monday's listing.
    let papers: Vec<_> = ids(1..8)
        .iter()
        .map(|id| domain::Paper {
            source: domain::paper::Source::Arxiv,
            published: "2026-11-20T12:00:00Z".parse().ok(),
            ..testing::a_paper(id)
        })
        .collect();
    fixture.library.save_papers(&papers).await;
    assert_eq!(fixture.run(SourceJob::ArxivRss).await, None);
    assert_eq!(
        fixture.health(domain::Upstream::ArxivRss).await.condition,
        Condition::Repeating
    );
    assert_eq!(
        fixture.library.number("select count(*) from announcements").await,
        0
    );
}

#[tokio::test]
async fn a_paper_cross_listed_years_later_is_not_new_again() {
    let fixture =
        Fixture::with_upstream(|_, _| Reply::ok(feed("Tue, 24 Nov 2026", &[("2401.00001", "cross")]))).await;
    assert_eq!(fixture.run(SourceJob::ArxivRss).await, None);
    let paper = fixture.library.paper("2401.00001").await;
    assert!(paper.card.announced < at("2024-02-01T00:00:00Z").as_second());
    assert_eq!(paper.announcements.len(), 1);
}
