//! Recorded responses of the sources in `../shared/data/recorded`, read by the adapters. A clone without `../shared` skips
//! these tests and says so.

use std::{fs, path::PathBuf};

use ingest::{
    SourceJob, Sources,
    fetch::{Fetcher, Limits, text_of},
    sources::{SourceSettings, arxiv_api, arxiv_oai, arxiv_rss},
};
use jobs::Scheduler;
use serde_json::Value;
use store::Clock;
use testing::{
    Library,
    upstream::{Reply, Upstream},
};

fn recorded(folder: &str) -> Option<Vec<PathBuf>> {
    let folder = testing::shared_data(&format!("recorded/{folder}"))?;
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    Some(files)
}

fn json(path: &PathBuf) -> Value {
    serde_json::from_slice(&fs::read(path).expect("the file")).expect("json")
}

#[test]
fn recorded_oai_pmh_responses_are_read_record_by_record() {
    let Some(files) = recorded("oai_pmh") else { return };
    let mut records = 0;
    for exchange in files
        .iter()
        .flat_map(|path| json(path).as_array().cloned().unwrap_or_default())
    {
        let text = exchange["response"].as_str().unwrap_or_default();
        if exchange["status"] != 200 {
            assert!(
                arxiv_oai::wire::read(text).is_err(),
                "“Retry after 10 seconds” is not OAI-PMH"
            );
            continue;
        }
        let page = arxiv_oai::wire::read(text).expect("OAI-PMH");
        assert!(
            page.response_date.starts_with("2018-06-21T14:"),
            "{}",
            page.response_date
        );
        for record in page.records {
            let record = record.expect("a record");
            let metadata = record
                .metadata
                .expect("metadata")
                .arxiv
                .expect("the format arXiv");
            records += 1;
            assert!(
                !metadata.title.is_empty() && !metadata.authors.author.is_empty(),
                "{}",
                metadata.id
            );
            if metadata.id != "1412.8544" {
                continue;
            }
            assert_eq!(metadata.created.as_deref(), Some("2014-12-29"));
            assert_eq!(metadata.authors.author[1].keyname.as_deref(), Some("Westerbaan"));
            assert!(
                metadata
                    .abstract_text
                    .expect("an abstract")
                    .contains("Kochen-Specker")
            );
            assert_eq!(metadata.doi.as_deref(), Some("10.4204/EPTCS.172.11"));
        }
    }
    assert!(records >= 2, "{records}");
}

#[test]
fn recorded_query_responses_give_papers_and_errors_do_not() {
    let Some(files) = recorded("arxiv_atom") else {
        return;
    };
    let (mut papers, mut old_identifiers) = (0, 0);
    for path in &files {
        let response = json(path);
        let (url, text) = (
            response["url"].as_str().expect("url"),
            response["body"].as_str().expect("body"),
        );
        let feed = arxiv_api::wire::read(&text_of(text.as_bytes())).expect("a feed");
        let entries = feed.entry.len();
        let read: Vec<_> = feed.entry.into_iter().filter_map(arxiv_api::paper).collect();
        if url.contains("id_list=abc") || url.contains("id_list=0000.0000") {
            assert!(read.is_empty(), "{url}");
            continue;
        }
        assert_eq!(read.len(), entries, "{url}");
        papers += read.len();
        for paper in &read {
            assert!(
                !paper.title.contains('\n') && !paper.authors.is_empty() && paper.version.is_some(),
                "{url}"
            );
            assert!(paper.primary_category.is_some(), "{url}");
        }
        let old_style = |paper: &domain::Paper| {
            paper
                .arxiv_id
                .as_ref()
                .is_some_and(|id| id.as_str().contains('/'))
        };
        old_identifiers += read.iter().filter(|paper| old_style(paper)).count();
    }
    assert!(papers > 200, "{papers}");
    assert!(old_identifiers > 0);
}

#[test]
fn a_recorded_daily_feed_gives_announcements() {
    let Some(files) = recorded("arxiv_rss") else {
        return;
    };
    let text = text_of(&fs::read(&files[0]).expect("the file"));
    let feed = arxiv_rss::wire::read(&text).expect("a feed");
    let batch = arxiv_rss::translate(feed, "2025-08-20".parse().expect("a day"));
    assert_eq!(batch.day, "2025-08-20".parse().ok());
    assert!(
        batch.records.set_aside.is_empty(),
        "{:?}",
        batch.records.set_aside
    );
    let first = &batch.records.papers[0];
    assert_eq!(
        first.title,
        "ALIGN: Word Association Learning for Cross-Cultural Generalization in Large Language Models"
    );
    assert_eq!(
        first.authors,
        ["Chunhua Liu", "Kabir Manandhar Shrestha", "Sukai Huang"]
    );
    assert!(first.abstract_text.starts_with("As large language models"));
    assert_eq!(
        first.announcement.map(|announcement| announcement.kind.code()),
        Some("cross")
    );
}

#[tokio::test]
async fn recorded_days_of_hugging_face_are_stored_completely() {
    let Some(files) = recorded("hf_daily_papers") else {
        return;
    };
    for path in &files {
        let day = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let body = fs::read(path).expect("the file");
        let papers = json(path).as_array().expect("a list").len();
        let library = Library::new().await;
        let clock = Clock::fixed(format!("{day}T20:00:00Z").parse().expect("a moment"));
        let recorded_day = day.clone();
        let upstream = Upstream::play(&clock, move |asked, _| {
            if asked.parameter("date").as_deref() == Some(&recorded_day) {
                Reply::ok(body.clone())
            } else {
                Reply::ok("[]")
            }
        })
        .await;
        let fetcher =
            Fetcher::new(library.store.clone(), clock.clone(), Limits::default(), None, 1).expect("a client");
        let settings = SourceSettings {
            hugging_face: upstream.address.clone(),
            ..SourceSettings::default()
        };
        let sources = Sources::new(library.store.clone(), clock.clone(), fetcher, settings);
        Scheduler::new(library.store.clone(), clock.clone(), 1)
            .run(&sources.job(SourceJob::HuggingFace, None))
            .await
            .expect("a run");
        assert_eq!(
            library.number("select count(*) from papers").await,
            papers as i64,
            "{day}"
        );
        assert_eq!(
            library
                .number("select count(*) from snapshots where signal = 'hf'")
                .await,
            papers as i64,
            "{day}"
        );
        assert_eq!(library.number("select count(*) from set_aside").await, 0, "{day}");
    }
}
