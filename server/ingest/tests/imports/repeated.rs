//! Imports that are repeated, and exports that are imported.

use domain::{Listing, Paper};
use ingest::import::{Input, Progress, import};
use testing::{Library, PaperBuilder, a_paper, a_titled_paper, at, now};

use crate::helpers::{ARXIV, Files, HUGGING_FACE, OUTER, counts, exported, import_file, json_lines, many};

#[tokio::test]
async fn an_interrupted_import_can_be_repeated() {
    let (files, lines) = (Files::new(), many(1_200));
    let library = Library::new().await;
    let path = files.write("x.jsonl", &lines);
    let (progress, input) = (Progress::default(), Input::File(path.clone()));
    // Stops after the first batch, as if the program were killed.
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let mut stop = Some(stop);
    let running = import(
        &library.store,
        &input,
        now(),
        &progress,
        |_| stop.take().map_or((), |stop| stop.send(()).unwrap_or(())),
        |_| {},
    );
    tokio::select! {
        biased;
        _ = stopped => {}
        _ = running => panic!("it was to be stopped"),
    }
    let before = library.number("select count(*) from papers").await as u64;
    assert!((500..1_200).contains(&before), "{before}");
    let (summary, _) = import_file(&library.store, &path).await;
    assert_eq!(summary, counts(1_200 - before, 0, before, 0));
    library.assert_sound().await;
}

#[tokio::test]
async fn importing_a_file_again_rewrites_no_authors() {
    let (files, library) = (Files::new(), Library::new().await);
    let record = |parsed: &str| {
        format!(
            r#"{{"id": "2611.00001", "title": "T", "abstract": "A", "categories": "cs.LG", "authors_parsed": {parsed}}}"#
        )
    };
    let path = files.write(
        "x.jsonl",
        record(r#"[["García Márquez", "Gabriel", ""], ["Lovelace", "Ada", ""]]"#).as_bytes(),
    );
    let (summary, _) = import_file(&library.store, &path).await;
    assert_eq!(summary, counts(1, 0, 0, 0));
    sqlx::raw_sql(
        "create table rewritten (paper_id integer);
         create trigger rewritten_authors after delete on paper_authors
         begin insert into rewritten values (old.paper_id); end",
    )
    .execute(&mut library.beside().await)
    .await
    .expect("a trigger");
    let rewritten = async || library.number("select count(*) from rewritten").await;
    let (summary, _) = import_file(&library.store, &path).await;
    assert_eq!(summary, counts(0, 0, 1, 0));
    assert_eq!(rewritten().await, 0);
    // Other parts of the same printed name are stored.
    let path = files.write(
        "y.jsonl",
        record(r#"[["Márquez", "Gabriel García", ""], ["da Lovelace", "A", ""]]"#).as_bytes(),
    );
    import_file(&library.store, &path).await;
    assert_eq!(rewritten().await, 2);
}

#[tokio::test]
async fn an_export_imported_into_a_new_library_gives_the_same_papers() {
    let library = Library::of_the_sample().await;
    let files = Files::new();
    import_file(
        &library.store,
        &files.write("x.jsonl", [HUGGING_FACE, OUTER, ARXIV].join("\n").as_bytes()),
    )
    .await;
    library
        .save_papers(&[
            a_titled_paper("Known by title").told_by(domain::paper::Source::HuggingFace),
            Paper {
                version: Some(3),
                updated: "2026-11-20".parse().ok(),
                comments: Some("line one\nline two \u{1f980} \"quoted\" \\ \u{0} end".into()),
                doi: Some("10.1/x".into()),
                journal_ref: Some("J".into()),
                license: Some("http://creativecommons.org/licenses/by/4.0/".into()),
                project_page: Some("https://example.org/?a=b&c".into()),
                hf_submitted_at: Some(at("2026-11-20T08:00:00Z")),
                num_comments: Some(0),
                ..a_paper("2611.00009")
                    .published("2026-11-19")
                    .by(&["Ada", "Emmy"])
                    .in_categories("cs.LG math.OC")
                    .with_code("https://gitlab.com/a/b")
            }
            .with_upvotes(0, "2026-11-21T08:00:00Z")
            .with_stars(4, "2026-11-21T08:00:00Z"),
        ])
        .await;
    library
        .save_papers(&[a_paper("2611.00009")
            .with_upvotes(8, "2026-11-22T08:00:00Z")
            .with_stars(3, "2026-11-23T08:00:00Z")])
        .await;
    let papers = exported(&library.store).await;
    assert_eq!(papers.len(), 119 + 5);
    let path = files.write("export.jsonl", &json_lines(&papers));
    let second = Library::new().await;
    assert_eq!(
        import_file(&second.store, &path).await,
        (counts(124, 0, 0, 0), vec![])
    );
    let again = exported(&second.store).await;
    for (before, after) in papers.iter().zip(&again) {
        assert_eq!(before, after);
    }
    assert_eq!(
        import_file(&second.store, &path).await,
        (counts(0, 0, 124, 0), vec![])
    );
    assert_eq!(
        import_file(&library.store, &path).await,
        (counts(0, 0, 124, 0), vec![]),
        "into the library it came from"
    );
    for name in ["/?sort=new", "/?sort=top"] {
        let listing = Listing::read([("sort", &name[7..])]).listing;
        assert_eq!(
            library.walk(&listing).await,
            second.walk(&listing).await,
            "{name}"
        );
    }
    second.assert_sound().await;
}
