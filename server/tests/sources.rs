//! What a reader sees of the sources: health, announcements, charts, events, and papers fetched on demand.

mod common;

use axum::http::StatusCode;
use common::{Answer, Broadsheet, PUBLIC_URL, following, noon};
use domain::{
    Paper,
    paper::{CounterReading, Source},
    upstream::{AnnounceKind, Announcement},
};
use ingest::SourceJob;
use jobs::Scheduler;
use server::{router::router, state::AppState};
use store::Store;
use testing::upstream::{ReceivedRequest, Reply, Upstream};
use tower::ServiceExt;

/// A server with an empty library whose sources are all at this upstream.
async fn broadsheet(upstream: &Upstream, clock: &store::Clock, folder: &tempfile::TempDir) -> Broadsheet {
    let path = folder.path().join("broadsheet.db");
    let store = Store::open(&path).await.expect("a new database");
    let broadsheet = Broadsheet::over(store.clone(), path, None);
    let state = AppState {
        sources: following(&store, clock, &upstream.address),
        clock: clock.clone(),
        sync: true,
        ..broadsheet.state.clone()
    };
    Broadsheet {
        router: router(state.clone()),
        state,
        ..broadsheet
    }
}

async fn against(
    script: impl Fn(&ReceivedRequest, usize) -> Reply + Send + Sync + 'static,
) -> (Broadsheet, Upstream, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = store::Clock::fixed(noon());
    let upstream = Upstream::play(&clock, script).await;
    let broadsheet = broadsheet(&upstream, &clock, &folder).await;
    (broadsheet, upstream, folder)
}

fn entry(id: &str) -> String {
    format!(
        "<feed xmlns:arxiv=\"http://arxiv.org/schemas/atom\" xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>http://arxiv.org/abs/{id}v2</id><title>Found on the spot</title><published>2025-10-01T00:00:00Z</published><updated>2025-10-03T00:00:00Z</updated><summary>Words.</summary><author><name>Emmy Noether</name></author><category term=\"cs.LG\"/><arxiv:primary_category term=\"cs.LG\"/></entry></feed>"
    )
}

fn paper(id: &str) -> Paper {
    Paper {
        source: Source::Arxiv,
        arxiv_id: id.parse().ok(),
        title: format!("Paper {id}"),
        categories: vec!["cs.LG".parse().expect("a category")],
        published: "2026-11-23".parse().ok(),
        ..Paper::default()
    }
}

/// Presses the button that fetches a paper.
async fn fetch(broadsheet: &Broadsheet, id: &str) -> Answer {
    broadsheet.post("/fn/fetch_paper", &format!("id={id}"), &[]).await
}

#[tokio::test]
async fn a_button_fetches_a_paper_that_the_library_lacks() {
    let (broadsheet, upstream, _folder) =
        against(|asked, _| Reply::ok(entry(&asked.parameter("id_list").expect("an id")))).await;
    for page in [
        "/?q=https%3A%2F%2Farxiv.org%2Fabs%2F2510.01234v1",
        "/share?url=https%3A%2F%2Farxiv.org%2Fabs%2F2510.01234",
    ] {
        let absent = broadsheet.get(page).await;
        assert_eq!(absent.status, StatusCode::OK, "{page}");
        absent.assert_says("arXiv:2510.01234 is not in this library");
        absent.assert_says(r#"action="/fn/fetch_paper""#);
        absent.assert_safe();
    }
    // Opening a page asks nobody.
    assert_eq!(upstream.count(), 0);
    for _ in 0..2 {
        let answer = fetch(&broadsheet, "2510.01234").await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, "/papers/2510.01234")
        );
    }
    assert_eq!(upstream.count(), 1);
    let page = broadsheet.get("/papers/2510.01234").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("Found on the spot") && page.body.contains("2510.01234v2"),
        "{}",
        page.body
    );
    let found = broadsheet.get("/?q=2510.01234").await;
    assert_eq!(
        (found.status, found.location()),
        (StatusCode::FOUND, "/papers/2510.01234")
    );
}

#[tokio::test]
async fn a_paper_that_cannot_be_fetched_gives_the_reason() {
    let (broadsheet, _upstream, _folder) = against(|asked, _| match asked.parameter("id_list").as_deref() {
        Some("2510.00001") => Reply::ok("<feed xmlns=\"http://www.w3.org/2005/Atom\"></feed>"),
        _ => Reply::status(503),
    })
    .await;
    for (id, status, words) in [
        (
            "2510.00001",
            StatusCode::NOT_FOUND,
            "arXiv does not have it either",
        ),
        (
            "2510.00002",
            StatusCode::SERVICE_UNAVAILABLE,
            "arXiv did not answer",
        ),
        ("banana", StatusCode::UNPROCESSABLE_ENTITY, "such as 2510.01234"),
        ("", StatusCode::UNPROCESSABLE_ENTITY, "such as 2510.01234"),
    ] {
        fetch(&broadsheet, id).await.assert_error(status, words);
    }
}

#[tokio::test]
async fn another_site_cannot_fetch_a_paper() {
    let (broadsheet, upstream, _folder) =
        against(|asked, _| Reply::ok(entry(&asked.parameter("id_list").expect("an id")))).await;
    let answer = broadsheet
        .post(
            "/fn/fetch_paper",
            "id=2510.01234",
            &[
                ("origin", "https://evil.example"),
                ("sec-fetch-site", "cross-site"),
            ],
        )
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(upstream.count(), 0);
}

#[tokio::test]
async fn without_synchronisation_no_other_site_is_asked() {
    let (mut broadsheet, upstream, _folder) =
        against(|asked, _| Reply::ok(entry(&asked.parameter("id_list").expect("an id")))).await;
    broadsheet.state.sync = false;
    broadsheet.router = router(broadsheet.state.clone());
    let absent = broadsheet.get("/?q=2510.01234").await;
    absent.assert_says("arXiv:2510.01234 is not in this library");
    assert!(!absent.says("/fn/fetch_paper"), "{}", absent.body);
    fetch(&broadsheet, "2510.01234")
        .await
        .assert_error(StatusCode::NOT_FOUND, "BROADSHEET_SYNC=off");
    assert_eq!(upstream.count(), 0);
}

#[tokio::test]
async fn one_network_can_fetch_only_a_few_papers_a_minute() {
    let (broadsheet, upstream, _folder) =
        against(|_, _| Reply::ok("<feed xmlns=\"http://www.w3.org/2005/Atom\"></feed>")).await;
    for number in 0..15 {
        fetch(&broadsheet, &format!("2510.{number:05}")).await;
    }
    assert!(upstream.count() <= 11, "{}", upstream.count());
    fetch(&broadsheet, "2510.00099")
        .await
        .assert_error(StatusCode::TOO_MANY_REQUESTS, "");
}

#[tokio::test]
async fn the_sources_page_and_the_front_page_show_a_failing_source() {
    let (broadsheet, _upstream, _folder) = against(|asked, _| {
        if asked.path.starts_with("/api/daily_papers") {
            Reply::ok("[{\"paper\":{\"id\":\"2611.00001\",\"title\":\"One\"}},{\"paper\":{\"title\":\"Nameless\"}}]")
        } else {
            Reply::status(404)
        }
    })
    .await;
    let untried = broadsheet.get("/about/sources").await;
    assert_eq!(untried.status, StatusCode::OK);
    assert!(untried.body.contains("not contacted yet"));
    for job in [SourceJob::HuggingFace, SourceJob::ArxivRss] {
        Scheduler::new(broadsheet.state.store.clone(), broadsheet.state.clock.clone(), 1)
            .run(&broadsheet.state.sources.job(job, None))
            .await
            .expect("a run");
    }
    let page = broadsheet.get("/about/sources").await;
    for words in [
        "was not found: 404",
        "failing",
        "The last batch of",
        "no arXiv identifier",
        "The next attempt is at",
    ] {
        assert!(page.body.contains(words), "“{words}” is missing:\n{}", page.body);
    }
    let front = broadsheet.get("/").await;
    assert!(
        front.body.contains("arXiv’s daily feed is failing"),
        "{}",
        front.body
    );
}

#[tokio::test]
async fn metrics_count_requests_runs_and_papers() {
    let (broadsheet, _upstream, _folder) = against(|_, _| Reply::ok("[]")).await;
    Scheduler::new(broadsheet.state.store.clone(), broadsheet.state.clock.clone(), 1)
        .run(&broadsheet.state.sources.job(SourceJob::HuggingFace, None))
        .await
        .expect("a run");
    let answer = broadsheet.get("/metrics").await;
    assert_eq!(answer.status, StatusCode::OK);
    for line in [
        "broadsheet_papers 0",
        "broadsheet_source_requests_total{source=\"huggingface\",outcome=\"fresh\"} 2",
        "broadsheet_job_runs{job=\"huggingface\",outcome=\"ended\"} 1",
        "# EOF",
    ] {
        assert!(
            answer.body.contains(line),
            "“{line}” is missing:\n{}",
            answer.body
        );
    }
}

#[tokio::test]
async fn an_edition_has_the_papers_announced_on_its_day_and_separates_replaced_ones() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let day = "2026-11-24".parse().expect("a day");
    let announced = |id, kind, version| Paper {
        announced_on: (kind == AnnounceKind::New).then_some(day),
        announced_firm: true,
        announcement: Some(Announcement {
            day,
            kind,
            version: Some(version),
        }),
        ..paper(id)
    };
    let store = &broadsheet.state.store;
    store
        .save_papers(
            &[
                announced("2611.00001", AnnounceKind::New, 1),
                announced("2611.00002", AnnounceKind::New, 1),
                announced("2510.00003", AnnounceKind::Replace, 4),
                announced("2611.00004", AnnounceKind::Cross, 1),
            ],
            noon(),
        )
        .await
        .expect("saved");
    let page = broadsheet.get("/date/2026-11-24").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.location());
    assert!(
        page.body
            .contains("arXiv announced 2 new, 1 cross-listed, 1 replaced."),
        "{}",
        page.body
    );
    let mut cards = page.cards();
    cards.sort();
    assert_eq!(cards, ["2611.00001", "2611.00002"]);
    // Submitted on the 23rd and announced for the 24th: only the edition of the 24th has it.
    let before = broadsheet.get("/date/2026-11-23").await;
    assert!(!before.cards().contains(&"2611.00001".to_owned()));
    let replaced = broadsheet.get("/papers/2510.00003").await;
    assert!(
        replaced
            .body
            .contains("replaced by version 4 on 24 November 2026"),
        "{}",
        replaced.body
    );
    let front = broadsheet.get("/?sort=new").await;
    assert!(
        front.body.contains("replaced v4") && front.body.contains("cross-listed"),
        "{}",
        front.body
    );
}

#[tokio::test]
async fn two_readings_of_votes_or_stars_make_a_chart_with_a_text_alternative() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let seen = |at: &str, total| {
        Some(CounterReading {
            at: at.parse().expect("a moment"),
            total,
        })
    };
    for (at, upvotes, stars) in [
        ("2026-11-20T10:00:00Z", 3, 100),
        ("2026-11-23T10:00:00Z", 45, 160),
    ] {
        let reported = Paper {
            upvotes: seen(at, upvotes),
            stars: seen(at, stars),
            code_url: Some("https://github.com/a/b".to_owned()),
            source: Source::HuggingFace,
            ..paper("2611.00001")
        };
        broadsheet
            .state
            .store
            .save_papers(&[reported], noon())
            .await
            .expect("saved");
    }
    let page = broadsheet.get("/?sort=new").await;
    for words in [
        "aria-label=\"Upvotes: from 3 on 20 November 2026 to 45 on 23 November 2026\"",
        "aria-label=\"Stars: from 100 on 20 November 2026 to 160 on 23 November 2026\"",
        "via Hugging Face",
    ] {
        assert!(page.body.contains(words), "“{words}” is missing");
    }
    assert_eq!(
        page.body.matches("class=\"spark\"").count(),
        2,
        "only where there is a history"
    );
}

#[tokio::test]
async fn an_open_page_gets_the_number_of_new_papers() {
    use axum::body::Body;
    let broadsheet = Broadsheet::with_the_sample().await;
    let page = broadsheet.get("/?category=cs.LG").await;
    let url = page
        .body
        .split_once("data-news=\"")
        .map(|(_, rest)| rest.split('"').next().unwrap_or_default().replace("&amp;", "&"))
        .expect("the address of the news");
    assert!(
        url.starts_with("/events?since=") && url.ends_with("category=cs.LG"),
        "{url}"
    );
    let request = common::request(
        axum::http::Method::GET,
        &url,
        &[("accept", "text/event-stream")],
        "",
    );
    let response = broadsheet
        .router
        .clone()
        .oneshot(request)
        .await
        .expect("a stream");
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.into_body();
    broadsheet
        .state
        .store
        .save_papers(
            &[
                paper("2611.00001"),
                paper("2611.00002"),
                Paper {
                    categories: vec!["math.AG".parse().expect("a category")],
                    ..paper("2611.00003")
                },
            ],
            noon(),
        )
        .await
        .expect("saved");
    broadsheet
        .state
        .news
        .publish(broadsheet.state.store.newest().await.expect("newest"));
    let frame = next(&mut stream).await;
    assert_eq!(frame.trim(), "data: 2");
    broadsheet.state.news.close();
    assert_eq!(next(&mut stream).await, "", "the stream ends with the server");

    async fn next(body: &mut Body) -> String {
        use http_body_util::BodyExt;
        match body.frame().await {
            Some(frame) => {
                String::from_utf8_lossy(&frame.expect("a frame").into_data().expect("data")).into_owned()
            }
            None => String::new(),
        }
    }
    let nothing = broadsheet.get("/events").await;
    assert_eq!(nothing.status, StatusCode::NO_CONTENT);
    assert!(PUBLIC_URL.starts_with("http"));
}
