//! Rankings: heat from snapshots, run by run.

use domain::{Paper, Window, ranking::Heat};
use ingest::ranking::rank;
use jiff::{SignedDuration, Timestamp};
use testing::{Library, PaperBuilder, a_paper, at, now};

fn ago(hours: i64) -> Timestamp {
    now() - SignedDuration::from_hours(hours)
}

fn text(when: Timestamp) -> String {
    when.to_string()
}

/// A paper that entered Hugging Face Daily some hours ago.
fn a_daily_paper(id: &str, hours: i64) -> Paper {
    Paper {
        hf_submitted_at: Some(ago(hours)),
        ..a_paper(id).published(&text(ago(hours))).in_categories("cs.LG")
    }
}

async fn heats(library: &Library, window: Window) -> Vec<(i64, Heat)> {
    let ranking = library
        .store
        .current_ranking(window)
        .await
        .expect("answer")
        .expect("a ranking");
    ranking
        .entries
        .iter()
        .map(|ranked| (ranked.paper_id, ranked.heat))
        .collect()
}

fn near(heat: &Heat, hf: f64, gh: f64, fresh: f64) {
    for (term, expected) in [
        (heat.hf, hf),
        (heat.gh, gh),
        (heat.local, 0.0),
        (heat.fresh, fresh),
    ] {
        assert!(
            (term - expected).abs() < 0.001,
            "{heat:?}, not ({hf}, {gh}, {fresh})"
        );
    }
}

#[tokio::test]
async fn known_snapshots_give_the_heat_of_the_formula() {
    let (a, b, c) = (
        a_daily_paper("2611.00001", 72),
        a_daily_paper("2611.00002", 0),
        a_daily_paper("2611.00003", 0),
    );
    let library = Library::of(&[
        a.clone().with_upvotes(10, &text(ago(48))),
        a.clone().with_upvotes(40, &text(ago(24))),
        b.with_upvotes(3, &text(now())),
        c.with_upvotes(12, &text(now())),
        // The first reading of stars is not a gain; the second is.
        a.clone().with_stars(500, &text(ago(48))),
        a.with_stars(580, &text(ago(24))),
    ])
    .await;
    let run = rank(&library.store, now()).await.expect("ranked");
    assert_eq!((run.epoch, run.ranked_for, run.ranked), (1, now(), 3));
    // Votes gained, decayed by half-lives of 1, 3 and 14 days: 16.803, 29.436, 37.385; the median is the 12 of the third paper.
    // Stars gained: 80, one day ago. The only gain is its own median, and a gain equal to the median gives the logarithm
    // of two.
    let median = std::f64::consts::LN_2;
    for (window, hf) in [
        (Window::Day, 0.8757),
        (Window::Week, 1.2394),
        (Window::Month, 1.4148),
    ] {
        let heats = heats(&library, window).await;
        assert_eq!(
            heats.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
            [1, 3, 2],
            "{window}"
        );
        near(&heats[0].1, hf, median, 0.075);
        near(&heats[1].1, median, 0.0, 0.3);
        near(&heats[2].1, 0.2231, 0.0, 0.3);
    }
}

#[tokio::test]
async fn heat_is_the_sum_of_its_terms_and_the_order_is_heat_then_date_then_row() {
    let papers: Vec<Paper> = (0..120)
        .map(|n| {
            a_daily_paper(&format!("2611.{n:05}"), [5, 30, 30, 200][n % 4])
                .with_upvotes(1 + n as u32 % 5, &text(ago(1)))
        })
        .collect();
    let library = Library::of(&papers).await;
    rank(&library.store, now()).await.expect("ranked");
    for window in [Window::Day, Window::Week, Window::Month] {
        let ranking = library
            .store
            .current_ranking(window)
            .await
            .expect("answer")
            .expect("a ranking");
        let cards = library
            .store
            .cards(
                &ranking
                    .entries
                    .iter()
                    .map(|ranked| ranked.paper_id)
                    .collect::<Vec<_>>(),
                None,
                0,
            )
            .await
            .expect("cards");
        assert_eq!(cards.len(), 120);
        let keys: Vec<(f64, i64, i64)> = ranking
            .entries
            .iter()
            .zip(&cards)
            .map(|(ranked, card)| (ranked.heat.total(), card.announced, card.id))
            .collect();
        assert!(keys.windows(2).all(|pair| pair[0] > pair[1]), "{window}");
    }
    let page = library
        .store
        .list(&domain::Listing::default(), None, None, now())
        .await
        .expect("page");
    for card in page.cards {
        let heat = card.heat.expect("hot").heat;
        assert!((heat.total() - (heat.hf + heat.gh + heat.local + heat.fresh)).abs() < 1e-12);
    }
}

#[tokio::test]
async fn a_paper_without_recent_signals_is_not_in_the_ranking() {
    let library = Library::of(&[
        a_daily_paper("2611.00001", 24).with_upvotes(9, &text(ago(1))),
        a_paper("2001.00001")
            .published("2020-01-01")
            .with_upvotes(900, "2020-01-03T00:00:01Z"),
        a_paper("2001.00002")
            .published("2020-01-01")
            .with_stars(90_000, &text(ago(1))),
        a_paper("2001.00003"),
    ])
    .await;
    rank(&library.store, now()).await.expect("ranked");
    assert_eq!(
        heats(&library, Window::Month)
            .await
            .iter()
            .map(|(id, _)| *id)
            .collect::<Vec<_>>(),
        [1]
    );
    assert_eq!(library.card("2001.00001").await.heat, None);
}

#[tokio::test]
async fn an_old_total_does_not_count_again() {
    let old = |id: &str| Paper {
        hf_submitted_at: Some(ago(24 * 301)),
        ..a_paper(id).published("2026-01-20")
    };
    let library = Library::of(&[
        old("2601.00001").with_upvotes(500, &text(ago(24 * 300))),
        old("2601.00001").with_upvotes(510, &text(ago(24))),
        old("2601.00002").with_stars(100, &text(ago(24 * 250))),
        old("2601.00002").with_stars(900, &text(ago(24))),
    ])
    .await;
    rank(&library.store, now()).await.expect("ranked");
    let ranking = library
        .store
        .current_ranking(Window::Month)
        .await
        .expect("answer")
        .expect("a ranking");
    let gains = |id| ranking.heat_of(id).expect("has heat").gains;
    assert!(
        (gains(1).hf - 9.517).abs() < 0.01,
        "{:?}: ten votes a day ago",
        gains(1)
    );
    assert!(
        (gains(2).gh - 761.36).abs() < 0.1,
        "{:?}: eight hundred stars a day ago",
        gains(2)
    );
}

#[tokio::test]
async fn a_snapshot_of_the_future_does_not_count_yet() {
    let library = Library::of(&[a_daily_paper("2611.00001", 24).with_upvotes(3, &text(ago(1)))]).await;
    library
        .save_papers(&[a_paper("2611.00001").with_upvotes(300, &text(ago(-5)))])
        .await;
    rank(&library.store, now()).await.expect("ranked");
    let early = heats(&library, Window::Week).await[0].1;
    assert!(early.hf < 1.0, "{early:?}");
}

#[tokio::test]
async fn the_heat_column_follows_the_week() {
    let library = Library::of(&[
        a_daily_paper("2611.00001", 24).with_upvotes(9, &text(ago(1))),
        a_paper("2001.00001").published("2020-01-01"),
    ])
    .await;
    rank(&library.store, now()).await.expect("ranked");
    let heat = heats(&library, Window::Week).await[0].1.total();
    let column = async |library: &Library, id: i64| -> f64 {
        sqlx::query_scalar("select heat from papers where id = ?")
            .bind(id)
            .fetch_one(&mut library.beside().await)
            .await
            .expect("a heat")
    };
    assert!((column(&library, 1).await - heat).abs() < 1e-9);
    assert_eq!(column(&library, 2).await, 0.0);
    // A year later only other papers have new votes.
    library
        .save_papers(&[a_paper("2611.00002")
            .published("2027-11-24")
            .with_upvotes(1, "2027-11-24T00:00:01Z")])
        .await;
    rank(&library.store, now() + SignedDuration::from_hours(24 * 365))
        .await
        .expect("ranked");
    assert_eq!(column(&library, 1).await, 0.0);
}

#[tokio::test]
async fn rank_runs_are_kept_for_two_days() {
    let library = Library::of(&[a_daily_paper("2611.00001", 24).with_upvotes(9, &text(ago(1)))]).await;
    for hours in [0, 1, 47, 48, 49, 200] {
        rank(&library.store, now() + SignedDuration::from_hours(hours))
            .await
            .expect("ranked");
        let expected = match hours {
            0 => 1,
            1 => 2,
            47 => 3,
            48 => 4,
            49 => 4,
            _ => 1,
        };
        assert_eq!(
            library.number("select count(*) from rank_runs").await,
            expected,
            "after {hours} hours"
        );
        assert_eq!(
            library.number("select count(*) from rankings").await,
            3 * expected,
            "after {hours} hours"
        );
    }
    let library = library.reopened().await;
    assert!(
        library
            .store
            .ranking(1, Window::Week)
            .await
            .expect("answer")
            .is_none()
    );
    assert!(
        library
            .store
            .ranking(6, Window::Week)
            .await
            .expect("answer")
            .is_some()
    );
}

#[tokio::test]
async fn an_empty_library_can_be_ranked() {
    let library = Library::new().await;
    let run = rank(&library.store, now()).await.expect("ranked");
    assert_eq!((run.active, run.ranked), (0, 0));
    assert_eq!(
        library.walk(&domain::Listing::default()).await,
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_library_without_news_shows_its_last_day() {
    let library = Library::of(&[Paper {
        hf_submitted_at: Some(at("2024-05-01T08:00:00Z")),
        ..a_paper("2405.00001").published("2024-05-01")
    }
    .with_upvotes(50, "2024-05-02T08:00:00Z")])
    .await;
    let run = rank(&library.store, now()).await.expect("ranked");
    assert_eq!((run.ranked_for, run.ranked), (at("2024-05-02T08:00:00Z"), 1));
    let page = library
        .store
        .list(&domain::Listing::default(), None, None, now())
        .await
        .expect("page");
    assert_eq!(page.ranked_for, Some(run.ranked_for));
}

#[tokio::test]
async fn in_a_library_without_news_one_wrong_date_does_not_empty_the_front_page() {
    let papers: Vec<Paper> = (0..30)
        .map(|n| {
            Paper {
                hf_submitted_at: Some(at("2026-07-19T08:00:00Z")),
                ..a_paper(&format!("2607.{n:05}")).published("2026-07-18")
            }
            .with_upvotes(5 + n, "2026-07-20T08:00:00Z")
        })
        .collect();
    let library = Library::of(&papers).await;
    library
        .save_papers(&[a_paper("2608.00001").published("2026-10-01")])
        .await;
    let run = rank(&library.store, now()).await.expect("ranked");
    assert_eq!((run.ranked_for, run.ranked), (at("2026-07-20T08:00:00Z"), 30));
    assert_eq!(library.walk(&domain::Listing::default()).await.len(), 31);
}
