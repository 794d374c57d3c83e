//! The work of reading grows with the length of a text, not with its square.

use crate::steps::counted;
use crate::{plain, segments};

/// Steps that a byte may take: both functions look 4,000 bytes ahead for the end of a formula.
const MOST_PER_BYTE: usize = 10_000;

fn steps(text: &str) -> usize {
    counted::during(MOST_PER_BYTE * text.len(), || {
        segments(text);
        plain(text);
    })
}

/// Many elements, all open at the same time, then all closed.
#[test]
fn nested_tags_take_linear_time() {
    for name in ["i", "sub", "b", "p"] {
        let nested = |count: usize| {
            let (opening, closing) = (format!("<{name}>"), format!("</{name}>"));
            format!("{}x{}", opening.repeat(count), closing.repeat(count))
        };
        let (once, twice) = (steps(&nested(1_000)), steps(&nested(2_000)));
        assert!(2 * twice < 5 * once, "<{name}>: {once} steps, then {twice}");
    }
}

#[test]
fn twice_the_opening_signs_take_twice_the_steps() {
    for opening in [
        "$",
        "$ ",
        "\\(",
        "\\[",
        "{",
        "\\begin{align}",
        "$\\text{",
        "`",
        "\\emph{",
        "\\textsuperscript{",
        "https://a",
        "\\href{https://a}{",
        "\\c ",
        "\\item[",
        "$$ x",
        "\\c",
        "\\'{",
        "~",
        "-",
        "$x_{",
        "}",
        "<i>",
        "<i></b>",
        "<sub>x",
        "<sub>$",
        "<p a=",
        "&",
        "&amp;",
        "&#55357;",
        "10times",
        "texttt{",
        "://",
        "\\SI{",
        "\\SI[",
        "\\SI{1}{\\m}",
        "\\numlist{;",
        "\\'{\\^",
        "\\bar ",
        "\\frac{",
        "\\foo{",
        "\\verb|",
        "C:\\Users",
        "\u{200b}",
    ] {
        let short = opening.repeat(20_000 / opening.len());
        let (once, twice) = (steps(&short), steps(&short.repeat(2)));
        // Twice the text would take four times the steps if they grew with its square.
        assert!(2 * twice < 5 * once, "{opening:?}: {once} steps, then {twice}");
    }
}
