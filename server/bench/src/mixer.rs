//! Papers that do not exist, for libraries larger than the real data. A fixed seed decides everything.

use std::collections::HashMap;

use anyhow::Context;
use serde_json::{Value, json};

const SEED: u64 = 20_261_130;
/// Numbers of generated papers begin here in each month; real ones stay below.
const FIRST_NUMBER: u32 = 40_000;
const LAST_NUMBER: u32 = 99_999;
/// Months that generated identifiers come from, as years times twelve and months. January 2015 is the first with five
/// digits.
const MONTHS: (u32, u32) = (2015 * 12, 2026 * 12 + 6);
/// Made-up words, when there are no real papers.
const VOCABULARY: f64 = 50_000.0;

/// Numbers that look random and are the same in every run (splitmix64).
#[derive(Debug, Clone)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// From 0 to below 1.
    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// New identifiers that no real paper has.
#[derive(Debug, Default)]
struct Ids(HashMap<u32, u32>);

impl Ids {
    /// An identifier of this month (years times twelve and months), or of the next that has one left.
    fn next(&mut self, month: u32) -> String {
        let mut month = month.clamp(MONTHS.0, MONTHS.1);
        loop {
            let number = self.0.entry(month).or_insert(FIRST_NUMBER);
            if *number <= LAST_NUMBER {
                *number += 1;
                return format!("{:02}{:02}.{:05}", month / 12 % 100, month % 12 + 1, *number - 1);
            }
            month = if month == MONTHS.1 { MONTHS.0 } else { month + 1 };
        }
    }
}

/// Makes papers from real ones: dates, categories and authors of one, words of that one and another.
pub struct Mixer {
    rows: Vec<Value>,
    random: Random,
    ids: Ids,
}

impl Mixer {
    /// Reads the records of arXiv that are mixed.
    pub fn new(lines: &[String]) -> anyhow::Result<Self> {
        let rows = lines
            .iter()
            .map(|line| serde_json::from_str(line))
            .collect::<Result<_, _>>();
        Ok(Self {
            rows: rows.context("a record of arXiv is not JSON")?,
            random: Random(SEED),
            ids: Ids::default(),
        })
    }

    /// The next paper.
    pub fn next_paper(&mut self) -> Value {
        let (first, second) = (
            self.random.below(self.rows.len()),
            self.random.below(self.rows.len()),
        );
        let other_month = MONTHS.0 + self.random.below((MONTHS.1 - MONTHS.0) as usize) as u32;
        let words = |index: usize, field: &str| -> Vec<String> {
            let text = self
                .rows
                .get(index)
                .and_then(|row| row.get(field)?.as_str())
                .unwrap_or_default();
            text.split_whitespace().map(str::to_owned).collect()
        };
        let titles = (words(first, "title"), words(second, "title"));
        let abstracts = (words(first, "abstract"), words(second, "abstract"));
        let mut paper = self.rows.get(first).cloned().unwrap_or_default();
        // Papers before 2015 keep their dates, but five-digit numbers begin then.
        let month = month_of(&paper)
            .filter(|month| *month >= MONTHS.0)
            .unwrap_or(other_month);
        paper["id"] = json!(self.ids.next(month));
        paper["doi"] = Value::Null;
        paper["title"] = json!(mixed(&titles.0, &titles.1, 2, &mut self.random));
        paper["abstract"] = json!(mixed(&abstracts.0, &abstracts.1, 12, &mut self.random));
        paper
    }
}

/// The month of the first version: years times twelve and months.
fn month_of(paper: &Value) -> Option<u32> {
    let date = paper.get("published")?.as_str()?;
    let (year, month) = (
        date.get(..4)?.parse::<u32>().ok()?,
        date.get(5..7)?.parse::<u32>().ok()?,
    );
    Some(year * 12 + month.checked_sub(1)?)
}

/// Runs of words from either text in turn, each about `run` words long, as long as the first text.
fn mixed(first: &[String], second: &[String], run: usize, random: &mut Random) -> String {
    let mut words: Vec<&str> = Vec::with_capacity(first.len());
    let mut from_first = true;
    while words.len() < first.len() {
        let at = words.len();
        let length = (1 + random.below(run * 2)).min(first.len() - at);
        let text = if from_first || at + length > second.len() {
            first
        } else {
            second
        };
        words.extend(text[at..at + length].iter().map(String::as_str));
        from_first = !from_first;
    }
    words.join(" ")
}

/// Papers without any real one, as arXiv tells them; every tenth also as Hugging Face does, with votes. Words are as
/// frequent as Zipf's law says.
pub fn made_up(size: usize) -> impl Iterator<Item = Value> {
    let (mut random, mut ids) = (Random(SEED), Ids::default());
    let categories = ["cs.LG", "cs.CV", "cs.CL", "math.OC", "stat.ML", "hep-th"];
    (0..size).flat_map(move |number| {
        let month = MONTHS.0 + (number * (MONTHS.1 - MONTHS.0) as usize / size) as u32;
        let date = format!("{:04}-{:02}-{:02}", month / 12, month % 12 + 1, 1 + number % 28);
        let (title, text) = (made_up_text(8, &mut random), made_up_text(150, &mut random));
        let id = ids.next(month);
        let category = categories[random.below(categories.len())];
        let voted = (number % 10 == 0).then(|| {
            json!({"id": id, "title": title, "summary": text, "publishedAt": format!("{date}T00:00:00Z"),
                "_listed_date": date, "upvotes": random.below(100), "authors": [{"name": "Ada One"}]})
        });
        let paper = json!({"id": id, "title": title, "abstract": text, "authors": "Ada One, Emmy Two",
            "categories": category, "primary_category": category, "published": date, "update_date": date});
        [Some(paper), voted].into_iter().flatten()
    })
}

fn made_up_text(words: usize, random: &mut Random) -> String {
    let syllables = ["ka", "lo", "mi", "ne", "ru", "sta", "ve", "zo", "pli", "dro"];
    let word = |random: &mut Random| {
        // Log-uniform ranks follow Zipf's law.
        let mut rank = VOCABULARY.powf(random.part()) as usize + 100;
        let mut word = String::new();
        while rank > 0 {
            word.push_str(syllables[rank % 10]);
            rank /= 10;
        }
        word
    };
    (0..words).map(|_| word(random)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Vec<String> {
        let row = |id: &str, word: &str, published: &str| {
            let text = vec![word; 60].join(" ");
            json!({"id": id, "title": format!("{word} {word} {word}"), "abstract": text, "authors": "Ada One",
                "categories": "cs.LG", "published": published})
            .to_string()
        };
        vec![
            row("2401.00001", "graph", "2024-01-05"),
            row("hep-th/9901001", "field", "1999-01-02"),
        ]
    }

    #[test]
    fn the_same_seed_makes_the_same_papers_with_new_identifiers() {
        let make = || {
            let mut mixer = Mixer::new(&lines()).expect("rows");
            (0..200).map(|_| mixer.next_paper()).collect::<Vec<_>>()
        };
        let papers = make();
        assert_eq!(papers, make());
        let ids: std::collections::HashSet<_> = papers.iter().map(|paper| paper["id"].to_string()).collect();
        assert_eq!(ids.len(), papers.len());
        assert!(!ids.contains("\"2401.00001\""));
    }

    #[test]
    fn words_of_two_papers_are_mixed_and_the_length_is_kept() {
        let mut mixer = Mixer::new(&lines()).expect("rows");
        let texts: Vec<String> = (0..50)
            .map(|_| mixer.next_paper()["abstract"].to_string())
            .collect();
        assert!(
            texts
                .iter()
                .any(|text| text.contains("graph") && text.contains("field"))
        );
        assert!(texts.iter().all(|text| text.split(' ').count() == 60));
    }

    #[test]
    fn a_full_month_goes_on_in_the_next() {
        let mut ids = Ids(HashMap::from([(MONTHS.0, LAST_NUMBER)]));
        assert_eq!(ids.next(0), "1501.99999");
        assert_eq!(ids.next(0), "1502.40000");
    }

    #[test]
    fn made_up_papers_are_the_same_every_time() {
        assert_eq!(made_up(30).collect::<Vec<_>>(), made_up(30).collect::<Vec<_>>());
        assert_eq!(made_up(30).count(), 33);
    }
}
