//! Which words of a text match a search, for marking them on a page.

use crate::search::{Place, SearchQuery};

/// The words and phrases of a search, for marking them in its results.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks {
    /// Each is a phrase: folded words that must follow one another.
    anywhere: Vec<Vec<String>>,
}

impl Marks {
    /// The words and phrases that the index looked for in titles and abstracts.
    pub fn of(query: &SearchQuery) -> Self {
        let wanted = query
            .terms
            .iter()
            .filter(|term| !term.excluded && term.place != Place::Authors);
        Self {
            anywhere: wanted
                .map(|term| words(&term.text).map(|(_, word)| word).collect())
                .filter(|run: &Vec<_>| !run.is_empty())
                .collect(),
        }
    }

    /// Byte ranges of `text` that match, in order, not overlapping.
    pub fn ranges(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        if self.anywhere.is_empty() {
            return Vec::new();
        }
        let found: Vec<(std::ops::Range<usize>, String)> = words(text).collect();
        let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
        let mut at = 0;
        while at < found.len() {
            let longest = self
                .anywhere
                .iter()
                .filter(|run| {
                    found[at..].len() >= run.len()
                        && run
                            .iter()
                            .zip(&found[at..])
                            .all(|(wanted, (_, word))| wanted == word)
                })
                .map(Vec::len)
                .max();
            match longest {
                Some(length) => {
                    ranges.push(found[at].0.start..found[at + length - 1].0.end);
                    at += length;
                }
                None => at += 1,
            }
        }
        ranges
    }
}

/// The words of a text with their byte ranges. They are folded as in the index: small letters without accents.
fn words(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, String)> + '_ {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    let part_of_word = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text[from..].find(part_of_word)?;
        let end = text[start..]
            .find(|c: char| !part_of_word(c))
            .map_or(text.len(), |length| start + length);
        from = end;
        let word: String = text[start..end]
            .nfd()
            .filter(|c| !is_combining_mark(*c))
            .flat_map(char::to_lowercase)
            .collect();
        Some((start..end, word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_the_index_finds_are_marked() {
        let marks = Marks::of(&SearchQuery::parse(
            r#"strong "step size" -noise au:Hinder resume"#,
        ));
        let text = "Strong résumé of step-size rules; strongly no, noise no, Hinder no, step no.";
        let marked: Vec<&str> = marks.ranges(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(marked, ["Strong", "résumé", "step-size"]);
    }
}
