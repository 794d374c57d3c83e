//! Bookmarks: adding, removing, listing.

use std::{path::Path, process::Command};

use jiff::{SignedDuration, Timestamp};
use store::Store;
use store::{ReaderId, StoreError};
use testing::{Library, PaperBuilder, a_paper, key, listing, now};

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

async fn set_bookmark(
    store: &Store,
    reader: ReaderId,
    name: &str,
    bookmarked: bool,
    when: Timestamp,
) -> bool {
    store
        .set_bookmark(reader, &key(name), bookmarked, when)
        .await
        .expect("an answer")
}

async fn bookmarks(store: &Store, reader: ReaderId, query: &[(&str, &str)]) -> Vec<String> {
    let listing = listing(query);
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let page = store
            .list_bookmarks(reader, &listing, after, now())
            .await
            .expect("a page");
        assert_eq!(page.seen as usize, names.len());
        assert!(
            page.cards.iter().all(|card| card.bookmarked),
            "a listed paper is bookmarked"
        );
        names.extend(page.cards.iter().map(|card| card.key.to_string()));
        let Some(next) = page.next else {
            assert_eq!(page.total, names.len() as u64, "{query:?}");
            return names;
        };
        after = Some(listing.cursor(&next.to_string()).expect("its own cursor"));
    }
}

async fn three() -> Library {
    Library::of(&[
        a_paper("2611.00001")
            .titled("Alpha sparse")
            .in_categories("cs.LG")
            .published("2026-11-01")
            .with_code("https://github.com/a/b")
            .with_upvotes(9, "2026-11-02T00:00:01Z"),
        a_paper("2611.00002")
            .titled("Beta dense")
            .in_categories("math.OC cs.CL")
            .published("2026-11-02")
            .with_stars(50, "2026-11-02T00:00:01Z"),
        a_paper("2611.00003")
            .titled("Gamma sparse")
            .in_categories("stat.ML")
            .published("2026-11-03"),
    ])
    .await
}

#[tokio::test]
async fn adding_a_bookmark_twice_adds_it_once() {
    let library = three().await;
    let (store, reader) = (&library.store, library.reader(1).await);
    assert!(set_bookmark(store, reader, "2611.00001", true, later(0)).await);
    assert!(set_bookmark(store, reader, "2611.00002", true, later(1)).await);
    assert!(set_bookmark(store, reader, "2611.00001", true, later(2)).await);
    assert_eq!(bookmarks(store, reader, &[]).await, ["2611.00002", "2611.00001"]);
    assert_eq!(store.bookmark_count(reader).await.expect("a count"), 2);
}

#[tokio::test]
async fn bookmarks_of_the_same_second_keep_the_order_in_which_they_were_added() {
    let library = three().await;
    let (store, reader) = (&library.store, library.reader(1).await);
    for name in ["2611.00003", "2611.00001", "2611.00002"] {
        set_bookmark(store, reader, name, true, later(0)).await;
    }
    assert_eq!(
        bookmarks(store, reader, &[]).await,
        ["2611.00002", "2611.00001", "2611.00003"]
    );
}

#[tokio::test]
async fn a_removed_bookmark_is_in_no_list() {
    let library = three().await;
    let (store, reader) = (&library.store, library.reader(1).await);
    set_bookmark(store, reader, "2611.00001", true, later(0)).await;
    set_bookmark(store, reader, "2611.00001", false, later(1)).await;
    set_bookmark(store, reader, "2611.00001", false, later(2)).await;
    assert_eq!(bookmarks(store, reader, &[]).await, Vec::<String>::new());
    assert_eq!(store.bookmark_count(reader).await.expect("a count"), 0);
    assert_eq!(store.all_bookmarks(reader).await.expect("bookmarks").len(), 0);
    assert!(
        !store
            .paper(&key("2611.00001"), Some(reader))
            .await
            .expect("answer")
            .expect("paper")
            .card
            .bookmarked
    );
    let page = store
        .list(&listing(&[("sort", "new")]), None, Some(reader), now())
        .await
        .expect("page");
    assert!(
        page.cards.iter().all(|card| !card.bookmarked),
        "its card is not bookmarked"
    );
}

#[tokio::test]
async fn within_an_hour_undo_restores_the_place_of_a_bookmark() {
    let library = three().await;
    let (store, reader) = (&library.store, library.reader(1).await);
    for (minute, name) in ["2611.00001", "2611.00002", "2611.00003"].into_iter().enumerate() {
        set_bookmark(store, reader, name, true, later(minute as i64)).await;
    }
    set_bookmark(store, reader, "2611.00002", false, later(10)).await;
    set_bookmark(store, reader, "2611.00002", true, later(70)).await;
    assert_eq!(
        bookmarks(store, reader, &[]).await,
        ["2611.00003", "2611.00002", "2611.00001"],
        "within the hour"
    );
    set_bookmark(store, reader, "2611.00002", false, later(100)).await;
    set_bookmark(store, reader, "2611.00002", true, later(161)).await;
    assert_eq!(
        bookmarks(store, reader, &[]).await,
        ["2611.00002", "2611.00003", "2611.00001"],
        "after an hour it is a new bookmark"
    );
}

#[tokio::test]
async fn words_and_filters_narrow_the_bookmarks_only() {
    let library = three().await;
    let (store, reader) = (&library.store, library.reader(1).await);
    set_bookmark(store, reader, "2611.00001", true, later(0)).await;
    set_bookmark(store, reader, "2611.00002", true, later(1)).await;
    for (query, found) in [
        (&[("q", "sparse")][..], &["2611.00001"][..]),
        (&[("q", "-sparse")], &["2611.00002"]),
        (&[("q", "gamma")], &[]),
        (&[("category", "cs")], &["2611.00002", "2611.00001"]),
        (&[("category", "cs.LG")], &["2611.00001"]),
        (&[("q", "cat:math cat:cs")], &["2611.00002"]),
        (&[("q", "-cat:math")], &["2611.00001"]),
        (&[("has", "code")], &["2611.00001"]),
        (&[("min_upvotes", "9")], &["2611.00001"]),
        (&[("min_stars", "50")], &["2611.00002"]),
        (&[("from", "2026-11-02")], &["2611.00002"]),
        (&[("to", "2026-11-01"), ("sort", "stars")], &["2611.00001"]),
        (&[("q", "NEAR( \"")], &[]),
    ] {
        assert_eq!(bookmarks(store, reader, query).await, found, "{query:?}");
    }
}

#[tokio::test]
async fn a_long_list_continues_after_the_last_page_even_with_equal_times() {
    let papers: Vec<_> = (1..=60).map(|n| a_paper(&format!("2611.{n:05}"))).collect();
    let library = Library::of(&papers).await;
    let (store, reader) = (&library.store, library.reader(1).await);
    for n in 1..=60 {
        set_bookmark(store, reader, &format!("2611.{n:05}"), true, later(n / 30)).await;
    }
    let names = bookmarks(store, reader, &[]).await;
    let expected: Vec<String> = (1..=60).rev().map(|n| format!("2611.{n:05}")).collect();
    assert_eq!(names, expected);
    assert_eq!(
        store
            .all_bookmarks(reader)
            .await
            .expect("bookmarks")
            .iter()
            .map(|card| card.key.to_string())
            .collect::<Vec<_>>(),
        expected
    );
}

#[tokio::test]
async fn readers_do_not_see_each_others_bookmarks() {
    let library = three().await;
    let (store, ada, emmy) = (&library.store, library.reader(1).await, library.reader(2).await);
    set_bookmark(store, ada, "2611.00001", true, now()).await;
    set_bookmark(store, emmy, "2611.00002", true, now()).await;
    set_bookmark(store, emmy, "2611.00001", false, now()).await;
    assert_eq!(bookmarks(store, ada, &[]).await, ["2611.00001"]);
    assert_eq!(bookmarks(store, emmy, &[]).await, ["2611.00002"]);
    assert!(
        !store
            .paper(&key("2611.00001"), Some(emmy))
            .await
            .expect("answer")
            .expect("paper")
            .card
            .bookmarked
    );
    assert_eq!(store.reader(&[1; 32]).await.expect("answer"), Some(ada));
    assert_eq!(store.reader(&[9; 32]).await.expect("answer"), None);
}

#[tokio::test]
async fn an_unknown_paper_cannot_be_bookmarked() {
    let library = three().await;
    let reader = library.reader(1).await;
    assert!(!set_bookmark(&library.store, reader, "2611.99999", true, now()).await);
    assert!(!set_bookmark(&library.store, reader, "bs-0123456789ab", false, now()).await);
    assert_eq!(library.number("select count(*) from bookmarks").await, 0);
}

/// Byte 18 of the file is its write version. SQLite opens a file with an unknown version for reading only
/// (<https://www.sqlite.org/fileformat2.html#file_format_version_numbers>). Unlike
/// permissions, this also stops root.
fn set_write_version(path: &Path, version: u8) {
    let mut bytes = std::fs::read(path).expect("the database");
    assert!(bytes.starts_with(b"SQLite format 3\0"));
    bytes[18] = version;
    std::fs::write(path, bytes).expect("written");
}

#[tokio::test]
async fn a_read_only_database_refuses_writes_and_loses_nothing() {
    let library = three().await;
    let reader = library.reader(1).await;
    set_bookmark(&library.store, reader, "2611.00001", true, now()).await;
    library.store.close().await;
    set_write_version(&library.path, 9);
    let store = Store::open(&library.path).await.expect("readable");
    let refused = store.set_bookmark(reader, &key("2611.00002"), true, now()).await;
    assert!(matches!(refused, Err(StoreError::ReadOnly(_))), "{refused:?}");
    let refused = store.add_reader(&[3; 32], 0).await;
    assert!(matches!(refused, Err(StoreError::ReadOnly(_))), "{refused:?}");
    let refused = store.save_papers(&[a_paper("2611.00009")], now()).await;
    assert!(matches!(refused, Err(StoreError::ReadOnly(_))), "{refused:?}");
    assert_eq!(bookmarks(&store, reader, &[]).await, ["2611.00001"]);
    assert_eq!(
        testing::walk(&store, &listing(&[("sort", "new")]), now())
            .await
            .len(),
        3
    );
    store.close().await;
    set_write_version(&library.path, 2);
    let store = Store::open(&library.path).await.expect("writable");
    assert!(set_bookmark(&store, reader, "2611.00002", true, now()).await);
    assert_eq!(bookmarks(&store, reader, &[]).await, ["2611.00002", "2611.00001"]);
    store.close().await;
}

const SMALL_DISK: &str = "BROADSHEET_TEST_SMALL_DISK";

/// A disk that is really full: this test runs again in a mount namespace with a file system of 3 MB.
#[tokio::test]
async fn a_full_disk_refuses_writes_and_loses_nothing() {
    if let Some(folder) = std::env::var_os(SMALL_DISK) {
        return on_a_small_disk(Path::new(&folder)).await;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let script = "mount -t tmpfs -o size=3m tmpfs \"$1\" || exit 77; exec \"$2\" --exact a_full_disk_refuses_writes_and_loses_nothing --nocapture";
    let again = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(folder.path())
        .arg(std::env::current_exe().expect("this program"))
        .env(SMALL_DISK, folder.path())
        .output();
    match again {
        Ok(output) if output.status.success() => {}
        Ok(output) if !String::from_utf8_lossy(&output.stdout).contains("running 1 test") => {
            println!(
                "skipped: no small file system here: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(output) => panic!(
            "{}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) => println!("skipped: no unshare: {error}"),
    }
}

async fn on_a_small_disk(folder: &Path) {
    let path = folder.join("library.db");
    let store = Store::open(&path).await.expect("a new database");
    let papers: Vec<_> = (1..=20).map(|n| a_paper(&format!("2611.{n:05}"))).collect();
    store.save_papers(&papers, now()).await.expect("saved");
    let reader = store.add_reader(&[1; 32], 0).await.expect("a reader");
    set_bookmark(&store, reader, "2611.00001", true, now()).await;
    // Fills the disk to its last byte.
    let mut ballast = std::fs::File::create(folder.join("ballast")).expect("a file");
    let full = std::io::copy(&mut std::io::repeat(7), &mut ballast).expect_err("the disk is small");
    assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    // The write-ahead log may have room in pages that it already has.
    let mut refused = None;
    let mut taken = 1;
    for n in 2..=20 {
        match store
            .set_bookmark(reader, &key(&format!("2611.{n:05}")), true, now())
            .await
        {
            Ok(_) => taken += 1,
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
    }
    assert!(
        matches!(refused, Some(StoreError::DiskFull(_))),
        "{refused:?} after {taken}"
    );
    // The first bookmark of a visitor begins with a new reader.
    for n in 2..=200 {
        match store.add_reader(&[n; 32], 0).await {
            Err(error) => {
                assert!(matches!(error, StoreError::DiskFull(_)), "{error:?}");
                break;
            }
            Ok(_) => assert!(
                store.reader(&[n; 32]).await.expect("an answer").is_some(),
                "a reader who was answered is stored"
            ),
        }
    }
    assert_eq!(
        store.bookmark_count(reader).await.expect("a count"),
        taken,
        "confirmed bookmarks are stored, refused ones are not"
    );
    drop(ballast);
    std::fs::remove_file(folder.join("ballast")).expect("removed");
    assert!(
        set_bookmark(&store, reader, "2611.00020", true, now()).await,
        "with room again it goes on"
    );
    store.close().await;
}
