//! Flattens a formula to one line of Unicode.

use std::borrow::Cow;

use super::alphabets;
use super::pieces::{in_parentheses, negated, push_gap, push_name, push_script, push_space};
use super::words::flatten_words;
use crate::accents;
use crate::arguments::{argument, optional};
use crate::commands::{self, Maths, Plain, Symbol};
use crate::lexer::{self, Token};
use crate::units::siunitx;

/// A formula that nests deeper stays as it was written.
const DEEPEST: usize = 24;

/// A formula of more bytes stays as it was written.
const LONGEST: usize = 2_000;

/// A formula in Unicode: `x^2` is x², `\frac{a}{b}` is a/b.
pub(crate) fn flatten(source: &str) -> String {
    if source.len() > LONGEST {
        return source.to_owned();
    }
    let mut writer = Writer {
        out: String::with_capacity(source.len()),
        depth_left: DEEPEST,
        matrices: 0,
    };
    match writer.write(&lexer::tokens(source)) {
        Some(()) => writer.out.trim().to_owned(),
        None => source.to_owned(),
    }
}

struct Writer {
    out: String,
    /// How much deeper the formula may nest.
    depth_left: usize,
    /// How many matrices are open. Semicolons separate their rows.
    matrices: usize,
}

/// The brackets around a matrix in this environment. `None` if it is not a matrix.
fn matrix_brackets(environment: &str) -> Option<(&'static str, &'static str)> {
    Some(match environment.trim_end_matches('*') {
        "pmatrix" | "psmallmatrix" => ("(", ")"),
        "bmatrix" | "bsmallmatrix" => ("[", "]"),
        "Bmatrix" => ("{", "}"),
        "vmatrix" => ("|", "|"),
        "Vmatrix" => ("‖", "‖"),
        "matrix" | "smallmatrix" => ("", ""),
        _ => return None,
    })
}

impl Writer {
    /// Appends the tokens as Unicode. `None` if they nest too deeply.
    fn write(&mut self, tokens: &[Token<'_>]) -> Option<()> {
        self.depth_left = self.depth_left.checked_sub(1)?;
        let mut at = 0;
        // Whether the token before is the name of a function, which needs a gap after it.
        let mut after_name = false;
        while let Some(token) = tokens.get(at) {
            at += 1;
            let name_before = std::mem::take(&mut after_name);
            if name_before && matches!(token, Token::Char(c) if c.is_alphanumeric()) {
                self.out.push(' ');
            }
            match *token {
                Token::Word(name) => {
                    if name_before && !matches!(name, "left" | "big" | "Big" | "bigl") {
                        push_space(&mut self.out);
                    }
                    let rule = commands::find(name).and_then(|command| command.plain);
                    after_name = rule == Some(Plain::Function);
                    at = match rule {
                        Some(rule) => self.command(rule, name, tokens, at)?,
                        None => match siunitx(name, tokens, at) {
                            Some((tex, after)) => {
                                self.write(&lexer::tokens(&tex))?;
                                after
                            }
                            None => self.other_command(name, tokens, at)?,
                        },
                    };
                }
                Token::Char(script @ ('^' | '_')) => {
                    let (text, after) = self.inner(tokens, at)?;
                    push_script(&mut self.out, script == '^', &text);
                    at = after;
                }
                Token::Sign(sign) => self.sign(sign),
                Token::Char(c) => self.character(c),
                Token::Space => push_space(&mut self.out),
                Token::Open | Token::Close => {}
            }
        }
        self.depth_left += 1;
        Some(())
    }

    fn sign(&mut self, sign: char) {
        match sign {
            '%' | '&' | '_' | '#' | '$' | '{' | '}' => self.out.push(sign),
            '|' => self.out.push('‖'),
            '\\' if self.matrices > 0 => {
                self.out.truncate(self.out.trim_end().len());
                self.out.push_str("; ");
            }
            ' ' | ',' | ';' | ':' | '>' | '\\' => push_space(&mut self.out),
            _ => {}
        }
    }

    fn character(&mut self, c: char) {
        match c {
            '~' | '&' => push_space(&mut self.out),
            '\'' => self.out.push('′'),
            '$' => {}
            c if c.is_control() => {}
            c => self.out.push(c),
        }
    }

    /// The argument at index `from` in Unicode, and the index after it.
    fn inner(&self, tokens: &[Token<'_>], from: usize) -> Option<(String, usize)> {
        let (tokens, after) = argument(tokens, from).unwrap_or((&[], from));
        Some((self.part(tokens)?.trim().to_owned(), after))
    }

    /// A part of the formula in Unicode.
    fn part(&self, tokens: &[Token<'_>]) -> Option<String> {
        let mut part = Self {
            out: String::new(),
            depth_left: self.depth_left,
            matrices: self.matrices,
        };
        part.write(tokens)?;
        Some(part.out)
    }

    /// Writes the command before index `at` by its rule. Returns the index after its arguments.
    fn command(&mut self, rule: Plain, name: &str, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        match rule {
            Plain::Function => {
                push_name(&mut self.out, name);
                Some(at)
            }
            Plain::Fraction => {
                let (above, at) = self.inner(tokens, at)?;
                let (below, at) = self.inner(tokens, at)?;
                let (above, below) = (in_parentheses(&above), in_parentheses(&below));
                self.out.push_str(&format!("{above}/{below}"));
                Some(at)
            }
            Plain::Binomial => {
                let (above, at) = self.inner(tokens, at)?;
                let (below, at) = self.inner(tokens, at)?;
                self.out.push_str(&format!("binom({above}, {below})"));
                Some(at)
            }
            Plain::Over | Plain::Under => {
                let (script, at) = self.inner(tokens, at)?;
                let (base, at) = self.inner(tokens, at)?;
                push_name(&mut self.out, &base);
                push_script(&mut self.out, rule == Plain::Over, &script);
                push_gap(&mut self.out, tokens.get(at));
                Some(at)
            }
            Plain::Root => self.root(tokens, at),
            Plain::Omit | Plain::OmitInFormula => Some(argument(tokens, at).map_or(at, |(_, after)| after)),
            Plain::EnvironmentEdge => self.environment_edge(name, tokens, at),
            Plain::BracketSize => {
                let is_invisible = tokens.get(at) == Some(&Token::Char('.'));
                Some(at + usize::from(is_invisible))
            }
            Plain::Blackboard => {
                let (letters, after) = self.inner(tokens, at)?;
                self.out.extend(letters.chars().map(alphabets::double_struck));
                Some(after)
            }
            Plain::Words => self.words(tokens, at),
            Plain::Name => {
                let is_starred = tokens.get(at) == Some(&Token::Char('*'));
                let (name, after) = self.inner(tokens, at + usize::from(is_starred))?;
                push_name(&mut self.out, &name);
                push_gap(&mut self.out, tokens.get(after));
                Some(after)
            }
            Plain::Negation => {
                let (sign, after) = self.inner(tokens, at)?;
                self.out.push_str(&negated(&sign));
                Some(after)
            }
            Plain::Modulus => {
                let (modulus, after) = self.inner(tokens, at)?;
                push_space(&mut self.out);
                self.out.push_str(&format!("(mod {modulus})"));
                Some(after)
            }
            Plain::Gap => {
                push_space(&mut self.out);
                Some(at)
            }
            Plain::Accent(accent) => self.accented(accent, tokens, at),
            Plain::Silent => Some(at),
        }
    }

    /// `\sqrt[3]{x}`.
    fn root(&mut self, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        let (index, start) = optional(tokens, at);
        let index = self.part(index)?;
        let small = |c| alphabets::superscript(c).unwrap_or(c);
        let (radicand, after) = self.inner(tokens, start)?;
        self.out.extend(index.trim().chars().map(small));
        self.out.push_str(&format!("√{}", in_parentheses(&radicand)));
        Some(after)
    }

    /// `\begin{…}` with its arguments, or `\end{…}`.
    fn environment_edge(&mut self, name: &str, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        let (environment, mut after) = argument(tokens, at)?;
        if name == "begin" && lexer::source(environment) == "array" {
            after = argument(tokens, after).map_or(after, |(_, after)| after);
        }
        match matrix_brackets(&lexer::source(environment)) {
            Some((opening, _)) if name == "begin" => {
                self.matrices += 1;
                self.out.push_str(opening);
                after += tokens[after..]
                    .iter()
                    .take_while(|token| **token == Token::Space)
                    .count();
            }
            Some((_, closing)) => {
                self.matrices = self.matrices.saturating_sub(1);
                self.out.truncate(self.out.trim_end_matches([' ', ';']).len());
                self.out.push_str(closing);
            }
            None => push_space(&mut self.out),
        }
        Some(after)
    }

    /// `\text{… $x$ …}`.
    fn words(&mut self, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        let (words, after) = argument(tokens, at).unwrap_or((&[], at));
        for (index, part) in words.split(|token| *token == Token::Char('$')).enumerate() {
            let is_formula = index % 2 == 1;
            if is_formula {
                self.write(part)?;
            } else {
                self.out.push_str(&flatten_words(part));
            }
        }
        Some(after)
    }

    /// `\hat{x}`. An accent over more than one letter is left out.
    fn accented(&mut self, accent: char, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        let (text, after) = self.inner(tokens, at)?;
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => self.out.push_str(&accents::accented(accent, letter)),
            _ => self.out.push_str(&text),
        }
        Some(after)
    }

    /// Writes a command without a rule of its own: a symbol, a macro, or an unknown command.
    fn other_command(&mut self, name: &str, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        if let Some(Maths::Fence(left, right)) = commands::find(name).and_then(|command| command.maths) {
            let (inside, after) = argument(tokens, at)?;
            self.write(&lexer::tokens(left))?;
            self.write(inside)?;
            self.write(&lexer::tokens(right))?;
            return Some(after);
        }
        let symbol = commands::symbol(name);
        if let Some(symbol) = symbol.filter(|symbol| symbol.is_of_maths()) {
            self.symbol(symbol);
            return Some(at);
        }
        if commands::is_font_or_size(name) {
            return Some(at);
        }
        let has_argument = tokens.get(at) == Some(&Token::Open);
        let guess = || commands::guess(name, has_argument).map(Cow::Owned);
        if let Some(meaning) = commands::meaning(name, has_argument).or_else(guess) {
            return self.meaning(&meaning, has_argument, tokens, at);
        }
        match symbol {
            Some(symbol) => self.out.push_str(symbol.text()),
            None if has_argument && tokens.get(at + 1) != Some(&Token::Close) => {}
            None => {
                push_name(&mut self.out, name);
                push_gap(&mut self.out, tokens.get(at));
            }
        }
        Some(at)
    }

    /// Writes a sign or letter. TeX takes the space after a command; a sign with a space before it
    /// gets one after it again.
    fn symbol(&mut self, symbol: Symbol) {
        let has_space_before = self.out.ends_with(' ');
        self.out.push_str(symbol.text());
        let keeps_space = matches!(symbol, Symbol::Sign(text) if !text.starts_with(char::is_alphabetic));
        if has_space_before && keeps_space {
            self.out.push(' ');
        }
    }

    /// Writes what a macro stands for, together with its argument: `\mathds{1}` is `\mathbb{1}`.
    fn meaning(
        &mut self,
        meaning: &str,
        has_argument: bool,
        tokens: &[Token<'_>],
        at: usize,
    ) -> Option<usize> {
        if !has_argument {
            self.write(&lexer::tokens(meaning))?;
            return Some(at);
        }
        let (body, after) = argument(tokens, at)?;
        let whole = format!("{meaning}{{{}}}", lexer::source(body));
        self.write(&lexer::tokens(&whole))?;
        Some(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_reads_as_unicode() {
        for (source, expected) in [
            ("x^2", "x²"),
            ("x^{-1}", "x⁻¹"),
            ("x_{ij}", "xᵢⱼ"),
            ("x_{\\rm eff}", "x_eff"),
            ("x^{a+q}", "x^(a+q)"),
            ("\\alpha", "α"),
            ("\\mathbb{R}^n", "ℝⁿ"),
            ("\\mathbb R", "ℝ"),
            ("\\rightarrow", "→"),
            ("n \\to \\infty", "n → ∞"),
            ("\\sqrt{n}", "√n"),
            ("\\sqrt{n+1}", "√(n+1)"),
            ("\\sqrt[3]{2}", "³√2"),
            ("\\frac{a}{b}", "a/b"),
            ("\\frac{a+1}{2b}", "(a+1)/(2b)"),
            ("\\frac12", "1/2"),
            ("O(n\\log n)", "O(n log n)"),
            ("\\log(n)", "log(n)"),
            ("\\mathcal{O}(1)", "O(1)"),
            ("\\tilde{O}", "Õ"),
            ("10^\\circ", "10°"),
            ("f'", "f′"),
            ("a \\neq b", "a ≠ b"),
            ("\\not\\in", "∉"),
            ("\\text{if } x", "if x"),
            ("\\foo{x}", "x"),
            ("\\foo", "foo"),
            ("\\R", "ℝ"),
            ("\\eps", "ε"),
            ("\\left( x \\right.", "( x"),
            ("5\\%", "5%"),
            ("\\beta", "β"),
            ("\\ddot{x}", "ẍ"),
            ("\\{1,2\\}", "{1,2}"),
            ("{\\bf x}", "x"),
            ("\\bm{x}", "x"),
            ("\\operatorname{Tr} A", "Tr A"),
            ("a \\pmod{n}", "a (mod n)"),
            ("\\mathds{1}", "𝟙"),
            ("x^\\infty", "x^∞"),
            ("2 \\times 3", "2 × 3"),
            ("\\|x\\|", "‖x‖"),
            ("x^{", "x"),
            ("\\href{javascript:x}{y}", "y"),
            ("\\sim 10", "∼10"),
            ("\\abs{x}^2 + \\norm{y}", "|x|² + ‖y‖"),
            ("\\mathematica{} \\mathcal O", "mathematica O"),
            ("\\foo{}", "foo"),
            ("a \\timesn", "a × n"),
            ("\\langle\\psi|\\phi\\rangle", "⟨ψ|φ⟩"),
            ("\\ket{0} + \\bra{1}, \\braket{a|b}", "|0⟩ + ⟨1|, ⟨a|b⟩"),
            ("X \\stackrel{d}{=} Y", "X =ᵈ Y"),
            ("\\underset{x}{\\operatorname{argmin}} f", "argminₓ f"),
            ("\\begin{pmatrix}a & b \\\\ c & d\\end{pmatrix}", "(a b; c d)"),
            ("\\begin{bmatrix} 1 \\\\ 2 \\\\ \\end{bmatrix}", "[1; 2]"),
            ("\\cancel{x} + \\bcancel{y}", "x + y"),
        ] {
            assert_eq!(flatten(source), expected, "{source}");
        }
    }
}
