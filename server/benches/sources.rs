//! How fast the library follows its sources when the sources themselves are not the limit. It compares a backfill of
//! 100,000 records by OAI-PMH with an import of the same papers in the same run, and measures a rank run over a million
//! papers with 5,000 active ones. Requests use a test clock, so pauses take no time.

use std::{fmt::Write as _, io::Write as _, path::Path, time::Instant};

use ingest::fetch::{Fetcher, Limits};
use ingest::import::{self, Input, Progress};
use ingest::ranking;
use ingest::sources::SourceSettings;
use ingest::{SourceJob, Sources};
use jiff::Timestamp;
use jobs::{Outcome, Scheduler};
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
use store::Clock;
use store::Store;
use testing::upstream::{Reply, Upstream};

/// Records of the backfill, and of one of its pages; arXiv sends about as many.
const RECORDS: usize = 100_000;
const PAGE: usize = 1_000;
/// Papers of the large library, and how many of them are active.
const MANY: i64 = 1_000_000;
const ACTIVE: i64 = 5_000;

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().expect("a moment")
}

fn id(number: usize) -> String {
    format!(
        "{:02}{:02}.{:05}",
        10 + number / 12 / 10_000,
        1 + number / 10_000 % 12,
        number % 10_000
    )
}

fn words(number: usize) -> String {
    // As long as a real abstract, with words from a vocabulary of 50,000.
    let mut text = String::new();
    let mut state = number as u64 * 2 + 1;
    for _ in 0..150 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let _ = write!(text, "w{} ", (state >> 33) % 50_000);
    }
    text
}

fn record(number: usize) -> String {
    let id = id(number);
    format!(
        "<record><header><identifier>oai:arXiv.org:{id}</identifier><datestamp>2026-11-20</datestamp><setSpec>cs:cs:LG</setSpec></header><metadata><arXivRaw xmlns=\"http://arxiv.org/OAI/arXivRaw/\"><id>{id}</id><submitter>S</submitter><version version=\"v1\"><date>Mon, 2 Apr 2007 19:18:42 GMT</date><size>1kb</size></version><title>Paper {number} on {}</title><authors>Ada {number}, Emmy Noether and Grace Hopper</authors><categories>cs.LG stat.ML</categories><license>http://creativecommons.org/licenses/by/4.0/</license><abstract>{}</abstract></arXivRaw></metadata></record>",
        number % 977,
        words(number)
    )
}

fn row(number: usize) -> String {
    format!(
        "{{\"id\":\"{}\",\"title\":\"Paper {number} on {}\",\"authors\":\"Ada {number}, Emmy Noether and Grace Hopper\",\"categories\":\"cs.LG stat.ML\",\"license\":\"http://creativecommons.org/licenses/by/4.0/\",\"abstract\":\"{}\",\"versions\":[{{\"version\":\"v1\",\"created\":\"Mon, 2 Apr 2007 19:18:42 GMT\"}}]}}\n",
        id(number),
        number % 977,
        words(number)
    )
}

/// Peak memory of this process in MB; 0 if /proc does not report it.
fn peak() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| {
            line.strip_prefix("VmHWM:")?
                .trim()
                .strip_suffix("kB")?
                .trim()
                .parse::<u64>()
                .ok()
        })
        .map_or(0, |kilobytes| kilobytes / 1_024)
}

async fn backfill(folder: &Path) -> f64 {
    let store = Store::open(&folder.join("harvested.db"))
        .await
        .expect("a database");
    let clock = Clock::fixed(now());
    let upstream = Upstream::play(&clock, |asked, _| {
        let offset: usize = asked.parameter("resumptionToken").map_or(0, |token| token.parse().expect("a token"));
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?><OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\"><responseDate>2026-11-24T12:00:00Z</responseDate><ListRecords>");
        for number in offset..(offset + PAGE).min(RECORDS) {
            xml.push_str(&record(number));
        }
        if offset + PAGE < RECORDS {
            let _ = write!(xml, "<resumptionToken>{}</resumptionToken>", offset + PAGE);
        }
        xml.push_str("</ListRecords></OAI-PMH>");
        Reply::ok(xml)
    })
    .await;
    let fetcher = Fetcher::new(store.clone(), clock.clone(), Limits::default(), None, 1).expect("a client");
    let settings = SourceSettings {
        arxiv_oai: format!("{}/oai", upstream.address),
        sets: vec!["cs".parse().expect("a set")],
        ..SourceSettings::default()
    };
    let sources = Sources::new(store.clone(), clock.clone(), fetcher, settings);
    let scheduler = Scheduler::new(store.clone(), clock, 1);
    let (before, began) = (peak(), Instant::now());
    let outcome = scheduler
        .run(&sources.job(SourceJob::ArxivOai, "2007-01-01".parse().ok()))
        .await
        .expect("a run");
    let seconds = began.elapsed().as_secs_f64();
    let Outcome::Ran { tally, failure: None } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(tally.summary.imported, RECORDS as u64);
    println!(
        "  backfill of {RECORDS} records by OAI-PMH: {seconds:.1} s, {:.0} a second; memory {before} -> {} MB at most",
        RECORDS as f64 / seconds,
        peak()
    );
    store.close().await;
    seconds
}

async fn imported(folder: &Path) -> f64 {
    let file = folder.join("rows.jsonl");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&file).expect("a file"));
    for number in 0..RECORDS {
        out.write_all(row(number).as_bytes()).expect("written");
    }
    out.into_inner().expect("written");
    let store = Store::open(&folder.join("imported.db"))
        .await
        .expect("a database");
    let began = Instant::now();
    let summary = import::import(
        &store,
        &Input::File(file),
        now(),
        &Progress::default(),
        |_| {},
        |reject| panic!("{reject:?}"),
    )
    .await
    .expect("an import");
    let seconds = began.elapsed().as_secs_f64();
    assert_eq!(summary.imported, RECORDS as u64);
    println!(
        "  import of the same papers: {seconds:.1} s, {:.0} a second",
        RECORDS as f64 / seconds
    );
    store.close().await;
    seconds
}

async fn rank(folder: &Path) {
    let path = folder.join("large.db");
    let store = Store::open(&path).await.expect("a database");
    let mut beside = SqliteConnectOptions::new()
        .filename(&path)
        .connect()
        .await
        .expect("a connection");
    let (now_s, day) = (now().as_second(), 86_400);
    // Papers of thirty years. The active ones are from the last fortnight and have upvotes on several days, a third of
    // them also stars. The upvotes of the old papers have decayed.
    let sql = format!(
        "pragma synchronous = off;
         insert into papers (id, key, arxiv_id, title, announced, categories, primary_category, code_url, hf_submitted_at, added_at, changed_at)
         with recursive n(i) as (select 1 union all select i + 1 from n where i < {MANY})
         select i, 'k' || i, 'k' || i, 'Paper ' || i,
                case when i > {MANY} - {ACTIVE} then {now_s} - (i % 13) * {day} - 3600 else {now_s} - 20 * {day} - ({MANY} - i) * 900 end,
                'cs.LG', 'cs.LG', case when i % 3 = 0 then 'https://github.com/a/r' || i end,
                case when i > {MANY} - {ACTIVE} then {now_s} - (i % 13) * {day} end, 0, 0 from n;
         insert into snapshots (paper_id, signal, day, at, total)
         with recursive d(k) as (select 0 union all select k + 1 from d where k < 9)
         select p.id, 'hf', date({now_s} - k * {day}, 'unixepoch'), {now_s} - k * {day}, 1 + (10 - k) * (p.id % 37)
         from papers p, d where p.id > {MANY} - {ACTIVE};
         insert into snapshots (paper_id, signal, day, at, total)
         with recursive d(k) as (select 0 union all select k + 1 from d where k < 9)
         select p.id, 'gh', date({now_s} - k * {day}, 'unixepoch'), {now_s} - k * {day}, 10 + (10 - k) * (p.id % 91)
         from papers p, d where p.id > {MANY} - {ACTIVE} and p.id % 3 = 0;
         insert into snapshots (paper_id, signal, day, at, total)
         select id, 'hf', date({now_s} - 300 * {day}, 'unixepoch'), {now_s} - 300 * {day} - id % 1000, id % 60
         from papers where id % 20 = 0 and id <= {MANY} - {ACTIVE};
         analyze;"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(&mut beside)
        .await
        .expect("a million papers");
    for run in ["the first rank run", "the next"] {
        let began = Instant::now();
        let ranked = ranking::rank(&store, now()).await.expect("a rank run");
        println!(
            "  {run} over {MANY} papers, {} of them active: {:.0} ms",
            ranked.active,
            began.elapsed().as_secs_f64() * 1_000.0
        );
    }
    store.close().await;
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        println!(
            "Following the sources, on {} cores",
            std::thread::available_parallelism().map_or(1, usize::from)
        );
        let harvested = backfill(folder.path()).await;
        let imported = imported(folder.path()).await;
        println!("  backfill to import: {:.2}", harvested / imported);
        rank(folder.path()).await;
    });
}
