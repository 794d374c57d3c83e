//! Two simulated days against a scripted world, with a clock that every sleep moves forward. The tests check what the
//! library contains at the end, how far apart the requests were, and that killing the process anywhere does not change
//! the result.

use std::{
    collections::BTreeMap,
    fs::OpenOptions,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use domain::calendar::announced_at;
use ingest::{
    Sources,
    fetch::{Fetcher, Limits},
    sources::SourceSettings,
};
use jiff::{Timestamp, civil::date};
use jobs::Scheduler;
use sqlx::{ConnectOptions, Row, sqlite::SqliteConnectOptions};
use store::{Clock, Store};
use testing::{
    at,
    simulated_sources::SimulatedSources,
    upstream::{ReceivedRequest, Reply, Upstream},
};
use tokio::sync::watch;

/// Sunday noon, before the announcement of Monday's listing.
const BEGIN: &str = "2026-11-22T17:00:00Z";
/// Tuesday morning, after the announcement of Monday's and Tuesday's listings.
const END: &str = "2026-11-24T14:00:00Z";

fn world() -> SimulatedSources {
    SimulatedSources::of(date(2026, 11, 19), date(2026, 11, 24), 24)
}

fn sources(store: &Store, clock: &Clock, address: &str) -> Sources {
    let fetcher = Fetcher::new(
        store.clone(),
        clock.clone(),
        Limits::default(),
        Some("mailto:a@b.c"),
        7,
    )
    .expect("a client");
    let settings = SourceSettings {
        arxiv_oai: format!("{address}/oai"),
        arxiv_rss: format!("{address}/rss"),
        arxiv_api: format!("{address}/api/query"),
        hugging_face: address.to_owned(),
        github_api: address.to_owned(),
        sets: ["cs", "stat.ML"]
            .iter()
            .filter_map(|name| name.parse().ok())
            .collect(),
        github_token: None,
    };
    Sources::new(store.clone(), clock.clone(), fetcher, settings)
}

/// Of every thirteen requests two fail, each in its own way. Which ones depends only on their number.
fn with_failures(world: &SimulatedSources, asked: &ReceivedRequest, before: usize) -> Reply {
    let answer = || world.answer(asked);
    match before % 13 {
        6 => Reply::status(503).with("retry-after", "20"),
        12 => match answer() {
            Reply::Whole(200, _, body) => Reply::Cut(body[..body.len() / 2].to_vec()),
            other => other,
        },
        _ => answer(),
    }
}

/// Runs all jobs from the clock's current time to [`END`].
async fn run_jobs(path: &Path, clock: &Clock, address: &str, owner: i64) {
    let store = Store::open(path).await.expect("the database");
    let (_keep, stop) = watch::channel(false);
    let jobs = sources(&store, clock, address).jobs(true);
    Scheduler::new(store.clone(), clock.clone(), owner)
        .follow(&jobs, Some(at(END)), stop)
        .await;
    store.close().await;
}

/// The contents of the library, without the moments at which rows were written.
async fn contents(path: &Path) -> BTreeMap<String, Vec<String>> {
    let mut database = SqliteConnectOptions::new()
        .filename(path)
        .connect()
        .await
        .expect("the database");
    let mut tables = BTreeMap::new();
    for (name, sql) in [
        (
            "papers",
            "select key || '|' || announced || '|' || coalesce(announced_on, '') || '|' || announced_firm || '|' || coalesce(version, 0) || '|' || title || '|' || authors || '|' || categories || '|' || coalesce(code_url, '') || '|' || coalesce(published, '') || '|' || coalesce(updated, '') || '|' || abstract from papers order by 1",
        ),
        (
            "listings",
            "select l.scope || '|' || p.key || '|' || l.has_code from listings l join papers p on p.id = l.paper_id order by 1",
        ),
        (
            "announcements",
            "select a.day || '|' || p.key || '|' || a.kind || '|' || coalesce(a.version, 0) from announcements a join papers p on p.id = a.paper_id order by 1",
        ),
        (
            "snapshot days",
            "select s.signal || '|' || p.key || '|' || s.day from snapshots s join papers p on p.id = s.paper_id order by 1",
        ),
        (
            "repositories",
            "select url || '|' || state from repositories order by 1",
        ),
        (
            "harvests",
            "select scope || '|' || coalesce(token, 'done') from harvests order by 1",
        ),
    ] {
        let rows = sqlx::query(sql).fetch_all(&mut database).await.expect(name);
        tables.insert(name.to_owned(), rows.iter().map(|row| row.get(0)).collect());
    }
    tables
}

/// Requests to arXiv are at least three seconds apart, those to another host at least one second.
fn assert_pauses(log: &[(i64, String)]) {
    let gate = |path: &str| match path {
        _ if path.starts_with("/oai") || path.starts_with("/rss") || path.starts_with("/api/query") => {
            ("arxiv", 3_000)
        }
        _ if path.starts_with("/repos") => ("github", 1_000),
        _ => ("huggingface", 1_000),
    };
    let mut last: BTreeMap<&str, i64> = BTreeMap::new();
    for (at, path) in log {
        let (name, pause) = gate(path);
        if let Some(before) = last.insert(name, *at) {
            assert!(
                at - before >= pause,
                "{path} came {} ms after the previous request",
                at - before
            );
        }
    }
}

fn log_of(log: &[ReceivedRequest]) -> Vec<(i64, String)> {
    log.iter()
        .map(|asked| (asked.at.as_millisecond(), asked.path.clone()))
        .collect()
}

/// Every paper of the last days and of the two new listings: its identifier, its day and its version.
fn expected_papers(world: &SimulatedSources) -> Vec<(String, String, i32)> {
    let mut expected = Vec::new();
    for paper in &world.papers {
        let by = |moment: &str| paper.replaced.is_some_and(|day| announced_at(day) <= at(moment));
        // No source says any more when a paper was new that was replaced before the first request.
        let day = if by(BEGIN) {
            String::new()
        } else {
            paper.listing.to_string()
        };
        expected.push((paper.id.clone(), day, if by(END) { 2 } else { 1 }));
    }
    expected.sort();
    expected
}

#[tokio::test]
async fn after_two_days_the_library_contains_exactly_what_the_sources_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("library.db");
    let clock = Clock::fixed(at(BEGIN));
    let world = world();
    let upstream = Upstream::play(&clock, {
        let world = world.clone();
        move |asked, before| with_failures(&world, asked, before)
    })
    .await;
    run_jobs(&path, &clock, &upstream.address, 1).await;
    let log = log_of(&upstream.asked());
    assert_pauses(&log);
    let contents = contents(&path).await;

    let expected = expected_papers(&world);
    let found: Vec<(String, String, i32)> = contents["papers"]
        .iter()
        .map(|row| {
            let parts: Vec<&str> = row.split('|').collect();
            (
                parts[0].to_owned(),
                parts[2].to_owned(),
                parts[4].parse().expect("a version"),
            )
        })
        .collect();
    assert_eq!(found, expected);
    // The daily feed of the two listings distinguishes new, cross-listed and replaced papers.
    let announced = |day: &str, kind: &str| {
        contents["announcements"]
            .iter()
            .filter(|row| row.starts_with(day) && row.contains(&format!("|{kind}|")))
            .count()
    };
    for day in ["2026-11-23", "2026-11-24"] {
        assert_eq!(
            (
                announced(day, "new"),
                announced(day, "cross"),
                announced(day, "replace")
            ),
            (16, 8, 5),
            "{day}: {:?}",
            contents["announcements"]
        );
    }
    assert!(
        contents["announcements"]
            .iter()
            .all(|row| row.starts_with("2026-11-23") || row.starts_with("2026-11-24"))
    );
    // Every paper in Hugging Face Daily has snapshots of its upvotes.
    let daily = world.papers.iter().filter(|paper| paper.daily.is_some()).count();
    let voted: std::collections::BTreeSet<&str> = contents["snapshot days"]
        .iter()
        .filter(|row| row.starts_with("hf|"))
        .filter_map(|row| row.split('|').nth(1))
        .collect();
    assert_eq!(voted.len(), daily);
    let starred = world.papers.iter().filter(|paper| paper.code).count();
    assert_eq!(contents["repositories"].len(), starred);
    assert!(contents["repositories"].iter().any(|row| row.ends_with("gone")));
    assert!(
        contents["repositories"]
            .iter()
            .any(|row| row.ends_with("archived"))
    );
    assert!(contents["harvests"].iter().all(|row| row.ends_with("done")));
    // The empty feed of the weekend was accepted, so it was not requested all day.
    let feeds = log.iter().filter(|(_, path)| path.starts_with("/rss")).count();
    assert!((3..=9).contains(&feeds), "the feed was requested {feeds} times");
}

/// One process that runs all jobs. Only the test below starts it, and kills it.
#[tokio::test]
#[ignore = "the test below runs it in a process of its own"]
async fn one_process() {
    let folder = std::env::var("TEST_FOLDER").expect("a folder");
    let folder = Path::new(&folder);
    let log = folder.join("requests.log");
    // The clock continues where the previous process was killed.
    let before: Vec<(i64, String)> = read_log(&log);
    let begin = before.last().map_or(at(BEGIN), |(ms, _)| {
        Timestamp::from_millisecond(ms + 1_000).expect("a moment")
    });
    let clock = Clock::fixed(begin);
    let world = world();
    let count = before.len();
    let upstream = Upstream::play(&clock, move |asked, here| {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&log)
            .expect("the log");
        writeln!(file, "{} {}", asked.at.as_millisecond(), asked.path).expect("written");
        with_failures(&world, asked, count + here)
    })
    .await;
    let owner = std::process::id().into();
    run_jobs(&folder.join("library.db"), &clock, &upstream.address, owner).await;
    std::fs::write(folder.join("done"), "").expect("written");
}

fn read_log(path: &Path) -> Vec<(i64, String)> {
    std::fs::read_to_string(path)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| {
            let (ms, path) = line.split_once(' ')?;
            Some((ms.parse().ok()?, path.to_owned()))
        })
        .collect()
}

fn start_process(folder: &Path) -> std::process::Child {
    Command::new(std::env::current_exe().expect("this test"))
        .args(["--ignored", "--exact", "one_process", "--nocapture"])
        .env("TEST_FOLDER", folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a process")
}

#[tokio::test]
async fn killing_the_process_at_twenty_points_does_not_change_the_result() {
    let whole = tempfile::tempdir().expect("a folder");
    assert!(start_process(whole.path()).wait().expect("it ends").success());
    let expected = contents(&whole.path().join("library.db")).await;
    let requests = read_log(&whole.path().join("requests.log")).len();

    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("requests.log");
    // The kills are spread over the day by the number of requests, and by a few milliseconds within a request.
    let mut kills = 0;
    while kills < 20 {
        let mut child = start_process(folder.path());
        let kill_after = read_log(&log).len() + 1 + requests / 22;
        let deadline = Instant::now() + Duration::from_secs(60);
        let ended = loop {
            if let Some(status) = child.try_wait().expect("its state") {
                break Some(status);
            }
            if read_log(&log).len() >= kill_after {
                break None;
            }
            assert!(Instant::now() < deadline, "it sends no requests");
            std::thread::sleep(Duration::from_millis(2));
        };
        if ended.is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(kills % 7));
        child.kill().expect("killed");
        child.wait().expect("it ends");
        kills += 1;
    }
    assert_eq!(kills, 20, "the day was over after {kills} kills");
    assert!(start_process(folder.path()).wait().expect("it ends").success());
    assert!(folder.path().join("done").exists());
    assert_pauses(&read_log(&log));
    let found = contents(&folder.path().join("library.db")).await;
    for (table, rows) in &expected {
        assert_eq!(&found[table], rows, "{table}");
    }
}
