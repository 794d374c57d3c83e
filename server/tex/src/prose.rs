//! Reads a text once from left to right: prose and its TeX, formulas, links.

use std::collections::HashMap;

use super::delimiters::formula_at;
use super::tex::control_word;
use super::{accents, links, symbols};

/// A longer text of a link is left out for its address.
const LONGEST_LINK_TEXT: usize = 400;

/// A stretch of a text, before formulas are set.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Emphasis(String),
    Formula { source: String, display: bool },
    Link { url: String, text: String },
}

/// The pieces of a text in order.
pub(super) fn read(text: &str) -> Vec<Piece> {
    let text = text.trim();
    let mut reader = Reader {
        text,
        at: 0,
        closing: matching_braces(text),
        groups: Vec::new(),
        emphasised: false,
        quote_ends: None,
        buffer: String::new(),
        last: ' ',
        pieces: Vec::new(),
    };
    while reader.at < text.len() {
        reader.step();
    }
    reader.flush();
    trim_end(&mut reader.pieces);
    reader.pieces
}

/// What closing a brace brings back.
struct Group {
    was_emphasised: bool,
    /// The brace itself is text, as in `{0, 1}`.
    is_literal: bool,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Byte of each opening brace to that of its closing one.
    closing: HashMap<usize, usize>,
    groups: Vec<Group>,
    emphasised: bool,
    /// Where the single quotation that was opened last will end.
    quote_ends: Option<usize>,
    buffer: String,
    /// The visible character before `at`; a space at the beginning.
    last: char,
    pieces: Vec<Piece>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn step(&mut self) {
        let Some(c) = self.peek() else { return };
        if matches!(c, '$' | '\\')
            && let Some(found) = formula_at(self.text, self.at)
        {
            let (source, display) = (found.source.to_owned(), found.display);
            self.at = found.end;
            self.put(Piece::Formula { source, display });
            return;
        }
        if matches!(c, 'h' | 'H')
            && !self.last.is_alphanumeric()
            && let Some((url, length)) = links::address(self.rest())
        {
            self.at += length;
            self.put(Piece::Link {
                text: url.clone(),
                url,
            });
            return;
        }
        match c {
            '\\' => self.command(),
            '{' => self.open(),
            '}' => self.close(),
            '-' | '`' | '\'' | '~' => self.punctuation(c),
            c if c.is_whitespace() => self.space(),
            c => {
                self.at += c.len_utf8();
                self.push(c);
            }
        }
    }

    fn push(&mut self, c: char) {
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

    fn push_str(&mut self, text: &str) {
        text.chars().for_each(|c| self.push(c));
    }

    fn flush(&mut self) {
        if !self.buffer.is_empty() {
            let text = std::mem::take(&mut self.buffer);
            self.pieces.push(if self.emphasised {
                Piece::Emphasis(text)
            } else {
                Piece::Text(text)
            });
        }
    }

    fn put(&mut self, piece: Piece) {
        self.flush();
        self.pieces.push(piece);
        self.last = 'x';
    }

    fn emphasise(&mut self, emphasised: bool) {
        if self.emphasised != emphasised {
            self.flush();
            self.emphasised = emphasised;
        }
    }

    /// A run of white space is one space; with an empty line in it, a new paragraph.
    fn space(&mut self) {
        let rest = self.rest();
        let length = rest.len() - rest.trim_start().len();
        self.at += length;
        let is_paragraph = rest[..length].matches('\n').count() > 1;
        if is_paragraph && !self.last.is_whitespace() {
            self.buffer.push_str("\n\n");
            self.last = '\n';
        } else {
            self.push(' ');
        }
    }

    fn open(&mut self) {
        let inside = &self.text[self.at + 1..];
        let is_matched = self.closing.get(&self.at).copied();
        let after = is_matched.and_then(|close| self.text[close + 1..].chars().next());
        let is_script = matches!(self.last, '^' | '_');
        let touches_a_word = self.last.is_alphanumeric() || after.is_some_and(char::is_alphanumeric);
        let is_tex = inside.starts_with('\\') || (touches_a_word && !is_script);
        self.at += 1;
        if is_matched.is_some() {
            self.groups.push(Group {
                was_emphasised: self.emphasised,
                is_literal: !is_tex,
            });
        }
        if !is_tex || is_matched.is_none() {
            self.push('{');
        }
    }

    fn close(&mut self) {
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

    /// Enters the argument of a command; its braces are not text. Nothing, where none follows.
    fn enter(&mut self, emphasised: bool) {
        if self.peek() == Some('{') {
            if self.closing.contains_key(&self.at) {
                self.groups.push(Group {
                    was_emphasised: self.emphasised,
                    is_literal: false,
                });
            }
            self.at += 1;
            self.emphasise(emphasised);
        }
    }

    /// Passes over an argument in braces and returns what it holds.
    fn take(&mut self) -> Option<&'a str> {
        let close = *self.closing.get(&self.at).filter(|_| self.peek() == Some('{'))?;
        let inside = &self.text[self.at + 1..close];
        self.at = close + 1;
        Some(inside)
    }

    fn skip_optional(&mut self) {
        while self.peek() == Some('[')
            && let Some(length) = self.rest().bytes().take(200).position(|byte| byte == b']')
        {
            self.at += length + 1;
        }
    }

    fn punctuation(&mut self, c: char) {
        let rest = self.rest();
        let run = rest.len() - rest.trim_start_matches(c).len();
        let next = rest[run..].chars().next();
        let (text, taken) = match (c, run) {
            ('-', 3) => ("—", 3),
            // `--flag` is a flag.
            ('-', 2) if !(self.last.is_whitespace() && next.is_some_and(char::is_alphanumeric)) => ("–", 2),
            ('`', 2) => ("“", 2),
            ('\'', 2) => ("”", 2),
            ('`', 1) => match single_quotation(rest) {
                Some(length) => {
                    self.quote_ends = Some(self.at + length);
                    ("‘", 1)
                }
                None => ("`", 1),
            },
            ('\'', 1) if self.quote_ends == Some(self.at) => ("’", 1),
            // A tie has a word on either side; `~10` and `3~5` are about numbers.
            ('~', 1) if self.is_tie(next) => (" ", 1),
            _ => (&rest[..run], run),
        };
        self.at += taken;
        if taken > 3 {
            self.buffer.push_str(text);
            self.last = c;
        } else {
            self.push_str(text);
        }
    }

    fn is_tie(&self, next: Option<char>) -> bool {
        let is_range = self.last.is_ascii_digit() && next.is_some_and(|c| c.is_ascii_digit());
        let is_free = self.last.is_whitespace() || matches!(self.last, '(' | '[' | '/');
        !is_range && !is_free && next.is_some_and(|c| !c.is_whitespace())
    }

    fn command(&mut self) {
        let after = &self.rest()[1..];
        let (name, _) = control_word(after);
        if name.is_empty() {
            self.control_symbol(after.chars().next());
            return;
        }
        let start = self.at;
        self.at += 1 + name.len();
        match name {
            "emph" | "textit" | "textsl" => self.enter(true),
            "textbf" | "texttt" | "textsc" | "textrm" | "textsf" | "textup" | "textnormal" | "textmd"
            | "text" | "mbox" | "hbox" | "underline" | "uline" | "ensuremath" | "mathrm" | "title"
            | "textsuperscript" | "textsubscript" | "section" | "paragraph" | "ul" | "sout" | "uppercase" => {
                let emphasised = self.emphasised;
                self.enter(emphasised);
            }
            "em" | "it" | "sl" | "itshape" | "slshape" => {
                if !self.groups.is_empty() {
                    self.emphasise(true);
                }
                self.skip_spaces();
            }
            "bf" | "rm" | "tt" | "sf" | "sc" | "bfseries" | "scshape" | "ttfamily" | "rmfamily"
            | "sffamily" | "upshape" | "normalfont" | "tiny" | "scriptsize" | "footnotesize" | "small"
            | "normalsize" | "large" | "Large" | "LARGE" | "huge" | "Huge" | "noindent" | "protect"
            | "centering" | "xspace" | "smallskip" | "medskip" | "bigskip" | "maketitle" => {
                self.skip_spaces();
            }
            "cite" | "citep" | "citet" | "citealp" | "citeauthor" | "citeyear" | "ref" | "eqref"
            | "autoref" | "cref" | "Cref" | "pageref" | "label" | "thanks" | "footnotemark" => {
                self.skip_optional();
                if self.take().is_some() {
                    self.drop_space();
                }
            }
            "footnote" => {
                if self.peek() == Some('{') {
                    self.push_str(" ");
                    let emphasised = self.emphasised;
                    self.enter(emphasised);
                }
            }
            "vspace" | "hspace" | "vskip" => {
                self.take();
                self.push(' ');
            }
            "url" | "path" | "nolinkurl" => self.link_given(start),
            "href" => self.link_with_words(),
            "begin" | "end" => {
                if self.peek() == Some('{')
                    && let Some(length) = self.rest().bytes().take(40).position(|byte| byte == b'}')
                {
                    self.at += length + 1;
                }
                self.skip_optional();
                self.push(' ');
            }
            // A publisher's preamble around a formula whose text stands before it already.
            "documentclass" => {
                let end = "\\end{document}";
                let near = &self.rest()[..self.rest().floor_char_boundary(2_000)];
                self.at += near.find(end).map_or(0, |length| length + end.len());
            }
            "textcolor" | "color" => {
                self.skip_optional();
                self.take();
                let emphasised = self.emphasised;
                if name == "textcolor" {
                    self.enter(emphasised);
                }
            }
            "item" => {
                self.skip_optional();
                self.push_str(" • ");
                self.skip_spaces();
            }
            "par" | "newline" | "linebreak" | "quad" | "qquad" | "space" => self.push(' '),
            _ => self.named_character(name, start),
        }
    }

    /// `\ss`, `\alpha`, `\c{c}`; an unknown command stays as it was written.
    fn named_character(&mut self, name: &str, start: usize) {
        let mut letters = name.chars();
        if let (Some(accent), None) = (letters.next(), letters.next())
            && accents::is_accent(accent)
        {
            let after_name = self.at;
            self.skip_spaces();
            if self.accented(accent) {
                return;
            }
            self.at = after_name;
        }
        match symbols::symbol(name) {
            Some(text) => {
                self.push_str(text);
                if self.rest().starts_with("{}") {
                    self.at += 2;
                } else if symbols::is_letter_of_prose(name)
                    && self.rest().trim_start().starts_with(char::is_lowercase)
                {
                    self.skip_spaces();
                }
            }
            None => {
                let written = &self.text[start..self.at];
                self.push_str(written);
                // What it would have done to its argument is not known: its braces stay.
                if self.closing.contains_key(&self.at) {
                    self.groups.push(Group {
                        was_emphasised: self.emphasised,
                        is_literal: true,
                    });
                    self.at += 1;
                    self.push('{');
                }
            }
        }
    }

    fn control_symbol(&mut self, sign: Option<char>) {
        let Some(sign) = sign else {
            self.at += 1;
            self.push('\\');
            return;
        };
        let start = self.at;
        self.at += 1 + sign.len_utf8();
        match sign {
            '%' | '&' | '_' | '#' | '$' | '{' | '}' => self.push(sign),
            '-' | '/' | '@' | '!' => {}
            ',' | ';' | ':' | '\\' | '>' => {
                self.push(' ');
                self.skip_optional();
            }
            sign if sign.is_whitespace() => self.push(' '),
            sign if accents::is_accent(sign) && self.accented(sign) => {}
            '\'' | '"' | '`' => self.push(sign),
            _ => {
                let written = &self.text[start..self.at];
                self.push_str(written);
            }
        }
    }

    /// Puts the letter at `at` under an accent, be it in braces, bare, or `\i`. False if there is
    /// none, and then nothing has moved.
    fn accented(&mut self, accent: char) -> bool {
        let rest = self.rest();
        let in_braces = rest.starts_with('{');
        let inside = if in_braces { rest[1..].trim_start() } else { rest };
        let (letter, after) = if let Some(word) = inside.strip_prefix('\\') {
            let (name, after) = control_word(word);
            match symbols::symbol(name).and_then(|text| text.chars().next()) {
                Some(letter) => (letter, if in_braces { after } else { after.trim_start() }),
                None => return false,
            }
        } else {
            match inside.chars().next().filter(|c| c.is_alphabetic()) {
                Some(letter) => (letter, &inside[letter.len_utf8()..]),
                None => return false,
            }
        };
        let after = match (in_braces, after.strip_prefix('}')) {
            (true, Some(after)) => after,
            // `\'{ee}`: the rest of the group follows; its closing brace must not show.
            (true, None) => {
                if self.closing.contains_key(&self.at) {
                    self.groups.push(Group {
                        was_emphasised: self.emphasised,
                        is_literal: false,
                    });
                }
                after
            }
            (false, _) => after,
        };
        self.at = self.text.len() - after.len();
        self.push_str(&accents::accented(accent, letter));
        true
    }

    fn link_given(&mut self, start: usize) {
        match self.take() {
            Some(argument) => match links::given(argument) {
                Some(url) => self.put(Piece::Link {
                    text: url.clone(),
                    url,
                }),
                None => self.push_str(argument),
            },
            None => {
                let written = &self.text[start..self.at];
                self.push_str(written);
            }
        }
    }

    fn link_with_words(&mut self) {
        let url = self.take().and_then(links::given);
        let emphasised = self.emphasised;
        match url {
            Some(url) => {
                // Links within links come to an end with this length.
                let words = self
                    .take()
                    .filter(|words| words.len() <= LONGEST_LINK_TEXT)
                    .map(super::plain);
                let words = words.filter(|words| !words.is_empty());
                self.put(Piece::Link {
                    text: words.unwrap_or_else(|| url.clone()),
                    url,
                });
            }
            None => self.enter(emphasised),
        }
    }

    fn skip_spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes back the space before something that left no text, so that no gap shows.
    fn drop_space(&mut self) {
        if self.buffer.ends_with(' ') {
            self.buffer.pop();
            self.last = self.buffer.chars().last().unwrap_or('x');
        }
    }
}

/// How far the `'` is that ends a quotation begun by the backtick at the start, if it is one.
fn single_quotation(text: &str) -> Option<usize> {
    let (at, mark) = text.char_indices().skip(1).take(80).find(|(at, c)| match c {
        '`' | '\n' => true,
        '\'' => !text[at + 1..].starts_with(char::is_alphanumeric),
        _ => false,
    })?;
    (mark == '\'' && !text[at + 1..].starts_with('\'')).then_some(at)
}

fn matching_braces(text: &str) -> HashMap<usize, usize> {
    let (mut closing, mut open, mut escaped) = (HashMap::new(), Vec::new(), false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => open.push(at),
            b'}' => {
                if let Some(start) = open.pop() {
                    closing.insert(start, at);
                }
            }
            _ => {}
        }
    }
    closing
}

fn trim_end(pieces: &mut Vec<Piece>) {
    while let Some(Piece::Text(text) | Piece::Emphasis(text)) = pieces.last_mut() {
        text.truncate(text.trim_end().len());
        if !text.is_empty() {
            break;
        }
        pieces.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Emphasis in asterisks, formulas in dollars, links in angles.
    fn shown(text: &str) -> String {
        read(text)
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => text,
                Piece::Emphasis(text) => format!("*{text}*"),
                Piece::Formula { source, .. } => format!("${source}$"),
                Piece::Link { url, text } if url == text => format!("<{url}>"),
                Piece::Link { url, text } => format!("<{url}|{text}>"),
            })
            .collect()
    }

    #[test]
    fn tex_of_prose_becomes_text() {
        for (text, expected) in [
            (
                "B\\\"uchi, Erd\\H{o}s, Poincar\\'{e}, Ga\\v{s}evi\\'c",
                "Büchi, Erdős, Poincaré, Gašević",
            ),
            (
                "na\\\"{\\i}ve, \\c{c}a, Gau\\ss ian, \\L\\'od\\'z, {\\AA}ngstr\\\"om",
                "naïve, ça, Gaußian, Łódź, Ångström",
            ),
            ("{\\o}re and \\o re, K{\\\"a}hler, \\~n", "øre and øre, Kähler, ñ"),
            (
                "\\emph{not} \\textit{so} {\\it fast} {\\em here}",
                "*not* *so* *fast* *here*",
            ),
            (
                "\\textbf{a} \\texttt{b} \\textsc{c} \\mbox{d} {\\bf e}",
                "a b c d e",
            ),
            ("5\\% \\& a\\_b \\#1 \\{x\\} \\$5", "5% & a_b #1 {x} $5"),
            (
                "``so'' -- and---well; 1--2; --flag; `one'",
                "“so” – and—well; 1–2; --flag; ‘one’",
            ),
            ("`code` and it's", "`code` and it's"),
            ("Fig.~1, ~10 times, 3~5", "Fig. 1, ~10 times, 3~5"),
            (
                "as shown \\cite{a,b}. See SavedSearch~\\ref{s}.",
                "as shown. See SavedSearch.",
            ),
            ("line\nbreak   and\n\nparagraph", "line break and\n\nparagraph"),
            (
                "the {GPT}s and {B}ayes, sets {0, 1}",
                "the GPTs and Bayes, sets {0, 1}",
            ),
            (
                "\\alpha-divergence and 10^{-3} of \\unknown{x}y",
                "α-divergence and 10^{-3} of \\unknown{x}y",
            ),
            ("\\emph{a $k$-SAT b} c", "*a *$k$*-SAT b* c"),
            (
                "See https://a.org/b_c. Or (http://x.org).",
                "See <https://a.org/b_c>. Or (<http://x.org>).",
            ),
            (
                "\\url{https://a.org/x\\_y} \\url{javascript:x}",
                "<https://a.org/x_y> javascript:x",
            ),
            (
                "\\href{https://a.org}{our \\emph{code}} \\href{javascript:x}{y}",
                "<https://a.org|our code> y",
            ),
            ("{\\em open", "{open"),
            ("open { and } close }", "open { and } close }"),
            ("C:\\Users \\\\ x\\", "C:\\Users x\\"),
            ("\\begin{itemize} \\item a \\item b \\end{itemize}", "• a • b"),
            (
                "it costs $5 and $n$ is \\(m\\) or \\[k\\]",
                "it costs $5 and $n$ is $m$ or $k$",
            ),
            ("\\'{ee}t", "éet"),
            ("e.g.\\ this, i.e.\\, that", "e.g. this, i.e. that"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
