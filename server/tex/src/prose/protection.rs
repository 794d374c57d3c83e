//! Tells braces that protect the capitals of a BibTeX title from sets, records and placeholders.

use crate::accents;
use crate::commands::{self, Symbol};
use crate::lexer::{self, Token};
use crate::steps;

/// No title is longer, in bytes.
const LONGEST: usize = 400;

/// A pair of braces in prose.
pub(super) struct Braces<'a> {
    /// The text before the opening brace, as it is shown.
    pub before: &'a str,
    pub inside: &'a str,
    /// The text after the closing brace.
    pub after: &'a str,
    /// Whether the whole text is inside.
    pub are_whole: bool,
}

impl Braces<'_> {
    /// Whether they only protect capitals, as in `{BERT}: ...`. They are not part of the text then.
    pub fn protect_capitals(&self) -> bool {
        if self.inside.len() > LONGEST || is_operand(self.before, self.after) {
            return false;
        }
        let Some(content) = content(self.inside) else {
            return false;
        };
        let words: Vec<&str> = content.split(' ').collect();
        // Spaces inside the braces, as in `{ A }`, are those of code or of a set.
        let is_padded = words.contains(&"");
        let are_elements = words.iter().all(|word| word.chars().count() == 1) && words.len() > 1;
        if is_padded || are_elements || !content.contains(char::is_uppercase) {
            return false;
        }
        if content.len() <= 2 && (is_named_set(self.before) || is_variable(&content)) {
            return false;
        }
        words.iter().all(|word| is_word(word)) || (self.are_whole && is_sentence(&words))
    }
}

/// The text inside the braces without its TeX. A formula is written as a digit. `None` if it holds a command
/// that is not one of prose.
fn content(inside: &str) -> Option<String> {
    let mut content = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((token, after)) = lexer::next(rest) {
        rest = after;
        match token {
            Token::Word(name) => match commands::symbol(name) {
                Some(Symbol::Letter(text)) => content.push_str(text),
                Some(_) => return None,
                None if accents::named(name).is_some() => rest = after.trim_start(),
                None => drop(commands::find(name)?.prose?),
            },
            Token::Sign(sign) if accents::is_accent(sign) || matches!(sign, '-' | '/') => {}
            Token::Sign(sign @ ('&' | '#')) => content.push(sign),
            Token::Sign(' ' | ',') | Token::Space | Token::Char('~') => content.push(' '),
            Token::Sign(_) => return None,
            Token::Open | Token::Close => {}
            Token::Char('$') => {
                rest = after.split_once('$')?.1;
                content.push('0');
            }
            Token::Char(c) => content.push(c),
        }
    }
    steps::count(inside.len());
    Some(content)
}

/// Whether the braces are an operand, as in `X = {A}` and `{A} ∪ {B}`, or follow a sign of code, as in `${A}`.
fn is_operand(before: &str, after: &str) -> bool {
    const SIGNS: &str = "=∈∉⊂⊆⊃⊇∪∩∖×|<>+*^_→≤≥";
    before
        .trim_end()
        .ends_with(|c| SIGNS.contains(c) || "\\$%#@".contains(c))
        || after.trim_start().starts_with(|c| SIGNS.contains(c))
}

/// Whether the word before says that the braces hold elements, as in "the sequence {Xn}".
fn is_named_set(before: &str) -> bool {
    let words = before.trim_end();
    let word = words.rsplit(' ').next().unwrap_or(words);
    matches!(
        word,
        "alphabet"
            | "class"
            | "collection"
            | "family"
            | "partition"
            | "process"
            | "processes"
            | "sequence"
            | "sequences"
            | "set"
            | "sets"
            | "variables"
    )
}

/// Whether it is a letter and its index, as in "for {Xn} that".
fn is_variable(content: &str) -> bool {
    content.starts_with(['U', 'V', 'W', 'X', 'Y']) && content.ends_with(['k', 'n', 't'])
}

/// Whether it is a word or a name, such as `GPT-3.5`, `C++` or `d'Alembert`, and not a calculation such as `N-1`.
fn is_word(word: &str) -> bool {
    let word = word.trim_end_matches("++");
    let has_only_signs_of_words = word
        .chars()
        .all(|c| (c.is_alphanumeric() && !is_index(c)) || "-–‐'’`.&/#!?".contains(c));
    let parts: Vec<&str> = word.split(['-', '–', '/']).collect();
    let are_names = parts.windows(2).all(|pair| {
        let is_letter = |part: &str| part.chars().count() == 1 && part.contains(char::is_alphabetic);
        let is_short = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count() < 2;
        !(is_letter(pair[0]) && is_short(pair[1]))
    });
    has_only_signs_of_words && !word.contains("..") && (are_names || word == "I/O" || word == "A/B")
}

/// Whether it is a letter below the line, as in `Xₙ`.
fn is_index(c: char) -> bool {
    matches!(c, '\u{1d62}'..='\u{1d6a}' | '\u{2090}'..='\u{209c}')
}

/// Whether the words are a title with punctuation, not a list or a record.
fn is_sentence(words: &[&str]) -> bool {
    let is_ordinary = |word: &&&str| word.ends_with(char::is_alphabetic) && is_word(word);
    let has_only_signs_of_titles = words.iter().all(|word| {
        let bare = word.trim_matches(|c| ",:;()[]\"“”‘".contains(c));
        is_word(bare) && !word.contains("\":")
    });
    words.iter().filter(is_ordinary).count() > 2 && has_only_signs_of_titles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn protect_capitals(before: &str, inside: &str, after: &str) -> bool {
        Braces {
            before,
            inside,
            after,
            are_whole: before.is_empty() && after.is_empty(),
        }
        .protect_capitals()
    }

    #[test]
    fn braces_around_words_with_capitals_protect_them() {
        for inside in [
            "BERT",
            "{BERT}",
            "GPT-3.5",
            "C++",
            "C\\#",
            "mRNA",
            "TCP/IP",
            "I/O",
            "R&D",
            "R",
            "L-BFGS",
            "COVID-19",
            "3D",
            "K\\\"ahler",
            "{\\O}rsted",
            "d'Alembert",
            "von Neumann",
            "$\\ell_1$-Norm SVM",
            "Attention is All You Need",
            "The ATLAS Collaboration",
        ] {
            assert!(protect_capitals("A ", inside, " b"), "{inside}");
        }
    }

    #[test]
    fn sets_records_and_placeholders_keep_their_braces() {
        for inside in [
            "0,1", "A, B", "A B C", "A|B", "X: 1", "\"A\"", "\"A\": 1", "N-1", "A-Z", "N+1", "A..Z", "X_i",
            "Xₙ", "X^2", "name", "user_ID", " A ", "X \\in Y", "\\{A\\}", "$A$", "f(X)", "X=1", "Xn", "",
            " ",
        ] {
            assert!(!protect_capitals("A ", inside, " b"), "{inside}");
        }
        for (before, after) in [
            ("X = ", ""),
            ("$", ""),
            ("the set ", ""),
            ("", " ∪ B"),
            ("x ∈", ""),
        ] {
            assert!(!protect_capitals(before, "A", after), "{before}{{A}}{after}");
        }
    }

    #[test]
    fn braces_around_a_whole_title_protect_its_punctuation() {
        assert!(protect_capitals(
            "",
            "BERT: Pre-training of Deep Transformers",
            ""
        ));
        assert!(protect_capitals("", "Cats, Dogs (and All the Others)", ""));
        for inside in ["Red, Green, Blue", "\"Name\": \"Ada of the House\"", "X: 1, Y: 2"] {
            assert!(!protect_capitals("", inside, ""), "{inside}");
        }
    }
}
