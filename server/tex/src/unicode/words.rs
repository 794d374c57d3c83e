//! Text inside formulas.

use crate::accents;
use crate::arguments::argument;
use crate::commands::{self, Plain};
use crate::lexer::Token;

/// The words of a `\text{…}` in Unicode, with the spaces at their ends.
pub(crate) fn flatten_words(tokens: &[Token<'_>]) -> String {
    let mut words = String::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match *token {
            Token::Word(name) => at = push_word(&mut words, name, tokens, at),
            Token::Sign(sign @ ('%' | '&' | '_' | '#' | '$' | '{' | '}')) => words.push(sign),
            Token::Sign(' ' | ',' | ';' | ':' | '\\') | Token::Space | Token::Char('~') => words.push(' '),
            Token::Sign(sign) => {
                if accents::is_accent(sign) {
                    at = push_accented(&mut words, sign, tokens, at).unwrap_or(at);
                }
            }
            Token::Char(c) => words.push(c),
            Token::Open | Token::Close => {}
        }
    }
    words
        .replace("---", "—")
        .replace("--", "–")
        .replace("``", "“")
        .replace("''", "”")
}

/// Writes a command of text. Returns the index after its argument.
fn push_word(words: &mut String, name: &str, tokens: &[Token<'_>], at: usize) -> usize {
    let command = commands::find(name);
    if command.and_then(|command| command.plain) == Some(Plain::Omit) {
        return argument(tokens, at).map_or(at, |(_, after)| after);
    }
    if let Some(symbol) = command.and_then(|command| command.symbol) {
        words.push_str(symbol.text());
        return at;
    }
    accents::named(name)
        .and_then(|accent| push_accented(words, accent, tokens, at))
        .unwrap_or(at)
}

/// Writes the letter at `at` with an accent. Returns the index after it, or `None` if there is no
/// single letter.
fn push_accented(words: &mut String, accent: char, tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let (letters, after) = argument(tokens, at)?;
    let letter = match letters {
        [Token::Char(letter)] => *letter,
        [Token::Word("i" | "imath")] => 'i',
        _ => return None,
    };
    words.push_str(&accents::accented(accent, letter));
    Some(after)
}
