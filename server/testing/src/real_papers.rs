//! Real papers for tests: the daily papers beside the project.

use std::{
    fs::File,
    io::{BufRead, BufReader},
};

use domain::paper::PaperCard;
use ingest::import::{Input, Progress, import};
use jiff::Timestamp;
use store::{Store, Summary};

use crate::{now, shared_data};

/// Imports every 20th of the daily papers, or every `BROADSHEET_TEST_EVERY`th. Imports none if the file is absent.
pub async fn import_daily_papers(store: &Store) {
    let Some(path) = shared_data("hf_daily.jsonl.zst") else {
        return;
    };
    let every = std::env::var("BROADSHEET_TEST_EVERY")
        .ok()
        .and_then(|every| every.parse().ok())
        .unwrap_or(20);
    let file = BufReader::new(zstd::Decoder::new(File::open(path).expect("the file")).expect("zstd"));
    let lines: Vec<String> = file
        .lines()
        .step_by(every)
        .map(|line| line.expect("a line"))
        .collect();
    import_lines(store, &lines, now()).await;
}

/// Imports records from a file, one a line. A rejected record fails the test.
pub async fn import_lines(store: &Store, lines: &[String], at: Timestamp) -> Summary {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("records.jsonl");
    std::fs::write(&file, lines.join("\n")).expect("written");
    import(
        store,
        &Input::File(file),
        at,
        &Progress::default(),
        |_| {},
        |reject| panic!("line {}: {}", reject.line, reject.reason),
    )
    .await
    .expect("imported")
}

/// The cards of all papers of a library.
pub async fn cards(store: &Store) -> Vec<PaperCard> {
    let (mut cards, mut after) = (Vec::new(), 0);
    loop {
        let page = store.export_after(after, 500).await.expect("exported");
        let Some((last, _)) = page.last() else {
            return cards;
        };
        after = *last;
        let ids: Vec<i64> = page.iter().map(|(id, _)| *id).collect();
        cards.extend(store.cards(&ids, None, usize::MAX).await.expect("cards"));
    }
}

/// Whether the title or the abstract has a formula that is shown as its source.
pub fn has_raw_formula(card: &PaperCard) -> bool {
    [&card.title, &card.abstract_text]
        .into_iter()
        .flat_map(|text| tex::segments(text))
        .any(|segment| matches!(segment, tex::Segment::RawMath(_)))
}
