//! Dashes, quotation marks and ties.

use super::reader::Reader;
use crate::steps;

/// A single quotation is not longer, in characters.
const LONGEST_QUOTATION: usize = 80;

impl Reader<'_> {
    /// Reads a run of `-`, `` ` ``, `'` or `~`.
    pub(super) fn punctuation(&mut self, c: char) {
        let rest = self.rest();
        let run = rest.len() - rest.trim_start_matches(c).len();
        let next = rest[run..].chars().next();
        let (text, taken) = match (c, run) {
            ('-', 3) => ("—", 3),
            // `--flag` is a flag.
            ('-', 2) if !(self.last.is_whitespace() && next.is_some_and(char::is_alphanumeric)) => ("–", 2),
            ('`', 2) => ("“", 2),
            ('\'', 2) => ("”", 2),
            ('`', 1) => match single_quotation(rest) {
                Some(length) => {
                    self.quote_ends = Some(self.at + length);
                    ("‘", 1)
                }
                None => ("`", 1),
            },
            ('\'', 1) if self.quote_ends == Some(self.at) => ("’", 1),
            ('~', 1) if self.is_tie(next) => (" ", 1),
            _ => (&rest[..run], run),
        };
        self.at += taken;
        if taken > 3 {
            self.push_run(text, c);
        } else {
            self.push_str(text);
        }
    }

    /// Whether a `~` ties two words. `~10` and `3~5` are about numbers.
    fn is_tie(&self, next: Option<char>) -> bool {
        let is_range = self.last.is_ascii_digit() && next.is_some_and(|c| c.is_ascii_digit());
        let is_free = self.last.is_whitespace() || matches!(self.last, '(' | '[' | '/');
        !is_range && !is_free && next.is_some_and(|c| !c.is_whitespace())
    }
}

/// Byte of the `'` that ends the quotation begun by the backtick at the start, if there is one.
fn single_quotation(text: &str) -> Option<usize> {
    steps::count(LONGEST_QUOTATION);
    let mut characters = text.char_indices().skip(1).take(LONGEST_QUOTATION);
    let (at, mark) = characters.find(|(at, c)| match c {
        '`' | '\n' => true,
        '\'' => !text[at + 1..].starts_with(char::is_alphanumeric),
        _ => false,
    })?;
    (mark == '\'' && !text[at + 1..].starts_with('\'')).then_some(at)
}
