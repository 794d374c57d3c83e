//! Cuts TeX into tokens. Everything that reads TeX here reads it through this file.

use super::steps;

/// One token of TeX.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Token<'a> {
    /// `\alpha`, without its backslash.
    Word(&'a str),
    /// `\,` or `\%`: a backslash and one character that is not an ASCII letter.
    Sign(char),
    /// `{`
    Open,
    /// `}`
    Close,
    /// Any other character. A backslash only at the end of the text.
    Char(char),
    /// A run of white space.
    Space,
}

/// The token at the beginning of `text`, and the text after it.
#[inline]
pub(crate) fn next(text: &str) -> Option<(Token<'_>, &str)> {
    steps::count(1);
    let mut characters = text.chars();
    let token = match characters.next()? {
        '\\' => {
            let letters = characters.as_str();
            let length = letters.bytes().take_while(u8::is_ascii_alphabetic).count();
            if length > 0 {
                let (name, after) = letters.split_at(length);
                return Some((Token::Word(name), after));
            }
            characters.next().map_or(Token::Char('\\'), Token::Sign)
        }
        '{' => Token::Open,
        '}' => Token::Close,
        c if c.is_whitespace() => return Some((Token::Space, text.trim_start())),
        c => Token::Char(c),
    };
    Some((token, characters.as_str()))
}

/// The tokens of a formula. As in TeX, spaces after a control word belong to it. A backslash at the
/// end is dropped.
pub(crate) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(source.len());
    let mut rest = source;
    while let Some((token, after)) = next(rest) {
        rest = match token {
            Token::Word(_) => after.trim_start(),
            _ => after,
        };
        if token != Token::Char('\\') {
            tokens.push(token);
        }
    }
    tokens
}

/// The tokens as TeX again.
pub(crate) fn source(tokens: &[Token<'_>]) -> String {
    let mut source = String::new();
    tokens.iter().for_each(|token| push(&mut source, *token));
    source
}

/// Appends one token as TeX. A space ends a control word.
pub(crate) fn push(source: &mut String, token: Token<'_>) {
    match token {
        Token::Word(name) => {
            source.push('\\');
            source.push_str(name);
            source.push(' ');
        }
        Token::Sign(sign) => source.extend(['\\', sign]),
        Token::Open => source.push('{'),
        Token::Close => source.push('}'),
        Token::Char(c) => source.push(c),
        Token::Space => source.push(' '),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tex_is_cut_into_tokens() {
        use Token::{Char, Close, Open, Sign, Space, Word};
        for (source, expected) in [
            ("\\alpha  x", &[Word("alpha"), Char('x')][..]),
            ("\\%{ }", &[Sign('%'), Open, Space, Close]),
            ("a \n b", &[Char('a'), Space, Char('b')]),
            ("\\é\\\\", &[Sign('é'), Sign('\\')]),
            ("x\\", &[Char('x')]),
        ] {
            assert_eq!(tokens(source), expected, "{source:?}");
        }
    }

    #[test]
    fn tokens_become_the_same_tex_again() {
        let source = "\\frac {1}{\\%} x^2";
        assert_eq!(super::source(&tokens(source)), source);
    }
}
