//! Zip archives.

use std::{io::Write, process::Command};

use ingest::import::{Input, Progress, import};
use testing::{Library, now};

use crate::helpers::{
    ARXIV, EXPORTED, Files, HUGGING_FACE, OUTER, counts, exported, gz, import_file, many, refusal, zip,
};

#[tokio::test]
async fn the_files_of_an_archive_are_imported() {
    let lines = [HUGGING_FACE, OUTER, ARXIV, EXPORTED].join("\n");
    let array = format!("[{HUGGING_FACE},{OUTER}]");
    let files = Files::new();
    for (name, archive) in [
        ("one file", zip(&[("rows.jsonl", lines.as_bytes())])),
        (
            "any name",
            zip(&[("arxiv-metadata-oai-snapshot", lines.as_bytes())]),
        ),
        (
            "folders",
            zip(&[
                ("data/", b""),
                ("data/2026/", b""),
                ("data/2026/a.json", array.as_bytes()),
                ("data/b.jsonl", ARXIV.as_bytes()),
                ("c.ndjson", EXPORTED.as_bytes()),
            ]),
        ),
        (
            "a file that is not data",
            zip(&[
                ("README.md", b"# Papers"),
                ("LICENSE", b"CC0"),
                ("__MACOSX/._rows.jsonl", b"\0\x05\x16\x07"),
                (".DS_Store", b"\0\0\0\x01Bud1"),
                ("data/rows.jsonl", lines.as_bytes()),
            ]),
        ),
        (
            "a compressed file",
            zip(&[("rows.jsonl.gz", &gz(lines.as_bytes()))]),
        ),
    ] {
        let library = Library::new().await;
        let path = files.write("archive", &archive);
        assert_eq!(
            import_file(&library.store, &path).await,
            (counts(4, 0, 0, 0), vec![]),
            "{name}"
        );
        assert_eq!(
            import_file(&library.store, &path).await.0,
            counts(0, 0, 4, 0),
            "{name} again"
        );
        assert_eq!(exported(&library.store).await.len(), 4, "{name}");
    }
}

#[tokio::test]
async fn a_reject_names_the_file_of_the_archive() {
    let archive = zip(&[
        ("a.jsonl", format!("{HUGGING_FACE}\nnull\n").as_bytes()),
        ("b\u{1b}[31m.jsonl", format!("{ARXIV}\n\n{{}}\n").as_bytes()),
        ("c.csv", b"id,title\n"),
        ("d.parquet", b"PAR1"),
    ]);
    let (library, path) = (Library::new().await, Files::new());
    let path = path.write("papers.zip", &archive);
    let mut described = Vec::new();
    let summary = import(
        &library.store,
        &Input::File(path),
        now(),
        &Progress::default(),
        |_| {},
        |reject| described.push(reject.describe("papers.zip")),
    )
    .await
    .expect("imported");
    assert_eq!(summary, counts(2, 0, 0, 4));
    for (line, begins) in described.iter().zip([
        "papers.zip/a.jsonl:2: not a JSON object",
        "papers.zip/b\\u{1b}[31m.jsonl:3: unrecognised kind",
        "papers.zip/c.csv: it is a table",
        "papers.zip/d.parquet: it is a Parquet file",
    ]) {
        assert!(line.starts_with(begins), "{line}");
    }
}

#[tokio::test]
async fn an_archive_without_readable_files_is_refused() {
    let (library, files) = (Library::new().await, Files::new());
    let mut encrypted = zip(&[("rows.jsonl", HUGGING_FACE.as_bytes())]);
    set_in_headers(&mut encrypted, 6, 8, &[1]);
    let mut unknown_method = zip(&[("rows.jsonl", HUGGING_FACE.as_bytes())]);
    set_in_headers(&mut unknown_method, 8, 10, &[97]);
    let mut bomb = zip(&[("rows.jsonl", HUGGING_FACE.as_bytes())]);
    // The header claims two gigabytes.
    set_in_headers(&mut bomb, 22, 24, &[0, 0, 0, 0x80]);
    let whole = zip(&[("rows.jsonl", &many(200))]);
    for (archive, words) in [
        (zip(&[]), ["JSON", "without"]),
        (
            zip(&[("folder/", b""), ("README", b"Hello")]),
            ["JSON", "without"],
        ),
        (
            zip(&[("data/papers.parquet", b"PAR1")]),
            ["data/papers.parquet", "Parquet"],
        ),
        (
            zip(&[("inner.zip", &zip(&[("a.jsonl", b"{}")]))]),
            ["inner.zip", "zip archive inside"],
        ),
        (encrypted, ["rows.jsonl", "encrypted"]),
        (unknown_method, ["rows.jsonl", "unpack"]),
        (bomb, ["200th", "bomb"]),
        (
            whole[..whole.len() - 40].to_vec(),
            ["damaged or incomplete", "download it again"],
        ),
        (
            whole[..whole.len() / 2].to_vec(),
            ["damaged or incomplete", "download it again"],
        ),
        (
            b"PK\x03\x04".to_vec(),
            ["damaged or incomplete", "download it again"],
        ),
    ] {
        let reason = refusal(&library.store, &files.write("papers.zip", &archive)).await;
        assert!(
            words.iter().all(|word| reason.contains(word)),
            "{words:?}: {reason}"
        );
        assert!(!reason.contains('\n'), "{reason}");
    }
}

/// Overwrites bytes of the local header and of the directory entry of an archive with one file (APPNOTE, sections 4.3.7
/// and 4.3.12).
fn set_in_headers(archive: &mut [u8], local: usize, central: usize, bytes: &[u8]) {
    let directory = archive
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .expect("a directory");
    archive[local..local + bytes.len()].copy_from_slice(bytes);
    archive[directory + central..directory + central + bytes.len()].copy_from_slice(bytes);
}

#[tokio::test]
async fn a_damaged_file_in_an_archive_still_gives_the_records_before_the_damage() {
    let lines = many(1_500);
    let mut archive = zip(&[("rows.jsonl", &lines), ("more.jsonl", ARXIV.as_bytes())]);
    let middle = archive.len() / 2;
    archive[middle..middle + 64].fill(0x5a);
    let library = Library::new().await;
    let (summary, rejects) = import_file(&library.store, &Files::new().write("x.zip", &archive)).await;
    assert!(summary.imported > 300 && !rejects.is_empty(), "{summary:?}");
    // The other file is not affected.
    assert_eq!(
        library
            .number("select count(*) from papers where key = 'hep-th/9901001'")
            .await,
        1
    );
}

#[tokio::test]
async fn an_archive_may_come_from_a_pipe() {
    let (files, archive) = (Files::new(), zip(&[("rows.jsonl", &many(600))]));
    let pipe = files.0.path().join("pipe");
    if !Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .is_ok_and(|status| status.success())
    {
        return println!("skipped: no mkfifo");
    }
    let end = pipe.clone();
    let writing = std::thread::spawn(move || {
        let mut pipe = std::fs::File::options().write(true).open(end).expect("a reader");
        pipe.write_all(&archive).expect("written");
    });
    let library = Library::new().await;
    let summary = import(
        &library.store,
        &Input::File(pipe),
        now(),
        &Progress::default(),
        |_| {},
        |reject| panic!("{reject:?}"),
    )
    .await
    .expect("imported");
    writing.join().expect("written");
    assert_eq!(summary, counts(600, 0, 0, 0));
}
