//! Arguments of commands within a list of tokens.

use super::lexer::Token;

/// The argument that begins at index `at`, and the index after it.
///
/// It is the tokens inside braces, or one bare token. `None` if the tokens end or a brace stays open.
pub(crate) fn argument<'t, 'a>(tokens: &'t [Token<'a>], at: usize) -> Option<(&'t [Token<'a>], usize)> {
    let start = after_spaces(tokens, at);
    match tokens.get(start)? {
        Token::Close => None,
        Token::Open => {
            let mut depth = 0_usize;
            for (offset, token) in tokens[start..].iter().enumerate() {
                match token {
                    Token::Open => depth += 1,
                    Token::Close => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    return Some((&tokens[start + 1..start + offset], start + offset + 1));
                }
            }
            None
        }
        _ => Some((&tokens[start..=start], start + 1)),
    }
}

/// The optional argument in brackets at index `at`, and the index after it. Empty if it is missing.
pub(crate) fn optional<'t, 'a>(tokens: &'t [Token<'a>], at: usize) -> (&'t [Token<'a>], usize) {
    let start = after_spaces(tokens, at);
    if tokens.get(start) != Some(&Token::Char('[')) {
        return (&[], at);
    }
    let mut depth = 0_usize;
    for (offset, token) in tokens[start..].iter().enumerate() {
        match token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            Token::Char(']') if depth == 0 => {
                return (&tokens[start + 1..start + offset], start + offset + 1);
            }
            _ => {}
        }
    }
    (&[], at)
}

/// Index of the first token from `at` on that is not a space.
fn after_spaces(tokens: &[Token<'_>], at: usize) -> usize {
    let rest = tokens[at.min(tokens.len())..].iter();
    at + rest.take_while(|token| **token == Token::Space).count()
}
