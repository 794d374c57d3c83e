//! What commands do in prose.

use super::address;
use super::piece::Piece;
use super::reader::Reader;
use crate::accents;
use crate::commands::{self, Prose, Symbol};
use crate::lexer::{self, Token};

/// If the text of a link is longer, in bytes, the address is shown instead. This also ends links
/// within links.
const LONGEST_LINK_TEXT: usize = 400;

impl Reader<'_> {
    /// Carries out the command that was just read; its backslash is at byte `start`.
    pub(super) fn command(&mut self, name: &str, start: usize) {
        let Some(rule) = commands::find(name).and_then(|command| command.prose) else {
            self.named_character(name, start);
            return;
        };
        match rule {
            Prose::Emphasis => self.enter_emphasised(),
            Prose::Argument => self.enter(),
            Prose::Italic => {
                self.emphasise_group();
                self.skip_spaces();
            }
            Prose::Invisible => self.skip_spaces(),
            Prose::Reference => {
                self.skip_optional();
                if self.take().is_some() {
                    self.drop_space();
                }
            }
            Prose::Footnote => {
                if self.peek() == Some('{') {
                    self.push(' ');
                    self.enter();
                }
            }
            Prose::Skip => {
                self.take();
                self.push(' ');
            }
            Prose::Link => self.link(start),
            Prose::Href => self.link_with_text(),
            Prose::Environment => self.environment(),
            Prose::Preamble => self.skip_document(),
            Prose::Color => {
                self.skip_optional();
                self.take();
            }
            Prose::Colored => {
                self.skip_optional();
                self.take();
                self.enter();
            }
            Prose::Item => {
                self.skip_optional();
                self.push_str(" • ");
                self.skip_spaces();
            }
            Prose::Blank => self.push(' '),
        }
    }

    /// `\begin{…}` or `\end{…}`: a space.
    fn environment(&mut self) {
        if self.peek() == Some('{')
            && let Some(length) = self.rest().bytes().take(40).position(|byte| byte == b'}')
        {
            self.at += length + 1;
        }
        self.skip_optional();
        self.push(' ');
    }

    /// Some publishers wrap a formula in a whole document, and give its text before it as well.
    fn skip_document(&mut self) {
        let end = "\\end{document}";
        let near = &self.rest()[..self.rest().floor_char_boundary(2_000)];
        self.at += near.find(end).map_or(0, |length| length + end.len());
    }

    /// `\ss`, `\alpha`, `\c{c}`. An unknown command stays as it was written.
    fn named_character(&mut self, name: &str, start: usize) {
        if self.letter_accent(name) {
            return;
        }
        let Some(symbol) = commands::symbol(name) else {
            self.push_written(start);
            self.enter_literally();
            return;
        };
        self.push_str(symbol.text());
        if self.rest().starts_with("{}") {
            self.at += 2;
        } else if is_short_letter(name, symbol) && self.rest().trim_start().starts_with(char::is_lowercase) {
            self.skip_spaces();
        }
    }

    /// An accent named by a letter, such as `\c`, with the letter under it.
    fn letter_accent(&mut self, name: &str) -> bool {
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

    /// Carries out a backslash and a sign; the backslash is at byte `start`.
    pub(super) fn control_symbol(&mut self, sign: char, start: usize) {
        match sign {
            '%' | '&' | '_' | '#' | '$' | '{' | '}' => self.push(sign),
            '-' | '/' | '@' | '!' => {}
            ',' | ';' | ':' | '\\' | '>' => {
                self.push(' ');
                self.skip_optional();
            }
            sign if sign.is_whitespace() => self.push(' '),
            sign if accents::is_accent(sign) && self.accented(sign) => {}
            '\'' | '"' | '`' => self.push(sign),
            _ => self.push_written(start),
        }
    }

    /// Shows the letter at `at` with an accent. The letter may be in braces, bare, or `\i`.
    ///
    /// Returns false, and moves nothing, if there is no letter.
    fn accented(&mut self, accent: char) -> bool {
        let rest = self.rest();
        let in_braces = rest.starts_with('{');
        let inside = if in_braces { rest[1..].trim_start() } else { rest };
        let Some((letter, mut after)) = letter(inside, in_braces) else {
            return false;
        };
        if in_braces {
            match after.strip_prefix('}') {
                Some(outside) => after = outside,
                // `\'{ee}`: the rest of the group follows; its closing brace must not show.
                None => self.begin_group_if_closed(),
            }
        }
        self.at = self.text.len() - after.len();
        self.push_str(&accents::accented(accent, letter));
        true
    }

    /// `\url{…}`.
    fn link(&mut self, start: usize) {
        match self.take() {
            Some(argument) => match address::of_argument(argument) {
                Some(url) => self.put(Piece::Link { url, words: None }),
                None => self.push_str(argument),
            },
            None => self.push_written(start),
        }
    }

    /// `\href{…}{…}`. If the address is not one to link to, only its text is shown.
    fn link_with_text(&mut self) {
        let Some(url) = self.take().and_then(address::of_argument) else {
            self.enter();
            return;
        };
        let words = self.take().filter(|words| words.len() <= LONGEST_LINK_TEXT);
        self.put(Piece::Link { url, words });
    }
}

/// The letter that begins a text, for an accent, and the text after it.
fn letter(text: &str, in_braces: bool) -> Option<(char, &str)> {
    match lexer::next(text)? {
        (Token::Word(name), after) => {
            let letter = commands::symbol(name)?.text().chars().next()?;
            Some((letter, if in_braces { after } else { after.trim_start() }))
        }
        (Token::Char(letter), after) if letter.is_alphabetic() => Some((letter, after)),
        _ => None,
    }
}

/// Whether the command is a letter such as `\ss`, after which TeX takes the space away.
fn is_short_letter(name: &str, symbol: Symbol) -> bool {
    let is_letter = matches!(symbol, Symbol::Letter(text) if text.starts_with(char::is_alphabetic));
    name.len() <= 2 && is_letter
}
