//! Where the reader of a prose text is, and its small steps.

use std::collections::HashMap;

use super::piece::Piece;
use super::protection::Braces;
use crate::clean::tidy;
use crate::lexer::{self, Token};
use crate::steps;

/// What closing a brace restores.
pub(super) struct Group {
    was_emphasised: bool,
    /// The brace itself is text, as in `{0, 1}`.
    is_literal: bool,
}

/// Reads a text once and collects its pieces.
pub(super) struct Reader<'a> {
    pub text: &'a str,
    /// Byte of the next token.
    pub at: usize,
    /// The visible character before `at`; a space at the beginning.
    pub last: char,
    /// Byte of the `'` that ends the single quotation opened last.
    pub quote_ends: Option<usize>,
    /// Byte of each opening brace to that of its closing one.
    closing: HashMap<usize, usize>,
    groups: Vec<Group>,
    emphasised: bool,
    buffer: String,
    pieces: Vec<Piece<'a>>,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            last: ' ',
            quote_ends: None,
            closing: matching_braces(text),
            groups: Vec::new(),
            emphasised: false,
            buffer: String::new(),
            pieces: Vec::new(),
        }
    }

    /// The pieces, without white space at their end.
    pub fn finish(mut self) -> Vec<Piece<'a>> {
        self.flush();
        while let Some(Piece::Text(text) | Piece::Emphasis(text)) = self.pieces.last_mut() {
            text.truncate(text.trim_end().len());
            if !text.is_empty() {
                break;
            }
            self.pieces.pop();
        }
        self.pieces
    }

    /// The text from `at` on.
    pub fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Shows a character. A run of white space is one space; control characters are dropped.
    pub fn push(&mut self, c: char) {
        if c.is_whitespace() {
            if self.last.is_whitespace() {
                return;
            }
        } else if c.is_control() {
            return;
        }
        self.buffer.push(c);
        self.last = c;
    }

    pub fn push_str(&mut self, text: &str) {
        text.chars().for_each(|c| self.push(c));
    }

    /// Shows everything up to the next character that may mean something. This is most of a text, so
    /// it is done at once.
    pub fn push_ordinary(&mut self) {
        let rest = self.rest();
        let mut last = self.last;
        let is_ordinary = |byte: &u8| {
            let before = std::mem::replace(&mut last, char::from(*byte));
            match byte {
                // It may begin an address, but not inside a word.
                b'h' | b'H' => before.is_alphanumeric(),
                b'\\' | b'$' | b'{' | b'}' | b'-' | b'`' | b'\'' | b'~' => false,
                byte => byte.is_ascii_graphic(),
            }
        };
        let run = &rest[..rest.bytes().take_while(is_ordinary).count()];
        steps::count(run.len());
        self.buffer.push_str(run);
        self.last = run.chars().next_back().unwrap_or(self.last);
        self.at += run.len();
    }

    /// Shows the text from byte `start` to `at` as it was written.
    pub fn push_written(&mut self, start: usize) {
        let text = self.text;
        self.push_str(&text[start..self.at]);
    }

    /// Shows a run of one character that may be long.
    pub fn push_run(&mut self, run: &str, c: char) {
        self.buffer.push_str(run);
        self.last = c;
    }

    /// Begins a paragraph, unless nothing was shown since the last space.
    pub fn push_paragraph(&mut self) {
        if self.last.is_whitespace() {
            return;
        }
        self.buffer.push_str("\n\n");
        self.last = '\n';
    }

    /// Adds a formula or a link.
    pub fn put(&mut self, piece: Piece<'a>) {
        self.flush();
        self.pieces.push(piece);
        self.last = 'x';
    }

    fn flush(&mut self) {
        if !self.buffer.is_empty() {
            let text = std::mem::take(&mut self.buffer);
            // A command may have put a mark after its letter.
            let tidied = if text.is_ascii() { None } else { tidy(&text) };
            let text = tidied.unwrap_or(text);
            self.pieces.push(if self.emphasised {
                Piece::Emphasis(text)
            } else {
                Piece::Text(text)
            });
        }
    }

    fn emphasise(&mut self, emphasised: bool) {
        if self.emphasised != emphasised {
            self.flush();
            self.emphasised = emphasised;
        }
    }

    /// Switches to italics up to the end of the group. Outside any group nothing would end them.
    pub fn emphasise_group(&mut self) {
        if !self.groups.is_empty() {
            self.emphasise(true);
        }
    }

    /// Reads an opening brace of prose: part of the text, or grouping for TeX.
    pub fn open(&mut self) {
        let inside = &self.text[self.at + 1..];
        let close = self.closing.get(&self.at).copied();
        let after = close.and_then(|close| self.text[close + 1..].chars().next());
        let is_script = matches!(self.last, '^' | '_');
        let touches_a_word = self.last.is_alphanumeric() || after.is_some_and(char::is_alphanumeric);
        let is_tex = inside.starts_with('\\')
            || (touches_a_word && !is_script)
            || close.is_some_and(|close| self.protects_capitals(close));
        if close.is_some() {
            self.begin_group(!is_tex);
        }
        self.at += 1;
        if !is_tex || close.is_none() {
            self.push('{');
        }
    }

    /// Whether the brace at `at` and its closing one only protect capitals. Inside a set they do not.
    fn protects_capitals(&self, close: usize) -> bool {
        let (before, after) = (&self.text[..self.at], &self.text[close + 1..]);
        let are_braces = |text: &str| text.len() < 8 && !text.contains(char::is_alphanumeric);
        let braces = Braces {
            before: &self.buffer,
            inside: &self.text[self.at + 1..close],
            after,
            are_whole: are_braces(before) && are_braces(after),
        };
        !self.groups.last().is_some_and(|group| group.is_literal) && braces.protect_capitals()
    }

    /// Reads a closing brace.
    pub fn close(&mut self) {
        self.at += 1;
        match self.groups.pop() {
            Some(group) => {
                if group.is_literal {
                    self.push('}');
                }
                self.emphasise(group.was_emphasised);
            }
            None => self.push('}'),
        }
    }

    fn begin_group(&mut self, is_literal: bool) {
        self.groups.push(Group {
            was_emphasised: self.emphasised,
            is_literal,
        });
    }

    /// Begins a group at an opening brace, unless the brace stays open.
    pub fn begin_group_if_closed(&mut self) {
        if self.closing.contains_key(&self.at) {
            self.begin_group(false);
        }
    }

    /// Enters the argument of a command, if it has one. Its braces are not shown.
    pub fn enter(&mut self) {
        if self.peek() == Some('{') {
            self.begin_group_if_closed();
            self.at += 1;
        }
    }

    /// Enters the argument of a command, if it has one, and shows it in italics.
    pub fn enter_emphasised(&mut self) {
        if self.peek() == Some('{') {
            self.enter();
            self.emphasise(true);
        }
    }

    /// Passes over an argument in braces and returns its content.
    pub fn take(&mut self) -> Option<&'a str> {
        let close = *self.closing.get(&self.at).filter(|_| self.peek() == Some('{'))?;
        let inside = &self.text[self.at + 1..close];
        self.at = close + 1;
        Some(inside)
    }

    /// Passes over a bare letter or digit and returns it.
    pub fn take_letter(&mut self) -> Option<&'a str> {
        let rest = self.rest().trim_start();
        let length = rest.chars().next().filter(|c| c.is_alphanumeric())?.len_utf8();
        self.at = self.text.len() - rest.len() + length;
        Some(&rest[..length])
    }

    /// Passes over arguments in brackets.
    pub fn skip_optional(&mut self) {
        while self.peek() == Some('[')
            && let Some(length) = self.rest().bytes().take(200).position(|byte| byte == b']')
        {
            self.at += length + 1;
        }
    }

    pub fn skip_spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Removes the space before a command that showed nothing, so that there is no gap.
    pub fn drop_space(&mut self) {
        if self.buffer.ends_with(' ') {
            self.buffer.pop();
            self.last = self.buffer.chars().last().unwrap_or('x');
        }
    }
}

fn matching_braces(text: &str) -> HashMap<usize, usize> {
    let (mut closing, mut open) = (HashMap::new(), Vec::new());
    let mut rest = text;
    while let Some(ordinary) = rest.find(['\\', '{', '}']) {
        steps::count(ordinary);
        let at = text.len() - rest.len() + ordinary;
        let Some((token, after)) = lexer::next(&text[at..]) else {
            break;
        };
        match token {
            Token::Open => open.push(at),
            Token::Close => {
                if let Some(start) = open.pop() {
                    closing.insert(start, at);
                }
            }
            _ => {}
        }
        rest = after;
    }
    closing
}
