//! Text as LaTeX source.

use tex::Part;

/// A title for a BibTeX field: formulas as their authors wrote them, all other text plain and escaped.
///
/// A formula becomes plain text if LaTeX would not set it, or if its braces are not paired: an extra closing brace would
/// end the field early.
pub(super) fn title(source: &str) -> String {
    let mut title = String::with_capacity(source.len());
    for part in tex::parts(source) {
        match part {
            Part::Text(text) => title.push_str(&escaped(&text)),
            Part::Formula {
                written,
                plain,
                is_standard,
            } => {
                if is_standard && is_balanced(&written) {
                    title.push_str(&written);
                } else {
                    title.push_str(&escaped(&plain));
                }
            }
        }
    }
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether all braces are paired. BibTeX counts braces even after a backslash.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    text.chars().all(|c| {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        depth >= 0
    }) && depth == 0
}

/// Plain text with LaTeX's special characters escaped ("LaTeX: A Document Preparation System", Leslie Lamport, 1994,
/// section 2.2).
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '$' | '%' | '&' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '\\' => out.push_str("\\textbackslash{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            // A no-break space keeps two words together.
            '\u{a0}' => out.push('~'),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_formulas_are_not() {
        for (source, latex) in [
            (
                "R&D at 5% of $x_1 & y$ for a_b",
                r"R\&D at 5\% of $x_1 & y$ for a\_b",
            ),
            (
                r"already \& done, costs \$5 and $6",
                r"already \& done, costs \$5 and \$6",
            ),
            ("From $5 to $10: Pricing A_B", r"From \$5 to \$10: Pricing A\_B"),
            (r"Bounds for \(x_1^2\)", r"Bounds for \(x_1^2\)"),
            ("About ~10% of A", r"About \textasciitilde{}10\% of A"),
            ("un}balanced{", r"un\textbraceright{}balanced\textbraceleft{}"),
            (r#"Schr\"odinger cats"#, "Schrödinger cats"),
            ("R&amp;D", r"R\&D"),
        ] {
            assert_eq!(title(source), latex, "{source}");
        }
    }

    #[test]
    fn a_formula_that_latex_would_not_set_becomes_text() {
        for source in [
            r"Of $\input{/etc/passwd}$",
            "Of $^^5cinput{/etc/passwd}$",
            r"Of $\write18{rm}$",
            r"Of $\frac{1$ things",
            "A gain of $50%$ or more",
            r"In $\RR^n$",
        ] {
            let latex = title(source);
            assert!(is_balanced(&latex), "{latex}");
            assert!(
                !latex.contains("^^") && !latex.contains("\\in") && !latex.contains("\\write"),
                "{latex}"
            );
            assert!(!latex.contains("\\RR"), "{latex}");
            assert!(!latex.contains('%') || latex.contains("\\%"), "{latex}");
        }
    }
}
