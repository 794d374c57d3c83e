//! Rewrites the TeX of abstracts into the TeX that the library sets.
//!
//! What could carry active markup is undone here already: links keep their text, classes and
//! styles and labels go. `markup` checks the outcome all the same.

use std::borrow::Cow;

use super::macros;
use super::symbols;
use super::tex::{self, Token, argument, optional};

/// Nothing in an abstract nests deeper. The library recurses: unoptimised, fifty `\frac`s within each
/// other overflow a stack of 2 MB.
const DEEPEST: usize = 24;

/// The formula in TeX that the library knows, or `None` if it asks for what is not to be had. The
/// macros named in `unknown` are guessed at.
pub(super) fn normalise(source: &str, unknown: &[String]) -> Option<String> {
    let tokens = tex::tokens(source);
    let mut out = Rewriter {
        out: String::with_capacity(source.len() + 16),
        nesting: 0,
        unknown,
    };
    out.rewrite(&tokens)?;
    Some(out.out)
}

struct Rewriter<'u> {
    out: String,
    unknown: &'u [String],
    nesting: usize,
}

impl Rewriter<'_> {
    fn rewrite(&mut self, tokens: &[Token<'_>]) -> Option<()> {
        self.nesting += 1;
        if self.nesting > 4 || depth(tokens) > DEEPEST {
            return None;
        }
        let in_table = tokens.contains(&Token::Word("begin"));
        let (mut at, mut scripts) = (0, Scripts::default());
        while let Some(token) = tokens.get(at) {
            at += 1;
            match *token {
                Token::Word(name) => at = self.word(name, tokens, at)?,
                Token::Sign('"') => self.out.push_str("\\ddot "),
                Token::Sign('\'') => self.out.push_str("\\acute "),
                Token::Sign('`') => self.out.push_str("\\grave "),
                Token::Sign('=') => self.out.push_str("\\bar "),
                Token::Sign('.') => self.out.push_str("\\dot "),
                Token::Sign('^') => self.out.push_str("\\hat "),
                Token::Sign('~') => self.out.push_str("\\tilde "),
                Token::Sign('1') => self.out.push_str("{\\mathbf{1}}"),
                Token::Sign('-' | '/' | '@' | '(' | ')' | '[' | ']') => {}
                Token::Sign('\n' | '\r' | '\t') => self.out.push_str("\\ "),
                Token::Sign('\\') if in_table => {
                    let (_, after) = optional(tokens, at);
                    at = after;
                    self.out.push_str("\\\\");
                }
                Token::Sign('\\') => self.out.push_str("\\ "),
                // A comment sign or a number sign in an abstract is a sign.
                Token::Char('%') => self.out.push_str("\\%"),
                Token::Char('#') => self.out.push_str("\\#"),
                Token::Char('&') if !in_table => self.out.push_str("\\&"),
                Token::Char('$' | '\u{feff}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{ad}') => {}
                Token::Char('’' | '´') => self.out.push('\''),
                Token::Char('\u{a0}' | '\u{2009}') | Token::Space => self.out.push(' '),
                Token::Char(c) if c.is_control() => {}
                Token::Char(c @ ('^' | '_')) => {
                    if scripts.is_second(c, tokens, at) {
                        self.out.push_str("{}");
                    }
                    self.out.push(c);
                    // `A^\tt 3` would have no script but the switch of fonts.
                    if let Some(Token::Word(font @ ("rm" | "bf" | "it" | "tt" | "sf" | "cal"))) =
                        tokens.get(at)
                        && let Some((script, after)) = argument(tokens, at + 1)
                    {
                        self.out.push_str(&format!("{{\\{font} "));
                        self.rewrite(script)?;
                        self.out.push('}');
                        at = after;
                    }
                    continue;
                }
                other => tex::push(&mut self.out, other),
            }
            scripts.passed(*token, at);
        }
        self.nesting -= 1;
        Some(())
    }

    /// Rewrites the control word before `at`, with what arguments it needs; the index after them.
    fn word(&mut self, name: &str, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        match name {
            "mbox" | "hbox" | "vbox" | "text" | "textnormal" | "textrm" | "textup" | "textsc" | "textmd"
            | "textsl" | "emph" | "fbox" | "intertext" | "textit" | "textbf" | "textsf" | "texttt"
            | "mathtext" => {
                let style = match name {
                    "textit" | "textbf" | "textsf" | "texttt" => name,
                    "emph" | "textsl" => "textit",
                    _ => "text",
                };
                let (words, after) = argument(tokens, at)?;
                self.words(style, words)?;
                Some(after)
            }
            // Links, ids and classes: only what is to be read stays.
            "href" | "class" | "style" | "cssId" | "bbox" | "htmlClass" | "htmlId" | "htmlStyle"
            | "htmlData" | "textcolor" | "colorbox" | "mathchoice" | "hyperref" | "color" | "label"
            | "tag" | "cite" | "citep" | "citet" | "ref" | "eqref" | "hspace" | "vspace" | "vskip"
            | "footnote" | "thanks" => {
                let after_star = at + usize::from(tokens.get(at) == Some(&Token::Char('*')));
                let (_, start) = optional(tokens, after_star);
                let (_, after) = argument(tokens, start)?;
                if name == "hspace" {
                    self.out.push_str("\\ ");
                }
                Some(after)
            }
            "url" | "path" | "nolinkurl" => {
                let (words, after) = argument(tokens, at)?;
                self.words("texttt", words)?;
                Some(after)
            }
            "unicode" => {
                let (_, start) = optional(tokens, at);
                let (digits, after) = argument(tokens, start)?;
                self.character(&tex::source(digits))?;
                Some(after)
            }
            "begin" | "end" => {
                let (name, mut after) = argument(tokens, at)?;
                let name = tex::source(name);
                let (kept, has_columns) = match name.trim_end_matches('*') {
                    "equation" | "displaymath" | "math" | "document" | "minipage" | "center" => ("", false),
                    "align" | "eqnarray" | "split" | "flalign" | "aligned" | "IEEEeqnarray" => {
                        ("aligned", false)
                    }
                    "alignat" | "alignedat" => ("aligned", true),
                    "gather" | "multline" | "gathered" | "multlined" => ("gathered", false),
                    "smallmatrix" | "psmallmatrix" => ("matrix", false),
                    "tabular" => ("array", false),
                    _ => (name.as_str(), false),
                };
                if tokens[at - 1] == Token::Word("begin") && has_columns {
                    after = argument(tokens, after)?.1;
                }
                if tokens[at - 1] == Token::Word("begin") && matches!(kept, "array" | "darray") {
                    let (_, start) = optional(tokens, after);
                    let (columns, end) = argument(tokens, start)?;
                    let columns: String = tex::source(columns)
                        .chars()
                        .filter(|c| "lcr|".contains(*c))
                        .collect();
                    self.out.push_str(&format!("\\begin{{{kept}}}{{{columns}}}"));
                    return Some(end);
                }
                if !kept.is_empty() {
                    let side = if tokens[at - 1] == Token::Word("begin") {
                        "begin"
                    } else {
                        "end"
                    };
                    self.out.push_str(&format!("\\{side}{{{kept}}}"));
                }
                Some(after)
            }
            "abs" | "norm" | "floor" | "ceil" | "ceiling" | "set" | "paren" | "angles" => {
                let (inside, after) = argument(tokens, at)?;
                let (left, right) = match name {
                    "abs" => ("|", "|"),
                    "norm" => ("\\|", "\\|"),
                    "floor" => ("\\lfloor ", "\\rfloor "),
                    "ceil" | "ceiling" => ("\\lceil ", "\\rceil "),
                    "set" => ("\\{", "\\}"),
                    "paren" => ("(", ")"),
                    _ => ("\\langle ", "\\rangle "),
                };
                self.out.push_str(left);
                self.rewrite(inside)?;
                self.out.push_str(right);
                Some(after)
            }
            "substack" => {
                let (lines, after) = argument(tokens, at)?;
                self.out.push_str("{\\begin{subarray}{c}");
                for (index, line) in lines.split(|token| *token == Token::Sign('\\')).enumerate() {
                    self.out.push_str(if index > 0 { "\\\\" } else { "" });
                    self.rewrite(line)?;
                }
                self.out.push_str("\\end{subarray}}");
                Some(after)
            }
            "operatorname" => {
                let is_starred = tokens.get(at) == Some(&Token::Char('*'));
                let (name, after) = argument(tokens, at + usize::from(is_starred))?;
                let is_plain = name
                    .iter()
                    .all(|token| matches!(token, Token::Char(c) if c.is_ascii_alphanumeric()));
                let as_what = match (is_plain, is_starred) {
                    (true, false) => "\\operatorname",
                    (true, true) => "\\operatorname*",
                    (false, _) => "\\mathrm",
                };
                self.out.push_str(as_what);
                self.out.push('{');
                self.rewrite(name)?;
                self.out.push('}');
                Some(after)
            }
            "left" | "right" if matches!(tokens.get(at), Some(Token::Char('<' | '>'))) => {
                let angle = if tokens[at] == Token::Char('<') {
                    "langle"
                } else {
                    "rangle"
                };
                self.out.push_str(&format!("\\{name}\\{angle} "));
                Some(at + 1)
            }
            "limits" if tokens[..at - 1].last() == Some(&Token::Close) => Some(at),
            "bf" | "rm" | "it" | "tt" | "sf" | "cal" | "mit" if tokens.get(at) == Some(&Token::Open) => {
                // `\rm{km}` is meant as `\mathrm{km}`, and that ends where its author thought.
                let font = if name == "mit" { "it" } else { name };
                self.out.push_str(&format!("\\math{font}"));
                Some(at)
            }
            "includegraphics"
            | "require"
            | "newcommand"
            | "renewcommand"
            | "def"
            | "gdef"
            | "edef"
            | "xdef"
            | "let"
            | "input"
            | "include"
            | "write"
            | "catcode"
            | "csname"
            | "usepackage"
            | "documentclass"
            | "DeclareMathOperator"
            | "providecommand"
            | "newenvironment" => None,
            _ => {
                let takes_argument = tokens.get(at) == Some(&Token::Open);
                let is_unknown = self.unknown.iter().any(|unknown| unknown == name);
                let guess = || {
                    is_unknown
                        .then(|| macros::guess(name, takes_argument))?
                        .map(Cow::Owned)
                };
                match macros::meaning(name, takes_argument).or_else(guess) {
                    Some(meaning) => self.out.push_str(&meaning),
                    None => tex::push(&mut self.out, Token::Word(name)),
                }
                Some(at)
            }
        }
    }

    /// `\text{…}`, with the formulas in it taken out and set beside it.
    fn words(&mut self, style: &str, words: &[Token<'_>]) -> Option<()> {
        let mut parts = words.split(|token| *token == Token::Char('$'));
        let mut is_maths = false;
        self.out.push('{');
        for part in parts.by_ref() {
            if is_maths {
                self.out.push('{');
                self.rewrite(part)?;
                self.out.push('}');
            } else if !part.is_empty() {
                let plain = plain_words(part);
                self.out.push_str(&format!("\\{style}{{{plain}}}"));
            }
            is_maths = !is_maths;
        }
        self.out.push('}');
        Some(())
    }

    /// MathJax's `\unicode{x2014}` or `\unicode{8212}`.
    fn character(&mut self, digits: &str) -> Option<()> {
        let digits = digits.trim();
        let code = match digits.strip_prefix(['x', 'X', 'U']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
            None => digits.parse().ok()?,
        };
        let c = char::from_u32(code).filter(|c| !c.is_control())?;
        self.out.push_str("\\text{");
        push_word_character(&mut self.out, c);
        self.out.push('}');
        Some(())
    }
}

/// The words of a `\text`, as the library takes them: letters and escaped signs only.
fn plain_words(tokens: &[Token<'_>]) -> String {
    let mut words = String::new();
    for c in super::plain::flatten_words(tokens).chars() {
        push_word_character(&mut words, c);
    }
    words
}

fn push_word_character(words: &mut String, c: char) {
    match c {
        '%' | '#' | '&' | '_' | '{' | '}' | '$' => words.extend(['\\', c]),
        '\\' => words.push_str("\\textbackslash "),
        '^' => words.push_str("\\textasciicircum "),
        '~' => words.push_str("\\ "),
        c if c.is_control() => {}
        c => words.push(c),
    }
}

/// Braces, `\left`s, `\begin`s and chains like `\hat\hat\hat` or `\frac1\frac1` all cost the
/// library a call within a call.
fn depth(tokens: &[Token<'_>]) -> usize {
    let (mut depth, mut deepest, mut chain, mut letters) = (0_usize, 0, 0_usize, 0_usize);
    for token in tokens {
        match token {
            Token::Open | Token::Word("left" | "begin") => depth += 1,
            Token::Close | Token::Word("right" | "end") => depth = depth.saturating_sub(1),
            _ => {}
        }
        match token {
            Token::Word(name) if takes_argument(name) => (chain, letters) = (chain + 1, 0),
            Token::Char('^' | '_' | '\'') => (chain, letters) = (chain + 1, 0),
            Token::Open | Token::Space => {}
            // The second argument may follow a letter, nothing follows two.
            _ => letters += 1,
        }
        if letters > 1 {
            (chain, letters) = (0, 0);
        }
        deepest = deepest.max(depth + chain);
    }
    deepest
}

/// Whether a call to the library for what follows may be made: no symbol needs one.
fn takes_argument(name: &str) -> bool {
    symbols::greek(name).is_none() && symbols::sign(name).is_none()
}

/// Remembers the scripts of the last base, because `x_a_b` is an error to the library.
#[derive(Default)]
struct Scripts {
    has_lower: bool,
    has_upper: bool,
    /// Index at which the argument of the last script ends.
    argument_ends: usize,
}

impl Scripts {
    /// Whether this base has such a script already; notes that it has one now.
    fn is_second(&mut self, script: char, tokens: &[Token<'_>], at: usize) -> bool {
        let has = if script == '_' {
            &mut self.has_lower
        } else {
            &mut self.has_upper
        };
        let is_second = std::mem::replace(has, true);
        if is_second {
            (self.has_lower, self.has_upper) = (script == '_', script == '^');
        }
        self.argument_ends = argument(tokens, at).map_or(at, |(_, after)| after);
        is_second
    }

    fn passed(&mut self, token: Token<'_>, at: usize) {
        if at > self.argument_ends && token != Token::Space {
            (self.has_lower, self.has_upper) = (false, false);
        }
    }
}
