//! The settings of a reader: how much of each paper is shown, what counts as read, and what is muted.

use serde::{Deserialize, Serialize};

use crate::{Category, text::one_line};

/// How much of each paper a listing shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Density {
    /// The title and one line of facts.
    Titles,
    /// Title, authors, and two lines of the abstract.
    Compact,
    /// Everything, with more space.
    #[default]
    Comfortable,
}

/// What marks a paper as read. By default only the reader does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReadMarking {
    /// Only the reader, with the button of a card.
    #[default]
    Hand,
    /// Opening its page.
    Open,
    /// Opening its page or scrolling past its card.
    Scroll,
}

codes!(Density {
    Titles = "titles", "Titles";
    Compact = "compact", "Compact";
    Comfortable = "comfortable", "Comfortable";
});

codes!(ReadMarking {
    Hand = "hand", "only manually";
    Open = "open", "when opened";
    Scroll = "scroll", "when opened or scrolled past";
});

/// Words and categories whose papers are hidden from listings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mutes {
    words: Vec<String>,
    categories: Vec<Category>,
}

/// Why a list of mutes is refused, and how to correct it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMutes {
    /// More than [`Mutes::MOST`].
    #[error("You entered {found} words and categories. You can mute at most {most}; remove some.", most = Mutes::MOST)]
    TooMany {
        /// How many were entered.
        found: usize,
    },
    /// Longer than [`Mutes::LONGEST`].
    #[error("“{0}…” is too long: a muted word or phrase can have at most {most} characters.", most = Mutes::LONGEST)]
    TooLong(String),
    /// Without a letter or digit.
    #[error("“{0}” has no letters or digits, so it cannot be muted.")]
    Empty(String),
    /// Not a category.
    #[error(transparent)]
    Category(#[from] crate::category::InvalidCategory),
}

impl Mutes {
    /// Most words and categories together.
    pub const MOST: usize = 100;
    /// Longest word or phrase, in characters.
    pub const LONGEST: usize = 60;

    /// Reads what a person typed. Words and phrases are separated by line breaks or commas, categories by white space or
    /// commas. Repetitions count once.
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

    /// Mutes from the database, which were checked before they were stored.
    pub fn stored(words: Vec<String>, categories: Vec<Category>) -> Self {
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

    /// Whether nothing is muted.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.categories.is_empty()
    }

    /// The word or category that mutes a paper, if any. A category matches the primary category; an archive matches all of
    /// its categories. A phrase matches whole words of the title or abstract. Case and the characters between words do not
    /// matter.
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

/// The words of a text in small letters, with one space before and after each: ` state of the art `.
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
        // A phrase does not run from the title into the abstract.
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
    fn an_invalid_mute_is_named() {
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
    fn each_setting_reads_back_from_its_code() {
        for density in Density::ALL {
            assert_eq!(density.code().parse(), Ok(*density));
        }
        for marking in ReadMarking::ALL {
            assert_eq!(marking.code().parse(), Ok(*marking));
        }
        assert!("".parse::<Density>().is_err());
    }
}
