//! arXiv's OAI-PMH service.

use domain::Listing;
use domain::upstream::Condition;
use ingest::SourceJob;
use testing::upstream::Reply;

use crate::fixture::{Fixture, ids, oai, record, records, two_pages};

#[tokio::test]
async fn after_a_503_only_the_same_page_is_requested_again() {
    let fixture = Fixture::with_upstream(|asked, before| match before {
        1 => Reply::status(503).with("retry-after", "10"),
        _ => two_pages(asked),
    })
    .await;
    assert_eq!(fixture.run(SourceJob::ArxivOai).await, None);
    assert_eq!(fixture.papers().await, ids(1..6));
    let first_pages = fixture
        .upstream
        .asked()
        .iter()
        .filter(|asked| asked.parameter("resumptionToken").is_none())
        .count();
    assert_eq!(first_pages, 1);
}

#[tokio::test]
async fn an_interrupted_harvest_continues_with_its_next_page() {
    let fixture = Fixture::with_upstream(|asked, before| {
        if (1..=4).contains(&before) {
            Reply::Silence
        } else {
            two_pages(asked)
        }
    })
    .await;
    let error = fixture.run(SourceJob::ArxivOai).await.expect("an error");
    assert!(
        error.contains("before the response was complete") || error.contains("reached"),
        "{error}"
    );
    assert_eq!(fixture.papers().await, ids(1..4), "the first page stays stored");
    let again = fixture
        .health(domain::Upstream::ArxivOai)
        .await
        .retry_at
        .expect("a moment");
    fixture.clock.sleep_until(again).await;
    assert_eq!(fixture.run(SourceJob::ArxivOai).await, None);
    assert_eq!(fixture.papers().await, ids(1..6));
    let last = fixture.upstream.asked().pop().expect("a request");
    assert_eq!(last.parameter("resumptionToken").as_deref(), Some("two"));
}

#[tokio::test]
async fn after_an_expired_token_the_harvest_begins_again() {
    let fixture = Fixture::with_upstream(|asked, before| match (before, asked.parameter("resumptionToken")) {
        (1, Some(_)) => Reply::ok(
            "<OAI-PMH><responseDate>2026-11-24T12:00:00Z</responseDate><error code=\"badResumptionToken\">expired</error></OAI-PMH>",
        ),
        _ => two_pages(asked),
    })
    .await;
    assert_eq!(fixture.run(SourceJob::ArxivOai).await, None);
    assert_eq!(fixture.papers().await, ids(1..6));
    let from: Vec<_> = fixture
        .upstream
        .asked()
        .iter()
        .filter_map(|asked| asked.parameter("from"))
        .collect();
    assert_eq!(from, ["2026-11-21", "2026-11-21"]);
}

#[tokio::test]
async fn a_token_that_never_works_ends_the_harvest_with_an_error() {
    let fixture = Fixture::with_upstream(|asked, _| match asked.parameter("resumptionToken") {
        None => two_pages(asked),
        Some(_) => Reply::ok("<OAI-PMH><error code=\"badResumptionToken\">no</error></OAI-PMH>"),
    })
    .await;
    let error = fixture.run(SourceJob::ArxivOai).await.expect("an error");
    assert!(error.contains("badResumptionToken"), "{error}");
    assert!(fixture.upstream.count() < 10);
    assert_eq!(fixture.papers().await, ids(1..4));
}

#[tokio::test]
async fn invalid_bytes_affect_only_their_own_record() {
    let fixture = Fixture::with_upstream(|_, _| {
        let mut body = oai(&records(1..4), None).into_bytes();
        let spot = body.windows(4).position(|four| four == b"Emmy").expect("a name");
        body[spot] = 0xe9;
        Reply::ok(body)
    })
    .await;
    assert_eq!(fixture.run(SourceJob::ArxivOai).await, None);
    assert_eq!(fixture.papers().await, ids(2..4));
    let aside = fixture.set_aside().await;
    assert_eq!(aside.len(), 1);
    assert_eq!(aside[0].0, "oai:arXiv.org:2611.00001");
    assert!(aside[0].1.contains("encoding"), "{aside:?}");
}

#[tokio::test]
async fn a_declared_encoding_is_used() {
    let fixture = Fixture::with_upstream(|_, _| {
        let text = oai(&records(1..2), None).replace("UTF-8", "ISO-8859-1");
        let mut body = text.into_bytes();
        let spot = body.windows(4).position(|four| four == b"Emmy").expect("a name");
        body[spot] = 0xc9;
        Reply::ok(body)
    })
    .await;
    assert_eq!(fixture.run(SourceJob::ArxivOai).await, None);
    let paper = fixture.library.paper("2611.00001").await;
    assert_eq!(paper.card.authors, ["Émmy Noether"]);
}

#[tokio::test]
async fn a_repeated_record_is_one_paper() {
    let fixture = Fixture::with_upstream(|_, _| {
        let twice = [record("2611.00001"), record("2611.00001"), record("2611.00002")];
        Reply::ok(oai(&twice, None))
    })
    .await;
    assert_eq!(fixture.run(SourceJob::ArxivOai).await, None);
    assert_eq!(fixture.papers().await, ids(1..3));
}

#[tokio::test]
async fn a_token_that_leads_to_itself_ends_the_harvest() {
    let fixture = Fixture::with_upstream(|_, _| Reply::ok(oai(&records(1..2), Some("again")))).await;
    let error = fixture.run(SourceJob::ArxivOai).await.expect("an error");
    assert!(error.contains("repeats a page"), "{error}");
    assert_eq!(fixture.upstream.count(), 2);
    assert_eq!(fixture.papers().await, ids(1..2), "the first page stays stored");
    // The second failure in a row is shown to readers. The harvest after it begins with its first page.
    fixture.run(SourceJob::ArxivOai).await;
    assert_eq!(
        fixture.health(domain::Upstream::ArxivOai).await.condition,
        Condition::Failing
    );
    assert_eq!(fixture.upstream.asked()[2].parameter("resumptionToken"), None);
}

#[tokio::test]
async fn an_error_of_the_protocol_counts_as_a_failure() {
    let fixture = Fixture::with_upstream(|_, _| {
        Reply::ok("<OAI-PMH><error code=\"badArgument\">no such set</error></OAI-PMH>")
    })
    .await;
    fixture.run(SourceJob::ArxivOai).await.expect("an error");
    let source = fixture.health(domain::Upstream::ArxivOai).await;
    assert_eq!(source.condition, Condition::Failing);
    assert!(source.last_error.expect("an error").0.contains("no such set"));
}

#[tokio::test]
async fn a_deleted_record_leaves_every_listing_but_stays_in_bookmarks() {
    let fixture = Fixture::with_upstream(|_, before| {
        let deleted = "<record><header status=\"deleted\"><identifier>oai:arXiv.org:2611.00001</identifier><datestamp>2026-11-24</datestamp></header></record>".to_owned();
        Reply::ok(match before {
            0 => oai(&records(1..3), None),
            1 => oai(&[deleted], None),
            _ => oai(&records(1..2), None),
        })
    })
    .await;
    assert_eq!(fixture.run(SourceJob::ArxivOai).await, None);
    let search = async |words: &str| {
        let listing = Listing::read([("q", words)]).listing;
        let page = fixture
            .library
            .store
            .list(&listing, None, None, fixture.clock.now())
            .await
            .expect("a page");
        page.cards.len()
    };
    assert_eq!(search("Noether").await, 2);
    assert_eq!(fixture.run(SourceJob::ArxivOai).await, None);
    assert_eq!(fixture.papers().await, ids(2..3));
    assert_eq!(search("Noether").await, 1);
    let paper = fixture.library.paper("2611.00001").await;
    assert!(paper.removed);
    // When arXiv has the record again, so has the library.
    assert_eq!(fixture.run(SourceJob::ArxivOai).await, None);
    assert_eq!(fixture.papers().await, ids(1..3));
    fixture.library.assert_sound().await;
}
