//! The library as a file: several processes, copies, damage.

use std::time::Duration;

use domain::{Listing, Paper};
use ingest::ranking::rank;
use store::Store;
use store::{Integrity, SecretPlace};
use testing::{Library, PaperBuilder, a_paper, now};

fn some(from: usize, count: usize) -> Vec<Paper> {
    (from..from + count)
        .map(|n| {
            a_paper(&format!("2611.{n:05}"))
                .with_abstract("words to index")
                .in_categories("cs.LG")
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_write_while_many_read_and_every_request_succeeds() {
    let library = Library::of(&some(0, 50)).await;
    rank(&library.store, now()).await.expect("ranked");
    let other = Store::open(&library.path).await.expect("a second process");
    let writing = |store: Store, from: usize| {
        tokio::spawn(async move {
            for batch in 0..10 {
                store
                    .save_papers(&some(from + batch * 20, 20), now())
                    .await
                    .expect("saved");
                rank(&store, now()).await.expect("ranked");
            }
        })
    };
    let writers = [writing(library.store.clone(), 1_000), writing(other, 2_000)];
    let readers: Vec<_> = (0..8)
        .map(|n| {
            let store = library.store.clone();
            tokio::spawn(async move {
                let reader = store.add_reader(&[n; 32], 0).await.expect("a reader");
                for sort in ["trending", "new", "top", "relevance"]
                    .into_iter()
                    .cycle()
                    .take(40)
                {
                    let page = store
                        .list(
                            &Listing::read([("q", "words"), ("sort", sort)]).listing,
                            None,
                            Some(reader),
                            now(),
                        )
                        .await
                        .expect("a page");
                    let first = page.cards.first().expect("a card").key.clone();
                    assert!(
                        store
                            .set_bookmark(reader, &first, true, now())
                            .await
                            .expect("saved")
                    );
                }
            })
        })
        .collect();
    for task in writers.into_iter().chain(readers) {
        tokio::time::timeout(Duration::from_secs(60), task)
            .await
            .expect("in time")
            .expect("no panic");
    }
    assert_eq!(library.number("select count(*) from papers").await, 450);
    library.assert_sound().await;
}

#[tokio::test]
async fn a_copy_made_during_writes_is_complete() {
    let library = Library::of_the_sample().await;
    let copy = library.path.with_file_name("copy.db");
    let writing = library.store.clone();
    let (copied, saved) = tokio::join!(library.store.backup(&copy), async move {
        writing.save_papers(&some(0, 100), now()).await
    });
    copied.expect("copied");
    saved.expect("saved");
    assert!(
        library.store.backup(&copy).await.is_err(),
        "a copy is not overwritten"
    );
    let store = Store::open(&copy).await.expect("the copy opens");
    assert_eq!(store.integrity().await.expect("checked"), Integrity::default());
    let papers = testing::walk(&store, &Listing::default(), now()).await.len();
    assert!(papers == 119 || papers == 219, "{papers}");
    store.close().await;
}

#[tokio::test]
async fn damage_is_found() {
    let library = Library::of_the_sample().await;
    library.assert_sound().await;
    sqlx::raw_sql("pragma foreign_keys = off; update papers set abstract = 'other words' where id = 1; insert into paper_authors (paper_id, position, name) values (999, 0, 'Nobody')")
        .execute(&mut library.beside().await)
        .await
        .expect("damaged");
    let found = library.store.integrity().await.expect("checked");
    assert_eq!(found.dangling, 1);
    assert!(
        found.damage.iter().any(|line| line.contains("full-text")),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_file_that_is_not_a_database_is_refused_and_not_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("text.txt");
    let words = "Dear Ada, this is a letter and not a database. ".repeat(40);
    std::fs::write(&path, &words).expect("written");
    assert!(Store::open(&path).await.is_err());
    assert_eq!(std::fs::read_to_string(&path).expect("read"), words);
    assert!(
        Store::open(&folder.path().join("no/such/folder/x.db"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_facts_of_the_masthead_follow_the_papers() {
    let library = Library::new().await;
    let facts = library.store.facts(now()).await.expect("facts");
    assert_eq!((facts.papers, facts.newest, facts.in_last_day), (0, None, 0));
    library
        .save_papers(&[
            a_paper("2611.00001").published("2026-11-24T10:00:00Z"),
            a_paper("2611.00002").published("2026-11-23T11:00:00Z"),
            a_paper("2611.00003").published("2026-11-23T09:00:00Z"),
        ])
        .await;
    let facts = library.store.facts(now()).await.expect("facts");
    assert_eq!(
        (facts.papers, facts.newest, facts.in_last_day),
        (3, "2026-11-24T10:00:00Z".parse().ok(), 2)
    );
}

#[tokio::test]
async fn a_library_accepts_only_the_secret_that_was_recorded_first() {
    let library = Library::new().await;
    assert_eq!(
        library.store.secret_place().await.expect("read"),
        SecretPlace::Nowhere
    );
    for (secret, is_accepted) in [([1; 64], true), ([2; 64], false)] {
        let place = library.store.secret_is_in_file(&secret).await.expect("recorded");
        assert_eq!(place.accepts(&secret), is_accepted);
    }
    let library = library.reopened().await;
    let place = library.store.secret_place().await.expect("read");
    assert!(
        matches!(place, SecretPlace::File(_)) && place.accepts(&[1; 64]),
        "{place:?}"
    );
}
