//! Papers: how records of one paper are merged.
//!
//! The file is long because its many small tests merge records of the same few papers.

use domain::{Paper, PaperKey, paper::Source};
use ingest::sample::load_sample;
use store::SaveOutcome::{Imported, Unchanged, Updated};
use testing::{Dice, Library, PaperBuilder, a_paper, a_titled_paper, at, key, now};

#[tokio::test]
async fn the_sample_is_loaded_once_and_stays() {
    let library = Library::new().await;
    assert_eq!(load_sample(&library.store, now()).await.expect("loaded"), 119);
    assert_eq!(load_sample(&library.store, now()).await.expect("loaded"), 0);
    let library = library.reopened().await;
    assert_eq!(load_sample(&library.store, now()).await.expect("loaded"), 0);
    assert_eq!(library.number("select count(*) from papers").await, 119);
    assert_eq!(
        library
            .number("select count(*) from papers where arxiv_id is null and key like 'bs-%'")
            .await,
        21
    );
    library.assert_sound().await;
}

#[tokio::test]
async fn the_sample_is_not_loaded_into_a_library_with_papers() {
    let library = Library::of(&[a_paper("2401.00001")]).await;
    assert_eq!(load_sample(&library.store, now()).await.expect("loaded"), 0);
    assert_eq!(library.number("select count(*) from papers").await, 1);
}

#[tokio::test]
async fn a_deleted_sample_is_not_loaded_again() {
    let library = Library::new().await;
    load_sample(&library.store, now()).await.expect("loaded");
    sqlx::raw_sql("delete from papers")
        .execute(&mut library.beside().await)
        .await
        .expect("emptied");
    assert_eq!(load_sample(&library.store, now()).await.expect("loaded"), 0);
}

#[tokio::test]
async fn saving_the_same_records_twice_changes_nothing() {
    let full = Paper {
        version: Some(2),
        updated: "2026-11-20".parse().ok(),
        primary_category: "cs.LG".parse().ok(),
        comments: Some("12 pages, code at https://github.com/a/b".into()),
        doi: Some("10.1000/x".into()),
        journal_ref: Some("J. X 1 (2026)".into()),
        license: Some("https://creativecommons.org/licenses/by/4.0/".into()),
        project_page: Some("https://example.org/x".into()),
        hf_submitted_at: Some(at("2026-11-21T08:00:00.5Z")),
        num_comments: Some(3),
        ..a_paper("2611.00001")
            .by(&["Ada", "Emmy"])
            .in_categories("cs.LG stat.ML")
            .published("2026-11-19T10:00:00Z")
    }
    .with_abstract("Text.")
    .with_upvotes(5, "2026-11-22T10:00:00Z")
    .with_stars(7, "2026-11-22T10:00:00Z");
    let papers = [full, a_titled_paper("Only a title"), a_paper("hep-th/9901001")];
    let library = Library::of(&[]).await;
    assert_eq!(library.save_papers(&papers).await, [Imported; 3]);
    let before = library.store.export_after(0, 100).await.expect("exported");
    assert_eq!(library.save_papers(&papers).await, [Unchanged; 3]);
    let library = library.reopened().await;
    assert_eq!(library.save_papers(&papers).await, [Unchanged; 3]);
    assert_eq!(
        library.store.export_after(0, 100).await.expect("exported"),
        before
    );
    assert_eq!(library.number("select count(*) from snapshots").await, 2);
    library.assert_sound().await;
}

#[tokio::test]
async fn one_batch_may_have_many_records_of_a_paper() {
    let library = Library::new().await;
    let outcomes = library
        .save_papers(&[
            a_paper("2611.00001").titled("First words"),
            a_paper("2611.00001")
                .titled("First words")
                .by(&["Ada"])
                .in_categories("cs.LG"),
            a_paper("2611.00001")
                .titled("Second words")
                .in_categories("math.OC"),
            a_paper("2611.00001").titled("Second words"),
        ])
        .await;
    assert_eq!(outcomes, [Imported, Updated, Updated, Unchanged]);
    let page = library.paper("2611.00001").await;
    assert_eq!(
        (page.card.title.as_str(), page.card.authors.as_slice()),
        ("Second words", ["Ada".into()].as_slice())
    );
    assert_eq!(page.categories, ["math.OC".parse().expect("category")]);
    library.assert_sound().await;
}

#[tokio::test]
async fn versions_of_one_paper_are_one_paper() {
    let library = Library::of(&[Paper {
        version: Some(2),
        ..a_paper("2611.00001").titled("The second version")
    }])
    .await;
    let outcomes = library
        .save_papers(&[
            Paper {
                version: Some(1),
                ..a_paper("2611.00001")
                    .titled("The first version")
                    .with_abstract("Only here.")
            },
            Paper {
                version: Some(3),
                ..a_paper("2611.00001").titled("The third version")
            },
        ])
        .await;
    assert_eq!(outcomes, [Updated, Updated]);
    let page = library.paper("2611.00001").await;
    assert_eq!(
        (
            page.card.title.as_str(),
            page.card.abstract_text.as_str(),
            page.version
        ),
        ("The third version", "Only here.", Some(3))
    );
    assert_eq!(library.number("select count(*) from papers").await, 1);
}

#[tokio::test]
async fn an_older_file_does_not_restore_old_texts() {
    let new = Paper {
        updated: "2026-11-20".parse().ok(),
        ..a_paper("2611.00001").titled("After the revision")
    };
    let old = Paper {
        updated: "2026-11-01".parse().ok(),
        ..a_paper("2611.00001").titled("Before the revision")
    };
    let library = Library::of(&[new]).await;
    library.save_papers(&[old]).await;
    assert_eq!(library.card("2611.00001").await.title, "After the revision");
}

#[tokio::test]
async fn a_later_record_never_deletes_values_that_it_does_not_have() {
    let full = Paper {
        version: Some(1),
        updated: "2026-11-20".parse().ok(),
        primary_category: "cs.LG".parse().ok(),
        comments: Some("12 pages".into()),
        doi: Some("10.1000/x".into()),
        journal_ref: Some("J. X 1 (2026)".into()),
        license: Some("https://creativecommons.org/licenses/by/4.0/".into()),
        project_page: Some("https://example.org/x".into()),
        hf_submitted_at: Some(at("2026-11-21T08:00:00Z")),
        num_comments: Some(3),
        ..a_paper("2611.00001")
            .by(&["Ada"])
            .in_categories("cs.LG")
            .published("2026-11-19T10:00:00Z")
    }
    .with_abstract("Text.")
    .with_code("https://github.com/a/b")
    .with_upvotes(5, "2026-11-22T10:00:00Z")
    .with_stars(7, "2026-11-22T10:00:00Z");
    let library = Library::of(std::slice::from_ref(&full)).await;
    let before = library.store.export_after(0, 10).await.expect("exported");
    for source in [Source::Sample, Source::HuggingFace, Source::Arxiv] {
        assert_eq!(
            library
                .save_papers(&[a_paper("2611.00001").told_by(source)])
                .await,
            [Unchanged],
            "{source:?}"
        );
    }
    assert_eq!(library.store.export_after(0, 10).await.expect("exported"), before);
}

#[tokio::test]
async fn a_paper_known_by_title_gets_its_identifier_and_keeps_its_values() {
    let library = Library::of(&[
        a_titled_paper("Gradient Descent: A  Study").with_abstract("Cut…"),
        a_titled_paper("Another"),
    ])
    .await;
    let old_name = PaperKey::of_title("gradient descent – a study");
    let (id, reader) = (library.id(&old_name.to_string()).await, library.reader(1).await);
    assert!(
        library
            .store
            .set_bookmark(reader, &old_name, true, now())
            .await
            .expect("saved")
    );
    let arxiv = a_paper("2611.00001")
        .titled("Gradient descent: a study")
        .with_abstract("The whole text.")
        .by(&["Ada"]);
    assert_eq!(library.save_papers(std::slice::from_ref(&arxiv)).await, [Updated]);
    assert_eq!(
        (
            library.id("2611.00001").await,
            library.id(&old_name.to_string()).await
        ),
        (id, id)
    );
    let page = library
        .store
        .paper(&old_name, Some(reader))
        .await
        .expect("answer")
        .expect("the old name answers");
    assert_eq!(
        (
            page.card.key.to_string().as_str(),
            page.card.abstract_text.as_str(),
            page.card.bookmarked
        ),
        ("2611.00001", "The whole text.", true)
    );
    assert_eq!(
        library
            .store
            .all_bookmarks(reader)
            .await
            .expect("bookmarks")
            .len(),
        1
    );
    // Both records again, in either form: it stays one paper.
    assert_eq!(library.save_papers(&[arxiv]).await, [Unchanged]);
    assert_eq!(
        library
            .save_papers(&[a_titled_paper("Gradient Descent: A  Study").with_abstract("Cut…")])
            .await,
        [Unchanged]
    );
    assert_eq!(library.number("select count(*) from papers").await, 2);
    library.assert_sound().await;
}

#[tokio::test]
async fn two_arxiv_papers_with_one_title_stay_two() {
    for one_batch in [true, false] {
        let library = Library::of(&[a_titled_paper("Erratum")]).await;
        let twins = [
            a_paper("2611.00001").titled("Erratum"),
            a_paper("2611.00002").titled("Erratum"),
        ];
        if one_batch {
            assert_eq!(library.save_papers(&twins).await, [Updated, Imported]);
        } else {
            assert_eq!(
                [
                    library.save_papers(&twins[..1]).await,
                    library.save_papers(&twins[1..]).await
                ]
                .concat(),
                [Updated, Imported]
            );
        }
        assert_ne!(
            library.id("2611.00001").await,
            library.id("2611.00002").await,
            "in one batch: {one_batch}"
        );
        assert_eq!(library.save_papers(&twins).await, [Unchanged; 2]);
        assert_eq!(library.number("select count(*) from papers").await, 2);
    }
}

#[tokio::test]
async fn a_title_that_arxiv_has_is_not_a_second_paper() {
    let library = Library::of(&[a_paper("2611.00001").titled("Gradient Descent")]).await;
    let by_title = a_titled_paper("gradient  descent.");
    assert_eq!(
        library.save_papers(std::slice::from_ref(&by_title)).await,
        [Unchanged]
    );
    assert_eq!(
        library
            .save_papers(&[
                a_paper("2611.00002").titled("A \"b\" c"),
                a_titled_paper("A b c"),
                by_title.clone()
            ])
            .await,
        [Imported, Unchanged, Unchanged]
    );
    assert_eq!(library.number("select count(*) from papers").await, 2);
    assert_eq!(
        library.id(&by_title.key().to_string()).await,
        library.id("2611.00001").await,
        "the name made of the title answers"
    );
    assert_eq!(
        library
            .save_papers(&[a_titled_paper("Gradient descent and more")])
            .await,
        [Imported]
    );
}

#[tokio::test]
async fn a_changed_paper_is_found_only_by_its_new_words_and_categories() {
    let library = Library::of(&[
        a_paper("2611.00001")
            .titled("Old heading")
            .with_abstract("ancient words")
            .by(&["Ada Lovelace"])
            .in_categories("cs.LG stat.ML")
            .published("2026-11-01"),
        a_paper("2611.00002")
            .titled("Bystander")
            .with_abstract("ancient words")
            .in_categories("cs.LG")
            .published("2026-11-02"),
    ])
    .await;
    library
        .save_papers(&[a_paper("2611.00001")
            .titled("New heading")
            .with_abstract("modern words")
            .by(&["Emmy Noether", "Ada Byron"])
            .in_categories("math.OC cs.CL")
            .published("2026-11-01T09:30:00Z")])
        .await;
    let changed = ["2611.00001".to_owned()];
    let none: [String; 0] = [];
    for (query, found) in [
        ("old", &none[..]),
        ("ancient ti:bystander", &["2611.00002".to_owned()][..]),
        ("ancient ti:heading", &none[..]),
        ("au:lovelace", &none[..]),
        ("heading modern", &changed[..]),
        ("au:noether", &changed[..]),
        ("au:\"ada byron\"", &changed[..]),
    ] {
        for sort in ["relevance", "new", "top", "stars", "trending"] {
            assert_eq!(
                library.walk_url(&[("q", query), ("sort", sort)]).await,
                found,
                "{query} {sort}"
            );
        }
    }
    for (category, found) in [
        ("stat.ML", &none[..]),
        ("stat", &none[..]),
        ("cs.LG", &["2611.00002".to_owned()][..]),
        ("math.OC", &changed[..]),
        ("cs.CL", &changed[..]),
    ] {
        for sort in ["new", "top", "stars", "trending"] {
            assert_eq!(
                library.walk_url(&[("category", category), ("sort", sort)]).await,
                found,
                "{category} {sort}"
            );
        }
    }
    assert_eq!(
        library.walk_url(&[("category", "cs"), ("sort", "new")]).await,
        ["2611.00002", "2611.00001"]
    );
    assert_eq!(
        library.card("2611.00001").await.authors,
        ["Emmy Noether", "Ada Byron"]
    );
    library.assert_sound().await;
}

#[tokio::test]
async fn authors_that_are_only_split_differently_are_stored_differently() {
    let library = Library::of(&[a_paper("2611.00001").by(&["Ada Lovelace, Jr.", "Emmy"])]).await;
    library
        .save_papers(&[a_paper("2611.00001").by(&["Ada Lovelace", "Jr.", "Emmy"])])
        .await;
    assert_eq!(library.card("2611.00001").await.authors.len(), 3);
    library.assert_sound().await;
}

#[tokio::test]
async fn upvotes_follow_the_latest_reading_and_not_the_latest_record() {
    let library = Library::of(&[a_paper("2611.00001").with_upvotes(5, "2026-11-20T08:00:00Z")]).await;
    let votes = async |library: &Library| library.card("2611.00001").await.upvotes;
    for (total, seen_at, outcome, after) in [
        (9, "2026-11-20T12:00:00Z", Updated, 9),
        (7, "2026-11-20T10:00:00Z", Unchanged, 9),
        (12, "2026-11-21T08:00:00Z", Updated, 12),
        (3, "2026-11-19T08:00:00Z", Updated, 12),
        (3, "2026-11-19T07:00:00Z", Unchanged, 12),
        (11, "2026-11-22T08:00:00Z", Updated, 11),
        (11, "2026-11-22T09:00:00Z", Unchanged, 11),
    ] {
        assert_eq!(
            library
                .save_papers(&[a_paper("2611.00001").with_upvotes(total, seen_at)])
                .await,
            [outcome],
            "{total} at {seen_at}"
        );
        assert_eq!(votes(&library).await, Some(after), "{total} at {seen_at}");
    }
    assert_eq!(
        library.number("select count(*) from snapshots").await,
        4,
        "one a day"
    );
    assert_eq!(
        library
            .number("select total from snapshots where day = '2026-11-20'")
            .await,
        9
    );
    assert_eq!(
        library
            .number("select upvotes from listings where scope = ''")
            .await,
        11
    );
}

#[tokio::test]
async fn a_less_precise_date_does_not_move_a_paper() {
    let library = Library::of(&[a_paper("2611.00001").published("2026-11-19T10:00:00Z")]).await;
    let before = library.card("2611.00001").await.announced;
    library
        .save_papers(&[
            a_paper("2611.00001")
                .told_by(Source::HuggingFace)
                .published("2026-11-18"),
            a_paper("2611.00001").published("2026-11"),
        ])
        .await;
    assert_eq!(library.card("2611.00001").await.announced, before);
}

#[tokio::test]
async fn the_order_of_records_from_different_sources_does_not_matter() {
    let records = [
        a_titled_paper("One study").with_abstract("Cut…"),
        a_paper("2611.00001")
            .told_by(Source::HuggingFace)
            .titled("One study")
            .with_abstract("As told there.")
            .published("2026-11-18")
            .with_upvotes(3, "2026-11-20T08:00:00Z"),
        a_paper("2611.00001")
            .titled("One Study")
            .with_abstract("As told by arXiv.")
            .in_categories("cs.LG")
            .published("2026-11-17T10:00:00Z")
            .by(&["Ada"]),
    ];
    let mut found = Vec::new();
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let library = Library::new().await;
        for index in order {
            library.save_papers(&records[index..=index]).await;
        }
        assert_eq!(
            library.number("select count(*) from papers").await,
            1,
            "{order:?}"
        );
        found.push(library.store.export_after(0, 10).await.expect("exported"));
        library.assert_sound().await;
    }
    assert!(found.windows(2).all(|pair| pair[0] == pair[1]), "{found:#?}");
}

/// A random record of a paper from one source, with random gaps.
fn by_chance(dice: &mut Dice, id: &str, source: Source) -> Paper {
    let day = |dice: &mut Dice| format!("2026-11-{:02}", 1 + dice.roll(20));
    let mut paper = a_paper(id)
        .told_by(source)
        .titled(&format!("Title {} of {id}", dice.roll(3)));
    if dice.one_in(2) {
        paper = paper.with_abstract(&format!("Abstract {}", dice.roll(3)));
    }
    if dice.one_in(2) {
        paper = paper.by(&["Ada", "Emmy", "Sofia"][..1 + dice.roll(3) as usize]);
    }
    if dice.one_in(2) {
        paper = paper.in_categories(dice.pick(&["cs.LG", "cs.LG stat.ML", "math.OC"]));
    }
    if !dice.one_in(3) {
        let date = day(dice);
        paper = paper.published(&match dice.roll(3) {
            0 => date[..7].to_owned(),
            1 => date,
            _ => format!("{date}T{:02}:30:00Z", dice.roll(24)),
        });
    }
    if dice.one_in(2) {
        paper.doi = Some(format!("10.1/{}", dice.roll(3)));
    }
    if dice.one_in(3) {
        paper.comments = Some("Code at https://github.com/from/comments".into());
    }
    if source == Source::HuggingFace {
        paper.hf_submitted_at = dice.one_in(2).then(|| at(&format!("{}T08:00:00Z", day(dice))));
        paper.num_comments = Some(dice.roll(3) as u32);
        paper = paper.with_upvotes(dice.roll(9) as u32, &format!("{}T10:00:00Z", day(dice)));
        if dice.one_in(2) {
            paper = paper.with_code("https://github.com/from/there");
        }
    }
    if source == Source::Arxiv {
        paper.updated = day(dice).parse().ok();
        paper.version = dice.one_in(2).then_some(2);
    }
    paper
}

#[tokio::test]
async fn records_of_three_sources_give_one_result_in_any_order() {
    let mut dice = Dice(11);
    let sources = [Source::Sample, Source::HuggingFace, Source::Arxiv];
    let records: Vec<Vec<Paper>> = sources
        .iter()
        .map(|source| {
            (0..80)
                .map(|n| by_chance(&mut dice, &format!("2611.{n:05}"), *source))
                .collect()
        })
        .collect();
    let mut found: Vec<Vec<Paper>> = Vec::new();
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let library = Library::new().await;
        for index in order {
            library.save_papers(&records[index]).await;
        }
        for index in order {
            let outcomes = library.save_papers(&records[index]).await;
            let changed: Vec<_> = outcomes
                .iter()
                .zip(&records[index])
                .filter(|(outcome, _)| **outcome != Unchanged)
                .collect();
            assert!(changed.is_empty(), "{order:?}: saved again, {changed:#?}");
        }
        library.assert_sound().await;
        let mut papers: Vec<Paper> = library
            .store
            .export_after(0, 100)
            .await
            .expect("exported")
            .into_iter()
            .map(|(_, paper)| paper)
            .collect();
        papers.sort_by_key(|paper| paper.key().to_string());
        found.push(papers);
    }
    // The first record fills a gap. The values of the most trusted source win in any order.
    for other in &found[1..] {
        for (one, two) in found[0].iter().zip(other) {
            assert_eq!(
                (
                    &one.title,
                    one.source,
                    one.version,
                    one.updated,
                    one.upvotes,
                    &one.code_url
                ),
                (
                    &two.title,
                    two.source,
                    two.version,
                    two.updated,
                    two.upvotes,
                    &two.code_url
                )
            );
        }
    }
}

#[tokio::test]
async fn an_unknown_paper_is_none() {
    let library = Library::of(&[a_paper("2611.00001")]).await;
    assert_eq!(
        library
            .store
            .paper(&key("2611.99999"), None)
            .await
            .expect("answer"),
        None
    );
    assert_eq!(
        library
            .store
            .paper(&key("bs-0123456789ab"), None)
            .await
            .expect("answer"),
        None
    );
    assert_eq!(
        library.store.cards(&[1, 77], None, 3).await.expect("cards").len(),
        1
    );
}

#[tokio::test]
async fn unusual_characters_are_stored_unchanged() {
    let odd = "Ünï “quoted” \\\\ \\u0041 {\"a\":1} 🦀 x\u{301} 'q' ; drop table papers; --";
    let library = Library::of(&[a_paper("2611.00001").titled(odd).with_abstract(odd).by(&[odd])]).await;
    let card = library.card("2611.00001").await;
    assert_eq!(
        (
            card.title.as_str(),
            card.abstract_text.as_str(),
            card.authors.as_slice()
        ),
        (odd, odd, [odd.into()].as_slice())
    );
    library.assert_sound().await;
}
