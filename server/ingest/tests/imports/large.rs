//! Large files from `../shared/data`. A clone without that folder skips these tests.

use std::{
    fs::File,
    io::{BufRead, BufReader},
};

use domain::Listing;
use ingest::ranking::rank;
use testing::{Library, now, shared_data};

use crate::helpers::{Files, counts, exported, import_file};

#[tokio::test]
async fn the_daily_papers_of_two_years_are_imported_and_ranked() {
    let Some(path) = shared_data("hf_daily.jsonl.zst") else {
        return;
    };
    let library = Library::new().await;
    let (summary, rejects) = import_file(&library.store, &path).await;
    assert_eq!((summary, rejects), (counts(10_447, 0, 0, 0), vec![]));
    assert_eq!(
        import_file(&library.store, &path).await,
        (counts(0, 0, 10_447, 0), vec![])
    );
    library.assert_sound().await;
    let run = rank(&library.store, now()).await.expect("ranked");
    assert!(run.ranked > 100, "{run:?}");
    let mut last = f64::MAX;
    let (mut after, ask) = (None, Listing::default());
    for _ in 0..20 {
        let page = library
            .store
            .list(&ask, after, None, now())
            .await
            .expect("a page");
        for card in &page.cards {
            let heat = card.heat.map(|report| report.heat).unwrap_or_default();
            assert!((heat.hf + heat.gh + heat.local + heat.fresh - heat.total()).abs() < 1e-12);
            assert!(heat.total() <= last, "ordered by heat");
            last = heat.total();
        }
        after = page.next;
        assert!(after.is_some());
    }
    let combined = Listing::read([("category", "cs.CV"), ("has", "code"), ("window", "week")]).listing;
    testing::walk(&library.store, &combined, now()).await;
}

#[tokio::test]
async fn importing_arxiv_rows_again_changes_nothing() {
    let Some(path) = shared_data("arxiv_100k.jsonl.zst") else {
        return;
    };
    let packed = zstd::Decoder::new(File::open(path).expect("the file")).expect("unpacked");
    // Every twentieth row of the file, so that all its years occur, with old identifiers too.
    let lines: Vec<String> = BufReader::new(packed)
        .lines()
        .map(|line| line.expect("a line"))
        .take(100_000)
        .step_by(20)
        .collect();
    assert_eq!(lines.len(), 5_000);
    let path = Files::new();
    let path = path.write("arxiv.jsonl", lines.join("\n").as_bytes());
    let library = Library::new().await;
    assert_eq!(
        import_file(&library.store, &path).await,
        (counts(5_000, 0, 0, 0), vec![])
    );
    assert_eq!(
        import_file(&library.store, &path).await,
        (counts(0, 0, 5_000, 0), vec![])
    );
    library.assert_sound().await;
    assert_eq!(
        library
            .walk_url(&[("sort", "new"), ("category", "hep-th"), ("to", "2010-12-31")])
            .await
            .len() as i64,
        {
            library.number("select count(*) from papers where (' ' || categories || ' ') like '% hep-th %' and announced < unixepoch('2011-01-01')").await
        }
    );
    let again = exported(&library.store).await;
    assert!(
        again
            .iter()
            .all(|paper| paper.published.is_some() && !paper.title.is_empty())
    );
}
