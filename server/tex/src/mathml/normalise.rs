//! Rewrites the TeX of abstracts into the TeX that the library sets.
//!
//! What could carry active markup goes already here: links keep only their text; classes, styles
//! and labels go. `markup` checks the outcome all the same.

use domain::text::is_invisible;

use super::depth::depth;
use super::environments::{Environment, environment};
use super::scripts::Scripts;
use super::words::{code_point, plain_words};
use crate::arguments::{argument, optional};
use crate::commands::{self, Maths};
use crate::lexer::{self, Token};
use crate::units::siunitx;

/// No formula of an abstract nests deeper. The library recurses: in a build without optimisation,
/// fifty nested `\frac`s overflow a stack of 2 MB.
const DEEPEST: usize = 24;

/// How often the arguments of commands are rewritten within each other.
const MOST_ARGUMENTS: usize = 4;

/// The formula in TeX that the library knows. `None` if it cannot be set.
///
/// The macros named in `unknown` are guessed, or shown as their argument or name. The library knows
/// those of our table.
pub(super) fn normalise(source: &str, unknown: &[String]) -> Option<String> {
    let tokens = lexer::tokens(source);
    let mut rewriter = Rewriter {
        out: String::with_capacity(source.len() + 16),
        unknown,
        nesting: 0,
    };
    rewriter.rewrite(&tokens)?;
    Some(rewriter.out)
}

struct Rewriter<'u> {
    out: String,
    unknown: &'u [String],
    nesting: usize,
}

impl Rewriter<'_> {
    fn rewrite(&mut self, tokens: &[Token<'_>]) -> Option<()> {
        self.nesting += 1;
        if self.nesting > MOST_ARGUMENTS || depth(tokens) > DEEPEST {
            return None;
        }
        let in_table = tokens.contains(&Token::Word("begin"));
        let (mut at, mut scripts) = (0, Scripts::default());
        while let Some(token) = tokens.get(at) {
            at += 1;
            match *token {
                Token::Word(name) => at = self.word(name, tokens, at)?,
                Token::Sign('\\') if in_table => {
                    let (_, after) = optional(tokens, at);
                    at = after;
                    self.out.push_str("\\\\");
                }
                Token::Sign(sign) => self.sign(sign),
                Token::Char('&') if in_table => self.out.push('&'),
                Token::Char(script @ ('^' | '_')) => {
                    if scripts.is_second(script, tokens, at) {
                        self.out.push_str("{}");
                    }
                    self.out.push(script);
                    at = self.font_of_script(tokens, at)?;
                    continue;
                }
                Token::Char(c) => self.character(c),
                Token::Open | Token::Close | Token::Space => lexer::push(&mut self.out, *token),
            }
            scripts.passed(*token, at);
        }
        self.nesting -= 1;
        Some(())
    }

    /// A backslash and a sign: accents of prose become accents of formulas.
    fn sign(&mut self, sign: char) {
        match sign {
            '"' => self.out.push_str("\\ddot "),
            '\'' => self.out.push_str("\\acute "),
            '`' => self.out.push_str("\\grave "),
            '=' => self.out.push_str("\\bar "),
            '.' => self.out.push_str("\\dot "),
            '^' => self.out.push_str("\\hat "),
            '~' => self.out.push_str("\\tilde "),
            '1' => self.out.push_str("{\\mathbf{1}}"),
            '-' | '/' | '@' | '(' | ')' | '[' | ']' => {}
            '\n' | '\r' | '\t' | '\\' => self.out.push_str("\\ "),
            sign => lexer::push(&mut self.out, Token::Sign(sign)),
        }
    }

    fn character(&mut self, c: char) {
        match c {
            // In an abstract, a sign that begins comments or arguments is only a sign.
            '%' | '#' | '&' => self.out.extend(['\\', c]),
            '$' => {}
            '’' | '´' => self.out.push('\''),
            c if c.is_control() || is_invisible(c) => {}
            c => self.out.push(c),
        }
    }

    /// Rewrites a script that is only a switch of fonts and its argument, as in `A^\tt 3`.
    fn font_of_script(&mut self, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        let Some(Token::Word(font @ ("rm" | "bf" | "it" | "tt" | "sf" | "cal"))) = tokens.get(at) else {
            return Some(at);
        };
        let Some((script, after)) = argument(tokens, at + 1) else {
            return Some(at);
        };
        self.out.push_str(&format!("{{\\{font} "));
        self.rewrite(script)?;
        self.out.push('}');
        Some(after)
    }

    /// Rewrites the control word before index `at`, with its arguments. Returns the index after them.
    fn word(&mut self, name: &str, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        let rule = commands::find(name).and_then(|command| command.maths);
        match (rule, tokens.get(at)) {
            (Some(Maths::Text(style)), _) => {
                let (words, after) = argument(tokens, at)?;
                self.words(style, words)?;
                Some(after)
            }
            (Some(Maths::Drop), _) => dropped(tokens, at),
            (Some(Maths::DropForSpace), _) => {
                self.out.push_str("\\ ");
                dropped(tokens, at)
            }
            (Some(Maths::CodePoint), _) => {
                let (_, start) = optional(tokens, at);
                let (digits, after) = argument(tokens, start)?;
                let words = code_point(&lexer::source(digits))?;
                self.out.push_str(&format!("\\text{{{words}}}"));
                Some(after)
            }
            (Some(Maths::Begin), _) => self.begin(tokens, at),
            (Some(Maths::End), _) => self.end(tokens, at),
            (Some(Maths::Fence(left, right)), _) => {
                let (inside, after) = argument(tokens, at)?;
                self.out.push_str(left);
                self.rewrite(inside)?;
                self.out.push_str(right);
                Some(after)
            }
            (Some(Maths::Stack), _) => self.stack(tokens, at),
            (Some(Maths::OperatorName), _) => self.operator_name(tokens, at),
            (Some(Maths::Delimiter), Some(Token::Char(bracket @ ('<' | '>')))) => {
                let angle = if *bracket == '<' { "langle" } else { "rangle" };
                self.out.push_str(&format!("\\{name}\\{angle} "));
                Some(at + 1)
            }
            (Some(Maths::Limits), _) if tokens[..at - 1].last() == Some(&Token::Close) => Some(at),
            // `\rm{km}` is meant as `\mathrm{km}`, which ends with its argument.
            (Some(Maths::Alphabet(font)), Some(Token::Open)) => {
                self.out.push_str(&format!("\\math{font}"));
                Some(at)
            }
            (Some(Maths::Written(tex)), _) => {
                self.out.push_str(tex);
                Some(at)
            }
            (Some(Maths::Refuse), _) => None,
            _ => {
                if let Some((tex, after)) = siunitx(name, tokens, at) {
                    self.out.push('{');
                    self.rewrite(&lexer::tokens(&tex))?;
                    self.out.push('}');
                    return Some(after);
                }
                self.macro_or_itself(name, &tokens[at..]);
                Some(at)
            }
        }
    }

    /// A macro defined by authors, a command of the library, or an unknown command.
    ///
    /// `next` holds the tokens after it.
    fn macro_or_itself(&mut self, name: &str, next: &[Token<'_>]) {
        let has_argument = next.first() == Some(&Token::Open);
        let is_empty = next.get(1) == Some(&Token::Close);
        let is_macro = commands::is_macro(name);
        // A macro without an argument is not meant if there is one, as in `\v{s}`.
        let is_other = is_macro && commands::meaning(name, has_argument).is_none();
        if is_other || self.unknown.iter().any(|unknown| unknown == name) {
            match commands::guess(name, has_argument).filter(|_| !is_other) {
                Some(guess) => self.out.push_str(&guess),
                None if has_argument && !is_empty => {}
                None => self.out.push_str(&format!("\\text{{{name}}}")),
            }
        } else {
            lexer::push(&mut self.out, Token::Word(name));
        }
    }

    /// `\begin{…}` with its arguments.
    fn begin(&mut self, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        let (name, after) = argument(tokens, at)?;
        let name = lexer::source(name);
        match environment(&name) {
            Environment::Content => Some(after),
            Environment::Named(name) => {
                self.out.push_str(&format!("\\begin{{{name}}}"));
                Some(after)
            }
            Environment::WithoutColumns(name) => {
                let (_, after) = argument(tokens, after)?;
                self.out.push_str(&format!("\\begin{{{name}}}"));
                Some(after)
            }
            Environment::Table(name) => {
                let (_, start) = optional(tokens, after);
                let (columns, after) = argument(tokens, start)?;
                let columns: String = lexer::source(columns)
                    .chars()
                    .filter(|c| "lcr|".contains(*c))
                    .collect();
                self.out.push_str(&format!("\\begin{{{name}}}{{{columns}}}"));
                Some(after)
            }
        }
    }

    /// `\end{…}`.
    fn end(&mut self, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        let (name, after) = argument(tokens, at)?;
        let name = lexer::source(name);
        if let Environment::Named(name) | Environment::WithoutColumns(name) | Environment::Table(name) =
            environment(&name)
        {
            self.out.push_str(&format!("\\end{{{name}}}"));
        }
        Some(after)
    }

    /// `\substack{…}`: lines above each other.
    fn stack(&mut self, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        let (lines, after) = argument(tokens, at)?;
        self.out.push_str("{\\begin{subarray}{c}");
        for (index, line) in lines.split(|token| *token == Token::Sign('\\')).enumerate() {
            self.out.push_str(if index > 0 { "\\\\" } else { "" });
            self.rewrite(line)?;
        }
        self.out.push_str("\\end{subarray}}");
        Some(after)
    }

    /// `\operatorname{…}` or `\operatorname*{…}`. The library takes only letters and digits there.
    fn operator_name(&mut self, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        let is_starred = tokens.get(at) == Some(&Token::Char('*'));
        let (name, after) = argument(tokens, at + usize::from(is_starred))?;
        let is_plain = name
            .iter()
            .all(|token| matches!(token, Token::Char(c) if c.is_ascii_alphanumeric()));
        let command = match (is_plain, is_starred) {
            (true, false) => "\\operatorname",
            (true, true) => "\\operatorname*",
            (false, _) => "\\mathrm",
        };
        self.out.push_str(command);
        self.out.push('{');
        self.rewrite(name)?;
        self.out.push('}');
        Some(after)
    }

    /// `\text{…}`. Formulas in it are set between its words.
    fn words(&mut self, style: &str, words: &[Token<'_>]) -> Option<()> {
        self.out.push('{');
        for (index, part) in words.split(|token| *token == Token::Char('$')).enumerate() {
            let is_formula = index % 2 == 1;
            if is_formula {
                self.out.push('{');
                self.rewrite(part)?;
                self.out.push('}');
            } else if !part.is_empty() {
                let words = plain_words(part);
                self.out.push_str(&format!("\\{style}{{{words}}}"));
            }
        }
        self.out.push('}');
        Some(())
    }
}

/// Index after the argument of a command that is dropped, with its star and options.
fn dropped(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let after_star = at + usize::from(tokens.get(at) == Some(&Token::Char('*')));
    let (_, start) = optional(tokens, after_star);
    let (_, after) = argument(tokens, start)?;
    Some(after)
}
