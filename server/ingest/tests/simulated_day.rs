//! Days in the life of a Broadsheet, by a clock that the sleepers move, against a world that is known: what it holds in
//! the end, how far apart its requests were, and that being killed anywhere changes nothing of it.

use std::{
    collections::BTreeMap,
    fs::OpenOptions,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use domain::calendar::announced_at;
use ingest::fetch::{Fetcher, Limits};
use ingest::{Sources, sources::SourceSettings};
use jiff::{Timestamp, civil::date};
use jobs::Scheduler;
use sqlx::{ConnectOptions, Row, sqlite::SqliteConnectOptions};
use store::Clock;
use store::Store;
use testing::{
    at,
    simulated_sources::SimulatedSources,
    upstream::{ReceivedRequest, Reply, Upstream},
};
use tokio::sync::watch;

/// Sunday noon, before the announcement of Monday's listing.
const BEGIN: &str = "2026-11-22T17:00:00Z";
/// Tuesday morning: Monday's and Tuesday's listings have come.
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

/// Weather: every thirteenth request fails in one of several ways, told by its number alone.
fn with_weather(world: &SimulatedSources, asked: &ReceivedRequest, before: usize) -> Reply {
    let fair = || world.answer(asked);
    match before % 13 {
        6 => Reply::status(503).with("retry-after", "20"),
        12 => match fair() {
            Reply::Whole(200, _, body) => Reply::Cut(body[..body.len() / 2].to_vec()),
            other => other,
        },
        _ => fair(),
    }
}

/// Lives from the clock's now to [`END`].
async fn live(path: &Path, clock: &Clock, address: &str, owner: i64) {
    let store = Store::open(path).await.expect("the database");
    let (_keep, stop) = watch::channel(false);
    let jobs = sources(&store, clock, address).jobs(true);
    Scheduler::new(store.clone(), clock.clone(), owner)
        .follow(&jobs, Some(at(END)), stop)
        .await;
    store.close().await;
}

/// Everything of the library that is not about when exactly it was written.
async fn holds(path: &Path) -> BTreeMap<String, Vec<String>> {
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

/// No two requests to arXiv within three seconds, none to the others within one.
fn assert_polite(log: &[(i64, String)]) {
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
                "{path} came {} ms after the one before it",
                at - before
            );
        }
    }
}

fn in_short(log: &[ReceivedRequest]) -> Vec<(i64, String)> {
    log.iter()
        .map(|asked| (asked.at.as_millisecond(), asked.path.clone()))
        .collect()
}

#[tokio::test]
async fn a_day_ends_with_exactly_what_the_sources_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("library.db");
    let clock = Clock::fixed(at(BEGIN));
    let told = world();
    let upstream = Upstream::play(&clock, {
        let world = told.clone();
        move |asked, before| with_weather(&world, asked, before)
    })
    .await;
    live(&path, &clock, &upstream.address, 1).await;
    let log = in_short(&upstream.asked());
    assert_polite(&log);
    let holds = holds(&path).await;

    // Every paper of the last days and of the two new listings, once, with its day.
    let mut expected = Vec::new();
    for paper in &told.papers {
        let by = |moment: &str| paper.replaced.is_some_and(|day| announced_at(day) <= at(moment));
        // Of what was replaced before this Broadsheet began, nobody tells any more when it was new.
        let day = if by(BEGIN) {
            String::new()
        } else {
            paper.listing.to_string()
        };
        expected.push((paper.id.clone(), day, if by(END) { 2 } else { 1 }));
    }
    expected.sort();
    let found: Vec<(String, String, i32)> = holds["papers"]
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
    // The daily feed of the two listings told new from cross-listed and replaced.
    let announced = |day: &str, kind: &str| {
        holds["announcements"]
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
            holds["announcements"]
        );
    }
    assert!(
        holds["announcements"]
            .iter()
            .all(|row| row.starts_with("2026-11-23") || row.starts_with("2026-11-24"))
    );
    // Votes of every paper in Daily, on each day on which it was polled and had moved.
    let daily = told.papers.iter().filter(|paper| paper.daily.is_some()).count();
    let voted: std::collections::BTreeSet<&str> = holds["snapshot days"]
        .iter()
        .filter(|row| row.starts_with("hf|"))
        .filter_map(|row| row.split('|').nth(1))
        .collect();
    assert_eq!(voted.len(), daily);
    let starred = told.papers.iter().filter(|paper| paper.code).count();
    assert_eq!(holds["repositories"].len(), starred);
    assert!(holds["repositories"].iter().any(|row| row.ends_with("gone")));
    assert!(holds["repositories"].iter().any(|row| row.ends_with("archived")));
    assert!(holds["harvests"].iter().all(|row| row.ends_with("done")));
    // The weekend's feed said that there was nothing, and was believed.
    let feeds = log.iter().filter(|(_, path)| path.starts_with("/rss")).count();
    assert!((3..=9).contains(&feeds), "the feed was asked {feeds} times");
}

/// The life of one process: run only by the test below, which kills it.
#[tokio::test]
#[ignore = "a part of the test below, in a process of its own"]
async fn one_life() {
    let folder = std::env::var("LIFE_FOLDER").expect("a folder");
    let folder = Path::new(&folder);
    let log = folder.join("requests.log");
    // Time goes on from where the last life left it.
    let before: Vec<(i64, String)> = read_log(&log);
    let begin = before.last().map_or(at(BEGIN), |(ms, _)| {
        Timestamp::from_millisecond(ms + 1_000).expect("a moment")
    });
    let clock = Clock::fixed(begin);
    let told = world();
    let count = before.len();
    let upstream = Upstream::play(&clock, move |asked, here| {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&log)
            .expect("the log");
        writeln!(file, "{} {}", asked.at.as_millisecond(), asked.path).expect("written");
        with_weather(&told, asked, count + here)
    })
    .await;
    let owner = std::process::id().into();
    live(&folder.join("library.db"), &clock, &upstream.address, owner).await;
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

fn life(folder: &Path) -> std::process::Child {
    Command::new(std::env::current_exe().expect("this test"))
        .args(["--ignored", "--exact", "one_life", "--nocapture"])
        .env("LIFE_FOLDER", folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a process")
}

#[tokio::test]
async fn being_killed_at_twenty_points_changes_nothing_of_the_outcome() {
    let whole = tempfile::tempdir().expect("a folder");
    assert!(life(whole.path()).wait().expect("it ends").success());
    let expected = holds(&whole.path().join("library.db")).await;
    let requests = read_log(&whole.path().join("requests.log")).len();

    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("requests.log");
    // Spread over the day by requests, and within a request by a few milliseconds: no two runs die at the same place.
    let mut kills = 0;
    while kills < 20 {
        let mut child = life(folder.path());
        let die_after = read_log(&log).len() + 1 + requests / 22;
        let deadline = Instant::now() + Duration::from_secs(60);
        let ended = loop {
            if let Some(status) = child.try_wait().expect("its state") {
                break Some(status);
            }
            if read_log(&log).len() >= die_after {
                break None;
            }
            assert!(Instant::now() < deadline, "it does nothing");
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
    assert!(life(folder.path()).wait().expect("it ends").success());
    assert!(folder.path().join("done").exists());
    assert_polite(&read_log(&log));
    let found = holds(&folder.path().join("library.db")).await;
    for (table, rows) in &expected {
        assert_eq!(&found[table], rows, "{table}");
    }
}
