//! Searches: what the index finds, in which order, and odd input.

use domain::{Listing, Paper, Sort, name::joined};
use proptest::{prelude::*, test_runner::TestRunner};
use testing::{Library, PaperBuilder, a_paper, now};

const SORTS: [&str; 5] = ["trending", "new", "top", "stars", "relevance"];

fn tokens(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

async fn all_papers(library: &Library) -> Vec<Paper> {
    library
        .store
        .export_after(0, 1_000)
        .await
        .expect("exported")
        .into_iter()
        .map(|(_, paper)| paper)
        .collect()
}

/// BM25 as in the documentation of SQLite (<https://www.sqlite.org/fts5.html#the_bm25_function>): columns weigh 8, 4 and 1.
fn best_first(papers: &[Paper], words: &[&str]) -> Vec<(f64, String)> {
    let columns = |paper: &Paper| {
        [
            (8.0, tokens(&paper.title)),
            (4.0, tokens(&joined(&paper.authors))),
            (1.0, tokens(&paper.abstract_text)),
        ]
    };
    let length = |paper: &Paper| {
        columns(paper)
            .iter()
            .map(|(_, tokens)| tokens.len())
            .sum::<usize>() as f64
    };
    let count = |paper: &Paper, word: &str| {
        columns(paper)
            .iter()
            .map(|(weight, tokens)| weight * tokens.iter().filter(|token| *token == word).count() as f64)
            .sum::<f64>()
    };
    let average = papers.iter().map(length).sum::<f64>() / papers.len() as f64;
    let weight = |word: &str| {
        let holding = papers.iter().filter(|paper| count(paper, word) > 0.0).count() as f64;
        (((papers.len() as f64 - holding + 0.5) / (holding + 0.5)).ln()).max(1e-6)
    };
    // With equal scores the larger row id comes first.
    let mut found: Vec<(f64, String)> = papers
        .iter()
        .rev()
        .filter(|paper| words.iter().all(|word| count(paper, word) > 0.0))
        .map(|paper| {
            let score = words
                .iter()
                .map(|word| {
                    let count = count(paper, word);
                    weight(word) * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length(paper) / average))
                })
                .sum();
            (score, paper.key().to_string())
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found
}

#[tokio::test]
async fn a_search_for_two_words_finds_the_papers_with_both_best_match_first() {
    let library = Library::of_the_sample().await;
    let papers = all_papers(&library).await;
    for words in [
        &["strong", "convergence"][..],
        &["convergence"],
        &["learning", "models", "data"],
        &["theorem"],
        &["nowhere", "convergence"],
    ] {
        let best = best_first(&papers, words);
        let query = words.join(" ");
        let given = library.walk_url(&[("q", &query)]).await;
        assert_eq!(
            given,
            best.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>(),
            "{query}: {best:?}"
        );
        let mut set = given;
        set.sort();
        for sort in SORTS {
            let mut found = library
                .walk_url(&[("q", &query.to_uppercase()), ("sort", sort)])
                .await;
            found.sort();
            assert_eq!(found, set, "{query} by {sort}");
        }
    }
    assert!(!best_first(&papers, &["strong", "convergence"]).is_empty());
}

#[tokio::test]
async fn whole_words_match_regardless_of_case_accents_and_hyphens() {
    let library = Library::of(&[
        a_paper("2611.00001")
            .titled("Strongly converging Résumé of step-size rules")
            .by(&["Łukasz Kaiser", "José Ángel"]),
        a_paper("2611.00002")
            .titled("Step by size: GPT-4o, naïve ℝ² 深層学習")
            .with_abstract("x_1 = y, don't"),
    ])
    .await;
    for (query, found) in [
        ("strong", &[][..]),
        ("strongly", &["2611.00001"][..]),
        ("RESUME", &["2611.00001"]),
        ("résumé", &["2611.00001"]),
        ("step-size", &["2611.00001"]),
        ("\"step size\"", &["2611.00001"]),
        ("\"size step\"", &[]),
        ("step size", &["2611.00002", "2611.00001"]),
        ("au:jose", &["2611.00001"]),
        ("au:\"jose angel\"", &["2611.00001"]),
        ("ti:jose", &[]),
        ("gpt-4o", &["2611.00002"]),
        ("naive", &["2611.00002"]),
        ("深層学習", &["2611.00002"]),
        ("don't", &["2611.00002"]),
        ("abs:step", &[]),
        ("step -ti:resume", &["2611.00002"]),
        ("-step", &[]),
        ("-\"step size\"", &["2611.00002"]),
    ] {
        let mut given = library.walk_url(&[("q", query)]).await;
        given.sort();
        let mut found = found.to_vec();
        found.sort();
        assert_eq!(given, found, "{query}");
    }
}

/// Lists in every order, and after an invented place.
async fn ask_in_every_order(library: &Library, typed: &str) {
    for sort in SORTS {
        let ask = Listing::read([("q", typed), ("sort", sort)]).listing;
        let page = library
            .store
            .list(&ask, None, None, now())
            .await
            .unwrap_or_else(|error| panic!("{typed:?} by {sort}: {error}"));
        assert!(page.cards.len() as u64 <= page.total, "{typed:?} by {sort}");
        if let Some(next) = page.next {
            let after = ask.cursor(&next.to_string()).expect("its own cursor");
            library
                .store
                .list(&ask, Some(after), None, now())
                .await
                .unwrap_or_else(|error| panic!("{typed:?} by {sort}: {error}"));
        }
    }
}

#[tokio::test]
async fn no_typed_search_is_an_error_in_any_order() {
    let library = Library::of_the_sample().await;
    let reader = library.reader(1).await;
    let long = "NEAR( \"a\" * col: ".repeat(600);
    let word = "a".repeat(10_240);
    for typed in [
        "NEAR(",
        "NEAR(a b, 5)",
        "\"",
        "\"\"",
        "\"\"\"",
        "*",
        "a*",
        "^a",
        "col:",
        "col:x",
        "title:",
        "{title}: x",
        "- x",
        "-",
        "-x",
        "-x -y",
        "-\"",
        "au:",
        "au:\"\"",
        "-au:",
        "a AND",
        "OR",
        "NOT x",
        "AND OR NOT",
        "a\u{0}b",
        "\u{0}",
        "🦀",
        "🦀 paper",
        "\u{202e}abc",
        "²",
        "Ⓐ",
        "\u{93e}",
        "-Ⓐ",
        "Ⓐ learning",
        "-Ⓐ learning",
        "ti:²",
        "\u{301}",
        "(",
        ")",
        "a+b",
        "rank",
        "papers_fts",
        "'; drop table papers; --",
        "cat:",
        "cat:cs cat:cs cat:math",
        "stars:>",
        "from:",
        "\\",
        "%",
        "_",
        "a OR b",
        "ﬁ",
        "İ",
        "ß",
        &long,
        &word,
    ] {
        ask_in_every_order(&library, typed).await;
        library
            .store
            .list_bookmarks(reader, &Listing::read([("q", typed)]).listing, None, now())
            .await
            .unwrap_or_else(|error| panic!("{typed:?}: {error}"));
    }
    library.assert_sound().await;
}

#[test]
fn no_random_search_is_an_error() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let library = runtime.block_on(Library::of(&[
        a_paper("2611.00001"),
        a_paper("2611.00002").with_abstract("learning"),
    ]));
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let typed = prop_oneof![
        "\\PC{0,60}",
        proptest::collection::vec(
            prop_oneof!["[-\"(){}^*:+]", "(ti|au|abs|cat|NEAR|AND|OR|NOT)", "[a-z ]{1,4}"],
            0..12
        )
        .prop_map(|parts| parts.concat())
    ];
    runner
        .run(&typed, |typed| {
            runtime.block_on(ask_in_every_order(&library, &typed));
            Ok(())
        })
        .expect("no error");
}

#[tokio::test]
async fn a_search_with_only_exclusions_is_ordered_by_heat() {
    let library = Library::of_the_sample().await;
    let papers = all_papers(&library).await;
    let ask = Listing::read([("q", "-learning")]).listing;
    assert_eq!(ask.order(), Sort::Trending);
    let without = papers
        .iter()
        .filter(|paper| {
            !tokens(&format!(
                "{} {} {}",
                paper.title,
                joined(&paper.authors).replace(',', ""),
                paper.abstract_text
            ))
            .contains(&"learning".to_owned())
        })
        .count();
    assert_eq!(library.walk(&ask).await.len(), without);
    assert!(without > 0 && without < 119);
}
