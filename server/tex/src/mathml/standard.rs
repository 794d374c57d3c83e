//! Whether a formula can be copied into the LaTeX document of another person.

use std::sync::LazyLock;

use math_core::{LatexToMathML, MathCoreConfig};

use super::formula::{set_with, unknown_commands};
use crate::lexer::{Token, tokens};

/// The library without our macros.
static LIBRARY: LazyLock<LatexToMathML> = LazyLock::new(|| {
    LatexToMathML::new(MathCoreConfig {
        ignore_unknown_commands: true,
        ..MathCoreConfig::default()
    })
    .unwrap_or_default()
});

/// Commands that mean nothing alone, so the library cannot be asked about them.
const STRUCTURE: [&str; 10] = [
    "atop", "begin", "choose", "end", "left", "limits", "middle", "nolimits", "over", "right",
];

/// Commands of LaTeX, or of packages that every document on mathematics loads, that the library does not know.
const KNOWN_TO_LATEX: [&str; 14] = [
    "bf",
    "bm",
    "boldsymbol",
    "cal",
    "displaystyle",
    "ensuremath",
    "it",
    "mbox",
    "rm",
    "textsc",
    "textstyle",
    "tt",
    "widehat",
    "widetilde",
];

/// Commands that the library may know but that do more than set a formula.
const REFUSED: [&str; 9] = [
    "def",
    "gdef",
    "href",
    "includegraphics",
    "label",
    "newcommand",
    "providecommand",
    "renewcommand",
    "url",
];

/// Whether every command of the formula belongs to standard LaTeX mathematics. A command that is not standard stops the
/// reader's LaTeX, or, such as `\input`, does something else on the reader's machine. `^^` can spell a backslash, and a `%` or
/// a `#` without a backslash breaks the text after it.
pub(crate) fn is_standard(source: &str) -> bool {
    !source.contains("^^")
        && tokens(source).into_iter().all(|token| match token {
            Token::Word(name) => is_standard_command(name),
            Token::Char(c) => !matches!(c, '%' | '#' | '~' | '$') && !c.is_control(),
            _ => true,
        })
}

fn is_standard_command(name: &str) -> bool {
    if REFUSED.contains(&name) {
        return false;
    }
    if STRUCTURE.contains(&name) || KNOWN_TO_LATEX.contains(&name) {
        return true;
    }
    // Enough arguments for every command.
    ["", "{x}", "{x}{x}"]
        .into_iter()
        .filter_map(|arguments| set_with(&LIBRARY, &format!("\\{name}{arguments}"), false))
        .any(|markup| unknown_commands(&markup).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_latex_are_standard() {
        for source in [
            "x_1^2",
            r"\alpha \leq \frac{1}{2}",
            r"\mathcal{O}(n \log n)",
            r"\left( \sqrt{x} \right)",
            r"\mathbb{R}^n \to \operatorname{SL}_2(\mathbb{Z})",
            r"\text{if } x \looparrowright y",
            r"\hat{x} \bar y \widetilde{z}",
            r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
            r"50\%",
        ] {
            assert!(is_standard(source), "{source}");
        }
    }

    #[test]
    fn what_would_stop_latex_or_run_something_is_not() {
        for source in [
            r"\input{/etc/passwd}",
            "^^5cinput{/etc/passwd}",
            r"\write18{rm}",
            r"\xdef\x{y}",
            r"\scantokens{x}",
            r"\directlua{x}",
            r"\InputIfFileExists{a}{b}{c}",
            r"\newcommand{\x}{y}",
            r"\href{https://example.org}{x}",
            r"\RR^n",
            r"\foo",
            "50%",
            "#1",
        ] {
            assert!(!is_standard(source), "{source}");
        }
    }
}
