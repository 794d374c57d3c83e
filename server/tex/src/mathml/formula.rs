//! Sets a formula with the library.

use std::panic::catch_unwind;
use std::sync::LazyLock;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

use super::markup::checked;
use super::normalise::normalise;

/// A formula of more characters is shown as its source. Abstracts have none; an attack might.
const LONGEST: usize = 2_000;

/// How many unknown macros of one formula are guessed at.
const MOST_UNKNOWN: usize = 8;

static LIBRARY: LazyLock<LatexToMathML> =
    LazyLock::new(|| LatexToMathML::new(MathCoreConfig::default()).unwrap_or_default());

/// The formula as one `<math>` element that may be inserted unescaped. `None` if its source must be
/// shown instead.
pub(crate) fn mathml(source: &str, display: bool) -> Option<String> {
    if source.chars().nth(LONGEST).is_some() {
        return None;
    }
    let mode = if display {
        MathDisplay::Block
    } else {
        MathDisplay::Inline
    };
    let mut unknown = Vec::new();
    let set = loop {
        let tex = normalise(source, &unknown)?;
        // The library reaches `unreachable!` on some malformed tables.
        match catch_unwind(|| LIBRARY.convert_with_local_state(&tex, mode)).ok()? {
            Ok(set) => break set,
            Err(error) => {
                let name = unknown_command(&error.error_message())?;
                if unknown.len() == MOST_UNKNOWN || unknown.contains(&name) {
                    return None;
                }
                unknown.push(name);
            }
        }
    };
    checked(&set.mathml, source.trim(), display)
}

/// The command that the library does not know. Only the text of its error names it.
fn unknown_command(message: &str) -> Option<String> {
    let (name, _) = message.strip_prefix("Unknown command \"\\")?.split_once('"')?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inline(source: &str) -> String {
        mathml(source, false).unwrap_or_else(|| panic!("{source} is not set"))
    }

    #[test]
    fn a_formula_is_one_math_element_with_its_source_for_screen_readers() {
        assert_eq!(
            inline("x^2 < y"),
            "<math alttext=\"x^2 &lt; y\"><msup><mi>x</mi><mn>2</mn></msup><mo>&lt;</mo><mi>y</mi></math>"
        );
        assert!(mathml("x", true).is_some_and(|markup| markup.starts_with("<math display=\"block\" ")));
    }

    #[test]
    fn tex_that_abstracts_use_is_set() {
        for source in [
            r"\R^n \to \RR",
            r"\eps>0",
            r"\mathds{1}_A",
            r"\bm{x}",
            r"\boldsymbol\alpha",
            r"\beta \ddot{x}",
            r"\mbox{if $x>0$ then}",
            r"{\rm GeV}/c^2",
            r"{\bf x}",
            r"{\cal O}(1)",
            r"\rm{km}",
            r"\ensuremath{x}",
            r"\textsc{Sat}",
            r"\mathcal O(\log n)",
            r"\widetilde{O}(n)",
            r"x_a_b",
            r"10^\circ",
            r"50%",
            r"a & b",
            r"\begin{cases} \displaystyle a & b \\ c & d \end{cases}",
            r"\begin{eqnarray*}a&=&b\\[2pt]c&=&d\end{eqnarray*}",
            r"\begin{array}[c]{l@{\quad}r} a & b \end{array}",
            r"\sum_{\substack{i\\j}} x",
            r"\operatorname{\tilde{O}}(m)",
            r"\unicode{x2014}",
            r"\left<x\right>",
            r"\abs{x}+\norm{y}",
            r"\nicefrac{1}{2}",
            r"A^\tt 3",
            r"\smash{x}",
            r"\cA \Xcal \bbR \zbar \bGamma",
            r"10 \AA",
            r"\text{naïve \'etat 5\%}",
            r"α ≤ β",
            r"\label{a} x \tag{1}",
        ] {
            inline(source);
        }
    }

    #[test]
    fn a_command_of_tex_is_never_guessed_at() {
        assert_eq!(
            inline(r"\beta\M"),
            inline(r"\beta\mathrm{M}").replace(r"\mathrm{M}", r"\M")
        );
    }

    #[test]
    fn hostile_formulas_give_no_active_markup() {
        for source in [
            r"\href{javascript:alert(1)}{x}",
            r"\url{javascript:alert(1)}",
            r"\includegraphics{http://e.org/x.png}",
            r"\class{a onclick=alert(1)}{x}",
            r"\style{background:url(//e.org)}{x}",
            r"\cssId{a}{x}",
            r"\htmlData{a=b}{x}",
            r"\text{<script>alert(1)</script>}",
            r"<script>alert(1)</script>",
            r"\mbox{</math><img src=x onerror=alert(1)>}",
            r#"\text{" onmouseover="alert(1)}"#,
            r"\color{red}{x}",
            r"\label{<b>}\ref{<b>}\eqref{<b>}",
            r"\begin{<script>}x\end{<script>}",
            r"\operatorname{<img src=x>}",
            r"&lt;script&gt;",
            r"\unicode{x3c}script\unicode{x3e}",
            r"\tag{</math><script>}",
            r"\char`<",
            r"\def\x{\x\x}\x",
            r"\newcommand{\a}{\a\a}\a",
            r"\let\a\b",
            r"\require{html}x",
            r"\\[1em]\hspace{9999em}",
            r#"\textcolor{"><script>}{x}"#,
            r"\begin{array}{l><script>}x\end{array}",
            r"\annotation-xml{x}",
            r"\kern9999999em x",
            r"\rule{1em}{9999em}",
            r"\begin{CD}a\end{CD}",
            r"\fcolorbox{a}{b}{c}",
        ] {
            for display in [false, true] {
                let Some(markup) = mathml(source, display) else {
                    continue;
                };
                assert!(
                    markup.starts_with("<math ") && markup.ends_with("</math>"),
                    "{source}: {markup}"
                );
                assert_eq!(markup.matches("<math").count(), 1, "{source}: {markup}");
                let tags = markup.split('<').skip(2).filter_map(|tag| tag.split('>').next());
                for tag in tags {
                    for bad in [
                        "script ",
                        "script>",
                        "img",
                        "href",
                        " src",
                        " style",
                        "url(",
                        "annotation",
                        " on",
                    ] {
                        assert!(!tag.contains(bad), "{source}: {markup}");
                    }
                }
            }
        }
    }

    /// A test runs with a stack of 2 MB, as do the threads of the server.
    #[test]
    fn deep_and_long_formulas_do_not_panic_or_overflow_the_stack() {
        for (opening, middle, closing) in [
            ("{", "", "}"),
            ("\\sqrt ", "x", ""),
            ("\\sqrt{", "x", "}"),
            ("\\hat", " x", ""),
            ("\\hat ", "x", ""),
            ("\\frac1", "x", ""),
            ("\\frac a", "x", ""),
            ("\\frac{1}{", "x", "}"),
            ("\\left(", "x", "\\right)"),
            ("\\begin{matrix}", "x", "\\end{matrix}"),
            ("x^", "x", ""),
            ("x^{", "x", "}"),
            ("x_{", "x", "}"),
            ("\\text{", "x", "}"),
            ("\\mbox{$", "x", "$}"),
            ("\\abs{", "x", "}"),
            ("\\set", "x", ""),
            ("\\overset a", "x", ""),
            ("\\mathbf ", "x", ""),
            ("\\not", "=", ""),
            ("'", "", ""),
            ("\\R", "", ""),
            ("\\begin{cases}", "", ""),
            ("&", "", ""),
            ("\\\\", "", ""),
            ("\\substack{", "x", "}"),
            ("\\bf ", "x", ""),
            ("\\binom1", "x", ""),
            ("\\stackrel1", "x", ""),
            ("\\sqrt[", "x", "]"),
            ("\\underbrace a_", "x", ""),
            ("\\left\\{", "x", ""),
            ("\\xrightarrow ", "x", ""),
            ("x\\over ", "x", ""),
            ("\\vec1\\frac1", "x", ""),
        ] {
            for count in [10, 50, 100, 200, 400, 2_000] {
                let source = format!("{}{middle}{}", opening.repeat(count), closing.repeat(count));
                mathml(&source, false);
                crate::plain(&format!("${source}$"));
            }
        }
    }

    #[test]
    fn a_formula_of_more_than_two_thousand_characters_stays_source() {
        assert!(mathml(&"x".repeat(2_000), false).is_some());
        assert!(mathml(&"x".repeat(2_001), false).is_none());
    }
}
