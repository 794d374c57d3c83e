//! Accents: `\"o`, `\c{c}`, `\'{\^e}`.

use super::reader::Reader;
use crate::accents;
use crate::commands;
use crate::lexer::{self, Token};

/// The maximum number of accents on one letter. Vietnamese needs two.
const MOST: usize = 3;

impl Reader<'_> {
    /// Reads an accent named by a letter, such as `\c`, with the letter under it.
    ///
    /// Returns false without moving if there is no letter.
    pub(super) fn letter_accent(&mut self, name: &str) -> bool {
        let Some(accent) = accents::named(name) else {
            return false;
        };
        let after_name = self.at;
        self.skip_spaces();
        let found = self.accented(accent);
        if !found {
            self.at = after_name;
        }
        found
    }

    /// Reads an accent inside a word that lost the space after its name, as in `Vu\vskovi`.
    ///
    /// Returns false without moving if the command may have another meaning.
    pub(super) fn glued_accent(&mut self, name: &str) -> bool {
        let mut letters = name.chars();
        let (Some(accent @ ('v' | 'c' | 'k' | 'u' | 'H')), Some(letter)) = (letters.next(), letters.next())
        else {
            return false;
        };
        let accented = accents::accented(accent, letter);
        let is_letter = accented.chars().count() == 1;
        if !is_letter
            || !self.last.is_alphabetic()
            || !letter.is_lowercase()
            || commands::find(name).is_some()
        {
            return false;
        }
        self.push_str(&accented);
        self.push_str(letters.as_str());
        true
    }

    /// Shows the letter at `at` with an accent. The letter may be in braces, bare, or `\i`.
    ///
    /// Returns false without moving if there is no letter.
    pub(super) fn accented(&mut self, accent: char) -> bool {
        let Some(letter) = letter_with(accent, self.rest(), MOST) else {
            return false;
        };
        if !letter.is_closed {
            // `\'{ee}`: the rest of the group follows; its closing brace must not show.
            self.begin_group_if_closed();
        }
        self.at = self.text.len() - letter.after.len();
        self.push_str(&letter.text);
        true
    }
}

/// A letter with its accents.
struct Letter<'a> {
    text: String,
    /// The text after it.
    after: &'a str,
    /// Whether all braces opened before it are closed.
    is_closed: bool,
}

/// The letter at the beginning of `rest`, with the accent on it and at most `most - 1` other accents.
fn letter_with(accent: char, rest: &str, most: usize) -> Option<Letter<'_>> {
    let inside = rest.strip_prefix('{');
    let mut letter = letter(
        inside.map_or(rest, str::trim_start),
        inside.is_some(),
        most.checked_sub(1)?,
    )?;
    if inside.is_some() {
        let outside = letter.after.strip_prefix('}');
        letter.is_closed = outside.is_some();
        letter.after = outside.unwrap_or(letter.after);
    }
    accents::add(accent, &mut letter.text);
    Some(letter)
}

/// The letter at the beginning of a text, with at most `most` accents of its own.
fn letter(text: &str, in_braces: bool, most: usize) -> Option<Letter<'_>> {
    let (token, after) = lexer::next(text)?;
    let accent = match token {
        Token::Word(name) => accents::named(name),
        Token::Sign(sign) => Some(sign).filter(|sign| accents::is_accent(*sign)),
        Token::Char(letter) if letter.is_alphabetic() => {
            return Some(Letter {
                text: letter.to_string(),
                after,
                is_closed: true,
            });
        }
        _ => None,
    };
    if let Some(accent) = accent {
        return letter_with(accent, after.trim_start(), most).filter(|letter| letter.is_closed);
    }
    let Token::Word(name) = token else {
        return None;
    };
    Some(Letter {
        text: commands::symbol(name)?.text().chars().next()?.to_string(),
        // TeX swallows the space after a command. In braces, nothing follows it.
        after: if in_braces { after } else { after.trim_start() },
        is_closed: true,
    })
}
