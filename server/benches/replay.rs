//! `make bench-replay`: how well do different orders of the front page predict upvotes? It replays the upvotes in
//! `../shared/data` day by day. On each day it takes the ten papers that then gained most, and counts how many of them were
//! in the first twenty places of each order. Our own order uses only upvotes, by the functions of the rank job.
//!
//! **The moment** of a front page is the first reading of a UTC day. Hugging Face was read once or twice a day, each time
//! the papers of that day, so the readings are recent at this moment. Each order sees only readings up to it.
//!
//! **The gain** of a paper is counted from this moment to its last reading within [`LATER`]. A gain of 24 hours would be
//! better, but only one paper was read twice at that distance, and extrapolating five hours to 24 would invent upvotes. So
//! only papers of the day itself are measured. An order that also shows older papers, as ours does, loses places for them,
//! and the data cannot say whether that is wrong. Three further figures show how much this matters: the order "newest
//! first", which does not use upvotes; the number of places with measured papers; and the share of pairs of measured
//! papers that are in the right order.
//!
//! The file is long because it is one study: reading, ordering and counting.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use domain::{
    ArxivId, Window,
    paper::Published,
    ranking::{Gains, HF_MEDIAN_FLOOR, Medians, Snapshot, decayed_gain, heat, median},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, de::DeserializeOwned};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// Places of the front page that count.
const TOP: usize = 20;
/// Number of papers that gained most. Days on which fewer papers gained anything are skipped.
const BEST: usize = 10;
/// The latest reading that counts, in seconds after the moment. Two readings of a day are at most 11.5 hours apart. With a
/// reading of the next day, 24 hours of one paper would be compared with five hours of another.
const LATER: i64 = 12 * HOUR;
/// Papers that did not change within this time do not count for the medians, as in the rank job.
const MEDIANS_OVER: i64 = 30 * DAY;

const ORDERS: [(&str, Order); 7] = [
    ("week", Order::Heat(Window::Week)),
    ("day", Order::Heat(Window::Day)),
    ("month", Order::Heat(Window::Month)),
    ("total", Order::Total),
    ("total7d", Order::TotalOfWeek),
    ("HN", Order::HackerNews),
    ("newest", Order::Newest),
];

#[derive(Clone, Copy)]
enum Order {
    /// Our own order. `week` is the default.
    Heat(Window),
    /// By the total of upvotes.
    Total,
    /// By the total of upvotes, only papers submitted to Daily in the last seven days.
    TotalOfWeek,
    /// By `(upvotes - 1) / (hours + 2)^1.8`, with the hours since the submission to Daily.
    HackerNews,
    /// By the submission to Daily, newest first. It shows what is possible without upvotes.
    Newest,
}

fn main() -> Result<(), Failure> {
    // `cargo test --benches` only checks that the program starts.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let (daily, history) = (
        shared.join("hf_daily.jsonl.zst"),
        shared.join("hf_upvote_history.jsonl.zst"),
    );
    if !daily.exists() || !history.exists() {
        println!("No ../shared/data here: nothing to replay, skipped.");
        return Ok(());
    }
    let papers = papers(rows(&daily)?, rows(&history)?);
    let days: Vec<Replayed> = moments(&papers)
        .into_iter()
        .filter_map(|at| replay(&papers, at))
        .collect();
    report(&papers, &days);
    Ok(())
}

/// A row of `hf_daily`.
#[derive(Deserialize)]
struct Daily {
    id: ArxivId,
    #[serde(rename = "publishedAt")]
    published: Option<Published>,
    #[serde(rename = "submittedOnDailyAt")]
    submitted: Option<Timestamp>,
    #[serde(rename = "_listed_date")]
    listed: Option<Date>,
    #[serde(rename = "_captured_at")]
    captured_at: Timestamp,
    upvotes: i64,
}

/// A row of `hf_upvote_history`.
#[derive(Deserialize)]
struct History {
    id: ArxivId,
    points: Vec<Point>,
}

#[derive(Deserialize)]
struct Point {
    captured_at: Timestamp,
    upvotes: i64,
}

fn rows<T: DeserializeOwned>(file: &Path) -> Result<Vec<T>, Failure> {
    BufReader::new(zstd::Decoder::new(File::open(file)?)?)
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect()
}

/// A paper with all its readings. [`known`] selects those that a front page may use.
struct Paper {
    id: ArxivId,
    announced: i64,
    /// When it was submitted to Daily, without upvotes.
    since: i64,
    /// Oldest first, never empty.
    readings: Vec<Snapshot>,
}

fn papers(daily: Vec<Daily>, history: Vec<History>) -> Vec<Paper> {
    let mut totals: BTreeMap<ArxivId, BTreeMap<i64, i64>> = BTreeMap::new();
    for row in &daily {
        let readings = totals.entry(row.id.clone()).or_default();
        readings.insert(row.captured_at.as_second(), row.upvotes);
    }
    for row in history {
        let readings = totals.entry(row.id).or_default();
        readings.extend(
            row.points
                .iter()
                .map(|point| (point.captured_at.as_second(), point.upvotes)),
        );
    }
    let daily: BTreeMap<ArxivId, Daily> = daily.into_iter().map(|row| (row.id.clone(), row)).collect();
    totals
        .into_iter()
        .filter_map(|(id, readings)| {
            let readings: Vec<Snapshot> = readings
                .into_iter()
                .map(|(at, total)| Snapshot { at, total })
                .collect();
            let (first, told) = (readings.first()?.at, daily.get(&id));
            // A paper that was submitted again has the later date, which was not known at its first reading.
            let submitted = told.and_then(|row| Some(row.submitted?.as_second()));
            let listed = told.and_then(|row| Published::Day(row.listed?).sort_key());
            let since = [submitted, listed]
                .into_iter()
                .flatten()
                .find(|since| *since <= first)
                .unwrap_or(first - first.rem_euclid(DAY));
            let announced = told
                .and_then(|row| row.published)
                .or_else(|| Published::of_arxiv_id(&id))
                .and_then(Published::sort_key)
                .unwrap_or(since);
            Some(Paper {
                id,
                announced,
                since,
                readings,
            })
        })
        .collect()
}

/// The first reading of each UTC day.
fn moments(papers: &[Paper]) -> Vec<i64> {
    let mut first: BTreeMap<i64, i64> = BTreeMap::new();
    for reading in papers.iter().flat_map(|paper| &paper.readings) {
        let at = first.entry(reading.at.div_euclid(DAY)).or_insert(reading.at);
        *at = reading.at.min(*at);
    }
    first.into_values().collect()
}

/// A paper as it was known at the moment of a front page.
struct Known<'a> {
    paper: &'a Paper,
    readings: &'a [Snapshot],
    last: Snapshot,
}

fn known(paper: &Paper, at: i64) -> Option<Known<'_>> {
    let readings = &paper.readings[..paper.readings.partition_point(|reading| reading.at <= at)];
    let last = *readings.last()?;
    Some(Known {
        paper,
        readings,
        last,
    })
}

/// The gain of a paper from the moment to its last reading within [`LATER`].
fn gained(known: &Known, at: i64) -> Option<(i64, i64)> {
    let later = known.paper.readings[known.readings.len()..]
        .iter()
        .rfind(|reading| reading.at <= at + LATER)?;
    (known.last.at == at).then_some((later.total - known.last.total, later.at))
}

fn scores(order: Order, known: &[Known], at: i64) -> Vec<f64> {
    let hours = |since: i64| (at - since) as f64 / HOUR as f64;
    if let Order::Heat(window) = order {
        let gains: Vec<f64> = known
            .iter()
            .map(|known| {
                decayed_gain(
                    known.readings,
                    Some(known.paper.since),
                    at,
                    window.half_life_days(),
                )
            })
            .collect();
        let mut lately: Vec<f64> = known
            .iter()
            .zip(&gains)
            .filter(|(known, _)| known.last.at > at - MEDIANS_OVER)
            .map(|(_, gain)| *gain)
            .collect();
        // This data has no categories, so there is one median for all papers.
        let typical = Medians {
            hf: median(&mut lately, HF_MEDIAN_FLOOR),
            ..Medians::default()
        };
        return known
            .iter()
            .zip(gains)
            .map(|(known, hf)| {
                let gains = Gains {
                    hf,
                    ..Gains::default()
                };
                heat(&gains, &typical, hours(known.paper.announced))
                    .rounded()
                    .total()
            })
            .collect();
    }
    known
        .iter()
        .map(|Known { paper, last, .. }| match order {
            Order::Heat(_) => unreachable!("scored above"),
            Order::Total => last.total as f64,
            Order::TotalOfWeek if paper.since > at - 7 * DAY => last.total as f64,
            Order::TotalOfWeek => f64::NEG_INFINITY,
            Order::HackerNews => (last.total - 1) as f64 / (hours(paper.since) + 2.0).powf(1.8),
            Order::Newest => paper.since as f64,
        })
        .collect()
}

/// One front page and how well it predicted.
struct Replayed {
    at: i64,
    /// Hours from the moment to the last reading of the measured papers.
    hours: f64,
    /// Number of papers whose gain can be measured, and of those whose gain is positive.
    measured: usize,
    positive: usize,
    orders: [Outcome; ORDERS.len()],
}

#[derive(Clone, Copy)]
struct Outcome {
    /// How many of the [`BEST`] papers are in the first [`TOP`] places.
    hits: f64,
    /// How many of the first [`TOP`] places have measured papers.
    places: f64,
    /// The share of pairs of measured papers with different gains that have the larger gain first.
    pairs: f64,
}

fn replay(papers: &[Paper], at: i64) -> Option<Replayed> {
    let known: Vec<Known> = papers.iter().filter_map(|paper| known(paper, at)).collect();
    let mut measured: Vec<(usize, i64, i64)> = known
        .iter()
        .enumerate()
        .filter_map(|(n, known)| gained(known, at).map(|(gain, till)| (n, gain, till)))
        .collect();
    let positive = measured.iter().filter(|(_, gain, _)| *gain > 0).count();
    if positive < BEST {
        return None;
    }
    // Of papers with equal gains around the tenth place, those with lower identifiers are taken. The other choice changes
    // no mean by 0.1.
    measured.sort_by_key(|(_, gain, _)| Reverse(*gain));
    let best: BTreeSet<usize> = measured[..BEST].iter().map(|(n, ..)| *n).collect();
    let orders = ORDERS.map(|(_, order)| {
        let scores = scores(order, &known, at);
        let mut page: Vec<usize> = (0..known.len()).collect();
        page.sort_by(|a, b| {
            let tie = |n: usize| (known[n].paper.announced, &known[n].paper.id);
            scores[*b]
                .total_cmp(&scores[*a])
                .then_with(|| tie(*b).cmp(&tie(*a)))
        });
        let mut place = vec![0; known.len()];
        for (at, n) in page.iter().enumerate() {
            place[*n] = at;
        }
        let (mut right, mut pairs) = (0, 0);
        for (i, (more, most, _)) in measured.iter().enumerate() {
            for (less, least, _) in &measured[i + 1..] {
                pairs += usize::from(most > least);
                right += usize::from(most > least && place[*more] < place[*less]);
            }
        }
        let within = |n: &usize| place[*n] < TOP;
        Outcome {
            hits: best.iter().filter(|n| within(n)).count() as f64,
            places: measured.iter().filter(|(n, ..)| within(n)).count() as f64,
            pairs: 100.0 * right as f64 / pairs.max(1) as f64,
        }
    });
    let till = measured.iter().map(|(.., till)| *till).max()?;
    Some(Replayed {
        at,
        hours: (till - at) as f64 / HOUR as f64,
        measured: measured.len(),
        positive,
        orders,
    })
}

fn report(papers: &[Paper], days: &[Replayed]) {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        println!("On no day did {BEST} papers gain anything that can be measured.");
        return;
    };
    print!(
        "{:<17} {:>5} {:>8} {:>8}",
        "day (UTC)", "hours", "measured", "gained"
    );
    for (name, _) in ORDERS {
        print!(" {name:>7}");
    }
    println!("   of the {BEST} that gained most, in the first {TOP}");
    for day in days {
        print!(
            "{:<17} {:>5.1} {:>8} {:>8}",
            minute(day.at),
            day.hours,
            day.measured,
            day.positive
        );
        for outcome in day.orders {
            print!(" {:>7.0}", outcome.hits);
        }
        println!();
    }
    let line = |what: &str, figure: fn(Outcome) -> f64, of: fn(Vec<f64>) -> f64| {
        print!("{what:<41}");
        for n in 0..ORDERS.len() {
            let figures = days.iter().map(|day| figure(day.orders[n])).collect();
            print!(" {:>7.2}", of(figures));
        }
        println!();
    };
    println!();
    line("hits, mean", |outcome| outcome.hits, mean);
    line("hits, median", |outcome| outcome.hits, middle);
    line(
        "places of 20 with measured papers, mean",
        |outcome| outcome.places,
        mean,
    );
    line(
        "pairs in the right order, % (mean)",
        |outcome| outcome.pairs,
        mean,
    );

    let far = papers
        .iter()
        .filter(|paper| {
            paper
                .readings
                .windows(2)
                .any(|pair| (20 * HOUR..=28 * HOUR).contains(&(pair[1].at - pair[0].at)))
        })
        .count();
    let measured: usize = days.iter().map(|day| day.measured).sum();
    println!(
        "\n{} days from {} to {}, {} papers with readings, {measured} gains measured: the papers read at the first \
         reading of the day and again {:.1} hours later (median; {} h at most), {:.0} a day (median). Readings 20 to \
         28 hours apart: {far}. So this tells what the papers of one morning gained by noon, not what all papers \
         gained in 24 hours; the gains of older papers are unknown and count as no hits.",
        days.len(),
        minute(first.at),
        minute(last.at),
        papers.len(),
        middle(days.iter().map(|day| day.hours).collect()),
        LATER / HOUR,
        middle(days.iter().map(|day| day.measured as f64).collect()),
    );
}

fn minute(at: i64) -> String {
    Timestamp::from_second(at).map_or_else(|_| at.to_string(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}

fn mean(figures: Vec<f64>) -> f64 {
    figures.iter().sum::<f64>() / figures.len() as f64
}

fn middle(mut figures: Vec<f64>) -> f64 {
    // Unlike in `ranking::median`, zeros count.
    figures.sort_by(f64::total_cmp);
    let half = figures.len() / 2;
    if figures.len() % 2 == 1 {
        figures[half]
    } else {
        (figures[half - 1] + figures[half]) / 2.0
    }
}
