//! Where a formula begins and ends, and which dollars are money.

use super::tex::control_word;

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

/// No closing delimiter is looked for beyond this many bytes, lest a text of opening ones takes long.
const FARTHEST: usize = 4_000;

/// A formula found in a text: its TeX without the delimiters, and the byte just after the closing one.
#[derive(Debug, PartialEq)]
pub struct Found<'a> {
    pub source: &'a str,
    pub display: bool,
    pub end: usize,
}

/// The formula that begins at byte `at`, if one does; otherwise the character there is only text.
///
/// After pandoc: an opening dollar touches what follows, a closing one touches what is before and
/// no digit follows it. Beyond pandoc, padded or digit-followed dollars (`$ x $`, `$\sim$10`)
/// are maths as well when what they hold can be nothing else.
pub fn formula_at(text: &str, at: usize) -> Option<Found<'_>> {
    let text = &text[..text.floor_char_boundary(at + FARTHEST)];
    let rest = &text[at..];
    if rest.starts_with("\\(") {
        return between(text, at + 2, "\\)", false);
    }
    if rest.starts_with("\\[") {
        return between(text, at + 2, "\\]", true);
    }
    if let Some(block) = rest.strip_prefix("\\begin{") {
        let (name, _) = block.split_once('}')?;
        let close = DISPLAYS.contains(&name).then(|| format!("\\end{{{name}}}"))?;
        let length = rest.find(&close)? + close.len();
        return Some(Found {
            source: &rest[..length],
            display: name != "math",
            end: at + length,
        });
    }
    if rest.starts_with("$$") {
        return between(text, at + 2, "$$", true).filter(|found| !has_blank_line(found.source));
    }
    if rest.starts_with('$') {
        let close = closing_dollar(text, at + 1)?;
        let source = &text[at + 1..close];
        let next = text[close + 1..].chars().next();
        return is_maths(source, next).then_some(Found {
            source,
            display: false,
            end: close + 1,
        });
    }
    None
}

fn between<'a>(text: &'a str, start: usize, close: &str, display: bool) -> Option<Found<'a>> {
    let mut from = start;
    loop {
        let length = text[from..].find(close)?;
        let end = from + length;
        if is_escaped(text, end) {
            from = end + 1;
            continue;
        }
        let source = &text[start..end];
        return (!source.trim().is_empty()).then_some(Found {
            source,
            display,
            end: end + close.len(),
        });
    }
}

/// The next dollar from byte `start` on that is neither escaped nor inside `\text{… $x$ …}`.
fn closing_dollar(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut words_at_depth = None;
    let (mut depth, mut at) = (0_usize, start);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => {
                let (name, after) = control_word(&text[at + 1..]);
                let takes_words = name.starts_with("text") || matches!(name, "mbox" | "hbox" | "emph");
                if takes_words && after.starts_with('{') {
                    depth += 1;
                    words_at_depth = words_at_depth.or(Some(depth));
                    at += name.len() + 1;
                } else {
                    at += name.len().max(1);
                }
            }
            b'{' => depth += 1,
            b'}' => {
                if words_at_depth == Some(depth) {
                    words_at_depth = None;
                }
                depth = depth.saturating_sub(1);
            }
            b'$' if words_at_depth.is_none() => return Some(at),
            _ => {}
        }
        at += 1;
    }
    // A brace left open inside words: the first dollar at all is the better guess.
    words_at_depth.and_then(|_| text[start..].find('$').map(|length| start + length))
}

fn is_escaped(text: &str, at: usize) -> bool {
    text[..at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// Whether what stands between two dollars is a formula; `next` is the character after the second.
fn is_maths(source: &str, next: Option<char>) -> bool {
    let core = source.trim();
    if core.is_empty() || has_blank_line(source) {
        return false;
    }
    let is_tight = core.len() == source.len() && !next.is_some_and(|c| c.is_ascii_digit());
    let is_one_word = !core.contains(char::is_whitespace);
    let has_amount = core.starts_with(|c: char| c.is_ascii_digit());
    if has_amount && core.ends_with(['(', '/', '-', ',']) {
        return false;
    }
    if has_amount && has_words(core) {
        return is_tight && (has_marks(core) || is_one_word);
    }
    is_tight || has_marks(core) || is_all_symbols(core) || is_padded_number(source, core)
}

/// Whether some character is there that prose does not have: TeX, a script, a relation.
fn has_marks(core: &str) -> bool {
    let mut before = ' ';
    core.chars().any(|c| {
        let marked = matches!(c, '^' | '_' | '=' | '<' | '>' | '|')
            || (before == '\\' && !matches!(c, '$' | '%' | '&' | '#'));
        before = c;
        marked
    })
}

/// Whether a bare word of two or more letters is there, one that is neither a macro's name nor
/// inside braces.
fn has_words(core: &str) -> bool {
    let (mut depth, mut run, mut in_macro) = (0_i32, 0, false);
    for c in core.chars() {
        match c {
            '\\' => (in_macro, run) = (true, 0),
            '{' => (depth, in_macro, run) = (depth + 1, false, 0),
            '}' => (depth, in_macro, run) = (depth - 1, false, 0),
            c if c.is_alphabetic() => {
                run += usize::from(!in_macro && depth <= 0);
                if run >= 3 {
                    return true;
                }
            }
            _ => {
                if run == 2 && c.is_whitespace() {
                    return true;
                }
                (in_macro, run) = (false, 0);
            }
        }
    }
    run == 2
}

/// Whether there are only single letters and signs, as in `n` or `n, m`, or signs alone, as in
/// `-`, and the first is no digit.
fn is_all_symbols(core: &str) -> bool {
    let has_letters = core.chars().any(char::is_alphabetic);
    !core.starts_with(|c: char| c.is_ascii_digit())
        && (has_letters || core.chars().all(|c| "-+/*~±×".contains(c)))
        && core
            .split(|c: char| !c.is_alphanumeric())
            .all(|word| word.chars().count() <= 1)
}

/// `$ 0 $` or `$ -3/2 $`, but not `$ 100, $ 200`.
fn is_padded_number(source: &str, core: &str) -> bool {
    source.starts_with(' ')
        && source.ends_with(' ')
        && core.ends_with(|c: char| c.is_ascii_digit())
        && core.chars().all(|c| c.is_ascii_digit() || "-+/.,".contains(c))
}

fn has_blank_line(source: &str) -> bool {
    source.split('\n').skip(1).any(|line| line.trim().is_empty())
        && source.trim().split('\n').any(|line| line.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each text, with the formulas that are to be found in it in order.
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
