//! Tells formulas between dollars from amounts of money.

use super::lexer::{self, Token};

/// Whether the text between two dollars is a formula. `before` is the text before the first one, `next` the
/// character after the second one.
pub(crate) fn is_maths(before: &str, source: &str, next: Option<char>) -> bool {
    let core = source.trim();
    if core.is_empty() || has_blank_line(source) {
        return false;
    }
    let is_tight = core.len() == source.len() && !next.is_some_and(|c| c.is_ascii_digit());
    let is_one_word = !core.contains(char::is_whitespace);
    let has_amount = core.starts_with(|c: char| c.is_ascii_digit());
    if has_amount && core.ends_with(['(', '/', '-', ',']) {
        return false;
    }
    // `5$/month or 50$/year`, "in $, or in €$".
    let continues_prose =
        before.ends_with(|c: char| c.is_ascii_digit()) || core.starts_with([',', ')', ';', '/']);
    if continues_prose && !is_one_word && has_words(core) && !has_marks(core) {
        return false;
    }
    if has_amount && has_words(core) {
        return is_tight && (has_marks(core) || is_one_word);
    }
    is_tight || has_marks(core) || is_all_symbols(core) || is_padded_number(source, core)
}

/// Whether a line between two others is empty.
pub(crate) fn has_blank_line(source: &str) -> bool {
    source.split('\n').skip(1).any(|line| line.trim().is_empty())
        && source.trim().split('\n').any(|line| line.trim().is_empty())
}

/// Whether it holds something that prose does not have: a command, a script, a relation.
fn has_marks(core: &str) -> bool {
    tokens(core).any(|token| match token {
        Token::Word(_) => true,
        Token::Sign(sign) => !matches!(sign, '$' | '%' | '&' | '#'),
        Token::Char(c) => matches!(c, '^' | '_' | '=' | '<' | '>' | '|'),
        Token::Open | Token::Close | Token::Space => false,
    })
}

/// Whether it holds a bare word of two or more letters, outside braces and the names of commands.
fn has_words(core: &str) -> bool {
    let (mut depth, mut run, mut in_command) = (0_i32, 0, false);
    for token in tokens(core) {
        match token {
            Token::Word(_) | Token::Sign('\\') => (in_command, run) = (true, 0),
            Token::Sign(sign) if sign.is_alphabetic() => (in_command, run) = (true, 0),
            Token::Open | Token::Sign('{') => (depth, in_command, run) = (depth + 1, false, 0),
            Token::Close | Token::Sign('}') => (depth, in_command, run) = (depth - 1, false, 0),
            Token::Sign(_) => (in_command, run) = (false, 0),
            Token::Char(c) if c.is_alphabetic() => {
                run += usize::from(!in_command && depth <= 0);
                if run >= 3 {
                    return true;
                }
            }
            Token::Space if run == 2 => return true,
            Token::Char(_) | Token::Space => (in_command, run) = (false, 0),
        }
    }
    run == 2
}

/// Whether it holds only single letters and signs (`n` or `n, m`), or only signs (`-`), and does
/// not begin with a digit.
fn is_all_symbols(core: &str) -> bool {
    let has_letters = core.chars().any(char::is_alphabetic);
    !core.starts_with(|c: char| c.is_ascii_digit())
        && (has_letters || core.chars().all(|c| "-+/*~±×".contains(c)))
        && core
            .split(|c: char| !c.is_alphanumeric())
            .all(|word| word.chars().count() <= 1)
}

/// `$ 0 $` or `$ -3/2 $`, but not `$ 100, $ 200`.
fn is_padded_number(source: &str, core: &str) -> bool {
    source.starts_with(' ')
        && source.ends_with(' ')
        && core.ends_with(|c: char| c.is_ascii_digit())
        && core.chars().all(|c| c.is_ascii_digit() || "-+/.,".contains(c))
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (token, after) = lexer::next(rest)?;
        rest = after;
        Some(token)
    })
}
