//! Repairs formulas that were cut off or retyped.

use crate::lexer::{self, Token};

/// The formula with balanced braces and without backslashes before digits. `None` if nothing
/// changes.
///
/// A closing brace without an opening one is removed. An open brace is closed at the end.
pub(super) fn repaired(source: &str) -> Option<String> {
    let (mut depth, mut is_changed) = (0_usize, false);
    let mut tokens = Vec::new();
    for token in lexer::tokens(source) {
        match token {
            Token::Open => depth += 1,
            Token::Close if depth == 0 => {
                is_changed = true;
                continue;
            }
            Token::Close => depth -= 1,
            Token::Sign(digit) if digit.is_ascii_digit() => {
                is_changed = true;
                tokens.push(Token::Char(digit));
                continue;
            }
            _ => {}
        }
        tokens.push(token);
    }
    is_changed |= depth > 0;
    tokens.extend(std::iter::repeat_n(Token::Close, depth));
    is_changed.then(|| lexer::source(&tokens))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_balanced_and_digits_lose_their_backslash() {
        for (source, expected) in [
            ("O(N^{2\\log k)", Some("O(N^{2\\log k)}")),
            ("a}\\beta)", Some("a\\beta )")),
            ("[0, \\9/32]", Some("[0, 9/32]")),
            ("{a}_{b}", None),
            ("\\{a\\}", None),
        ] {
            assert_eq!(repaired(source).as_deref(), expected, "{source}");
        }
    }
}
