//! Listings: every order and filter, page by page, compared with a simple filter over the same papers.
//!
//! The file is long because all tests compare with the same simple filter.

use std::collections::HashSet;

use domain::{
    Category, Cursor, Edition, Listing, Paper, Sort,
    name::joined,
    search::{Place, Term},
};
use ingest::ranking::rank;
use jiff::SignedDuration;
use store::{Ranking, SaveOutcome};
use testing::{Dice, Library, PaperBuilder, a_paper, at, key, listing, now, walk};

const SORTS: [&str; 5] = ["trending", "new", "top", "stars", "relevance"];
const WINDOWS: [&str; 6] = ["", "day", "week", "month", "year", "all"];
const CATEGORIES: [&[&str]; 6] = [
    &[],
    &["cs"],
    &["cs.LG"],
    &["cs.LG", "math"],
    &["cs", "cs.CL", "hep-th"],
    &["stat.ML", "math.OC", "q-bio.NC"],
];
const WORDS: [&str; 10] = [
    "",
    "sparse",
    "sparse dense",
    "\"sparse dense\"",
    "-dense",
    "ti:sparse -abs:dense",
    "au:ada",
    "cat:cs.LG -cat:stat",
    "gradient from:2026-06-01 upvotes:>1",
    "cat:math cat:cs has:code stars:>=1",
];

/// Random papers, with many equal dates, upvotes and stars.
fn papers(dice: &mut Dice, count: usize) -> Vec<Paper> {
    const NAMES: [&str; 4] = ["Ada Lovelace", "Emmy Noether", "Sofia K", "Dense Author"];
    const VOCABULARY: [&str; 6] = ["sparse", "dense", "gradient", "Sparse", "convergence", "sparsest"];
    const LEAVES: [&str; 7] = [
        "cs.LG", "cs.CL", "stat.ML", "math.OC", "math.PR", "hep-th", "q-bio.NC",
    ];
    let text = |dice: &mut Dice, words: u64| {
        (0..=dice.roll(words))
            .map(|_| dice.pick(&VOCABULARY))
            .collect::<Vec<_>>()
            .join(" ")
    };
    (0..count)
        .map(|n| {
            let mut paper = a_paper(&format!("2611.{n:05}"))
                .titled(&format!("{} {n}", text(dice, 3)))
                .with_abstract(&text(dice, 6))
                .by(&[dice.pick(&NAMES)]);
            let days = dice.pick(&[0, 0, 1, 3, 6, 7, 20, 29, 30, 200, 364, 366, 2_000]);
            let day = now() - SignedDuration::from_hours(24 * days);
            paper = if dice.one_in(3) {
                paper.published(&day.to_string())
            } else {
                paper.published(&day.to_string()[..10])
            };
            let mut categories: Vec<Category> = (0..dice.roll(4))
                .map(|_| dice.pick(&LEAVES).parse().expect("category"))
                .collect();
            categories.dedup();
            paper.categories = categories;
            if dice.one_in(3) {
                paper = paper.with_code(&format!("https://github.com/a/b{n}"));
            }
            if !dice.one_in(4) {
                let submitted = now() - SignedDuration::from_hours(24 * dice.pick(&[1, 2, 400]));
                paper.hf_submitted_at = Some(submitted);
                let seen = submitted + SignedDuration::from_hours(12);
                paper = paper.with_upvotes(dice.pick(&[0, 1, 2, 2, 5]), &seen.to_string());
            }
            if dice.one_in(2) {
                paper = paper.with_stars(dice.pick(&[0, 1, 3, 3, 3]), &now().to_string());
            }
            paper
        })
        .collect()
}

fn tokens(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn holds(paper: &Paper, term: &Term) -> bool {
    let wanted = tokens(&term.text);
    let has = |text: &str| tokens(text).windows(wanted.len()).any(|run| run == wanted);
    match term.place {
        Place::Title => has(&paper.title),
        Place::Authors => has(&joined(&paper.authors)),
        Place::Abstract => has(&paper.abstract_text),
        Place::Anywhere => has(&paper.title) || has(&joined(&paper.authors)) || has(&paper.abstract_text),
    }
}

fn is_in(paper: &Paper, category: &Category) -> bool {
    paper
        .categories
        .iter()
        .any(|own| own == category || own.archive() == category.as_str())
}

fn announced(paper: &Paper) -> i64 {
    paper
        .published
        .and_then(domain::paper::Published::sort_key)
        .expect("a date")
}

fn votes(paper: &Paper) -> u32 {
    paper.upvotes.map_or(0, |seen| seen.total)
}

fn stars(paper: &Paper) -> u32 {
    paper.stars.map_or(0, |seen| seen.total)
}

fn passes(paper: &Paper, ask: &Listing) -> bool {
    let query = &ask.query;
    let day = paper.published.expect("a date").day();
    (ask.categories.is_empty() || ask.categories.iter().any(|category| is_in(paper, category)))
        && query.categories.iter().all(|category| is_in(paper, category))
        && !query
            .excluded_categories
            .iter()
            .any(|category| is_in(paper, category))
        && (!(ask.has_code || query.has_code) || paper.code_url.is_some())
        && votes(paper) >= ask.min_upvotes.max(query.min_upvotes.unwrap_or(0))
        && stars(paper) >= ask.min_stars.max(query.min_stars.unwrap_or(0))
        && [ask.from, query.from, ask.edition.map(Edition::first_day)]
            .into_iter()
            .flatten()
            .all(|from| day >= from)
        && [ask.to, query.to, ask.edition.map(Edition::last_day)]
            .into_iter()
            .flatten()
            .all(|to| day <= to)
        && query.terms.iter().all(|term| holds(paper, term) != term.excluded)
        && (ask.order() == Sort::Trending
            || ask
                .span()
                .days()
                .is_none_or(|days| announced(paper) >= now().as_second() - days * 86_400))
}

/// The papers of a listing, found by a filter over all papers. Row ids grow in the order of saving.
fn expected(papers: &[Paper], ask: &Listing, ranking: Option<&Ranking>) -> Vec<String> {
    let mut found: Vec<(f64, i64, usize)> = papers
        .iter()
        .enumerate()
        .filter(|(_, paper)| passes(paper, ask))
        .map(|(row, paper)| {
            let key = match ask.order() {
                Sort::Top => votes(paper).into(),
                Sort::Stars => stars(paper).into(),
                Sort::Trending => ranking
                    .and_then(|ranking| ranking.heat_of(row as i64 + 1))
                    .map_or(0.0, |report| report.heat.total()),
                Sort::New | Sort::Relevance => 0.0,
            };
            (key, announced(paper), row)
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(b.2.cmp(&a.2)));
    found
        .into_iter()
        .map(|(_, _, row)| papers[row].key().to_string())
        .collect()
}

/// A random listing. Most have few filters, so that they find something.
fn some_listing(dice: &mut Dice, sort: &'static str, window: &'static str) -> Listing {
    let mut query = vec![("sort", sort)];
    let mut add = |dice: &mut Dice, name: &'static str, values: &[&'static str]| {
        let value = dice.pick(values);
        if !value.is_empty() {
            query.push((name, value));
        }
    };
    add(dice, "window", &[window]);
    add(
        dice,
        "q",
        if sort == "relevance" {
            &[
                "sparse",
                "sparse dense",
                "\"sparse dense\" -ti:gradient",
                "au:ada",
            ]
        } else {
            &WORDS
        },
    );
    add(dice, "has", &["", "", "code"]);
    add(dice, "min_upvotes", &["", "", "", "1", "2", "5"]);
    add(dice, "min_stars", &["", "", "", "1", "3"]);
    add(
        dice,
        "from",
        &["", "", "", "2026-10-01", "2026-11-24", "2020-01-01"],
    );
    add(
        dice,
        "to",
        &["", "", "", "2026-11-23", "2026-11-24", "2025-12-31"],
    );
    let categories = dice.pick(&CATEGORIES);
    query.extend(categories.iter().map(|category| ("category", *category)));
    let edition = dice.one_in(5).then(|| {
        dice.pick(&[
            "2026-11-24",
            "2026-11-23",
            "2026-W48",
            "2026-W47",
            "2026-11",
            "2026-10",
            "2025-11",
        ])
        .parse()
        .expect("an edition")
    });
    // An edition without an order is ordered by upvotes.
    let sort = if edition.is_some() && dice.one_in(2) {
        None
    } else {
        Some(sort)
    };
    query.retain(|(name, _)| *name != "sort" || sort.is_some());
    Listing {
        edition,
        ..Listing::read(query).listing
    }
}

#[tokio::test]
async fn every_order_and_filter_gives_the_same_as_a_filter_over_all_papers() {
    let mut dice = Dice(7);
    let papers = papers(&mut dice, 240);
    let library = Library::of(&papers).await;
    rank(&library.store, now()).await.expect("ranked");
    let mut found = 0;
    for round in 0..40 {
        for sort in SORTS {
            for window in WINDOWS {
                let ask = some_listing(&mut dice, sort, window);
                let ranking = library.store.current_ranking(ask.span()).await.expect("answer");
                let (mut given, mut expected) = (
                    library.walk(&ask).await,
                    expected(&papers, &ask, ranking.as_deref()),
                );
                if ask.order() == Sort::Relevance {
                    given.sort();
                    expected.sort();
                }
                assert_eq!(given, expected, "round {round}: {}", ask.url());
                found += given.len();
            }
        }
    }
    assert!(found > 8_000, "{found}: the filters leave something to compare");
    let hot = library
        .store
        .current_ranking(domain::Window::Week)
        .await
        .expect("answer")
        .expect("ranking")
        .entries
        .len();
    assert!(
        (60..200).contains(&hot),
        "{hot}: both hot and quiet papers were walked"
    );
}

#[tokio::test]
async fn following_next_shows_each_paper_of_the_sample_once_in_every_order() {
    let library = Library::of_the_sample().await;
    for sort in ["trending", "new", "top", "stars"] {
        for window in ["", "all"] {
            let query = if window.is_empty() {
                vec![("sort", sort)]
            } else {
                vec![("sort", sort), ("window", window)]
            };
            assert_eq!(library.walk_url(&query).await.len(), 119, "{query:?}");
        }
    }
    let new = library.walk_url(&[("sort", "new")]).await;
    let mut places = Vec::new();
    for name in &new {
        let card = library.card(name).await;
        places.push((card.announced, card.id));
    }
    assert!(
        places.windows(2).all(|pair| pair[0] > pair[1]),
        "newest first, then the later row"
    );
}

#[tokio::test]
async fn a_page_boundary_between_equal_keys_neither_repeats_nor_skips() {
    // 80 papers of the same second, with equal upvotes, stars and heat.
    let same: Vec<Paper> = (0..80)
        .map(|n| Paper {
            hf_submitted_at: Some(at("2026-11-23T00:00:00Z")),
            ..a_paper(&format!("2611.{n:05}"))
                .titled("Same")
                .published("2026-11-23")
                .with_upvotes(4, "2026-11-23T12:00:00Z")
                .with_stars(4, "2026-11-23T12:00:00Z")
                .in_categories("cs.LG math.OC")
        })
        .collect();
    let library = Library::of(&same).await;
    rank(&library.store, now()).await.expect("ranked");
    let backwards: Vec<String> = same.iter().rev().map(|paper| paper.key().to_string()).collect();
    for sort in SORTS {
        for categories in [&[][..], &["cs"], &["cs", "math", "cs.LG"]] {
            let mut query = vec![("q", "same"), ("sort", sort)];
            query.extend(categories.iter().map(|category| ("category", *category)));
            assert_eq!(library.walk_url(&query).await, backwards, "{query:?}");
            if sort != "relevance" {
                assert_eq!(library.walk_url(&query[1..]).await, backwards, "{query:?}");
            }
        }
    }
}

#[tokio::test]
async fn exactly_one_full_page_has_no_next() {
    for count in [0, 1, 24, 25, 26, 50, 51] {
        let papers: Vec<Paper> = (0..count)
            .map(|n| {
                a_paper(&format!("2611.{n:05}")).with_upvotes(u32::from(n % 2 == 0), "2026-11-20T00:00:01Z")
            })
            .collect();
        let library = Library::of(&papers).await;
        for sort in ["trending", "new", "top", "stars"] {
            assert_eq!(
                library.walk_url(&[("sort", sort)]).await.len(),
                count,
                "{sort} {count}"
            );
        }
    }
}

/// Papers with different upvotes and so different heat.
fn voted(count: u32) -> Vec<Paper> {
    (0..count)
        .map(|n| Paper {
            hf_submitted_at: Some(at("2026-11-23T00:00:00Z")),
            ..a_paper(&format!("2611.{n:05}"))
                .published("2026-11-23")
                .with_upvotes(n + 1, "2026-11-23T12:00:00Z")
        })
        .collect()
}

async fn first_page(library: &Library, ask: &Listing) -> (Vec<String>, Cursor) {
    let page = library.store.list(ask, None, None, now()).await.expect("a page");
    let names = page.cards.iter().map(|card| card.key.to_string()).collect();
    (names, page.next.expect("a second page"))
}

/// All papers after a cursor, with all notices.
async fn rest(library: &Library, ask: &Listing, from: Cursor) -> (Vec<String>, Vec<String>) {
    let (mut names, mut notices, mut after) = (Vec::new(), Vec::new(), Some(from));
    while let Some(cursor) = after {
        let page = library
            .store
            .list(ask, Some(cursor), None, now())
            .await
            .expect("a page");
        names.extend(page.cards.iter().map(|card| card.key.to_string()));
        notices.extend(page.notices);
        after = page.next;
    }
    (names, notices)
}

#[tokio::test]
async fn later_pages_follow_the_ranking_of_the_first_page() {
    let library = Library::of(&voted(90)).await;
    rank(&library.store, now()).await.expect("ranked");
    let ask = Listing::default();
    let whole = library.walk(&ask).await;
    let (first, cursor) = first_page(&library, &ask).await;
    // The last paper becomes the first.
    library
        .save_papers(&[a_paper("2611.00000").with_upvotes(9_000, "2026-11-24T11:00:00Z")])
        .await;
    rank(&library.store, now()).await.expect("ranked");
    assert_eq!(library.walk(&ask).await[0], "2611.00000");
    let library = library.reopened().await;
    let (second, notices) = rest(&library, &ask, cursor).await;
    assert_eq!([first, second].concat(), whole);
    assert_eq!(notices, Vec::<String>::new());
}

#[tokio::test]
async fn a_deleted_ranking_continues_at_the_nearest_place_with_one_notice() {
    let library = Library::of(&voted(90)).await;
    rank(&library.store, now()).await.expect("ranked");
    let ask = Listing::default();
    let whole = library.walk(&ask).await;
    let (first, cursor) = first_page(&library, &ask).await;
    rank(&library.store, now() + SignedDuration::from_hours(49))
        .await
        .expect("ranked");
    let library = library.reopened().await;
    let (second, notices) = rest(&library, &ask, cursor).await;
    let seen: HashSet<&String> = first.iter().chain(&second).collect();
    assert_eq!(seen.len(), whole.len(), "nothing is skipped");
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].contains("updated"), "{notices:?}");
}

#[tokio::test]
async fn a_listing_opened_before_the_first_ranking_shows_every_paper_once() {
    let library = Library::of(&voted(90)).await;
    let ask = Listing::default();
    let (first, cursor) = first_page(&library, &ask).await;
    // The oldest paper, at the end of this list, becomes the hottest.
    rank(&library.store, now()).await.expect("ranked");
    let (second, _) = rest(&library, &ask, cursor).await;
    let all: HashSet<&String> = first.iter().chain(&second).collect();
    assert_eq!((all.len(), first.len() + second.len()), (90, 90));
}

#[tokio::test]
async fn a_cursor_at_the_last_paper_with_heat_continues_with_the_papers_without() {
    // 25 papers with heat fill the first page; 30 without follow by date.
    let mut papers = voted(25);
    papers.extend((100..130).map(|n| a_paper(&format!("2401.{n:05}")).published("2024-01-15")));
    let library = Library::of(&papers).await;
    rank(&library.store, now()).await.expect("ranked");
    let names = library.walk(&Listing::default()).await;
    assert_eq!(names.len(), 55);
    assert!(
        names[..25].iter().all(|name| name.starts_with("2611"))
            && names[25..].iter().all(|name| name.starts_with("2401"))
    );
}

#[tokio::test]
async fn changes_after_a_rank_run_count_for_filters_at_once() {
    let library = Library::of(&voted(3)).await;
    library
        .save_papers(&[a_paper("2611.00001").in_categories("cs.LG")])
        .await;
    rank(&library.store, now()).await.expect("ranked");
    let codes = [("has", "code")];
    assert_eq!(library.walk_url(&codes).await, Vec::<String>::new());
    assert_eq!(library.walk_url(&[("category", "cs.LG")]).await, ["2611.00001"]);
    library
        .save_papers(&[
            a_paper("2611.00000").with_code("https://github.com/a/b"),
            a_paper("2611.00001").in_categories("math.OC"),
        ])
        .await;
    assert_eq!(library.walk_url(&codes).await, ["2611.00000"]);
    assert_eq!(
        library.walk_url(&[("category", "cs.LG")]).await,
        Vec::<String>::new()
    );
    assert_eq!(library.walk_url(&[("category", "math")]).await, ["2611.00001"]);
}

#[tokio::test]
async fn changes_by_a_second_process_count_and_no_paper_is_lost() {
    let library = Library::of(&voted(3)).await;
    rank(&library.store, now()).await.expect("ranked");
    assert_eq!(library.walk_url(&[("has", "code")]).await, Vec::<String>::new());
    let other = store::Store::open(&library.path).await.expect("a second process");
    assert_eq!(
        other
            .save_papers(
                &[a_paper("2611.00001").with_code("https://github.com/a/b")],
                now()
            )
            .await
            .expect("saved"),
        [SaveOutcome::Updated]
    );
    let page = library
        .store
        .list(&listing(&[("has", "code")]), None, None, now())
        .await
        .expect("page");
    assert_eq!(
        page.cards.iter().map(|card| card.key.clone()).collect::<Vec<_>>(),
        [key("2611.00001")]
    );
}

#[tokio::test]
async fn a_forged_cursor_leads_to_another_place_without_an_error() {
    let library = Library::of(&voted(40)).await;
    rank(&library.store, now()).await.expect("ranked");
    for sort in SORTS {
        let ask = listing(&[("q", "paper"), ("sort", sort)]);
        for (key, announced, id, epoch) in [
            (f64::MAX, i64::MAX, i64::MAX, i64::MAX),
            (f64::MIN, i64::MIN, i64::MIN, i64::MIN),
            (0.0, 0, 0, 0),
            (-0.0, -1, -1, 1),
            (f64::MIN_POSITIVE, 1, 1, -1),
            (1e300, 0, 0, 1),
        ] {
            let cursor = Cursor {
                listing: ask.fingerprint(),
                epoch,
                key,
                announced,
                id,
                seen: u32::MAX,
                begun: domain::ListStart {
                    at: id,
                    newest: announced,
                    moves: epoch,
                },
            };
            library
                .store
                .list(&ask, Some(cursor), None, now())
                .await
                .expect("a page");
        }
    }
}

#[tokio::test]
async fn the_nearest_days_with_papers_are_found() {
    let library = Library::of(&[
        a_paper("2611.00001").published("2026-11-20"),
        a_paper("2611.00002").published("2026-11-22T10:00:00Z"),
        Paper {
            arxiv_id: None,
            ..a_paper("2611.00003")
        },
    ])
    .await;
    let (first, second) = (
        at("2026-11-20T00:00:00Z").as_second(),
        at("2026-11-22T10:00:00Z").as_second(),
    );
    for (moment, before, from) in [
        (first, None, Some(first)),
        (first + 1, Some(first), Some(second)),
        (second, Some(first), Some(second)),
        (second + 1, Some(second), None),
    ] {
        assert_eq!(
            library.store.last_announced_before(moment).await.expect("answer"),
            before
        );
        assert_eq!(
            library.store.first_announced_from(moment).await.expect("answer"),
            from
        );
    }
}

#[tokio::test]
async fn extreme_filters_find_no_paper_or_all_papers() {
    let library = Library::of_the_sample().await;
    for (query, count) in [
        (&[("from", "9999-12-31")][..], 0),
        (&[("to", "9999-12-31")], 119),
        (&[("from", "0001-01-01")], 119),
        (&[("to", "0001-01-01")], 0),
        (&[("min_upvotes", "4294967295")], 0),
        (&[("min_stars", "4294967295"), ("sort", "stars")], 0),
        (&[("q", "stars:>99999999999999999999")], 0),
        (&[("category", "xx.YY"), ("sort", "top")], 0),
    ] {
        let listing = Listing::read(query.iter().copied()).listing;
        assert_eq!(
            walk(&library.store, &listing, now()).await.len(),
            count,
            "{query:?}"
        );
    }
}

/// Every combination of filters, with one value each.
fn combinations() -> Vec<Listing> {
    let axes: [(&str, &[&str]); 8] = [
        ("sort", &SORTS),
        ("window", &["", "week"]),
        ("category", &["", "cs.LG", "cs,math.OC"]),
        ("has", &["", "code"]),
        ("min_upvotes", &["", "5"]),
        ("min_stars", &["", "5"]),
        ("to", &["", "2026-11-01"]),
        (
            "q",
            &[
                "",
                "sparse",
                "-sparse",
                "sparse -\"dense words\" cat:cs.LG -cat:stat au:ada",
            ],
        ),
    ];
    let mut queries: Vec<Vec<(&str, &str)>> = vec![Vec::new()];
    for (name, values) in axes {
        queries = queries
            .iter()
            .flat_map(|query| {
                values
                    .iter()
                    .map(|value| query.iter().copied().chain([(name, *value)]).collect())
            })
            .collect();
    }
    queries
        .into_iter()
        .map(|query| Listing::read(query).listing)
        .collect()
}

#[tokio::test]
async fn every_listing_uses_an_index() {
    let library = Library::of(&voted(3)).await;
    let mut asked = HashSet::new();
    for ask in combinations() {
        for plan in library.store.plans(&ask, now()).await.expect("a plan") {
            let (sql, steps) = plan.split_once("\n  ").expect("a plan has steps");
            if !asked.insert(plan.clone()) {
                continue;
            }
            for step in steps.lines().map(str::trim) {
                if let Some(scanned) = step.strip_prefix("SCAN ") {
                    let allowed = scanned.contains("VIRTUAL TABLE")
                        // Names of subqueries whose own steps are checked as well.
                        || ["hits", "json_each", "(subquery", "walked", "matched", "counted", "found", "CONSTANT ROW"]
                            .iter()
                            .any(|name| scanned.starts_with(name));
                    assert!(allowed, "{}\n{plan}", ask.url());
                }
                let sorts = step.contains("USE TEMP B-TREE FOR ORDER BY");
                assert!(
                    !sorts || sql.contains("with hits as"),
                    "sorts a walk: {}\n{plan}",
                    ask.url()
                );
            }
        }
    }
    assert!(asked.len() > 200, "{} different plans", asked.len());
}
