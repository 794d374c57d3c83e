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
    ] {
        let short = opening.repeat(20_000 / opening.len());
        let (once, twice) = (steps(&short), steps(&short.repeat(2)));
        // Twice the text would take four times the steps if they grew with its square.
        assert!(2 * twice < 5 * once, "{opening:?}: {once} steps, then {twice}");
    }
}
