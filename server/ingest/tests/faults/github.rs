//! GitHub.

use ingest::SourceJob;
use jobs::Scheduler;
use store::Clock;
use testing::{
    Library, at,
    upstream::{Reply, Upstream},
};

use crate::fixture::{Fixture, NOW, sources, with_code};

#[tokio::test]
async fn a_renamed_blocked_or_malformed_repository_does_not_stop_the_others() {
    let fixture = Fixture::with_upstream(|asked, _| match asked.path.as_str() {
        "/repos/a/old" => Reply::status(301).with("location", "/repositories/77"),
        "/repositories/77" => Reply::ok(r#"{"full_name":"a/new","stargazers_count":12}"#),
        "/repos/b/blocked" => Reply::status(403),
        "/repos/c/spoilt" => Reply::ok("{\"message\":\"?\"}"),
        _ => Reply::ok(r#"{"full_name":"d/fine","stargazers_count":5,"archived":true}"#),
    })
    .await;
    for (id, name) in [
        ("1", "a/old"),
        ("2", "b/blocked"),
        ("3", "c/spoilt"),
        ("4", "d/fine"),
    ] {
        let paper = with_code(&format!("2611.0000{id}"), &format!("https://github.com/{name}"));
        fixture.library.save_papers(&[paper]).await;
    }
    assert_eq!(fixture.run(SourceJob::GitHub).await, None);
    let mut found = Vec::new();
    for id in 1..=4 {
        let paper = fixture.library.paper(&format!("2611.0000{id}")).await;
        found.push((
            paper.card.stars,
            paper.card.code.map(|code| code.state),
            paper.moved_to,
        ));
    }
    use domain::paper::CodeState;
    assert_eq!(
        found,
        [
            (
                Some(12),
                Some(CodeState::Reachable),
                Some("https://github.com/a/new".to_owned())
            ),
            (None, Some(CodeState::Gone), None),
            (None, Some(CodeState::Unknown), None),
            (Some(5), Some(CodeState::Archived), None),
        ]
    );
    assert!(fixture.pauses().iter().all(|pause| *pause >= 1));
}

#[tokio::test]
async fn a_used_up_quota_of_github_delays_the_next_run() {
    let fixture = Fixture::with_upstream(|_, before| match before {
        0 => Reply::status(403).with("x-ratelimit-remaining", "0").with(
            "x-ratelimit-reset",
            at("2026-11-24T12:40:00Z").as_second().to_string(),
        ),
        _ => Reply::ok(r#"{"full_name":"a/b","stargazers_count":12}"#),
    })
    .await;
    fixture
        .library
        .save_papers(&[with_code("2611.00001", "https://github.com/a/b")])
        .await;
    fixture.run(SourceJob::GitHub).await.expect("not now");
    assert_eq!(fixture.upstream.count(), 1);
    fixture.clock.advance(jiff::SignedDuration::from_mins(41));
    assert_eq!(fixture.run(SourceJob::GitHub).await, None);
    let paper = fixture.library.paper("2611.00001").await;
    assert_eq!(paper.card.stars, Some(12));
}

#[tokio::test]
async fn with_a_token_one_request_reads_many_repositories() {
    let library = Library::new().await;
    let clock = Clock::fixed(at(NOW));
    let upstream = Upstream::play(&clock, |asked, _| {
        assert_eq!(asked.path, "/graphql");
        assert_eq!(asked.header("authorization"), Some("Bearer secret"));
        assert!(asked.body.contains("r0: repository(owner: \\\"a\\\", name: \\\"gone\\\")"), "{}", asked.body);
        Reply::ok(
            r#"{"data":{"r0":null,"r1":{"nameWithOwner":"b/new-name","stargazerCount":40,"isArchived":true,"createdAt":"2026-11-20T00:00:00Z","pushedAt":null},"r2":{"nameWithOwner":"c/unlucky","stargazerCount":-5}},
                "errors":[{"type":"NOT_FOUND","path":["r0"],"message":"Could not resolve"},{"type":"SOMETHING","path":["r2"],"message":"try later"}]}"#,
        )
    })
    .await;
    library
        .save_papers(&[
            with_code("2611.00001", "https://github.com/a/gone"),
            with_code("2611.00002", "https://github.com/b/old-name"),
            with_code("2611.00003", "https://github.com/c/unlucky"),
        ])
        .await;
    let sources = sources(&library.store, &clock, &upstream.address, Some("secret"));
    Scheduler::new(library.store.clone(), clock.clone(), 1)
        .run(&sources.job(SourceJob::GitHub, None))
        .await
        .expect("a run");
    use domain::paper::CodeState;
    let state = |paper: &domain::PaperPage| paper.card.code.as_ref().map(|code| code.state);
    assert_eq!(state(&library.paper("2611.00001").await), Some(CodeState::Gone));
    let moved = library.paper("2611.00002").await;
    assert_eq!(state(&moved), Some(CodeState::Archived));
    assert_eq!(moved.moved_to.as_deref(), Some("https://github.com/b/new-name"));
    assert_eq!(moved.card.stars, Some(40));
    // A temporary error says nothing about the repository.
    assert_eq!(
        state(&library.paper("2611.00003").await),
        Some(CodeState::Unknown)
    );
    assert_eq!(upstream.count(), 1);
}
