//! Requests and responses, whatever the source.

use domain::upstream::Condition;
use ingest::SourceJob;
use jobs::Scheduler;
use store::Clock;
use testing::{
    Library, at,
    upstream::{Reply, Upstream},
};

use crate::fixture::{Fixture, NOW, ids, oai, records, sources, two_pages, with_code};

#[tokio::test]
async fn a_short_retry_after_delays_the_pass() {
    let fixture = Fixture::with_upstream(|asked, before| match before {
        0 => Reply::status(429).with("retry-after", "30"),
        _ => two_pages(asked),
    })
    .await;
    assert_eq!(fixture.run(SourceJob::ArxivOai).await, None);
    assert_eq!(fixture.papers().await, ids(1..6));
    let pauses = fixture.pauses();
    assert!((30..40).contains(&pauses[0]), "{pauses:?}");
    assert!((3..6).contains(&pauses[1]), "{pauses:?}");
}

#[tokio::test]
async fn a_429_without_retry_after_leads_to_growing_pauses_and_then_opens_the_circuit() {
    let fixture = Fixture::with_upstream(|_, _| Reply::status(429)).await;
    let error = fixture.run(SourceJob::ArxivOai).await.expect("an error");
    assert!(error.contains("429"), "{error}");
    let pauses = fixture.pauses();
    assert_eq!(pauses.len(), 3, "four attempts");
    assert!(
        pauses[0] >= 5 && pauses[1] > pauses[0] && pauses[2] > pauses[1],
        "{pauses:?}"
    );
    let source = fixture.health(domain::Upstream::ArxivOai).await;
    assert_eq!(source.condition, Condition::Failing);
    let again = source.retry_at.expect("a moment");
    let rest = again.duration_since(fixture.clock.now()).as_secs();
    assert!((200..400).contains(&rest), "{rest} s");
    // No request is sent while the circuit is open.
    let before = fixture.upstream.count();
    fixture.run(SourceJob::ArxivOai).await;
    assert_eq!(fixture.upstream.count(), before);
    // Each further failure opens the circuit for longer, up to hours.
    let mut rests = Vec::new();
    for _ in 0..9 {
        let again = fixture
            .health(domain::Upstream::ArxivOai)
            .await
            .retry_at
            .expect("a moment");
        fixture.clock.sleep_until(again).await;
        fixture.run(SourceJob::ArxivOai).await;
        let again = fixture
            .health(domain::Upstream::ArxivOai)
            .await
            .retry_at
            .expect("a moment");
        rests.push(again.duration_since(fixture.clock.now()).as_secs());
    }
    assert!(rests[3] > 3 * rests[0], "{rests:?}");
    assert!(rests.iter().all(|rest| *rest <= 8 * 3_600), "{rests:?}");
    assert!(*rests.last().expect("one") > 4 * 3_600, "{rests:?}");
}

#[tokio::test]
async fn a_long_retry_after_closes_the_gate_for_all_sources_behind_it() {
    let fixture = Fixture::with_upstream(|_, _| Reply::status(503).with("retry-after", "7200")).await;
    fixture.run(SourceJob::ArxivOai).await.expect("an error");
    assert_eq!(fixture.upstream.count(), 1, "no further request");
    // The daily feed is behind the same gate.
    fixture.run(SourceJob::ArxivRss).await.expect("not yet");
    assert_eq!(fixture.upstream.count(), 1);
    fixture.clock.advance(jiff::SignedDuration::from_secs(7_205));
    fixture.run(SourceJob::ArxivRss).await;
    assert_eq!(fixture.upstream.count(), 2);
    assert!(fixture.pauses()[0] >= 7_200);
}

#[tokio::test]
async fn truncated_responses_are_requested_again() {
    let fixture = Fixture::with_upstream(|asked, before| {
        let whole = oai(&records(1..4), None);
        match before {
            // The first response is complete for HTTP but not for XML; the second is incomplete for HTTP too.
            0 => Reply::ok(&whole.as_bytes()[..whole.len() - 60]),
            1 => Reply::Cut(whole.as_bytes()[..whole.len() / 2].to_vec()),
            _ => {
                assert!(asked.parameter("resumptionToken").is_none());
                Reply::ok(whole)
            }
        }
    })
    .await;
    assert_eq!(fixture.run(SourceJob::ArxivOai).await, None);
    assert_eq!(fixture.papers().await, ids(1..4));
    assert_eq!(fixture.upstream.count(), 3);
}

#[tokio::test]
async fn html_instead_of_xml_is_an_error() {
    let fixture = Fixture::with_upstream(|_, _| {
        Reply::ok("<!DOCTYPE html><html><body>Down for maintenance</body></html>")
    })
    .await;
    for job in [SourceJob::ArxivOai, SourceJob::ArxivRss] {
        let error = fixture.run(job).await.expect("an error");
        assert!(error.contains("<html>"), "{error}");
    }
    assert!(fixture.papers().await.is_empty());
    let source = fixture.health(domain::Upstream::ArxivRss).await;
    assert_eq!(source.condition, Condition::Failing);
    assert!(source.last_error.expect("an error").0.contains("<html>"));
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused() {
    let fixture = Fixture::with_upstream(|_, _| Reply::Endless).await;
    let error = fixture.run(SourceJob::HuggingFace).await.expect("an error");
    assert!(error.contains("more than 1 MB"), "{error}");
    assert_eq!(
        fixture.upstream.count(),
        1,
        "asking again would not make it smaller"
    );
}

#[tokio::test]
async fn redirects_in_circles_are_refused() {
    let fixture =
        Fixture::with_upstream(|asked, _| Reply::status(302).with("location", asked.path.clone())).await;
    let error = fixture.run(SourceJob::HuggingFace).await.expect("an error");
    assert!(error.contains("loop"), "{error}");
    assert!(fixture.upstream.count() <= 6);
    assert!(
        fixture.pauses().iter().all(|pause| *pause >= 1),
        "each step keeps its distance"
    );
}

#[tokio::test]
async fn a_redirect_does_not_carry_the_token_to_another_host() {
    let elsewhere = {
        let clock = Clock::fixed(at(NOW));
        Upstream::play(&clock, |asked, _| {
            assert_eq!(asked.header("authorization"), None);
            Reply::ok(r#"{"data":{}}"#)
        })
        .await
    };
    let library = Library::new().await;
    let clock = Clock::fixed(at(NOW));
    let there = elsewhere.address.clone();
    let upstream = Upstream::play(&clock, move |asked, _| {
        assert_eq!(asked.header("authorization"), Some("Bearer secret"));
        Reply::status(302).with("location", format!("{there}/graphql"))
    })
    .await;
    library
        .save_papers(&[with_code("2611.00001", "https://github.com/a/b")])
        .await;
    let sources = sources(&library.store, &clock, &upstream.address, Some("secret"));
    Scheduler::new(library.store.clone(), clock.clone(), 1)
        .run(&sources.job(SourceJob::GitHub, None))
        .await
        .expect("a run");
    assert_eq!(elsewhere.count(), 1);
}

#[tokio::test]
async fn a_slow_response_times_out() {
    let fixture = Fixture::with_upstream(|_, _| Reply::Drip(vec![b' '; 5_000])).await;
    let error = fixture.run(SourceJob::HuggingFace).await.expect("an error");
    assert!(error.contains("in time"), "{error}");
}

#[tokio::test]
async fn every_request_has_a_user_agent_with_a_contact() {
    let fixture = Fixture::with_upstream(|asked, _| two_pages(asked)).await;
    fixture.run(SourceJob::ArxivOai).await;
    for asked in fixture.upstream.asked() {
        let agent = asked.header("user-agent").expect("a user agent");
        assert!(
            agent.starts_with("Broadsheet/") && agent.contains("mailto:a@b.c"),
            "{agent}"
        );
    }
}
