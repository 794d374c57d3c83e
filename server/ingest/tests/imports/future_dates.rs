//! Dates in the future, and the papers that earlier versions stored with them.

use domain::{Listing, Paper};
use testing::{Library, PaperBuilder, a_paper, a_titled_paper, at, now};

use crate::helpers::{Files, counts, exported, import_file, papers_of};

/// A paper from the day before `now()`.
const TODAY: &str = r#"{"id":"2611.09999","title":"Of today","summary":"S.","publishedAt":"2026-11-23T10:00:00Z","upvotes":1}"#;

#[tokio::test]
async fn a_paper_dated_in_the_future_is_never_listed_above_todays_papers() {
    for date in [
        r#""publishedAt":"2031-01-01T00:00:00.000Z","upvotes":1"#,
        r#""publishedAt":1925000000000,"upvotes":1"#,
        r#""abstract":"A.","published":"2031-01-01""#,
        r#""abstract":"A.","update_date":"2031-01-01""#,
        r#""abstract":"A.","versions":[{"version":"v1","created":"Wed, 1 Jan 2031 10:00:00 GMT"}]"#,
        r#""publishedAt":"2026-11-27T00:00:00Z","submittedOnDailyAt":"2031-01-01T00:00:00Z""#,
    ] {
        let library = Library::new().await;
        let file = format!(
            "{{\"id\":\"2611.01234\",\"title\":\"Of the future\",\"summary\":\"S.\",{date}}}\n{TODAY}"
        );
        let path = Files::new();
        let path = path.write("x.jsonl", file.as_bytes());
        assert_eq!(
            import_file(&library.store, &path).await,
            (counts(2, 0, 0, 0), vec![]),
            "{date}"
        );
        assert_eq!(
            import_file(&library.store, &path).await.0,
            counts(0, 0, 2, 0),
            "{date}"
        );
        let newest = library.walk(&Listing::read([("sort", "new")]).listing).await;
        assert_eq!(newest, ["2611.09999", "2611.01234"], "{date}");
        for paper in exported(&library.store).await {
            for date in [paper.published, paper.updated].into_iter().flatten() {
                assert!(date.is_believable(now()), "{date}");
            }
        }
    }
}

#[tokio::test]
async fn future_dates_in_our_own_export_are_dropped_too() {
    let papers = papers_of(&[
        r#"{"source":"arxiv","arxiv_id":"2611.01234","title":"T","published":"2031-01-01","updated":"2031-01-02","hf_submitted_at":"2031-01-01T00:00:00Z","announced_on":"2031-01-03","announced_firm":true,"upvotes":{"at":"2031-01-01T00:00:00Z","total":3}}"#,
    ])
    .await;
    let paper = &papers[0];
    assert_eq!(
        (
            paper.published,
            paper.updated,
            paper.hf_submitted_at,
            paper.announced_on
        ),
        (None, None, None, None)
    );
    assert!(
        paper.upvotes.is_some_and(|reading| reading.at <= now()),
        "{:?}",
        paper.upvotes
    );
}

#[tokio::test]
async fn a_reading_in_the_future_does_not_hide_later_ones() {
    let with = |captured: &str, upvotes: u32| {
        format!(
            r#"{{"id":"2611.01234","title":"T","summary":"S.","upvotes":{upvotes},"_captured_at":"{captured}"}}"#
        )
    };
    let library = Library::new().await;
    library
        .save_papers(&[a_paper("2611.01234").with_upvotes(1, "2026-11-20T00:00:00Z")])
        .await;
    let files = Files::new();
    let future = files.write("future.jsonl", with("2031-01-01T00:00:00Z", 2).as_bytes());
    import_file(&library.store, &future).await;
    library
        .save_papers(&[a_paper("2611.01234").with_upvotes(9, "2026-11-25T00:00:00Z")])
        .await;
    let papers = exported(&library.store).await;
    assert_eq!(papers[0].upvotes.map(|reading| reading.total), Some(9));
}

#[tokio::test]
async fn an_identifier_from_a_future_month_is_rejected() {
    let library = Library::new().await;
    let records = ["3101.00001", "2612.00001", "2611.00001"]
        .map(|id| format!(r#"{{"id":"{id}","title":"T{id}","abstract":"A."}}"#))
        .join("\n");
    let (summary, rejects) =
        import_file(&library.store, &Files::new().write("x.jsonl", records.as_bytes())).await;
    assert_eq!(summary, counts(1, 0, 0, 2));
    assert!(
        rejects[0].1.contains("2031-01, which has not begun"),
        "{rejects:?}"
    );
}

/// A library with one paper from today and one that an earlier version stored with a future date.
async fn library_of_an_earlier_version() -> (Library, Paper) {
    let library = Library::new().await;
    let wrong = a_paper("2611.01234").published("2031-01-01");
    let later = at("2031-06-01T00:00:00Z");
    library
        .store
        .save_papers(std::slice::from_ref(&wrong), later)
        .await
        .expect("saved");
    library
        .save_papers(&[a_paper("2611.09999").published("2026-11-23")])
        .await;
    let newest = library.walk(&Listing::read([("sort", "new")]).listing).await;
    assert_eq!(newest[0], "2611.01234");
    (library, wrong)
}

#[tokio::test]
async fn a_stored_future_date_is_corrected_when_the_paper_is_saved_again() {
    let (library, wrong) = library_of_an_earlier_version().await;
    library.save_papers(&[wrong]).await;
    let newest = library.walk(&Listing::read([("sort", "new")]).listing).await;
    assert_eq!(newest, ["2611.09999", "2611.01234"]);
    library.assert_sound().await;
}

#[tokio::test]
async fn a_stored_date_in_the_future_is_corrected_every_night() {
    let (library, _) = library_of_an_earlier_version().await;
    assert_eq!(
        library
            .store
            .correct_implausible_dates(now())
            .await
            .expect("corrected"),
        1
    );
    assert_eq!(
        library
            .store
            .correct_implausible_dates(now())
            .await
            .expect("corrected"),
        0
    );
    let newest = library.walk(&Listing::read([("sort", "new")]).listing).await;
    assert_eq!(newest, ["2611.09999", "2611.01234"]);
    library.assert_sound().await;
}

#[tokio::test]
async fn a_wrong_clock_changes_no_paper() {
    let library = Library::new().await;
    let announced = Paper {
        announced_on: "2026-11-24".parse().ok(),
        announced_firm: true,
        ..a_paper("2611.09999").published("2026-11-23")
    };
    library.save_papers(&[announced]).await;
    let before = exported(&library.store).await;
    library
        .store
        .correct_implausible_dates(at("2020-01-01T00:00:00Z"))
        .await
        .expect("checked");
    assert_eq!(exported(&library.store).await, before);
}

#[tokio::test]
async fn a_paper_with_an_identifier_from_a_future_month_has_no_date() {
    let library = Library::new().await;
    let file = format!(
        "{}\n{TODAY}",
        r#"{"source":"arxiv","arxiv_id":"3101.00001","title":"T"}"#
    );
    import_file(&library.store, &Files::new().write("x.jsonl", file.as_bytes())).await;
    library
        .save_papers(&[a_paper("3101.00002").published("2031-01")])
        .await;
    let newest = library.walk(&Listing::read([("sort", "new")]).listing).await;
    assert_eq!(newest, ["2611.09999", "3101.00002", "3101.00001"]);
    for id in ["3101.00001", "3101.00002"] {
        assert_eq!(library.card(id).await.published, None, "{id}");
    }
    library.assert_sound().await;
}

/// Saves papers as an earlier version did, which believed every date.
async fn save_unchecked(library: &Library, papers: &[Paper]) {
    library
        .store
        .save_papers(papers, at("2031-06-01T00:00:00Z"))
        .await
        .expect("saved");
}

async fn correct(library: &Library) -> usize {
    library
        .store
        .correct_implausible_dates(now())
        .await
        .expect("corrected")
}

#[tokio::test]
async fn a_stored_identifier_from_a_future_month_is_corrected_every_night() {
    let library = Library::new().await;
    save_unchecked(
        &library,
        &[
            a_paper("3101.00001"),
            a_paper("3101.00002").published("2031-01-05"),
        ],
    )
    .await;
    let today = ["2611.00001", "2611.00002"].map(|id| a_paper(id).published("2026-11-23"));
    library.save_papers(&today).await;
    assert_eq!(correct(&library).await, 2);
    assert_eq!(correct(&library).await, 0);
    let newest = library.walk(&Listing::read([("sort", "new")]).listing).await;
    assert_eq!(newest[..2], ["2611.00002", "2611.00001"]);
    library.assert_sound().await;
}

#[tokio::test]
async fn many_stored_dates_in_the_future_are_all_corrected() {
    let library = Library::new().await;
    let papers = |first: u32, date: &str| -> Vec<Paper> {
        (first..first + 450)
            .map(|n| a_paper(&format!("2611.{n:05}")).published(date))
            .collect()
    };
    save_unchecked(&library, &papers(1, "2031-01-01")).await;
    library.save_papers(&papers(5_001, "2026-11-23")).await;
    assert_eq!(correct(&library).await, 450);
    assert_eq!(correct(&library).await, 0);
}

#[tokio::test]
async fn a_stored_future_date_beside_a_normal_announcement_is_corrected() {
    let library = Library::new().await;
    let wrong = Paper {
        updated: "2031-01-01".parse().ok(),
        hf_submitted_at: Some(at("2031-01-01T00:00:00Z")),
        ..a_paper("2611.01234").published("2026-11-20")
    };
    save_unchecked(&library, &[wrong]).await;
    assert_eq!(correct(&library).await, 1);
    let paper = &exported(&library.store).await[0];
    assert_eq!((paper.updated, paper.hf_submitted_at), (None, None));
    assert_eq!(
        paper.published.map(|date| date.label()).as_deref(),
        Some("2026-11-20")
    );
}

#[tokio::test]
async fn a_stored_future_date_of_a_paper_without_an_identifier_is_corrected() {
    let library = Library::new().await;
    save_unchecked(
        &library,
        &[a_titled_paper("Of the future").published("2031-01-01")],
    )
    .await;
    library
        .save_papers(&[a_paper("2611.09999").published("2026-11-23")])
        .await;
    assert_eq!(correct(&library).await, 1);
    let newest = library.walk(&Listing::read([("sort", "new")]).listing).await;
    assert_eq!(newest[0], "2611.09999");
    library.assert_sound().await;
}

#[tokio::test]
async fn a_future_date_that_agrees_with_the_identifier_is_not_counted() {
    let library = Library::new().await;
    save_unchecked(&library, &[a_paper("2611.01234").published("2026-12-10")]).await;
    library
        .save_papers(&[a_paper("2611.09999").published("2026-11-23")])
        .await;
    assert_eq!(correct(&library).await, 0);
}

#[tokio::test]
async fn a_wrong_clock_moves_no_paper_that_is_saved_again() {
    let library = Library::new().await;
    let paper = a_paper("2611.01234");
    library.save_papers(std::slice::from_ref(&paper)).await;
    let announced = library.card("2611.01234").await.announced;
    library
        .store
        .save_papers(&[paper], at("2020-01-01T00:00:00Z"))
        .await
        .expect("saved");
    assert_eq!(library.card("2611.01234").await.announced, announced);
}

/// A library whose paper has dates that stand for a missing one, as an earlier version stored them.
async fn library_with_placeholder_dates() -> Library {
    let library = Library::of(&[
        a_paper("2611.01234"),
        a_paper("2611.09999").published("2026-11-23"),
    ])
    .await;
    let mut beside = library.beside().await;
    sqlx::raw_sql(
        "update papers set published = '1970-01-01', updated = '0001-01-01T00:00:00Z', hf_submitted_at = 0,
           announced = 0 where arxiv_id = '2611.01234';
         update listings set announced = 0
           where paper_id = (select id from papers where arxiv_id = '2611.01234')",
    )
    .execute(&mut beside)
    .await
    .expect("stored");
    library
}

#[tokio::test]
async fn stored_dates_that_stand_for_a_missing_date_are_dropped_every_night() {
    let library = library_with_placeholder_dates().await;
    assert_eq!(correct(&library).await, 1);
    assert_eq!(correct(&library).await, 0);
    let card = library.card("2611.01234").await;
    assert_eq!(
        card.published.map(|date| date.label()).as_deref(),
        Some("2026-11")
    );
    library.assert_sound().await;
}

#[tokio::test]
async fn stored_dates_that_stand_for_a_missing_date_are_dropped_when_the_paper_is_saved_again() {
    let library = library_with_placeholder_dates().await;
    library.save_papers(&[a_paper("2611.01234")]).await;
    let paper = &exported(&library.store).await[0];
    assert_eq!(
        (paper.published, paper.updated, paper.hf_submitted_at),
        (None, None, None)
    );
    library.assert_sound().await;
}
