//! A job computes the plain texts and name parts of papers from an earlier release.

mod common;

use common::run_the_job;
use domain::paper::PlainText;
use testing::{Library, PaperBuilder, a_paper};

/// Papers as an earlier release stored them: without plain texts, with names as they were printed.
async fn library_of_an_earlier_release() -> Library {
    let papers: Vec<_> = (0..450)
        .map(|n| {
            a_paper(&format!("2611.{n:05}"))
                .titled(&format!("Schr\\\"odinger equation number {n}"))
                .with_abstract("Plain words.")
                .by(&["Ada Lovelace", "Fred Bloggs", "Jr.", "et al."])
        })
        .collect();
    let library = Library::of(&papers).await;
    sqlx::raw_sql(
        "update plain_texts set title = null, abstract = null; update paper_authors set sort_key = null, parts = null;
         delete from settings where name = 'plain_texts'",
    )
    .execute(&mut library.beside().await)
    .await
    .expect("as before");
    library
}

#[tokio::test]
async fn the_job_computes_what_is_missing_and_loses_nothing() {
    let library = library_of_an_earlier_release().await;
    // An earlier run was interrupted after some papers.
    sqlx::raw_sql(
        "update plain_texts set title = 'Schrödinger equation', abstract = '' where paper_id < 100",
    )
    .execute(&mut library.beside().await)
    .await
    .expect("some are made");
    run_the_job(&library).await;
    let count = async |sql| library.number(sql).await;
    assert_eq!(
        count("select count(*) from plain_texts where title is null or abstract is null").await,
        0
    );
    assert_eq!(
        count("select count(*) from paper_authors where sort_key is null").await,
        0
    );
    let card = library.card("2611.00449").await;
    assert_eq!(
        card.plain_title.of(&card.title),
        Some("Schrödinger equation number 449")
    );
    assert_eq!(card.plain_abstract.column(), Some(""), "the source text is plain");
    assert_eq!(card.authors, ["Ada Lovelace", "Fred Bloggs Jr."]);
    assert_eq!(card.author_count, 2);
    library.assert_sound().await;
    for (query, found) in [
        ("au:\"Fred Bloggs Jr.\"", 1),
        ("au:\"Bloggs, Fred\"", 1),
        ("au:\"Fred Bloggs\"", 0),
        ("au:al", 0),
    ] {
        let found_now = library
            .walk_url(&[("q", query), ("from", "2026-11-01")])
            .await
            .len();
        assert_eq!(found_now.min(1), found, "{query}");
    }
}

#[tokio::test]
async fn plain_texts_from_other_rules_are_computed_again() {
    let library = library_of_an_earlier_release().await;
    run_the_job(&library).await;
    sqlx::raw_sql("update settings set value = x'0000000000000000' where name = 'plain_texts';
         update plain_texts set title = 'of other rules'; update paper_authors set sort_key = 'of other rules'")
        .execute(&mut library.beside().await)
        .await
        .expect("made by other rules");
    run_the_job(&library).await;
    let others = library
        .number("select count(*) from plain_texts where title = 'of other rules'")
        .await;
    assert_eq!(others, 0);
    let others = library
        .number("select count(*) from paper_authors where sort_key = 'of other rules'")
        .await;
    assert_eq!(others, 0);
}

#[tokio::test]
async fn a_changed_title_replaces_its_plain_form() {
    let library = library_of_an_earlier_release().await;
    run_the_job(&library).await;
    let mut paper = a_paper("2611.00001")
        .titled("Another title")
        .with_abstract("Plain words.");
    paper.version = Some(2);
    library.save_papers(&[paper]).await;
    let card = library.card("2611.00001").await;
    assert_eq!(
        card.plain_title.of(&card.title),
        None,
        "it is not that of the earlier title"
    );
    assert_eq!(
        card.plain_abstract.column(),
        Some(""),
        "the abstract has not changed"
    );
    run_the_job(&library).await;
    let card = library.card("2611.00001").await;
    assert_eq!(card.plain_title.of(&card.title), Some("Another title"));
}

#[tokio::test]
async fn authors_are_found_before_the_job_has_run() {
    let library = library_of_an_earlier_release().await;
    let papers = [
        a_paper("2611.10000").by(&["Łukasz Kaiser"]),
        a_paper("2611.10001").by(&["Kaiser Wilhelm"]),
    ];
    library.save_papers(&papers).await;
    sqlx::raw_sql("update paper_authors set sort_key = null")
        .execute(&mut library.beside().await)
        .await
        .expect("as before");
    for query in ["au:\"Łukasz Kaiser\"", "au:\"Kaiser, Łukasz\"", "au:Kaiser_Ł"] {
        let found = library.walk_url(&[("q", query)]).await;
        assert!(found.contains(&"2611.10000".to_owned()), "{query}: {found:?}");
    }
    let others = library
        .walk_url(&[("q", "-au:\"Łukasz Kaiser\""), ("sort", "new")])
        .await;
    assert_eq!(others.len(), 451);
}

#[tokio::test]
async fn a_paper_that_changes_while_the_job_runs_keeps_its_new_text() {
    let library = library_of_an_earlier_release().await;
    let missing = library.store.missing_plain_texts(0, 1).await.expect("read");
    let mut changed = a_paper("2611.00000").titled("Another title");
    changed.version = Some(2);
    library.save_papers(&[changed]).await;
    let plain = PlainText::Own("Of the first title".to_owned());
    let texts: Vec<_> = missing
        .into_iter()
        .map(|source| (source, plain.clone(), plain.clone()))
        .collect();
    library.store.save_plain_texts(&texts).await.expect("saved");
    assert_eq!(library.card("2611.00000").await.plain_title, PlainText::Missing);
}
