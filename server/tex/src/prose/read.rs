//! Reads a text token by token.

use super::address;
use super::piece::Piece;
use super::reader::Reader;
use crate::delimiters::formula_at;
use crate::lexer::{self, Token};

/// The pieces of a text in order.
pub(crate) fn read(text: &str) -> Vec<Piece<'_>> {
    let mut reader = Reader::new(text.trim());
    reader.push_ordinary();
    while let Some((token, after)) = lexer::next(reader.rest()) {
        if !reader.formula(token) && !reader.bare_address(token) {
            reader.token(token, after);
        }
        reader.push_ordinary();
    }
    reader.finish()
}

impl<'a> Reader<'a> {
    /// Reads the formula that begins here, if one does.
    fn formula(&mut self, token: Token<'_>) -> bool {
        if !matches!(token, Token::Char('$') | Token::Word(_) | Token::Sign(_)) {
            return false;
        }
        let Some(found) = formula_at(self.text, self.at) else {
            return false;
        };
        let written = &self.text[self.at..found.end];
        self.at = found.end;
        self.put(Piece::Formula {
            source: found.source,
            written,
            display: found.display,
        });
        true
    }

    /// Reads the `https://…` that begins here, if one does.
    fn bare_address(&mut self, token: Token<'_>) -> bool {
        if !matches!(token, Token::Char('h' | 'H')) || self.last.is_alphanumeric() {
            return false;
        }
        let Some((url, length)) = address::at_start(self.rest()) else {
            return false;
        };
        self.at += length;
        self.put(Piece::Link { url, words: None });
        true
    }

    fn token(&mut self, token: Token<'a>, after: &str) {
        let start = self.at;
        match token {
            Token::Open => self.open(),
            Token::Close => self.close(),
            Token::Char(c @ ('-' | '`' | '\'' | '~')) => self.punctuation(c),
            Token::Word(_) | Token::Sign(_) | Token::Char(_) | Token::Space => {
                self.at = self.text.len() - after.len();
                match token {
                    Token::Word(name) => self.command(name, start),
                    Token::Sign(sign) => self.control_symbol(sign, start),
                    Token::Char(c) => self.push(c),
                    _ => self.space(start),
                }
            }
        }
    }

    /// White space with an empty line in it begins a paragraph; other white space is one space.
    fn space(&mut self, start: usize) {
        let is_paragraph = self.text[start..self.at].matches('\n').count() > 1;
        if is_paragraph {
            self.push_paragraph();
        } else {
            self.push(' ');
        }
    }
}
