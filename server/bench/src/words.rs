//! The words to search for, chosen from the papers alone: every program is asked for the same ones.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

/// Words that are common in every text and that nobody searches for.
const EMPTY: [&str; 24] = [
    "which", "these", "their", "there", "where", "between", "other", "using", "based", "paper", "shows",
    "through", "while", "under", "about", "after", "first", "however", "three", "since", "being", "those",
    "could", "would",
];
/// A common word is in this part of the papers.
const COMMON: (f64, f64) = (0.15, 0.35);
/// A rare word is in this many papers.
const RARE: (u32, u32) = (3, 30);
/// Each of three words is in this part of the papers.
const MIDDLING: (f64, f64) = (0.01, 0.2);
/// Searches of each kind at most. Many, so that a cache of pages does not answer for the index.
const MOST_COMMON: usize = 24;
const MOST_RARE: usize = 2_000;
const MOST_THREE: usize = 500;

/// Searches of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Words that about a quarter of the papers hold.
    pub common: Vec<String>,
    /// Words that few papers hold.
    pub rare: Vec<String>,
    /// Three words of one title, separated by spaces.
    pub three: Vec<String>,
}

/// Counts in how many papers each word is.
#[derive(Debug, Default)]
pub struct Counter {
    papers: u32,
    in_papers: HashMap<String, u32>,
    titles: Vec<String>,
}

impl Counter {
    /// Adds one paper.
    pub fn add(&mut self, title: &str, text: &str) {
        self.papers += 1;
        // Enough titles to choose from; a million would only take memory.
        if self.titles.len() < MOST_THREE * 200 {
            self.titles.push(title.to_owned());
        }
        let (title, text) = (title.to_ascii_lowercase(), text.to_ascii_lowercase());
        let distinct: HashSet<&str> = split(&title).chain(split(&text)).collect();
        for word in distinct {
            match self.in_papers.get_mut(word) {
                Some(count) => *count += 1,
                None => {
                    self.in_papers.insert(word.to_owned(), 1);
                }
            }
        }
    }

    /// Chooses the searches.
    pub fn choose(&self) -> Words {
        let part = |count: u32| f64::from(count) / f64::from(self.papers.max(1));
        let mut common: Vec<(&str, u32)> = self
            .all()
            .filter(|(_, count)| within(part(*count), COMMON))
            .collect();
        common.sort_by_key(|(word, count)| (count.abs_diff(self.papers / 4), *word));
        common.truncate(MOST_COMMON);
        if common.is_empty() {
            common.extend(
                self.all()
                    .min_by_key(|(word, count)| (count.abs_diff(self.papers / 4), *word)),
            );
        }
        let mut rare: Vec<&str> = self
            .all()
            .filter(|(_, count)| (RARE.0..=RARE.1).contains(count))
            .map(|(word, _)| word)
            .collect();
        rare.sort_unstable();
        if rare.is_empty() {
            rare.extend(
                self.all()
                    .min_by_key(|(word, count)| (*count, *word))
                    .map(|(word, _)| word),
            );
        }
        let three: Vec<String> = self
            .titles
            .iter()
            .filter_map(|title| self.three_of(title))
            .collect();
        Words {
            common: common.into_iter().map(|(word, _)| word.to_owned()).collect(),
            rare: spread(&rare, MOST_RARE).map(|word| (*word).to_owned()).collect(),
            three: spread(&three, MOST_THREE).cloned().collect(),
        }
    }

    fn all(&self) -> impl Iterator<Item = (&str, u32)> {
        self.in_papers.iter().map(|(word, count)| (word.as_str(), *count))
    }

    fn three_of(&self, title: &str) -> Option<String> {
        let title = title.to_ascii_lowercase();
        let mut words: Vec<&str> = Vec::new();
        for word in split(&title) {
            let count = self.in_papers.get(word).copied().unwrap_or(0);
            if within(f64::from(count) / f64::from(self.papers), MIDDLING) && !words.contains(&word) {
                words.push(word);
            }
        }
        (words.len() >= 3).then(|| words[..3].join(" "))
    }
}

/// At most `most` items, evenly from all.
pub fn spread<T>(items: &[T], most: usize) -> impl Iterator<Item = &T> {
    items.iter().step_by(items.len().div_ceil(most.max(1)).max(1))
}

fn within(part: f64, (least, most): (f64, f64)) -> bool {
    (least..=most).contains(&part)
}

/// Words of five letters or more, without those that nobody searches for. The full-text index splits alike.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| {
        word.len() >= 5 && word.bytes().all(|byte| byte.is_ascii_lowercase()) && !EMPTY.contains(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_chosen_by_how_many_papers_hold_them() {
        let mut counter = Counter::default();
        for number in 0..400 {
            let common = if number % 4 == 0 { "learning" } else { "theory" };
            let rare = if number % 100 == 0 { "zymurgy" } else { "" };
            let title = if number % 10 == 0 {
                "Sparse graph kernels, fourth"
            } else {
                "A title"
            };
            counter.add(title, &format!("{common} {rare} which"));
        }
        let words = counter.choose();
        assert_eq!(words.common, ["learning"]);
        assert_eq!(words.rare, ["zymurgy"]);
        assert_eq!(words.three[0], "sparse graph kernels");
        assert_eq!(words, counter.choose());
    }

    #[test]
    fn a_spread_is_even_and_bounded() {
        let items: Vec<usize> = (0..10).collect();
        assert_eq!(spread(&items, 5).copied().collect::<Vec<_>>(), [0, 2, 4, 6, 8]);
        assert_eq!(spread(&items, 3).count(), 3);
        assert_eq!(spread(&items, 99).count(), 10);
        assert_eq!(spread(&[] as &[usize], 3).count(), 0);
    }
}
