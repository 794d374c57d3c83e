//! How deeply a formula nests.

use crate::commands::{Symbol, symbol};
use crate::lexer::Token;

/// Counts what costs the library a call within a call: braces, `\left`s, `\begin`s, and chains such
/// as `\hat\hat\hat` or `\frac1\frac1`.
pub(super) fn depth(tokens: &[Token<'_>]) -> usize {
    let (mut depth, mut deepest, mut chain, mut letters) = (0_usize, 0, 0_usize, 0_usize);
    for token in tokens {
        match token {
            Token::Open | Token::Word("left" | "begin") => depth += 1,
            Token::Close | Token::Word("right" | "end") => depth = depth.saturating_sub(1),
            _ => {}
        }
        match token {
            Token::Word(name) if may_take_argument(name) => (chain, letters) = (chain + 1, 0),
            Token::Char('^' | '_' | '\'') => (chain, letters) = (chain + 1, 0),
            Token::Open | Token::Space => {}
            // The second argument may follow a letter. After two letters the chain has ended.
            _ => letters += 1,
        }
        if letters > 1 {
            (chain, letters) = (0, 0);
        }
        deepest = deepest.max(depth + chain);
    }
    deepest
}

/// Whether the library may read an argument after the command. After a symbol it does not.
fn may_take_argument(name: &str) -> bool {
    !symbol(name).is_some_and(Symbol::is_of_maths)
}
