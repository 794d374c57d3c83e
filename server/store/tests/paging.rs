//! A reader follows "next" while papers are imported, counters change and the ranking is renewed. They see the same
//! papers in the same order as without these changes, each paper once.

use domain::{
    Listing, Paper,
    paper::{CounterReading, Source},
};
use ingest::ranking::rank;
use jiff::ToSpan;
use testing::{Dice, Library, a_paper, now, walk};

const CATEGORIES: [&str; 6] = ["cs.LG", "cs.CL", "stat.ML", "math.OC", "hep-th", "cs.CV"];

fn record(dice: &mut Dice, id: &str, hour: i64) -> Paper {
    let some = |dice: &mut Dice, most: u64| {
        (!dice.one_in(3)).then(|| CounterReading {
            at: now().checked_add(hour.hours()).expect("a moment"),
            total: dice.roll(most) as u32,
        })
    };
    let day = 1 + dice.roll(23);
    Paper {
        source: Source::Arxiv,
        categories: (0..=dice.roll(2))
            .filter_map(|_| dice.pick(&CATEGORIES).parse().ok())
            .collect(),
        published: format!("2026-11-{day:02}T{:02}:00:00Z", dice.roll(24))
            .parse()
            .ok(),
        announced_on: dice
            .one_in(4)
            .then(|| format!("2026-11-{day:02}").parse().ok())
            .flatten(),
        announced_firm: dice.one_in(2),
        upvotes: some(dice, 40),
        stars: some(dice, 300),
        code_url: dice
            .one_in(3)
            .then(|| format!("https://github.com/a/b{}", dice.roll(50))),
        hf_submitted_at: dice.one_in(2).then(now),
        // The texts of a paper do not change its place in a listing, so they stay.
        abstract_text: ["sparse words", "dense words", "other words"]
            [id.len() * usize::from(id.as_bytes()[9]) % 3]
            .to_owned(),
        ..a_paper(id)
    }
}

fn id(number: u64) -> String {
    format!("2611.{number:05}")
}

#[tokio::test]
async fn a_reader_sees_each_paper_of_the_first_moment_once_whatever_changes_between_pages() {
    let asks: Vec<Vec<(&str, &str)>> = vec![
        vec![],
        vec![("sort", "new")],
        vec![("sort", "top")],
        vec![("sort", "stars")],
        vec![("category", "cs")],
        vec![("sort", "new"), ("has", "code")],
        vec![("sort", "top"), ("category", "cs.LG"), ("category", "math")],
        vec![("sort", "stars"), ("min_upvotes", "5")],
        vec![("min_stars", "40"), ("window", "day")],
        vec![("sort", "new"), ("window", "week")],
        // Relevance: every new paper changes its scores.
        vec![("q", "words")],
        vec![("q", "sparse words")],
        vec![("q", "sparse"), ("sort", "new")],
        vec![("q", "words -dense"), ("sort", "trending")],
    ];
    let mut dice = Dice(20_261_124);
    for (round, ask) in asks.iter().cycle().take(36).enumerate() {
        let mut next_id = 160;
        let papers: Vec<Paper> = (0..next_id)
            .map(|number| record(&mut dice, &id(number), -30))
            .collect();
        let library = Library::of(&papers).await;
        rank(&library.store, now()).await.expect("a rank run");
        let ask: Listing = Listing::read(ask.iter().copied()).listing;
        let expected = walk(&library.store, &ask, now()).await;

        let mut seen = Vec::new();
        let mut after = None;
        let mut hour = 0;
        loop {
            let at = now().checked_add(hour.minutes()).expect("a moment");
            let page = library.store.list(&ask, after, None, at).await.expect("a page");
            assert!(page.notices.is_empty(), "{:?}", page.notices);
            seen.extend(page.cards.iter().map(|card| card.key.to_string()));
            let Some(next) = page.next else { break };
            after = Some(next.to_string().parse().expect("it reads back"));
            for _ in 0..dice.roll(4) {
                hour += 1;
                let mut records: Vec<Paper> = (0..dice.roll(60))
                    .map(|_| {
                        let number = dice.roll(next_id);
                        record(&mut dice, &id(number), hour)
                    })
                    .collect();
                for _ in 0..dice.roll(8) {
                    records.push(record(&mut dice, &id(next_id), hour));
                    next_id += 1;
                }
                library
                    .store
                    .save_papers(&records, now().checked_add(hour.minutes()).expect("a moment"))
                    .await
                    .expect("saved");
                if dice.one_in(2) {
                    rank(
                        &library.store,
                        now().checked_add(hour.minutes()).expect("a moment"),
                    )
                    .await
                    .expect("a rank run");
                }
            }
        }
        assert_eq!(seen, expected, "round {round}: {}", ask.url());
    }
}
