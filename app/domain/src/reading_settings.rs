//! How a reader reads: how much of a card is shown, what counts as read, and what they would rather not see.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Category, text::one_line};

/// How much of each paper a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Density {
    /// Titles with one line of facts.
    Titles,
    /// Titles, authors, two lines of the abstract.
    Compact,
    /// Everything, with room.
    #[default]
    Comfortable,
}

/// What marks a paper as read by itself. Nothing does unless its reader wishes so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReadMarking {
    /// Only the reader's own hand.
    #[default]
    Hand,
    /// Opening its page.
    Open,
    /// Opening its page, or scrolling past it.
    Scroll,
}

/// A word of a setting that means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no such setting")]
pub struct UnknownSetting(String);

macro_rules! words {
    ($kind:ident: $($value:ident $word:literal $label:literal),+ $(,)?) => {
        impl $kind {
            /// Every one, in the order in which they are offered.
            pub const ALL: &[Self] = &[$(Self::$value),+];

            /// As cookies, forms and `<html>` have it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$value => $word),+ }
            }

            /// As a person reads it.
            pub fn label(self) -> &'static str {
                match self { $(Self::$value => $label),+ }
            }
        }

        impl FromStr for $kind {
            type Err = UnknownSetting;

            fn from_str(word: &str) -> Result<Self, UnknownSetting> {
                Self::ALL.iter().copied().find(|value| value.code() == word)
                    .ok_or_else(|| UnknownSetting(word.chars().take(40).collect()))
            }
        }
    };
}

words!(Density: Titles "titles" "Titles", Compact "compact" "Compact", Comfortable "comfortable" "Comfortable");
words!(ReadMarking: Hand "hand" "only what I mark myself", Open "open" "what I open", Scroll "scroll" "what I open or scroll past");

/// Words and categories whose papers are folded away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mutes {
    words: Vec<String>,
    categories: Vec<Category>,
}

/// Why a list of mutes is refused; says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMutes {
    /// More than fit.
    #[error("{found} words and categories are muted; at most {most} can be. Take some out.", most = Mutes::MOST)]
    TooMany {
        /// How many there are.
        found: usize,
    },
    /// One that is too long.
    #[error("“{0}…” is too long to mute: a word or a short phrase has at most {most} characters.", most = Mutes::LONGEST)]
    TooLong(String),
    /// One without a letter or digit matches nothing, or everything.
    #[error("“{0}” has no letters to look for.")]
    Empty(String),
    /// No category.
    #[error(transparent)]
    Category(#[from] crate::category::InvalidCategory),
}

impl Mutes {
    /// Words and categories together.
    pub const MOST: usize = 100;
    /// Characters of a word or phrase.
    pub const LONGEST: usize = 60;

    /// Reads what a person typed: words or phrases, one a line or between commas; categories between spaces, commas or
    /// lines. What is said twice counts once.
    pub fn read(words: &str, categories: &str) -> Result<Self, InvalidMutes> {
        let mut mutes = Self::default();
        for word in words.split(['\n', ',']) {
            let word = one_line(word);
            if word.is_empty() {
                continue;
            }
            if word.chars().count() > Self::LONGEST {
                return Err(InvalidMutes::TooLong(word.chars().take(30).collect()));
            }
            let folded = fold(&word);
            if folded.trim().is_empty() {
                return Err(InvalidMutes::Empty(word));
            }
            if !mutes.words.iter().any(|known| fold(known) == folded) {
                mutes.words.push(word);
            }
        }
        for name in categories
            .split([' ', '\n', '\r', '\t', ','])
            .filter(|name| !name.is_empty())
        {
            let category = name.parse()?;
            if !mutes.categories.contains(&category) {
                mutes.categories.push(category);
            }
        }
        let found = mutes.words.len() + mutes.categories.len();
        if found > Self::MOST {
            return Err(InvalidMutes::TooMany { found });
        }
        Ok(mutes)
    }

    /// From what was kept, which was read once already.
    pub fn kept(words: Vec<String>, categories: Vec<Category>) -> Self {
        Self { words, categories }
    }

    /// The words and phrases as they were typed.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The categories.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// Nothing is muted.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.categories.is_empty()
    }

    /// Which of them mutes a paper: its primary category (an archive covers all of it), or a phrase that stands in its
    /// title or abstract as whole words, whatever the capitals and what is between the words.
    pub fn reason(&self, title: &str, summary: &str, primary: Option<&Category>) -> Option<String> {
        if let Some(category) = primary.and_then(|primary| {
            self.categories
                .iter()
                .find(|muted| *muted == primary || muted.as_str() == primary.archive())
        }) {
            return Some(category.to_string());
        }
        if self.words.is_empty() {
            return None;
        }
        let text = format!("{}{}", fold(title), fold(summary));
        self.words.iter().find(|word| text.contains(&fold(word))).cloned()
    }
}

impl fmt::Display for Density {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for ReadMarking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Whole words in small letters, each with a space on either side: ` state of the art `.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 2);
    folded.push(' ');
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        folded.extend(word.chars().flat_map(char::to_lowercase));
        folded.push(' ');
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_muted_phrase_matches_whole_words_only() {
        let mutes = Mutes::read("diffusion models\nGAN, state-of-the-art", "").expect("mutes");
        let reason = |title: &str| mutes.reason(title, "", None);
        assert_eq!(
            reason("On Diffusion-Models, again").as_deref(),
            Some("diffusion models")
        );
        assert_eq!(reason("A gan for all").as_deref(), Some("GAN"));
        assert_eq!(reason("Organ transplants"), None);
        assert_eq!(reason("State of the Art").as_deref(), Some("state-of-the-art"));
        assert_eq!(
            mutes.reason("Nothing", "We train a GAN.", None).as_deref(),
            Some("GAN")
        );
        // The end of a title and the beginning of an abstract are no phrase.
        assert_eq!(mutes.reason("On diffusion", "Models of it", None), None);
    }

    #[test]
    fn a_muted_archive_covers_its_categories() {
        let mutes = Mutes::read("", "math cs.cv").expect("mutes");
        let reason = |name: &str| mutes.reason("", "", name.parse().ok().as_ref());
        assert_eq!(reason("math.CO").as_deref(), Some("math"));
        assert_eq!(reason("cs.CV").as_deref(), Some("cs.CV"));
        assert_eq!(reason("cs.LG"), None);
        assert_eq!(reason("math-ph"), None);
    }

    #[test]
    fn what_cannot_be_muted_is_named() {
        let refused =
            |words: &str, categories: &str| Mutes::read(words, categories).expect_err("refused").to_string();
        assert!(refused("!!!", "").contains("!!!"));
        assert!(refused(&"a".repeat(61), "").contains("too long"));
        assert!(refused("", "cs.LG x9").contains("x9"));
        let many: Vec<String> = (0..101).map(|n| format!("word{n}")).collect();
        assert!(refused(&many.join("\n"), "").contains("101"));
        assert!(Mutes::read(" \r\n , ", "").expect("nothing is fine").is_empty());
        assert_eq!(
            Mutes::read("GAN\ngan", "cs.LG,cs.lg")
                .expect("once")
                .words()
                .len(),
            1
        );
    }

    #[test]
    fn settings_are_read_as_they_are_written() {
        for density in Density::ALL {
            assert_eq!(density.code().parse(), Ok(*density));
        }
        for marking in ReadMarking::ALL {
            assert_eq!(marking.code().parse(), Ok(*marking));
        }
        assert!("".parse::<Density>().is_err());
    }
}
