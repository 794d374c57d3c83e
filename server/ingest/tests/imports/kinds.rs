//! Kinds of records and files.

use ingest::import::{ImportError, Input, Progress, import};
use store::Summary;
use testing::{Library, at, key, now};

use crate::helpers::{ARXIV, EXPORTED, Files, HUGGING_FACE, OUTER, counts, exported, gz, import_file, zst};

/// The same four records in files of every kind.
fn files_of_every_kind() -> [(&'static str, Vec<u8>); 9] {
    let records = [HUGGING_FACE, OUTER, ARXIV, EXPORTED];
    let lines = records.join("\n").into_bytes();
    let windows = format!("\u{feff}{}\r\n\r\n", records.join("\r\n")).into_bytes();
    let array = format!(" [\n{}\n]\n", records.join(" ,\n ")).into_bytes();
    let two_frames = [
        zst(format!("{HUGGING_FACE}\n{OUTER}\n{ARX}", ARX = &ARXIV[..20]).as_bytes()),
        zst(format!("{}\n{EXPORTED}\n", &ARXIV[20..]).as_bytes()),
    ]
    .concat();
    let two_members = [
        gz(format!("{HUGGING_FACE}\n{OUTER}\n").as_bytes()),
        gz(format!("{ARXIV}\n{EXPORTED}").as_bytes()),
    ]
    .concat();
    [
        ("lines.jsonl", lines.clone()),
        ("windows.jsonl", windows),
        ("array.json", array.clone()),
        ("lines.jsonl.gz", gz(&lines)),
        ("lines.jsonl.zst", zst(&lines)),
        ("array.json.zst", zst(&array)),
        ("two-frames.zst", two_frames),
        ("two-members.gz", two_members),
        ("misnamed.txt", zst(&lines)),
    ]
}

#[tokio::test]
async fn every_kind_of_record_and_of_file_gives_the_same_library() {
    let files = Files::new();
    let mut libraries = Vec::new();
    for (name, bytes) in files_of_every_kind() {
        let library = Library::new().await;
        let path = files.write(name, &bytes);
        assert_eq!(
            import_file(&library.store, &path).await,
            (counts(4, 0, 0, 0), vec![]),
            "{name}"
        );
        assert_eq!(
            import_file(&library.store, &path).await,
            (counts(0, 0, 4, 0), vec![]),
            "{name} again"
        );
        library.assert_sound().await;
        libraries.push(exported(&library.store).await);
    }
    assert!(libraries.windows(2).all(|pair| pair[0] == pair[1]));
    let [daily, outer, arxiv, titled] = libraries[0].as_slice() else {
        panic!("four papers")
    };
    assert_eq!(
        (
            daily.title.as_str(),
            daily.authors.as_slice(),
            daily.code_url.as_deref()
        ),
        (
            "A daily paper",
            ["Ada Lovelace".into()].as_slice(),
            Some("https://github.com/a/b")
        )
    );
    assert_eq!(
        daily.upvotes.map(|seen| (seen.at, seen.total)),
        Some((at("2026-11-21T10:01:31Z"), 7))
    );
    assert_eq!(daily.stars.map(|seen| seen.total), Some(31));
    assert_eq!((outer.key(), outer.num_comments), (key("2611.00002"), Some(0)));
    assert_eq!(
        (
            arxiv.authors.len(),
            arxiv.version,
            arxiv.published.map(|date| date.to_string()).as_deref()
        ),
        (3, Some(1), Some("1999-01-04T10:00:00Z"))
    );
    assert_eq!(
        (titled.arxiv_id.as_ref(), titled.abstract_text.as_str()),
        (None, "Cut…")
    );
}

#[tokio::test]
async fn each_reject_has_its_line_and_its_reason() {
    let mut file = Vec::new();
    for line in [
        HUGGING_FACE.as_bytes(),
        b"",
        b"{\"id\":\"2611.00003\",\"abstract\":\"no title\"}",
        b"{\"id\":\"2611.00004\",\"title\":\"bad \xff\xfe utf-8\",\"abstract\":\"x\"}",
        b"{\"id\":\"2611.00005\",\"title\":\"cut off",
        b"null",
        b"[1,2]",
        b"\0\0\0",
        b"{\"hello\":\"world\"}",
        b"{\"id\":\"../../etc/passwd\",\"title\":\"x\",\"abstract\":\"y\"}",
        ARXIV.as_bytes(),
    ] {
        file.extend_from_slice(line);
        file.push(b'\n');
    }
    file.extend_from_slice(&[b"[".repeat(100_000), b"\n".to_vec()].concat());
    let library = Library::new().await;
    let (summary, rejects) = import_file(&library.store, &Files::new().write("x.jsonl", &file)).await;
    assert_eq!(summary, counts(2, 0, 0, 9));
    let expected = [
        (3, "no title"),
        (4, "not JSON"),
        (5, "not JSON"),
        (6, "not a JSON object"),
        (7, "not a JSON object"),
        (8, "not JSON"),
        (9, "kind of record"),
        (10, "passwd"),
        (12, "not JSON"),
    ];
    for ((line, reason), (expected_line, words)) in rejects.iter().zip(expected) {
        assert!(
            *line == expected_line && reason.contains(words),
            "{line}: {reason}, not {expected_line}: {words}"
        );
    }
}

#[tokio::test]
async fn a_malformed_element_of_an_array_does_not_affect_the_others() {
    let file = format!(
        "[{HUGGING_FACE}, {{\"id\": }}, \"text\", {{\"title\":\"back\\\\\"}}, 17,,\n{OUTER}, {{\"a\\\nb\"}}, {{\"a\\\n\"}}, {ARXIV}]"
    );
    let library = Library::new().await;
    let (summary, rejects) =
        import_file(&library.store, &Files::new().write("x.json", file.as_bytes())).await;
    assert_eq!(summary, counts(3, 0, 0, 6), "{rejects:?}");
}

#[tokio::test]
async fn an_empty_file_is_valid_and_a_missing_one_is_an_error() {
    let (library, files) = (Library::new().await, Files::new());
    for (name, bytes) in [
        ("empty", &b""[..]),
        ("blank", b" \n\n"),
        ("empty.zst", &zst(b"")),
        ("empty.gz", &gz(b"")),
        ("empty.json", b"[]"),
    ] {
        assert_eq!(
            import_file(&library.store, &files.write(name, bytes)).await,
            (Summary::default(), vec![]),
            "{name}"
        );
    }
    for path in [files.0.path().join("missing"), files.0.path().to_owned()] {
        let error = import(
            &library.store,
            &Input::File(path.clone()),
            now(),
            &Progress::default(),
            |_| {},
            |_| {},
        )
        .await
        .expect_err("no file");
        assert!(
            matches!(&error, ImportError::Open { .. })
                && error.to_string().contains(&path.display().to_string()),
            "{error}"
        );
    }
}
