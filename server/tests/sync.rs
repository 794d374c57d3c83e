//! `broadsheet sync` and a first start, with the real program against a server that answers for the sources.

mod common;

use std::{
    path::Path,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use common::program;
use store::Clock;
use testing::upstream::{ReceivedRequest, Reply, Upstream};

fn broadsheet(folder: &Path, address: &str, arguments: &[&str]) -> Command {
    let mut command = program::broadsheet(folder, arguments);
    command
        .env("BROADSHEET_ARXIV_OAI_URL", format!("{address}/oai"))
        .env("BROADSHEET_ARXIV_RSS_URL", format!("{address}/rss"))
        .env("BROADSHEET_ARXIV_API_URL", format!("{address}/api/query"))
        .env("BROADSHEET_HUGGINGFACE_URL", address)
        .env("BROADSHEET_GITHUB_API_URL", address)
        .env("BROADSHEET_ARXIV_SETS", "cs")
        .env("BROADSHEET_CONTACT", "mailto:me@example.org");
    command
}

fn run(folder: &Path, address: &str, arguments: &[&str]) -> Output {
    broadsheet(folder, address, arguments).output().expect("it runs")
}

fn sources(asked: &ReceivedRequest, _: usize) -> Reply {
    let path = asked.path.split('?').next().unwrap_or_default();
    if path == "/oai" {
        Reply::ok(
            r#"<OAI-PMH><responseDate>2026-11-24T01:00:00Z</responseDate><ListRecords><record><header><identifier>oai:arXiv.org:2611.00001</identifier><datestamp>2026-11-24</datestamp></header><metadata><arXiv><id>2611.00001</id><created>2026-11-23</created><authors><author><keyname>Noether</keyname><forenames>Emmy</forenames></author></authors><title>From the harvest</title><categories>cs.LG</categories><abstract>Code at https://github.com/a/b</abstract></arXiv></metadata></record><record><header><identifier>oai:arXiv.org:2611.00002</identifier></header></record></ListRecords></OAI-PMH>"#,
        )
    } else if path.starts_with("/rss/") {
        Reply::ok("<rss><channel></channel></rss>")
    } else if path == "/api/daily_papers" {
        Reply::ok(
            r#"[{"paper":{"id":"2611.00003","title":"From Hugging Face","upvotes":12,"submittedOnDailyAt":"2026-11-23T00:00:00Z"}}]"#,
        )
    } else if path == "/repos/a/b" {
        Reply::ok(r#"{"full_name":"a/b","stargazers_count":7}"#)
    } else {
        Reply::status(404)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sync_asks_one_source_and_reports_the_result() {
    let folder = tempfile::tempdir().expect("a folder");
    let upstream = Upstream::play(&Clock::System, sources).await;
    let (path, address) = (folder.path().to_owned(), upstream.address.clone());
    let output = tokio::task::spawn_blocking(move || run(&path, &address, &["sync", "arxiv"]))
        .await
        .expect("it ran");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(text.contains("arxiv-rss: imported 0"), "{text}");
    assert!(
        text.contains("arxiv-oai: imported 1, updated 0, unchanged 0, skipped 1 (1 requests)"),
        "{text}"
    );
    // Two requests to arXiv, three seconds apart by the real clock.
    let asked = upstream.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked[1].at.duration_since(asked[0].at).as_secs() >= 3);
    // A backfill asks from its day, and a source that fails is an exit code.
    let (path, address) = (folder.path().to_owned(), upstream.address.clone());
    let checked = {
        let (path, address) = (folder.path().to_owned(), upstream.address.clone());
        tokio::task::spawn_blocking(move || run(&path, &address, &["check"]))
            .await
            .expect("it ran")
    };
    let text = String::from_utf8_lossy(&checked.stdout).into_owned();
    for source in ["arxiv-oai", "arxiv-rss", "arxiv-api", "huggingface", "github"] {
        assert!(text.contains(&format!("ok    {source}: answers")), "{text}");
    }
    let (backfill, failing) = tokio::task::spawn_blocking(move || {
        let backfill = run(&path, &address, &["sync", "arxiv", "--from", "2026-01-05"]);
        let nowhere = format!("{address}/nowhere");
        (backfill, run(&path, &nowhere, &["sync", "huggingface"]))
    })
    .await
    .expect("they ran");
    assert!(backfill.status.success());
    let from = upstream
        .asked()
        .iter()
        .filter_map(|asked| asked.parameter("from"))
        .next_back();
    assert_eq!(from.as_deref(), Some("2026-01-05"));
    assert_eq!(failing.status.code(), Some(1));
    let text = String::from_utf8_lossy(&failing.stdout).into_owned();
    assert!(text.contains("Hugging Face was not found: 404"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_has_the_last_days_on_the_page_within_a_minute() {
    let folder = tempfile::tempdir().expect("a folder");
    let upstream = Upstream::play(&Clock::System, sources).await;
    let (path, address) = (folder.path().to_owned(), upstream.address.clone());
    let papers = tokio::task::spawn_blocking(move || {
        let mut server = broadsheet(&path, &address, &["serve"])
            .env("BROADSHEET_SAMPLE", "off")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let deadline = Instant::now() + Duration::from_secs(60);
        let database = path.join("broadsheet.db");
        let stars = || async {
            use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
            let mut beside = SqliteConnectOptions::new()
                .filename(&database)
                .read_only(true)
                .connect()
                .await
                .ok()?;
            sqlx::query_scalar::<_, i64>("select count(*) from papers where upvotes = 12 or stars = 7")
                .fetch_one(&mut beside)
                .await
                .ok()
        };
        let runtime = tokio::runtime::Handle::current();
        let mut papers = 0;
        while papers < 2 && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(200));
            papers = runtime.block_on(stars()).unwrap_or(0);
        }
        Command::new("kill")
            .arg(server.id().to_string())
            .status()
            .expect("told to stop");
        assert!(server.wait().expect("it ends").success());
        papers
    })
    .await
    .expect("it ran");
    assert_eq!(papers, 2);
}
