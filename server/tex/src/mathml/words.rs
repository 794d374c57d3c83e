//! Text inside formulas.

use crate::clean::is_invisible;
use crate::lexer::Token;
use crate::unicode::flatten_words;

/// The words of a `\text` as the library accepts them: letters and escaped signs.
pub(super) fn plain_words(tokens: &[Token<'_>]) -> String {
    let mut words = String::new();
    for c in flatten_words(tokens).chars() {
        push_character(&mut words, c);
    }
    words
}

/// MathJax's `\unicode{x2014}` or `\unicode{8212}` as an argument of `\text`.
pub(super) fn code_point(digits: &str) -> Option<String> {
    let digits = digits.trim();
    let code = match digits.strip_prefix(['x', 'X', 'U']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => digits.parse().ok()?,
    };
    let c = char::from_u32(code).filter(|c| !is_invisible(*c))?;
    let mut words = String::new();
    push_character(&mut words, c);
    Some(words)
}

fn push_character(words: &mut String, c: char) {
    match c {
        '%' | '#' | '&' | '_' | '{' | '}' | '$' => words.extend(['\\', c]),
        '\\' => words.push_str("\\textbackslash "),
        '^' => words.push_str("\\textasciicircum "),
        '~' => words.push_str("\\ "),
        c if c.is_control() => {}
        c => words.push(c),
    }
}
