//! Where a formula begins and ends.

use super::dollars::{has_blank_line, is_maths};
use super::lexer::{self, Token};
use super::steps;

/// Names of `\begin{…}` blocks that are displayed formulas by themselves, outside any dollars.
const DISPLAYS: [&str; 13] = [
    "equation",
    "equation*",
    "displaymath",
    "math",
    "align",
    "align*",
    "eqnarray",
    "eqnarray*",
    "gather",
    "gather*",
    "multline",
    "multline*",
    "split",
];

/// How many bytes after the opening delimiter the closing one may be. Without a limit, a text of
/// opening delimiters would take quadratic time.
const FARTHEST: usize = 4_000;

/// A formula found in a text.
#[derive(Debug, PartialEq)]
pub(crate) struct Found<'a> {
    /// Its TeX without the delimiters.
    pub source: &'a str,
    /// Whether it stands on a line of its own.
    pub display: bool,
    /// The byte after its closing delimiter.
    pub end: usize,
}

/// The formula that begins at byte `at`, if there is one.
///
/// As in pandoc, an opening dollar touches what follows; a closing one touches what is before it,
/// and no digit follows it. Beyond pandoc, dollars with padding or before digits (`$ x $`,
/// `$\sim$10`) also make a formula if their content cannot be anything else.
pub(crate) fn formula_at(text: &str, at: usize) -> Option<Found<'_>> {
    let text = &text[..text.floor_char_boundary(at + FARTHEST)];
    let rest = &text[at..];
    if rest.starts_with("\\(") {
        return between(text, at + 2, "\\)", false);
    }
    if rest.starts_with("\\[") {
        return between(text, at + 2, "\\]", true);
    }
    if let Some(block) = rest.strip_prefix("\\begin{") {
        return environment(block, rest, at);
    }
    if rest.starts_with("$$") {
        return between(text, at + 2, "$$", true).filter(|found| !has_blank_line(found.source));
    }
    if rest.starts_with('$') {
        let close = closing_dollar(text, at + 1)?;
        let source = &text[at + 1..close];
        let next = text[close + 1..].chars().next();
        return is_maths(&text[..at], source, next).then_some(Found {
            source,
            display: false,
            end: close + 1,
        });
    }
    None
}

/// A whole `\begin{…}…\end{…}` block; `block` begins with its name.
fn environment<'a>(block: &str, rest: &'a str, at: usize) -> Option<Found<'a>> {
    let (name, _) = block.split_once('}')?;
    let close = DISPLAYS.contains(&name).then(|| format!("\\end{{{name}}}"))?;
    steps::count(rest.len());
    let length = rest.find(&close)? + close.len();
    Some(Found {
        source: &rest[..length],
        display: name != "math",
        end: at + length,
    })
}

/// The formula from byte `start` up to the delimiter `close`, if it shows anything.
fn between<'a>(text: &'a str, start: usize, close: &str, display: bool) -> Option<Found<'a>> {
    let mut rest = &text[start..];
    steps::count(rest.len());
    // Much faster than tokens if there is none.
    rest.find(close)?;
    while !rest.starts_with(close) {
        (_, rest) = lexer::next(rest)?;
    }
    let end = text.len() - rest.len();
    let source = &text[start..end];
    (!source.trim().is_empty()).then_some(Found {
        source,
        display,
        end: end + close.len(),
    })
}

/// Byte of the next dollar from `start` on that is neither escaped nor inside `\text{… $x$ …}`.
fn closing_dollar(text: &str, start: usize) -> Option<usize> {
    let mut rest = &text[start..];
    let (mut depth, mut words_at_depth) = (0_usize, None);
    while let Some((token, mut after)) = lexer::next(rest) {
        match token {
            Token::Word(name) if takes_words(name) && after.starts_with('{') => {
                after = &after[1..];
                depth += 1;
                words_at_depth = words_at_depth.or(Some(depth));
            }
            Token::Open => depth += 1,
            Token::Close => {
                if words_at_depth == Some(depth) {
                    words_at_depth = None;
                }
                depth = depth.saturating_sub(1);
            }
            Token::Char('$') if words_at_depth.is_none() => return Some(text.len() - rest.len()),
            _ => {}
        }
        rest = after;
    }
    // A brace stayed open inside words: take the first dollar of all.
    words_at_depth.and_then(|_| text[start..].find('$').map(|length| start + length))
}

/// Whether the argument of a command is prose, which may hold formulas of its own.
fn takes_words(name: &str) -> bool {
    name.starts_with("text") || matches!(name, "mbox" | "hbox" | "emph")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each text, with its formulas in order.
    const CASES: &[(&str, &[&str])] = &[
        ("costs $5 and $10", &[]),
        ("costs $5 and $10 more", &[]),
        ("US$100", &[]),
        ("US$100 and US$200", &[]),
        ("US$ 100 and US$ 200", &[]),
        ("between $3 and $5", &[]),
        ("$5 million to $10 million", &[]),
        ("$100M-$200M", &[]),
        ("$1.5B or $2B", &[]),
        ("$5/$10 plans", &[]),
        ("5$ and 10$", &[]),
        ("$20 for a $30 item", &[]),
        ("$5 is 10\\% of $50", &[]),
        ("a $5 fee for $n$ users", &["n"]),
        ("from $0.01 to $0.05 per token", &[]),
        ("5$/month or 50$/year", &[]),
        ("in $, or in A$.", &[]),
        ("(in $) and 3$, for $n$", &["n"]),
        ("costs $5 per hour and reaches $x$ accuracy", &["x"]),
        ("costs US$ 5 per hour, with $x_i$ in $[0,1]$", &["x_i", "[0,1]"]),
        ("from US$ 5 to US$ 10 billion", &[]),
        ("a $100M budget for $10^6$ runs", &["10^6"]),
        ("A$5, NZ$ 6 and R$ 7 for $n=3$", &["n=3"]),
        ("set $HOME and $PATH", &[]),
        ("only one $ here", &[]),
        ("only \\$5 and \\$6", &[]),
        ("the set $\\{\\$1, \\$2\\}$", &["\\{\\$1, \\$2\\}"]),
        ("$x$", &["x"]),
        ("$k$-means and $k$NN", &["k", "k"]),
        ("$2$D", &["2"]),
        ("$10$ to $20$", &["10", "20"]),
        ("$ x $", &[" x "]),
        ("$ n, m $ are", &[" n, m "]),
        ("$ \\alpha $ and $ y=2 $", &[" \\alpha ", " y=2 "]),
        ("$x $ and $ y$", &["x ", " y"]),
        ("$\\sim$10 and $<$5", &["\\sim", "<"]),
        ("$n$2", &["n"]),
        ("from $-$0.53 to 2023$/$24", &["-", "/"]),
        ("$ 0 $ and $ -3/2 $", &[" 0 ", " -3/2 "]),
        ("$ 100, $ 200", &[]),
        ("$0.02 \\leq St \\leq 2.2$", &["0.02 \\leq St \\leq 2.2"]),
        ("only $1.1mm$ off", &["1.1mm"]),
        ("for $5 ($n$ times)", &["n"]),
        ("at $5/$n$", &["n"]),
        ("$$x^2$$", &["x^2"]),
        ("$a$$b$", &["a", "b"]),
        ("\\(x\\) and \\[y\\]", &["x", "y"]),
        ("a\\\\[2pt] b\\\\] c", &[]),
        ("$\\text{if $x$ then}$ $y$", &["\\text{if $x$ then}", "y"]),
        ("$$", &[]),
        ("$$ $$", &[]),
        ("$\n\n$", &[]),
        ("a $5\n\nb$ c", &[]),
        ("$5 cost, $O(n \\log n)$ time", &["O(n \\log n)"]),
        ("$10^{-3}$", &["10^{-3}"]),
        ("$3 \\times 10^5$ of $2^n$", &["3 \\times 10^5", "2^n"]),
        ("$3 \\text{ GeV}$", &["3 \\text{ GeV}"]),
        (
            "\\begin{equation} a \\end{equation}.",
            &["\\begin{equation} a \\end{equation}"],
        ),
        ("\\begin{itemize} a \\end{itemize}.", &[]),
        ("\\(open", &[]),
    ];

    fn formulas(text: &str) -> Vec<&str> {
        let (mut found, mut at) = (Vec::new(), 0);
        while at < text.len() {
            if let Some(formula) = formula_at(text, at) {
                found.push(formula.source);
                at = formula.end;
            } else {
                let step = if text[at..].starts_with('\\') { 1 } else { 0 };
                at += step;
                at += text[at..].chars().next().map_or(1, char::len_utf8);
            }
        }
        found
    }

    #[test]
    fn money_is_text_and_formulas_are_found() {
        for (text, expected) in CASES {
            assert_eq!(formulas(text), *expected, "in {text:?}");
        }
    }
}
