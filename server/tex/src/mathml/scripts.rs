//! Repeated scripts of one base.

use crate::arguments::argument;
use crate::lexer::Token;

/// Remembers the scripts of the last base, because `x_a_b` is an error to the library.
#[derive(Default)]
pub(super) struct Scripts {
    has_lower: bool,
    has_upper: bool,
    /// Index at which the argument of the last script ends.
    argument_ends: usize,
}

impl Scripts {
    /// Whether this base already has such a script. Notes that it has one now.
    pub(super) fn is_second(&mut self, script: char, tokens: &[Token<'_>], at: usize) -> bool {
        let has = if script == '_' {
            &mut self.has_lower
        } else {
            &mut self.has_upper
        };
        let is_second = std::mem::replace(has, true);
        if is_second {
            (self.has_lower, self.has_upper) = (script == '_', script == '^');
        }
        self.argument_ends = argument(tokens, at).map_or(at, |(_, after)| after);
        is_second
    }

    /// Notes that a token was read, which may be a new base.
    pub(super) fn passed(&mut self, token: Token<'_>, at: usize) {
        if at > self.argument_ends && token != Token::Space {
            (self.has_lower, self.has_upper) = (false, false);
        }
    }
}
