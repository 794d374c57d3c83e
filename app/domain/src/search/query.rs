//! A parsed search: its terms and its filters.

use jiff::civil::Date;

use super::token::Token;
use crate::{ArxivId, Category, edition::parse_date, name::NamePattern, text::one_line};

/// Longest search that is read, in characters. The rest is ignored, and a notice says so.
pub const LONGEST_QUERY: usize = 1_000;
/// Most terms of one search. More terms cost time and hardly change the results.
pub const MOST_TERMS: usize = 32;

/// Most words of one phrase. A longer phrase costs time, and hardly any paper contains it.
pub const MOST_PHRASE_WORDS: usize = 12;

/// Where a term must occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Title, authors or abstract.
    Anywhere,
    /// `ti:`
    Title,
    /// `au:`
    Authors,
    /// `abs:`
    Abstract,
}

/// A word or an exact phrase that must, or must not, occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Where it must occur.
    pub place: Place,
    /// The word, or the words of the phrase with single spaces. Contains at least one letter or digit.
    pub text: String,
    /// Whether it must not occur: it was written with a leading `-`.
    pub excluded: bool,
    /// For an author's name: the pattern it must match. `None` for a single word, which may occur in any name.
    pub name: Option<NamePattern>,
}

/// A parsed search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchQuery {
    /// What was typed, on one line, at most [`LONGEST_QUERY`] characters.
    pub text: String,
    /// Words and phrases; every one applies.
    pub terms: Vec<Term>,
    /// `cat:`; a paper must be in every one. Counts towards [`MOST_TERMS`], like a word.
    pub categories: Vec<Category>,
    /// `-cat:`; a paper must be in none.
    pub excluded_categories: Vec<Category>,
    /// `has:code`
    pub has_code: bool,
    /// The lowest number that passes: `upvotes:>10` gives 11.
    pub min_upvotes: Option<u32>,
    /// The lowest number that passes: `stars:>100` gives 101.
    pub min_stars: Option<u32>,
    /// `from:`, the first day that passes.
    pub from: Option<Date>,
    /// `to:`, the last day that passes.
    pub to: Option<Date>,
    /// Set if the whole search is one arXiv identifier or URL: the page goes to that paper.
    pub paper: Option<ArxivId>,
    /// For the reader: the parts that could not be understood.
    pub ignored: Vec<String>,
}

impl SearchQuery {
    /// Parses what was typed. Never fails.
    pub fn parse(typed: &str) -> Self {
        let mut query = Self::default();
        let line = one_line(typed);
        query.text = beginning(&line).to_owned();
        if query.text.len() < line.len() {
            query.ignored.push(format!(
                "The search was longer than {LONGEST_QUERY} characters; the rest was ignored."
            ));
        }
        query.paper = ArxivId::from_pasted(&query.text);
        let text = query.text.clone();
        let mut rest = text.as_str();
        while let Some(token) = Token::take(&mut rest) {
            query.add(&token);
        }
        query
    }

    /// Whether there is any word or phrase to look up in the index.
    pub fn has_terms(&self) -> bool {
        !self.terms.is_empty()
    }

    /// Whether some term must occur. The order of relevance needs one.
    pub fn has_wanted_terms(&self) -> bool {
        self.terms.iter().any(|term| !term.excluded)
    }

    fn add(&mut self, token: &Token<'_>) {
        match (token.field.as_deref(), token.excluded) {
            (Some("cat" | "category"), excluded) => self.add_category(token.value, excluded),
            (Some("has"), false) if token.value.eq_ignore_ascii_case("code") => self.has_code = true,
            (Some("has"), _) => self.ignore("has", token, "only has:code is supported"),
            (Some("stars"), false) => match token.least_count() {
                Some(least) => self.min_stars = self.min_stars.max(Some(least)),
                None => self.ignore("stars", token, "write stars:>100"),
            },
            (Some("upvotes"), false) => match token.least_count() {
                Some(least) => self.min_upvotes = self.min_upvotes.max(Some(least)),
                None => self.ignore("upvotes", token, "write upvotes:>10"),
            },
            (Some("from"), false) => match parse_date(token.value) {
                Some(day) => self.from = self.from.max(Some(day)),
                None => self.ignore("from", token, "write a day as 2025-01-31"),
            },
            (Some("to"), false) => match parse_date(token.value) {
                Some(day) => self.to = Some(self.to.map_or(day, |to| to.min(day))),
                None => self.ignore("to", token, "write a day as 2025-01-31"),
            },
            (Some("au" | "author"), _) => self.add_author(token),
            (Some("ti" | "title"), _) => self.add_term(Place::Title, token.value, token.excluded),
            (Some("abs" | "abstract"), _) => self.add_term(Place::Abstract, token.value, token.excluded),
            // A minus before a counter or a date has no meaning; the token is searched as plain words.
            _ => self.add_term(Place::Anywhere, token.whole, token.excluded),
        }
    }

    fn ignore(&mut self, field: &str, token: &Token<'_>, reason: &str) {
        self.ignored
            .push(format!("{field}:{} was ignored: {reason}.", token.value));
    }

    fn add_category(&mut self, name: &str, excluded: bool) {
        match name.parse::<Category>() {
            Ok(category) => {
                let has_room = self.has_room();
                let known = if excluded {
                    &mut self.excluded_categories
                } else {
                    &mut self.categories
                };
                if known.contains(&category) {
                    return;
                }
                if has_room {
                    known.push(category);
                } else {
                    self.ignore_further_terms();
                }
            }
            Err(error) => self.ignored.push(format!("cat: was ignored: {error}.")),
        }
    }

    fn add_author(&mut self, token: &Token<'_>) {
        let before = self.terms.len();
        self.add_term(Place::Authors, token.value, token.excluded);
        if self.terms.len() > before
            && let Some(term) = self.terms.last_mut()
        {
            let quoted = || token.is_quoted.then(|| NamePattern::of_one_word(&term.text));
            term.name = NamePattern::parse(&term.text).or_else(quoted);
        }
    }

    fn add_term(&mut self, place: Place, text: &str, excluded: bool) {
        let whole = one_line(&text.replace(['"', '“', '”'], " "));
        if !whole.chars().any(char::is_alphanumeric) {
            return;
        }
        let text = first_words(&whole).to_owned();
        let is_repeated = |term: &Term| {
            (term.place, term.excluded) == (place, excluded)
                && term.text.to_lowercase() == text.to_lowercase()
        };
        if text.len() < whole.len() {
            self.ignore_once(format!(
                "Only the first {MOST_PHRASE_WORDS} words of a phrase were used."
            ));
        }
        if self.terms.iter().any(is_repeated) {
            return;
        }
        if !self.has_room() {
            self.ignore_further_terms();
            return;
        }
        self.terms.push(Term {
            place,
            text,
            excluded,
            name: None,
        });
    }

    fn has_room(&self) -> bool {
        self.terms.len() + self.categories.len() + self.excluded_categories.len() < MOST_TERMS
    }

    fn ignore_further_terms(&mut self) {
        self.ignore_once(format!(
            "Only the first {MOST_TERMS} words of the search were used."
        ));
    }

    fn ignore_once(&mut self, notice: String) {
        if !self.ignored.contains(&notice) {
            self.ignored.push(notice);
        }
    }
}

/// The beginning of a line that is too long, without the word that was cut.
fn beginning(line: &str) -> &str {
    let Some((end, next)) = line.char_indices().nth(LONGEST_QUERY) else {
        return line;
    };
    let cut = &line[..end];
    match cut.rsplit_once(' ') {
        Some((whole_words, _)) if next != ' ' => whole_words.trim_end(),
        _ => cut.trim_end(),
    }
}

/// The text up to its last allowed word. The index splits words at every other character, so `a-b-c` is a phrase.
fn first_words(text: &str) -> &str {
    let mut words = 0;
    let mut is_inside = false;
    for (at, c) in text.char_indices() {
        let is_word = c.is_alphanumeric();
        if is_word && !is_inside {
            words += 1;
            if words > MOST_PHRASE_WORDS {
                return text[..at].trim_end_matches(|c: char| !c.is_alphanumeric());
            }
        }
        is_inside = is_word;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn terms(typed: &str) -> Vec<(Place, String, bool)> {
        SearchQuery::parse(typed)
            .terms
            .into_iter()
            .map(|t| (t.place, t.text, t.excluded))
            .collect()
    }

    #[test]
    fn words_phrases_and_exclusions_are_distinguished() {
        use Place::*;
        assert_eq!(
            terms(r#"strong "last iterate" -heavy au:Hinder ti:"step size" -abs:noise"#),
            vec![
                (Anywhere, "strong".into(), false),
                (Anywhere, "last iterate".into(), false),
                (Anywhere, "heavy".into(), true),
                (Authors, "Hinder".into(), false),
                (Title, "step size".into(), false),
                (Abstract, "noise".into(), true),
            ]
        );
    }

    #[test]
    fn filters_are_not_search_terms() {
        let query = SearchQuery::parse(
            "sgd cat:cs.lg -cat:stat has:code stars:>100 upvotes:>=10 from:2025-01-01 to:2025-12-31",
        );
        assert_eq!(query.terms.len(), 1);
        assert_eq!(query.categories, ["cs.LG".parse().expect("category")]);
        assert_eq!(query.excluded_categories, ["stat".parse().expect("category")]);
        assert!(query.has_code);
        assert_eq!((query.min_stars, query.min_upvotes), (Some(101), Some(10)));
        assert_eq!(query.from.map(|d| d.to_string()).as_deref(), Some("2025-01-01"));
        assert_eq!(query.to.map(|d| d.to_string()).as_deref(), Some("2025-12-31"));
        assert!(query.ignored.is_empty());
    }

    #[test]
    fn a_malformed_filter_is_named_and_the_rest_applies() {
        let query = SearchQuery::parse("sgd stars:many from:2025-13-45 cat:??? has:wings");
        assert_eq!(query.terms.len(), 1);
        assert_eq!(query.ignored.len(), 4, "{:?}", query.ignored);
    }

    #[test]
    fn operators_of_the_index_are_plain_words() {
        for typed in [
            "NEAR(", "\"", "*", "col:", "a AND", "OR", "()", "^x", "{title}:", "-", "--", "- a", "“", "au:",
            "-\"", "x\u{0}y",
        ] {
            SearchQuery::parse(typed);
        }
        assert_eq!(terms("\" * -"), vec![]);
        assert_eq!(terms("col:x"), vec![(Place::Anywhere, "col:x".into(), false)]);
    }

    #[test]
    fn a_pasted_identifier_names_its_paper() {
        assert!(
            SearchQuery::parse(" https://arxiv.org/abs/2510.01234v2 ")
                .paper
                .is_some()
        );
        assert!(SearchQuery::parse("2510.01234 attention").paper.is_none());
    }

    #[test]
    fn a_very_long_search_is_cut_with_a_notice() {
        let words: String = (0..2_000).map(|n| format!("word{n} ")).collect();
        let query = SearchQuery::parse(&words);
        assert_eq!(query.terms.len(), MOST_TERMS);
        assert_eq!(query.ignored.len(), 2);
    }

    #[test]
    fn repeated_terms_count_once() {
        let query = SearchQuery::parse(&"the The ti:the -the \"of the\" cat:cs.LG ".repeat(20));
        assert_eq!(query.terms.len(), 4, "{:?}", query.terms);
        assert_eq!(query.categories.len(), 1);
        assert_eq!(query.ignored, Vec::<String>::new());
    }

    #[test]
    fn a_long_phrase_is_cut_with_a_notice() {
        let numbers =
            |joiner: &str, most: usize| (0..most).map(|n| n.to_string()).collect::<Vec<_>>().join(joiner);
        for (typed, kept) in [
            (format!("\"{}\"", numbers(" ", 100)), numbers(" ", 12)),
            (numbers("-", 100), numbers("-", 12)),
            (numbers("/", 12), numbers("/", 12)),
        ] {
            let query = SearchQuery::parse(&typed);
            assert_eq!(query.terms.len(), 1, "{typed}");
            assert_eq!(query.terms[0].text, kept);
            assert_eq!(query.ignored.is_empty(), typed == kept, "{:?}", query.ignored);
        }
    }

    #[test]
    fn categories_count_as_words() {
        let many: String = (0..100).map(|n| format!("-cat:x.A{n} ")).collect();
        let query = SearchQuery::parse(&many);
        assert!(query.excluded_categories.len() <= MOST_TERMS);
    }

    proptest! {
        #[test]
        fn any_text_is_a_valid_search(typed in any::<String>()) {
            let query = SearchQuery::parse(&typed);
            prop_assert!(query.terms.iter().all(|term| term.text.chars().any(char::is_alphanumeric)));
            // Parsing the stored text again gives the same text.
            prop_assert_eq!(&SearchQuery::parse(&query.text).text, &query.text);
        }
    }
}
