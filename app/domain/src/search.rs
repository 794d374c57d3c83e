//! The search language: what a person types into the box, as terms and filters. Nothing typed is an error;
//! what cannot be understood is named in [`SearchQuery::ignored`] or taken as plain words.

use jiff::civil::Date;

use crate::{ArxivId, Category, edition::parse_date, text::one_line};

/// Longest search that is read, in characters; the rest is ignored, and the page says so.
pub const LONGEST_QUERY: usize = 1_000;
/// Most terms of one search; more would only make the index work for nothing.
pub const MOST_TERMS: usize = 32;

/// Where a term must stand.
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
    /// Where it must stand.
    pub place: Place,
    /// The word, or the words of the phrase with single spaces. Holds at least one letter or digit.
    pub text: String,
    /// Written with a leading `-`.
    pub excluded: bool,
}

/// A parsed search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchQuery {
    /// What was typed, on one line, at most [`LONGEST_QUERY`] characters.
    pub text: String,
    /// Words and phrases, all of which count.
    pub terms: Vec<Term>,
    /// `cat:`; a paper must be in every one.
    pub categories: Vec<Category>,
    /// `-cat:`; a paper must be in none.
    pub excluded_categories: Vec<Category>,
    /// `has:code`
    pub has_code: bool,
    /// `upvotes:>10` gives 11: the least number that passes.
    pub min_upvotes: Option<u32>,
    /// `stars:>100` gives 101: the least number that passes.
    pub min_stars: Option<u32>,
    /// `from:`, the first day that passes.
    pub from: Option<Date>,
    /// `to:`, the last day that passes.
    pub to: Option<Date>,
    /// The search is one arXiv identifier or URL: go to that paper.
    pub paper: Option<ArxivId>,
    /// Parts that could not be understood, in words for the reader.
    pub ignored: Vec<String>,
}

impl SearchQuery {
    /// Parses what was typed. Never fails.
    pub fn parse(typed: &str) -> Self {
        let mut query = Self::default();
        let line = one_line(typed);
        query.text = line
            .chars()
            .take(LONGEST_QUERY)
            .collect::<String>()
            .trim()
            .to_owned();
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

    /// Whether some term must occur; only then is there an order of relevance.
    pub fn has_wanted_terms(&self) -> bool {
        self.terms.iter().any(|term| !term.excluded)
    }

    fn add(&mut self, token: &Token<'_>) {
        match (token.field.as_deref(), token.excluded) {
            (Some("cat" | "category"), excluded) => match token.value.parse::<Category>() {
                Ok(category) if excluded => self.excluded_categories.push(category),
                Ok(category) => self.categories.push(category),
                Err(error) => self.ignored.push(format!("cat: was ignored: {error}.")),
            },
            (Some("has"), false) if token.value.eq_ignore_ascii_case("code") => self.has_code = true,
            (Some("has"), _) => self.ignored.push(format!(
                "has:{} was ignored: only has:code is known.",
                token.value
            )),
            (Some("stars"), false) => match least_count(token.value) {
                Some(least) => self.min_stars = self.min_stars.max(Some(least)),
                None => self
                    .ignored
                    .push(format!("stars:{} was ignored: write stars:>100.", token.value)),
            },
            (Some("upvotes"), false) => match least_count(token.value) {
                Some(least) => self.min_upvotes = self.min_upvotes.max(Some(least)),
                None => self
                    .ignored
                    .push(format!("upvotes:{} was ignored: write upvotes:>10.", token.value)),
            },
            (Some("from"), false) => match parse_date(token.value) {
                Some(day) => self.from = self.from.max(Some(day)),
                None => self.ignored.push(format!(
                    "from:{} was ignored: write a day as 2025-01-31.",
                    token.value
                )),
            },
            (Some("to"), false) => match parse_date(token.value) {
                Some(day) => self.to = Some(self.to.map_or(day, |to| to.min(day))),
                None => self.ignored.push(format!(
                    "to:{} was ignored: write a day as 2025-01-31.",
                    token.value
                )),
            },
            (Some("au" | "author"), _) => self.add_term(Place::Authors, token.value, token.excluded),
            (Some("ti" | "title"), _) => self.add_term(Place::Title, token.value, token.excluded),
            (Some("abs" | "abstract"), _) => self.add_term(Place::Abstract, token.value, token.excluded),
            // A minus before a counting field has no meaning; the words are searched as they stand.
            _ => self.add_term(Place::Anywhere, token.whole, token.excluded),
        }
    }

    fn add_term(&mut self, place: Place, text: &str, excluded: bool) {
        let text = one_line(&text.replace(['"', '“', '”'], " "));
        if !text.chars().any(char::is_alphanumeric) {
            return;
        }
        if self.terms.len() == MOST_TERMS {
            let said = format!("Only the first {MOST_TERMS} words of the search were used.");
            if !self.ignored.contains(&said) {
                self.ignored.push(said);
            }
            return;
        }
        self.terms.push(Term {
            place,
            text,
            excluded,
        });
    }
}

/// `>100` is 101, `>=100` and `100` are 100.
fn least_count(value: &str) -> Option<u32> {
    let (digits, more) = match value.strip_prefix(">=") {
        Some(digits) => (digits, 0),
        None => match value.strip_prefix('>') {
            Some(digits) => (digits, 1),
            None => (value, 0),
        },
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // More digits than a u32 holds: more than any paper has.
    Some(digits.parse::<u32>().unwrap_or(u32::MAX).saturating_add(more))
}

struct Token<'a> {
    excluded: bool,
    /// Small letters, without the colon.
    field: Option<String>,
    /// What follows the field, or the whole token.
    value: &'a str,
    /// The token without its minus, field included.
    whole: &'a str,
}

impl<'a> Token<'a> {
    /// Takes one token off the front of `rest`.
    fn take(rest: &mut &'a str) -> Option<Self> {
        let text = rest.trim_start();
        let first = text.chars().next()?;
        let excluded = first == '-' && text[1..].chars().next().is_some_and(|c| !c.is_whitespace());
        let body = if excluded { &text[1..] } else { text };
        let field_len = body.bytes().take_while(u8::is_ascii_alphabetic).count();
        let field = (field_len > 0 && body[field_len..].starts_with(':') && is_field(&body[..field_len]))
            .then(|| body[..field_len].to_ascii_lowercase());
        let value_at = if field.is_some() { field_len + 1 } else { 0 };
        let after_field = &body[value_at..];
        let (value, value_end) = match after_field.chars().next().filter(|c| is_quote(*c)) {
            Some(quote) => {
                let inner = &after_field[quote.len_utf8()..];
                // A quote that is never closed runs to the end.
                match inner.char_indices().find(|(_, c)| is_quote(*c)) {
                    Some((at, close)) => (&inner[..at], quote.len_utf8() + at + close.len_utf8()),
                    None => (inner, after_field.len()),
                }
            }
            None => {
                let end = after_field.find(char::is_whitespace).unwrap_or(after_field.len());
                (&after_field[..end], end)
            }
        };
        let whole = &body[..value_at + value_end];
        *rest = &body[value_at + value_end..];
        Some(Self {
            excluded,
            field,
            value,
            whole,
        })
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”')
}

fn is_field(word: &str) -> bool {
    const FIELDS: [&str; 13] = [
        "cat", "category", "has", "stars", "upvotes", "from", "to", "au", "author", "ti", "title", "abs",
        "abstract",
    ];
    FIELDS.iter().any(|field| word.eq_ignore_ascii_case(field))
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
    fn words_phrases_and_exclusions_are_told_apart() {
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
    fn filters_are_taken_out_of_the_words() {
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
    fn what_cannot_be_understood_is_named_and_the_rest_is_kept() {
        let query = SearchQuery::parse("sgd stars:many from:2025-13-45 cat:??? has:wings");
        assert_eq!(query.terms.len(), 1);
        assert_eq!(query.ignored.len(), 4, "{:?}", query.ignored);
    }

    #[test]
    fn operators_of_the_index_are_words_here() {
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
    fn a_very_long_search_is_cut_and_says_so() {
        let query = SearchQuery::parse(&"word ".repeat(2_000));
        assert_eq!(query.terms.len(), MOST_TERMS);
        assert_eq!(query.ignored.len(), 2);
    }

    proptest! {
        #[test]
        fn nothing_a_person_can_type_is_an_error(typed in any::<String>()) {
            let query = SearchQuery::parse(&typed);
            prop_assert!(query.terms.iter().all(|term| term.text.chars().any(char::is_alphanumeric)));
            // Reading what was read changes nothing.
            prop_assert_eq!(&SearchQuery::parse(&query.text).text, &query.text);
        }
    }
}
