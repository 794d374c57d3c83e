//! Code links that an earlier release found in texts, and links of texts that have changed.

mod common;

use common::run_the_job;
use domain::{Paper, paper::CodeState};
use store::Repository;
use testing::{Library, PaperBuilder, a_paper, now};

const WRONG: &str = "https://github.com/ada/deep";
const RIGHT: &str = "https://github.com/ada/deep_engine";

/// A paper whose abstract names a repository with an escaped underscore.
fn with_escaped_link(id: &str) -> Paper {
    a_paper(id)
        .in_categories("cs.LG")
        .with_abstract(r"Code: https://github.com/ada/deep\_engine.")
}

/// A library in which an earlier release cut the links at the underscore and stored the stars of the wrong repository.
async fn library_of_an_earlier_release(papers: u32) -> Library {
    let papers = (1..=papers).map(|n| with_escaped_link(&format!("2611.{n:05}")));
    with_wrong_links(papers.collect()).await
}

async fn with_wrong_links(papers: Vec<Paper>) -> Library {
    let papers: Vec<_> = papers
        .into_iter()
        .map(|paper| paper.with_stars(999, "2026-11-22T10:00:00Z"))
        .collect();
    let library = Library::of(&papers).await;
    sqlx::raw_sql(
        "update papers set code_url = 'https://github.com/ada/deep';
         update listings set has_code = 1;
         delete from code_repositories;
         insert into code_repositories select id, code_url, 'abstract' from papers;
         delete from settings where name = 'code_links'",
    )
    .execute(&mut library.beside().await)
    .await
    .expect("as before");
    library
}

/// The code link and the stars on the card of a paper.
async fn code_and_stars(library: &Library, id: &str) -> (Option<String>, Option<u32>) {
    let card = library.card(id).await;
    (card.code.map(|code| code.url), card.stars)
}

async fn assert_no_trace_of_the_wrong_link(library: &Library) {
    for rows in [
        "select count(*) from code_repositories where url = 'https://github.com/ada/deep'",
        "select count(*) from papers where code_url = 'https://github.com/ada/deep'",
        "select count(*) from snapshots where signal = 'gh'",
        "select count(*) from listings where stars > 0",
    ] {
        assert_eq!(library.number(rows).await, 0, "{rows}");
    }
    library.assert_sound().await;
}

#[tokio::test]
async fn the_job_finds_the_links_of_an_earlier_release_again() {
    let library = library_of_an_earlier_release(450).await;
    assert_eq!(
        code_and_stars(&library, "2611.00450").await,
        (Some(WRONG.into()), Some(999))
    );
    assert!(library.store.has_unchecked_code_links().await.expect("checked"));
    run_the_job(&library).await;
    assert_eq!(
        code_and_stars(&library, "2611.00001").await,
        (Some(RIGHT.into()), None)
    );
    assert_eq!(
        code_and_stars(&library, "2611.00450").await,
        (Some(RIGHT.into()), None)
    );
    let moved = library
        .number("select count(distinct paper_id) from moves where stars = 999")
        .await;
    assert_eq!(moved, 450);
    assert_no_trace_of_the_wrong_link(&library).await;
    assert!(!library.store.has_unchecked_code_links().await.expect("checked"));
}

#[tokio::test]
async fn the_job_continues_where_it_was_interrupted() {
    let library = library_of_an_earlier_release(3).await;
    // The version of the rules, then the last checked row.
    sqlx::raw_sql(
        "insert into settings (name, value) values ('code_links', x'00000000000000010000000000000002')",
    )
    .execute(&mut library.beside().await)
    .await
    .expect("interrupted");
    assert_eq!(library.store.check_code_links(now()).await.expect("checked"), 1);
    assert_eq!(
        code_and_stars(&library, "2611.00002").await.0.as_deref(),
        Some(WRONG)
    );
    assert_eq!(
        code_and_stars(&library, "2611.00003").await.0.as_deref(),
        Some(RIGHT)
    );
}

#[tokio::test]
async fn the_job_removes_a_link_that_the_text_does_not_name() {
    let paper = a_paper("2611.00001").with_abstract("See github.com/ada for code.");
    let library = with_wrong_links(vec![paper]).await;
    run_the_job(&library).await;
    assert_eq!(code_and_stars(&library, "2611.00001").await, (None, None));
    assert_eq!(
        library
            .number("select count(*) from listings where has_code = 1")
            .await,
        0
    );
    assert_no_trace_of_the_wrong_link(&library).await;
}

#[tokio::test]
async fn the_job_keeps_links_of_other_sources_and_their_stars() {
    let paper = with_escaped_link("2611.00001")
        .with_code("https://github.com/emmy/ring")
        .with_stars(7, "2026-11-22T10:00:00Z");
    let library = Library::of(&[paper]).await;
    run_the_job(&library).await;
    assert_eq!(
        code_and_stars(&library, "2611.00001").await,
        (Some("https://github.com/emmy/ring".into()), Some(7))
    );
}

#[tokio::test]
async fn saving_the_paper_again_corrects_its_link() {
    let library = library_of_an_earlier_release(1).await;
    library.save_papers(&[with_escaped_link("2611.00001")]).await;
    assert_eq!(
        code_and_stars(&library, "2611.00001").await,
        (Some(RIGHT.into()), None)
    );
    assert_no_trace_of_the_wrong_link(&library).await;
}

#[tokio::test]
async fn a_later_version_with_another_repository_changes_the_link_and_forgets_the_stars() {
    let version = |number, link: &str| Paper {
        version: Some(number),
        ..a_paper("2611.00001").with_abstract(&format!("Code: {link}"))
    };
    let first = version(1, WRONG).with_stars(5, "2026-11-22T10:00:00Z");
    let library = Library::of(std::slice::from_ref(&first)).await;
    library.save_papers(&[version(2, RIGHT)]).await;
    assert_eq!(
        code_and_stars(&library, "2611.00001").await,
        (Some(RIGHT.into()), None)
    );
    assert_no_trace_of_the_wrong_link(&library).await;
    let counted = version(2, RIGHT).with_stars(3, "2026-11-23T10:00:00Z");
    library.save_papers(&[counted]).await;
    assert_eq!(
        code_and_stars(&library, "2611.00001").await,
        (Some(RIGHT.into()), Some(3))
    );
}

#[tokio::test]
async fn a_repository_in_another_case_keeps_its_stars() {
    let version = |number, link: &str| Paper {
        version: Some(number),
        ..a_paper("2611.00001").with_abstract(&format!("Code: {link}"))
    };
    let first = version(1, "https://github.com/ada/Deep").with_stars(5, "2026-11-22T10:00:00Z");
    let library = Library::of(&[first]).await;
    library.save_papers(&[version(2, WRONG)]).await;
    assert_eq!(
        code_and_stars(&library, "2611.00001").await,
        (Some(WRONG.into()), Some(5))
    );
}

#[tokio::test]
async fn stars_of_the_wrong_repository_are_never_shown_for_the_right_one() {
    let library = library_of_an_earlier_release(1).await;
    let stranger = Repository {
        url: WRONG.into(),
        state: CodeState::Reachable,
        moved_to: None,
        stars: Some(1_000),
        created_at: None,
        pushed_at: None,
        checked_at: now().as_second(),
        next_check_at: now().as_second() + 86_400,
    };
    library.store.save_repositories(&[stranger]).await.expect("saved");
    assert_eq!(
        code_and_stars(&library, "2611.00001").await,
        (Some(WRONG.into()), Some(1_000))
    );
    run_the_job(&library).await;
    assert_eq!(
        code_and_stars(&library, "2611.00001").await,
        (Some(RIGHT.into()), None)
    );
    assert_no_trace_of_the_wrong_link(&library).await;
}
