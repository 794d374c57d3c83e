//! Units as siunitx reads them: macros (`\kilo\metre\per\second`) or letters (`km.s^{-1}`).

use super::names;
use crate::arguments::argument;
use crate::commands;
use crate::lexer::{self, Token};

/// One unit of a product.
#[derive(Default)]
struct Factor {
    symbol: String,
    /// Its power without the minus sign of `\per`.
    power: Option<String>,
    qualifier: Option<String>,
    is_divisor: bool,
    /// Whether letters or a macro may still be added to its symbol.
    is_open: bool,
}

/// A unit in TeX: upright symbols with their powers, and thin spaces between them.
pub(super) fn unit(tokens: &[Token<'_>]) -> String {
    let mut reader = Reader::default();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at = reader.token(*token, tokens, at + 1);
    }
    let mut tex = String::new();
    for factor in reader.factors.iter().filter(|factor| !factor.symbol.is_empty()) {
        // `/` and the text after it have no space before them.
        if !tex.is_empty() && !factor.symbol.starts_with('/') {
            tex.push_str("\\,");
        }
        push_factor(&mut tex, factor);
    }
    tex
}

fn push_factor(tex: &mut String, factor: &Factor) {
    tex.push_str("\\text{");
    for c in factor.symbol.chars() {
        if matches!(c, '%' | '#' | '&' | '_' | '$') {
            tex.push('\\');
        }
        tex.push(c);
    }
    tex.push('}');
    if let Some(qualifier) = &factor.qualifier {
        tex.push_str(&format!("_{{\\text{{{qualifier}}}}}"));
    }
    match (factor.is_divisor, factor.power.as_deref()) {
        (false, None) => {}
        (true, power) => tex.push_str(&format!("^{{-{}}}", power.unwrap_or("1"))),
        (false, Some(power)) => tex.push_str(&format!("^{{{power}}}")),
    }
}

#[derive(Default)]
struct Reader {
    factors: Vec<Factor>,
    /// Prefixes and powers that come before a unit and apply to it.
    prefix: String,
    power: Option<String>,
    is_divisor: bool,
}

impl Reader {
    /// Reads a token; `at` is the index after it. Returns the index after its arguments.
    fn token(&mut self, token: Token<'_>, tokens: &[Token<'_>], at: usize) -> usize {
        match token {
            Token::Word(name) => return self.word(name, tokens, at),
            Token::Char(sign @ ('^' | '_')) => {
                let (inside, after) = argument(tokens, at).unwrap_or((&[], at));
                let source = lexer::source(inside);
                if let Some(last) = self.factors.last_mut() {
                    let place = if sign == '^' {
                        &mut last.power
                    } else {
                        &mut last.qualifier
                    };
                    *place = Some(source);
                    last.is_open = false;
                }
                return after;
            }
            Token::Char('.' | '~' | '*' | '·') | Token::Sign(',' | ';' | ':' | ' ' | '!') | Token::Space => {
                self.close()
            }
            Token::Char('$')
            | Token::Open
            | Token::Close
            | Token::Sign('/' | '-' | '(' | ')' | '[' | ']') => {}
            Token::Char(c) | Token::Sign(c) => self.letters(c),
        }
        at
    }

    /// Adds a letter to the previous symbol, or starts a new symbol.
    fn letters(&mut self, c: char) {
        let continues = self.prefix.is_empty() && self.factors.last().is_some_and(|last| last.is_open);
        if !continues {
            self.unit("");
        }
        if let Some(last) = self.factors.last_mut() {
            last.symbol.push(c);
            last.is_open = true;
        }
    }

    /// Ends the symbol to which letters were added.
    fn close(&mut self) {
        if let Some(last) = self.factors.last_mut() {
            last.is_open = false;
        }
    }

    fn word(&mut self, name: &str, tokens: &[Token<'_>], at: usize) -> usize {
        let text = || argument(tokens, at).map(|(inside, after)| (lexer::source(inside), after));
        match name {
            "per" => self.is_divisor = true,
            "square" => self.power = Some("2".to_owned()),
            "cubic" => self.power = Some("3".to_owned()),
            "squared" => self.raise("2".to_owned()),
            "cubed" => self.raise("3".to_owned()),
            "raiseto" | "tothe" | "of" | "highlight" => {
                let Some((text, after)) = text() else {
                    return at;
                };
                match (name, self.factors.last_mut()) {
                    ("raiseto", _) => self.power = Some(text),
                    ("tothe", _) => self.raise(text),
                    ("of", Some(last)) => last.qualifier = Some(text),
                    _ => {}
                }
                return after;
            }
            "text" | "mathrm" | "textrm" | "rm" | "ensuremath" | "cancel" | "mathsf" | "mbox" => {}
            _ => self.macro_of_unit(name),
        }
        at
    }

    /// Reads `\kilo`, `\metre`, `\km` or any other macro, which is then its own symbol.
    fn macro_of_unit(&mut self, name: &str) {
        if let Some(prefix) = names::prefix(name) {
            self.prefix.push_str(prefix);
        } else if let Some(symbol) = names::symbol(name) {
            self.unit(symbol);
        } else if let Some(unit) = names::after_micro(name) {
            self.unit(&format!("μ{unit}"));
        } else {
            self.unit(
                commands::symbol(name)
                    .filter(|_| !is_abbreviation(name))
                    .map_or(name, |symbol| symbol.text()),
            );
        }
    }

    /// Adds a unit. Letters before a macro are its prefix, as in `k\ohm`.
    fn unit(&mut self, symbol: &str) {
        if !symbol.is_empty()
            && let Some(last) = self.factors.last_mut().filter(|last| last.is_open)
        {
            last.symbol.push_str(&self.prefix);
            last.symbol.push_str(symbol);
            last.is_open = false;
            self.prefix.clear();
            return;
        }
        self.factors.push(Factor {
            symbol: std::mem::take(&mut self.prefix) + symbol,
            power: self.power.take(),
            is_divisor: std::mem::take(&mut self.is_divisor),
            ..Factor::default()
        });
    }

    fn raise(&mut self, power: String) {
        if let Some(last) = self.factors.last_mut() {
            last.power = Some(power);
            last.is_open = false;
        }
    }
}

/// Whether siunitx uses the name as a unit abbreviation, although elsewhere it names a sign.
fn is_abbreviation(name: &str) -> bool {
    matches!(name, "pm" | "bar" | "l" | "L" | "P" | "S" | "H")
}
