//! Files that are truncated or damaged.

use testing::Library;

use crate::helpers::{ARXIV, Files, HUGGING_FACE, OUTER, counts, gz, import_file, many, zst};

/// Whether a reason says that the file ends too early.
fn names_the_end(reason: &str) -> bool {
    [
        "the file cannot be read any further",
        "the file ends here",
        "the file ends inside this record",
    ]
    .iter()
    .any(|words| reason.contains(words))
}

#[tokio::test]
async fn a_truncated_compressed_file_gives_the_records_before_its_end() {
    let (files, lines) = (Files::new(), many(1_500));
    for (name, packed) in [("x.zst", zst(&lines)), ("x.gz", gz(&lines))] {
        let library = Library::new().await;
        let cut = files.write(name, &packed[..packed.len() * 2 / 3]);
        let (summary, rejects) = import_file(&library.store, &cut).await;
        assert!((600..1_400).contains(&summary.imported), "{name}: {summary:?}");
        assert_eq!(rejects.len(), 1, "{rejects:?}");
        assert_eq!(
            rejects[0].0,
            summary.imported + 1,
            "{name}: the line at which it ends"
        );
        assert!(names_the_end(&rejects[0].1), "{rejects:?}");
        // The complete file adds the remaining records.
        let whole = files.write(name, &packed);
        let (again, _) = import_file(&library.store, &whole).await;
        assert_eq!(
            (again.unchanged, again.imported),
            (summary.imported, 1_500 - summary.imported),
            "{name}"
        );
    }
    // Damage in the middle is not a crash.
    let mut damaged = zst(&lines);
    let middle = damaged.len() / 2;
    damaged[middle..middle + 64].fill(0x5a);
    let library = Library::new().await;
    let (summary, rejects) = import_file(&library.store, &files.write("damaged.zst", &damaged)).await;
    assert!(summary.accepted() > 0 && !rejects.is_empty(), "{summary:?}");
}

#[tokio::test]
async fn a_truncated_array_gives_the_records_before_its_end() {
    let library = Library::new().await;
    let file = format!("[{HUGGING_FACE},\n{OUTER},\n{}", &ARXIV[..100]);
    let (summary, rejects) =
        import_file(&library.store, &Files::new().write("x.json", file.as_bytes())).await;
    assert_eq!(summary, counts(2, 0, 0, 1));
    assert!(rejects[0].0 == 3 && names_the_end(&rejects[0].1), "{rejects:?}");
}
