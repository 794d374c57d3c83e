//! Sets a formula with the library.

use std::panic::catch_unwind;
use std::sync::LazyLock;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

use super::markup::checked;
use super::normalise::normalise;
use super::repair::repaired;
use crate::commands;

/// A formula of more characters is shown as its source. Abstracts have none; an attack might.
const LONGEST: usize = 2_000;

static LIBRARY: LazyLock<LatexToMathML> = LazyLock::new(|| {
    // A test checks that the library accepts every macro.
    LatexToMathML::new(configuration()).unwrap_or_default()
});

fn configuration() -> MathCoreConfig {
    MathCoreConfig {
        macros: commands::macros(),
        ignore_unknown_commands: true,
        ..MathCoreConfig::default()
    }
}

/// The formula as one `<math>` element that may be inserted unescaped. `None` if its source must be
/// shown instead.
///
/// Macros that neither our table nor the library knows are guessed, or shown as their name or argument.
/// If that fails, the braces are balanced.
pub(crate) fn mathml(source: &str, display: bool) -> Option<String> {
    if source.chars().nth(LONGEST).is_some() {
        return None;
    }
    let markup = markup(source, display).or_else(|| markup(&repaired(source)?, display))?;
    checked(&markup, source.trim(), display)
}

/// The library's markup, without unknown macros.
fn markup(source: &str, display: bool) -> Option<String> {
    let markup = set(&normalise(source, &[])?, display)?;
    match &unknown_commands(&markup)[..] {
        [] => Some(markup),
        unknown => set(&normalise(source, unknown)?, display),
    }
}

/// The library's markup.
fn set(tex: &str, display: bool) -> Option<String> {
    set_with(&LIBRARY, tex, display)
}

/// The markup of a library with its own macros.
pub(super) fn set_with(library: &LatexToMathML, tex: &str, display: bool) -> Option<String> {
    let mode = if display {
        MathDisplay::Block
    } else {
        MathDisplay::Inline
    };
    // The library reaches `unreachable!` on some malformed tables.
    let set = catch_unwind(|| library.convert_with_local_state(tex, mode)).ok()?;
    set.ok().map(|set| set.mathml)
}

/// The commands that the library does not know. The library marks each as
/// `<merror …><mtext>\name</mtext></merror>`.
pub(super) fn unknown_commands(markup: &str) -> Vec<String> {
    let marks = markup.split("<merror").skip(1);
    let names = marks.filter_map(|mark| Some(mark.split_once("<mtext>\\")?.1.split_once('<')?.0.to_owned()));
    names.collect()
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
            r"\ket{0} + \bra{1} + \braket{a|b}",
            r"\cancel{x} + \bcancel{y} + \xcancel{z}",
            r"\begin{pmatrix}a & b \\ c & d\end{pmatrix}",
            r"\stackrel{d}{=} \underset{x}{y} \sideset{_a^b}{_c^d}\sum",
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
    fn the_library_accepts_every_macro() {
        assert!(LatexToMathML::new(configuration()).is_ok());
        for (name, tex) in commands::macros() {
            let argument = if tex.trim_end().ends_with(|c: char| c.is_ascii_alphabetic()) {
                "{x}"
            } else {
                ""
            };
            for (before, after) in [("a", "b"), ("a_{", "}"), ("{", "}")] {
                let expanded = format!("{before}{tex}{argument}{after}");
                let used = format!("{before}\\{name} {argument}{after}");
                assert_eq!(set(&used, false), set(&expanded, false), "{used}");
            }
        }
    }

    #[test]
    fn an_unknown_macro_shows_its_argument_or_its_name() {
        for (source, same_as) in [
            (r"x = \foo{y^2} + \Baz", r"x = {y^2} + \text{Baz}"),
            (r"\frac{\foo}{2}", r"\frac{\text{foo}}{2}"),
            (r"\left(\foo^2\right)", r"\left(\text{foo}^2\right)"),
            (r"\e{x} \v{y}", r"{x}{y}"),
            (r"\sumn x", r"\sum n x"),
            (r"\foo{} \Baz{}", r"\text{foo}{} \text{Baz}{}"),
            (r"x^{2\foo", r"x^{2\text{foo}}"),
        ] {
            let alternative = |markup: String| markup.split_once('>').map(|(_, inside)| inside.to_owned());
            assert_eq!(
                alternative(inline(source)),
                alternative(inline(same_as)),
                "{source}"
            );
        }
    }

    #[test]
    fn quantities_are_upright_after_a_thin_space() {
        let markup = inline(r"\SI{10}{\nano\metre}");
        assert!(
            markup.contains("<mn>10</mn>") && markup.contains("<mtext>nm</mtext>"),
            "{markup}"
        );
        assert!(markup.contains("<mspace width=\"0.16666667em\""), "{markup}");
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
