//! What commands do in prose.

use super::address;
use super::piece::Piece;
use super::reader::Reader;
use crate::accents;
use crate::commands::{self, Prose, Symbol};
use crate::plain::plain;
use crate::unicode::script_of_prose;

/// The text of a link or a script is read on its own, up to this length in bytes. This also ends links
/// within links. For a longer text, the address is shown instead.
const LONGEST_READ_AGAIN: usize = 400;

impl Reader<'_> {
    /// Carries out the command that was just read; its backslash is at byte `start`.
    pub(super) fn command(&mut self, name: &str, start: usize) {
        let Some(rule) = commands::find(name).and_then(|command| command.prose) else {
            self.other_command(name, start);
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
            Prose::Script(sign) => self.script(sign),
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

    /// `\textsuperscript{…}` or `\textsubscript{…}`, also with a bare letter or digit.
    fn script(&mut self, sign: char) {
        let after_name = self.at;
        let argument = self.take().or_else(|| self.take_letter());
        match argument.filter(|argument| argument.len() <= LONGEST_READ_AGAIN) {
            Some(argument) => {
                let script = script_of_prose(sign, self.last, &plain(argument));
                self.push_str(&script);
            }
            None => {
                self.at = after_name;
                self.enter();
            }
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

    /// A command without a rule for prose: `\ss`, `\alpha`, `\c{c}`, a quantity, a formula command,
    /// or an unknown command.
    fn other_command(&mut self, name: &str, start: usize) {
        if self.letter_accent(name) || self.quantity(name) {
            return;
        }
        if name == "verb" && self.verbatim() {
            return;
        }
        let Some(symbol) = commands::symbol(name) else {
            if !self.glued_accent(name) && !self.path(start) && !self.command_of_formulas(name, start) {
                self.unknown_command(name);
            }
            return;
        };
        self.push_str(symbol.text());
        if self.rest().starts_with("{}") {
            self.at += 2;
        } else if is_short_letter(name, symbol) && self.rest().trim_start().starts_with(char::is_lowercase) {
            self.skip_spaces();
        }
    }

    /// `\verb|…|`. Returns false without moving if it does not end soon.
    fn verbatim(&mut self) -> bool {
        const LONGEST: usize = 200;
        let rest = &self.rest()[..self.rest().floor_char_boundary(LONGEST)];
        let Some(delimiter) = rest
            .chars()
            .next()
            .filter(|c| !c.is_alphanumeric() && !c.is_whitespace())
        else {
            return false;
        };
        let Some((inside, _)) = rest[delimiter.len_utf8()..].split_once(delimiter) else {
            return false;
        };
        self.at += inside.len() + 2 * delimiter.len_utf8();
        self.push_str(inside);
        true
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
            sign if accents::is_accent(sign) => {
                self.push_str(accents::alone(sign));
                if self.rest().starts_with("{}") {
                    self.at += 2;
                }
            }
            // Hugging Face drops the dollar of `\$5`.
            '0'..='9' if self.last.is_whitespace() => self.push_str(&format!("${sign}")),
            sign if sign.is_ascii_punctuation() => self.push(sign),
            _ => self.push_written(start),
        }
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
        let words = self.take().filter(|words| words.len() <= LONGEST_READ_AGAIN);
        self.put(Piece::Link { url, words });
    }
}

/// Whether the command is a letter such as `\ss`, after which TeX takes the space away.
fn is_short_letter(name: &str, symbol: Symbol) -> bool {
    let is_letter = matches!(symbol, Symbol::Letter(text) if text.starts_with(char::is_alphabetic));
    name.len() <= 2 && is_letter
}
