//! Records, files, and what the tests do with them.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use domain::Paper;
use ingest::import::{Input, Progress, Reject, import};
use store::{Store, Summary};
use tempfile::TempDir;
use testing::{PaperBuilder, a_paper, now};

pub const HUGGING_FACE: &str = r#"{"id":"2611.00001","title":"A daily\n  paper","summary":"Its summary, code: https://github.com/a/b.","authors":[{"name":"Ada Lovelace"},{"name":"H","hidden":true}],"publishedAt":"2026-11-20T00:00:00.000Z","submittedOnDailyAt":"2026-11-21T08:25:31.891Z","upvotes":7,"numComments":2,"githubStars":31,"_captured_at":"2026-11-21T10:01:31Z"}"#;
pub const OUTER: &str = r#"{"paper":{"id":"2611.00002","title":"Another daily paper","summary":"S.","upvotes":1,"_captured_at":"2026-11-21T10:01:31Z"},"publishedAt":"2026-11-21T00:00:00.000Z","title":"Another daily paper","numComments":0,"isAuthorParticipating":false}"#;
pub const ARXIV: &str = r#"{"id":"hep-th/9901001","submitter":"X","authors":"A. One, B. Two and C. Three","title":"An old\n  paper","comments":null,"journal-ref":"Nucl. Phys. B 1 (1999)","doi":"10.1016/x","report-no":"R-1","categories":"hep-th gr-qc","license":null,"abstract":"  Strings.\n","versions":[{"version":"v1","created":"Mon, 4 Jan 1999 10:00:00 GMT"}],"update_date":"2009-11-07","authors_parsed":[["One","A.",""],["Two","B.",""],["Three","C.",""]]}"#;
pub const EXPORTED: &str =
    r#"{"source":"sample","title":"Known by title only","abstract":"Cut…","categories":["cs.LG"]}"#;

pub struct Files(pub TempDir);

impl Files {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }
}

pub fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("packed")
}

pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).expect("packed");
    packer.finish().expect("packed")
}

/// Imports a file; returns the summary, and the line and the reason of each reject.
pub async fn import_file(store: &Store, path: &Path) -> (Summary, Vec<(u64, String)>) {
    let (progress, mut rejects, mut last) = (Progress::default(), Vec::new(), Summary::default());
    let mut on_reject = |reject: Reject| rejects.push((reject.line, reject.reason));
    let summary = import(
        store,
        &Input::File(path.to_owned()),
        now(),
        &progress,
        |summary| last = *summary,
        &mut on_reject,
    )
    .await
    .expect("imported");
    assert_eq!(last, summary, "the summary after the last batch");
    assert_eq!(summary.rejected as usize, rejects.len());
    assert_eq!(progress.size(), std::fs::metadata(path).expect("a file").len());
    assert!(progress.read() <= progress.size());
    (summary, rejects)
}

pub fn counts(imported: u64, updated: u64, unchanged: u64, rejected: u64) -> Summary {
    Summary {
        imported,
        updated,
        unchanged,
        rejected,
    }
}

pub async fn exported(store: &Store) -> Vec<Paper> {
    let (mut papers, mut after) = (Vec::new(), 0);
    loop {
        // A small page, so that there is more than one.
        let page = store.export_after(after, 50).await.expect("exported");
        let Some((last, _)) = page.last() else {
            return papers;
        };
        after = *last;
        papers.extend(page.into_iter().map(|(_, paper)| paper));
    }
}

pub fn json_lines(papers: &[Paper]) -> Vec<u8> {
    papers
        .iter()
        .flat_map(|paper| [serde_json::to_vec(paper).expect("json"), b"\n".to_vec()].concat())
        .collect()
}

/// Records that compress badly, so that a compressed file has many blocks.
pub fn many(count: usize) -> Vec<u8> {
    let mut dice = testing::Dice(3);
    let papers: Vec<Paper> = (0..count)
        .map(|n| {
            let words: Vec<String> = (0..40).map(|_| format!("{:x}", dice.roll(u64::MAX))).collect();
            a_paper(&format!("26{:02}.{:05}", 1 + n / 50_000, n % 50_000)).with_abstract(&words.join(" "))
        })
        .collect();
    json_lines(&papers)
}

/// Imports records, one per line, into a new library. All must be accepted. Returns the papers as they are exported.
pub async fn papers_of(records: &[&str]) -> Vec<Paper> {
    let library = testing::Library::new().await;
    let path = Files::new();
    let path = path.write("x.jsonl", records.join("\n").as_bytes());
    let (summary, rejects) = import_file(&library.store, &path).await;
    assert_eq!(rejects, vec![], "{records:?}");
    assert_eq!(summary.accepted(), records.len() as u64, "{records:?}");
    assert_eq!(
        import_file(&library.store, &path).await.0,
        counts(0, 0, records.len() as u64, 0),
        "imported again: {records:?}"
    );
    library.assert_sound().await;
    exported(&library.store).await
}

/// The reason why a file is not imported at all.
pub async fn refusal(store: &Store, path: &Path) -> String {
    import(
        store,
        &Input::File(path.to_owned()),
        now(),
        &Progress::default(),
        |_| {},
        |_| {},
    )
    .await
    .expect_err(&format!("{} is refused", path.display()))
    .to_string()
}

/// A zip archive of these files; a name that ends with a slash is a folder.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut packer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = zip::write::SimpleFileOptions::default();
        match name.strip_suffix('/') {
            Some(folder) => packer.add_directory(folder, options).expect("a folder"),
            None => {
                packer.start_file(*name, options).expect("a file");
                packer.write_all(bytes).expect("packed");
            }
        }
    }
    packer.finish().expect("packed").into_inner()
}
