//! Flattens TeX to one line of Unicode, for where no markup can go.

use std::borrow::Cow;

use super::tex::{self, Token, argument, optional};
use super::{accents, macros, symbols};

/// A formula that nests deeper, or is longer, stays as it was written.
const DEEPEST: usize = 24;
const LONGEST: usize = 2_000;

/// Words in roman type within a formula: functions, after which TeX leaves a gap.
const FUNCTIONS: [&str; 38] = [
    "log",
    "ln",
    "lg",
    "exp",
    "sin",
    "cos",
    "tan",
    "cot",
    "sec",
    "csc",
    "sinh",
    "cosh",
    "tanh",
    "coth",
    "arcsin",
    "arccos",
    "arctan",
    "max",
    "min",
    "sup",
    "inf",
    "lim",
    "limsup",
    "liminf",
    "arg",
    "argmax",
    "argmin",
    "det",
    "dim",
    "ker",
    "deg",
    "gcd",
    "hom",
    "mod",
    "bmod",
    "Pr",
    "varlimsup",
    "varliminf",
];

/// A formula in Unicode: `x^2` is x², `\frac{a}{b}` is a/b.
pub(super) fn flatten(source: &str) -> String {
    if source.len() > LONGEST {
        return source.to_owned();
    }
    let mut out = String::with_capacity(source.len());
    match write(&mut out, &tex::tokens(source), DEEPEST) {
        Some(()) => out.trim().to_owned(),
        None => source.to_owned(),
    }
}

/// The words of a `\text{…}` in Unicode, the spaces at their ends kept.
pub(super) fn flatten_words(tokens: &[Token<'_>]) -> String {
    let mut words = String::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match *token {
            Token::Word(name) => {
                if matches!(
                    name,
                    "label" | "ref" | "cite" | "href" | "color" | "hspace" | "vspace"
                ) {
                    at = argument(tokens, at).map_or(at, |(_, after)| after);
                } else if let Some(text) = symbols::symbol(name) {
                    words.push_str(text);
                } else {
                    at = push_accented(&mut words, name, tokens, at).unwrap_or(at);
                }
            }
            Token::Sign(sign @ ('%' | '&' | '_' | '#' | '$' | '{' | '}')) => words.push(sign),
            Token::Sign(' ' | ',' | ';' | ':' | '\\') | Token::Space | Token::Char('~') => words.push(' '),
            Token::Sign(sign) => {
                let name = sign.to_string();
                at = push_accented(&mut words, &name, tokens, at).unwrap_or(at);
            }
            Token::Char(c) => words.push(c),
            Token::Open | Token::Close => {}
        }
    }
    words
        .replace("---", "—")
        .replace("--", "–")
        .replace("``", "“")
        .replace("''", "”")
}

/// Puts what follows the accent `name` under it; the index after, or `None` if nothing fits.
fn push_accented(out: &mut String, name: &str, tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let accent = name
        .chars()
        .next()
        .filter(|c| name.len() == 1 && accents::is_accent(*c))?;
    let (letters, after) = argument(tokens, at)?;
    match letters {
        [Token::Char(letter)] => out.push_str(&accents::accented(accent, *letter)),
        [Token::Word("i" | "imath")] => out.push_str(&accents::accented(accent, 'i')),
        _ => return None,
    }
    Some(after)
}

fn write(out: &mut String, tokens: &[Token<'_>], depth_left: usize) -> Option<()> {
    let depth_left = depth_left.checked_sub(1)?;
    let mut at = 0;
    // A name before what is next, which is to have a gap after it.
    let mut after_name = false;
    while let Some(token) = tokens.get(at) {
        at += 1;
        let name_before = std::mem::take(&mut after_name);
        if name_before && matches!(token, Token::Char(c) if c.is_alphanumeric()) {
            out.push(' ');
        }
        match *token {
            Token::Word(name) => {
                if name_before && !out.ends_with(' ') && !matches!(name, "left" | "big" | "Big" | "bigl") {
                    out.push(' ');
                }
                if FUNCTIONS.contains(&name) {
                    push_name(out, name);
                    after_name = true;
                } else {
                    at = write_word(out, name, tokens, at, depth_left)?;
                }
            }
            Token::Sign(sign @ ('%' | '&' | '_' | '#' | '$' | '{' | '}')) => out.push(sign),
            Token::Sign('|') => out.push('‖'),
            Token::Sign(' ' | ',' | ';' | ':' | '>' | '\\') | Token::Space => push_space(out),
            Token::Char('~' | '&') => push_space(out),
            Token::Char('^' | '_') => {
                let (script, after) = argument(tokens, at).unwrap_or((&[], at));
                let mut inner = String::new();
                write(&mut inner, script, depth_left)?;
                push_script(out, *token == Token::Char('^'), inner.trim());
                at = after;
            }
            Token::Char('\'') => out.push('′'),
            Token::Char('$') | Token::Open | Token::Close | Token::Sign(_) => {}
            Token::Char(c) if c.is_control() => {}
            Token::Char(c) => out.push(c),
        }
    }
    Some(())
}

fn write_word(
    out: &mut String,
    name: &str,
    tokens: &[Token<'_>],
    at: usize,
    depth_left: usize,
) -> Option<usize> {
    let inner = |from: usize| -> Option<(String, usize)> {
        let (tokens, after) = argument(tokens, from).unwrap_or((&[], from));
        let mut inner = String::new();
        write(&mut inner, tokens, depth_left)?;
        Some((inner.trim().to_owned(), after))
    };
    match name {
        "frac" | "tfrac" | "dfrac" | "cfrac" | "nicefrac" | "sfrac" | "flatfrac" => {
            let (above, at) = inner(at)?;
            let (below, at) = inner(at)?;
            out.push_str(&format!("{}/{}", in_parentheses(&above), in_parentheses(&below)));
            Some(at)
        }
        "binom" | "dbinom" | "tbinom" => {
            let (above, at) = inner(at)?;
            let (below, at) = inner(at)?;
            out.push_str(&format!("binom({above}, {below})"));
            Some(at)
        }
        "sqrt" => {
            let (index, start) = optional(tokens, at);
            let mut root = String::new();
            write(&mut root, index, depth_left)?;
            if !root.is_empty() {
                root = root
                    .trim()
                    .chars()
                    .map(|c| symbols::superscript(c).unwrap_or(c))
                    .collect();
            }
            let (radicand, after) = inner(start)?;
            out.push_str(&format!("{root}√{}", in_parentheses(&radicand)));
            Some(after)
        }
        "overset" | "underset" | "stackrel" | "stackbin" | "href" | "class" | "style" | "cssId"
        | "textcolor" | "color" | "label" | "tag" | "cite" | "ref" | "eqref" | "hspace" | "vspace"
        | "mspace" | "bbox" => Some(argument(tokens, at).map_or(at, |(_, after)| after)),
        "begin" | "end" => {
            let (block, mut after) = argument(tokens, at)?;
            if name == "begin" && tex::source(block) == "array" {
                after = argument(tokens, after).map_or(after, |(_, after)| after);
            }
            push_space(out);
            Some(after)
        }
        "left" | "right" | "middle" if tokens.get(at) == Some(&Token::Char('.')) => Some(at + 1),
        "mathbb" | "Bbb" | "mathds" | "mathbbm" | "bb" => {
            let (letters, after) = inner(at)?;
            out.extend(
                letters
                    .chars()
                    .map(|letter| symbols::in_alphabet("mathbb", letter)),
            );
            Some(after)
        }
        "text" | "mbox" | "hbox" | "textrm" | "textbf" | "textit" | "texttt" | "textsf" | "textsc"
        | "textnormal" | "textup" | "emph" | "url" => {
            let (words, after) = argument(tokens, at).unwrap_or((&[], at));
            for (index, part) in words.split(|token| *token == Token::Char('$')).enumerate() {
                if index % 2 == 0 {
                    out.push_str(&flatten_words(part));
                } else {
                    write(out, part, depth_left)?;
                }
            }
            Some(after)
        }
        "operatorname" => {
            let at = at + usize::from(tokens.get(at) == Some(&Token::Char('*')));
            let (words, after) = inner(at)?;
            push_name(out, &words);
            push_gap(out, tokens.get(after));
            Some(after)
        }
        "not" => {
            let (negated, after) = inner(at)?;
            let known = [
                ("=", "≠"),
                ("∈", "∉"),
                ("≡", "≢"),
                ("⊂", "⊄"),
                ("⊆", "⊈"),
                ("∼", "≁"),
                ("∃", "∄"),
            ];
            match known.into_iter().find(|(plain, _)| *plain == negated) {
                Some((_, text)) => out.push_str(text),
                None => out.extend([negated.as_str(), "\u{338}"]),
            }
            Some(after)
        }
        "pmod" => {
            let (modulus, after) = inner(at)?;
            push_space(out);
            out.push_str(&format!("(mod {modulus})"));
            Some(after)
        }
        "quad" | "qquad" => {
            push_space(out);
            Some(at)
        }
        _ => {
            if let Some(accent) = maths_accent(name) {
                let (letters, after) = inner(at)?;
                let mut letters_in = letters.chars();
                match (letters_in.next(), letters_in.next()) {
                    (Some(letter), None) => out.push_str(&accents::accented(accent, letter)),
                    _ => out.push_str(&letters),
                }
                return Some(after);
            }
            if let Some(text) = symbols::greek(name).or_else(|| symbols::sign(name)) {
                let has_space_before = out.ends_with(' ');
                out.push_str(text);
                // A control word takes the space after it; a sign with one before gets it back.
                if has_space_before
                    && symbols::sign(name).is_some()
                    && !text.starts_with(char::is_alphabetic)
                    && is_infix(name)
                {
                    out.push(' ');
                }
                return Some(at);
            }
            let takes_argument = tokens.get(at) == Some(&Token::Open);
            if is_silent(name) {
                return Some(at);
            }
            let meaning = macros::meaning(name, takes_argument);
            match meaning.or_else(|| macros::guess(name, takes_argument).map(Cow::Owned)) {
                Some(meaning) => {
                    // With the argument, so that `\mathds{1}` becomes `\mathbb{1}` and that 𝟙.
                    let (body, after) = if takes_argument {
                        argument(tokens, at)?
                    } else {
                        (&[][..], at)
                    };
                    let whole = if takes_argument {
                        format!("{meaning}{{{}}}", tex::source(body))
                    } else {
                        meaning.into_owned()
                    };
                    write(out, &tex::tokens(&whole), depth_left)?;
                    Some(after)
                }
                None => {
                    match symbols::symbol(name) {
                        Some(text) => out.push_str(text),
                        None if takes_argument => {}
                        None => {
                            push_name(out, name);
                            push_gap(out, tokens.get(at));
                        }
                    }
                    Some(at)
                }
            }
        }
    }
}

fn maths_accent(name: &str) -> Option<char> {
    Some(match name {
        "hat" | "widehat" => '^',
        "tilde" | "widetilde" => '~',
        "bar" => '=',
        "dot" => '.',
        "ddot" => '"',
        "acute" => '\'',
        "grave" => '`',
        "check" => 'v',
        "breve" => 'u',
        "mathring" => 'r',
        _ => return None,
    })
}

/// Commands that show nothing of themselves.
fn is_silent(name: &str) -> bool {
    name.starts_with("math")
        || (name.starts_with("big") && name != "bigO")
        || name.starts_with("Big")
        || matches!(
            name,
            "left"
                | "right"
                | "middle"
                | "rm"
                | "bf"
                | "it"
                | "tt"
                | "sf"
                | "cal"
                | "frak"
                | "limits"
                | "bm"
                | "boldsymbol"
                | "overline"
                | "underline"
                | "underbrace"
                | "overbrace"
                | "displaystyle"
                | "textstyle"
                | "scriptstyle"
                | "phantom"
                | "vphantom"
                | "hphantom"
                | "cancel"
                | "vec"
                | "over"
                | "kern"
                | "mkern"
                | "hskip"
                | "bold"
                | "boxed"
        )
}

/// Whether the sign stands between two others rather than before or after one.
fn is_infix(name: &str) -> bool {
    !matches!(
        name,
        "lfloor"
            | "lceil"
            | "langle"
            | "lbrace"
            | "lvert"
            | "lVert"
            | "infty"
            | "ell"
            | "nabla"
            | "partial"
            | "sum"
            | "prod"
            | "int"
            | "forall"
            | "exists"
            | "neg"
            | "sim"
            | "approx"
            | "pm"
            | "vert"
            | "Vert"
            | "emptyset"
            | "hbar"
            | "ldots"
            | "dots"
            | "cdots"
            | "degree"
            | "backslash"
    )
}

fn push_name(out: &mut String, name: &str) {
    if out.ends_with(|c: char| c.is_alphanumeric()) {
        out.push(' ');
    }
    out.push_str(name);
}

fn push_gap(out: &mut String, next: Option<&Token<'_>>) {
    if matches!(next, Some(Token::Char(c)) if c.is_alphanumeric()) || matches!(next, Some(Token::Word(_))) {
        push_space(out);
    }
}

fn push_space(out: &mut String) {
    if !out.ends_with(' ') {
        out.push(' ');
    }
}

fn push_script(out: &mut String, is_upper: bool, script: &str) {
    let as_script = if is_upper {
        symbols::superscript
    } else {
        symbols::subscript
    };
    if script.is_empty() {
        return;
    }
    match script.chars().map(as_script).collect::<Option<String>>() {
        Some(raised) => out.push_str(&raised),
        None => {
            out.push(if is_upper { '^' } else { '_' });
            if script.chars().all(char::is_alphanumeric) || script.chars().count() == 1 {
                out.push_str(script);
            } else {
                out.push_str(&format!("({script})"));
            }
        }
    }
}

fn in_parentheses(text: &str) -> String {
    let is_one =
        text.chars().filter(|c| c.is_alphanumeric()).count() <= 1 || text.chars().all(char::is_numeric);
    if is_one && !text.contains(['+', '-', ' ']) {
        text.to_owned()
    } else {
        format!("({text})")
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
        ] {
            assert_eq!(flatten(source), expected, "{source}");
        }
    }
}
