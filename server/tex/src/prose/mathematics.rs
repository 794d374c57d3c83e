//! Mathematics outside formulas: quantities, commands without dollar signs, unknown commands.

use super::reader::Reader;
use crate::commands::{self, Maths, Plain};
use crate::lexer::{self, Token};
use crate::unicode::flatten;
use crate::units::Siunitx;

/// Arguments of a formula command that are longer than this, in bytes, are read as prose.
const LONGEST_ARGUMENTS: usize = 400;

impl Reader<'_> {
    /// Reads `\SI{10}{\nano\metre}`. Returns false without moving if it is not a quantity
    /// or is too long.
    pub(super) fn quantity(&mut self, name: &str) -> bool {
        let Some(command) = Siunitx::named(name) else {
            return false;
        };
        let after_name = self.at;
        let mut arguments = Vec::with_capacity(command.arguments());
        while arguments.len() < command.arguments() {
            self.skip_optional();
            let Some(argument) = self.take() else {
                self.at = after_name;
                return false;
            };
            arguments.push(lexer::tokens(argument));
        }
        if self.at - after_name > LONGEST_ARGUMENTS {
            self.at = after_name;
            return false;
        }
        let arguments: Vec<&[Token<'_>]> = arguments.iter().map(Vec::as_slice).collect();
        self.push_str(&flatten(&command.tex(&arguments)));
        true
    }

    /// Shows a Windows path, such as `C:\Users\ada`, as written. Its first backslash is at byte
    /// `start`. Returns false without moving if there is no path.
    pub(super) fn path(&mut self, start: usize) -> bool {
        let mut before = self.text[..start].chars().rev();
        let is_drive = before.next() == Some(':')
            && before.next().is_some_and(|c| c.is_ascii_uppercase())
            && !before.next().is_some_and(char::is_alphanumeric);
        if is_drive {
            let rest = self.rest();
            self.at += rest.find(char::is_whitespace).unwrap_or(rest.len());
            self.push_written(start);
        }
        is_drive
    }

    /// Shows a formula command with its arguments as in the plain text of a formula. Its author
    /// left out the dollar signs. Its backslash is at byte `start`.
    ///
    /// Returns false without moving if it is not a formula command or its arguments are too long.
    pub(super) fn command_of_formulas(&mut self, name: &str, start: usize) -> bool {
        let command = commands::find(name);
        let rule = command.and_then(|command| command.plain);
        let is_fence = matches!(command.and_then(|command| command.maths), Some(Maths::Fence(..)));
        if rule == Some(Plain::Function) {
            if self.last.is_alphanumeric() {
                self.push(' ');
            }
            self.push_str(name);
            return true;
        }
        let has_argument = self.peek() == Some('{');
        let is_known = rule.is_some()
            || (is_fence && has_argument)
            || commands::is_font_or_size(name)
            || commands::meaning(name, has_argument).is_some()
            || commands::guess(name, has_argument).is_some();
        if !is_known {
            return false;
        }
        let after_name = self.at;
        match rule {
            Some(Plain::Fraction | Plain::Binomial | Plain::Over | Plain::Under) => {
                self.take();
                self.take();
            }
            Some(Plain::Root) => {
                self.skip_optional();
                self.skip_argument();
            }
            Some(Plain::Accent(_) | Plain::Negation | Plain::Blackboard | Plain::Silent) => {
                self.skip_argument()
            }
            None if name.starts_with("math") => self.skip_argument(),
            _ => {
                self.take();
            }
        }
        if self.at - after_name > LONGEST_ARGUMENTS {
            self.at = after_name;
            return false;
        }
        let text = self.text;
        self.push_str(&flatten(&text[start..self.at]));
        true
    }

    /// Skips an argument in braces, or a bare one such as the `x` of `\bar x`.
    fn skip_argument(&mut self) {
        if self.take().is_none()
            && let Some((Token::Word(_) | Token::Char(_), after)) = lexer::next(self.rest().trim_start())
        {
            self.at = self.text.len() - after.len();
        }
    }

    /// Shows the argument of an unknown command, or its name if it has none.
    pub(super) fn unknown_command(&mut self, name: &str) {
        if self.rest().starts_with("{}") {
            self.at += 2;
            self.push_str(name);
        } else if self.peek() == Some('{') {
            self.enter();
        } else {
            self.push_str(name);
        }
    }
}
