//! TeX cut into tokens: what the rewriting of formulas and the flattening of them both read.

/// One token of TeX. Spaces after a control word belong to it, as in TeX.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// `\alpha`, without its backslash.
    Word(&'a str),
    /// `\,` or `\%`: a backslash and one character that is no letter.
    Sign(char),
    Open,
    Close,
    Char(char),
    /// Any run of white space.
    Space,
}

/// The tokens of a formula. A lone backslash at the end is dropped.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(source.len());
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        tokens.push(match c {
            '\\' => {
                let (word, after) = control_word(rest);
                if word.is_empty() {
                    let Some(sign) = rest.chars().next() else { break };
                    rest = &rest[sign.len_utf8()..];
                    Token::Sign(sign)
                } else {
                    rest = after.trim_start();
                    Token::Word(word)
                }
            }
            '{' => Token::Open,
            '}' => Token::Close,
            c if c.is_whitespace() => {
                rest = rest.trim_start();
                Token::Space
            }
            c => Token::Char(c),
        });
    }
    tokens
}

/// Splits the letters of a control word from what follows them.
pub(super) fn control_word(after_backslash: &str) -> (&str, &str) {
    let letters = after_backslash
        .bytes()
        .take_while(u8::is_ascii_alphabetic)
        .count();
    after_backslash.split_at(letters)
}

/// The argument that begins at `at`: the tokens inside its braces, or one bare token, and the
/// index after it. `None` where the tokens end or a brace stays open.
pub(super) fn argument<'t, 'a>(tokens: &'t [Token<'a>], at: usize) -> Option<(&'t [Token<'a>], usize)> {
    let start = at
        + tokens[at.min(tokens.len())..]
            .iter()
            .take_while(|token| **token == Token::Space)
            .count();
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

/// The optional argument in brackets at `at`, if one is there, and the index after it.
pub(super) fn optional<'t, 'a>(tokens: &'t [Token<'a>], at: usize) -> (&'t [Token<'a>], usize) {
    let start = at
        + tokens[at.min(tokens.len())..]
            .iter()
            .take_while(|token| **token == Token::Space)
            .count();
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

/// The tokens as TeX again.
pub(super) fn source(tokens: &[Token<'_>]) -> String {
    let mut source = String::new();
    tokens.iter().for_each(|token| push(&mut source, *token));
    source
}

/// Appends one token as TeX, kept apart from a control word before it.
pub(super) fn push(source: &mut String, token: Token<'_>) {
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
