//! `make bench`: what an import and a page cost, beside a limit measured in the same run. Only the ratios mean
//! anything; the machine is noisy. Uses `../shared/data` where it is, else papers made up on the spot.

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
    routing::get,
};
use ingest::fetch::{Fetcher, Limits};
use ingest::import::{Input, Progress, import};
use ingest::ranking;
use ingest::{Sources, sources::SourceSettings};
use mail::digest::MailService;
use mail::transport::{Mailer, Outbox};
use server::{router, state::AppState};
use store::Clock;
use store::Store;
use store::tokens::Secret;
use tower::ServiceExt;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Requests per page: enough for a 99th percentile.
const REQUESTS: usize = 400;
/// Papers made up when there is no real data.
const MADE_UP: usize = 20_000;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // `cargo test --benches` only asks whether this runs.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let store = Store::open(&folder.path().join("bench.db")).await?;
    for file in inputs(folder.path())? {
        let began = Instant::now();
        let now = Clock::System.now();
        let summary = import(
            &store,
            &Input::File(file.clone()),
            now,
            &Progress::default(),
            |_| {},
            |_| {},
        )
        .await?;
        let seconds = began.elapsed().as_secs_f64();
        let papers = summary.accepted();
        println!(
            "import {}: {papers} papers in {seconds:.1} s, {:.0} a second",
            file.display(),
            papers as f64 / seconds
        );
    }
    let began = Instant::now();
    let run = ranking::rank(&store, Clock::System.now()).await?;
    println!("rank: {} active papers in {:?}", run.active, began.elapsed());

    let body = "x".repeat(36_000);
    let limit = Router::new().route(
        "/",
        get(move || {
            let body = body.clone();
            async move { body }
        }),
    );
    let secret = Secret::new(b"a secret for the bench");
    let mailer = Mailer::new(
        Outbox::Memory(Arc::default()),
        "Bench <bench@example.org>",
        None,
        "http://localhost:3000",
    )?;
    let post = MailService::new(store.clone(), mailer, secret.clone(), "http://localhost:3000");
    let clock = Clock::System;
    let fetcher = Fetcher::new(store.clone(), clock.clone(), Limits::default(), None, 1).expect("a client");
    let sources = Sources::new(store.clone(), clock.clone(), fetcher, SourceSettings::default());
    let pages = router::router(
        AppState::new(store, post, &secret, clock, None, sources, false),
        None,
    );
    let floor = measure(&limit, "/").await?;
    println!("\n{:<62} {:>9} {:>9} {:>8}", "page", "p50", "p99", "× static");
    for path in [
        "/",
        "/?window=month",
        "/?sort=new",
        "/?sort=top",
        "/?category=cs.CV&has=code&window=week",
        "/?category=math&sort=new",
        "/?sort=new&min_upvotes=50",
        "/?sort=stars&category=cs.LG&from=2025-01-01",
        "/?q=strong+convergence+gradient",
        "/?q=learning",
        "/?q=au:Hinton&sort=new",
        "/bookmarks",
    ] {
        let took = measure(&pages, path).await?;
        println!(
            "{path:<62} {:>9.2?} {:>9.2?} {:>8.1}",
            took.p50,
            took.p99,
            took.p50.as_secs_f64() / floor.p50.as_secs_f64()
        );
    }
    println!(
        "{:<62} {:>9.2?} {:>9.2?} {:>8.1}",
        "(36 kB of static text)", floor.p50, floor.p99, 1.0
    );
    Ok(())
}

struct Took {
    p50: Duration,
    p99: Duration,
}

async fn measure(router: &Router, path: &str) -> Result<Took, Failure> {
    let mut times = Vec::with_capacity(REQUESTS);
    for _ in 0..REQUESTS {
        let began = Instant::now();
        let response = router
            .clone()
            .oneshot(Request::get(path).body(Body::empty())?)
            .await?;
        assert!(response.status().is_success(), "{path}: {}", response.status());
        to_bytes(response.into_body(), usize::MAX).await?;
        times.push(began.elapsed());
    }
    times.sort();
    Ok(Took {
        p50: times[REQUESTS / 2],
        p99: times[REQUESTS * 99 / 100],
    })
}

fn inputs(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let real: Vec<PathBuf> = ["hf_daily.jsonl.zst", "arxiv_100k.jsonl.zst"]
        .iter()
        .map(|name| shared.join(name))
        .filter(|file| file.exists())
        .collect();
    if !real.is_empty() {
        return Ok(real);
    }
    println!("No ../shared/data here: measuring {MADE_UP} papers made up on the spot.");
    let path = folder.join("made_up.jsonl");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path)?);
    let words = [
        "strong",
        "convergence",
        "gradient",
        "learning",
        "attention",
        "noise",
        "graph",
        "field",
        "quantum",
        "sparse",
    ];
    for n in 0..MADE_UP {
        let text: Vec<&str> = (0..150)
            .map(|i| words[(n * 7 + i * i * 3 + i) % words.len()])
            .collect();
        let id = format!("{:02}{:02}.{:05}", 10 + n / 12 % 16, 1 + n % 12, n % 100_000);
        writeln!(
            file,
            r#"{{"id":"{id}","title":"{} {n}","abstract":"{}","authors":"Ada One, Emmy Two","categories":"cs.{} math.OC","update_date":"2025-01-01"}}"#,
            text[..8].join(" "),
            text.join(" "),
            ["LG", "CV", "CL"][n % 3]
        )?;
    }
    file.flush()?;
    Ok(vec![path])
}
