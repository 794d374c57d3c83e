//! How TeX in prose is converted to text.

use tex::{Segment, segments};

/// The segments of a text: emphasis in asterisks, formulas in dollars, links in angle brackets.
fn shown(text: &str) -> String {
    segments(text)
        .into_iter()
        .map(|segment| match segment {
            Segment::Text(text) => text,
            Segment::Emphasis(text) => format!("*{text}*"),
            Segment::Math { source, .. } | Segment::RawMath(source) => format!("${source}$"),
            Segment::Link { url, text } if url == text => format!("<{url}>"),
            Segment::Link { url, text } => format!("<{url}|{text}>"),
        })
        .collect()
}

#[test]
fn tex_of_prose_becomes_text() {
    for (text, expected) in [
        (
            "B\\\"uchi, Erd\\H{o}s, Poincar\\'{e}, Ga\\v{s}evi\\'c",
            "Büchi, Erdős, Poincaré, Gašević",
        ),
        (
            "na\\\"{\\i}ve, \\c{c}a, Gau\\ss ian, \\L\\'od\\'z, {\\AA}ngstr\\\"om",
            "naïve, ça, Gaußian, Łódź, Ångström",
        ),
        ("{\\o}re and \\o re, K{\\\"a}hler, \\~n", "øre and øre, Kähler, ñ"),
        (
            "\\emph{not} \\textit{so} {\\it fast} {\\em here}",
            "*not* *so* *fast* *here*",
        ),
        (
            "\\textbf{a} \\texttt{b} \\textsc{c} \\mbox{d} {\\bf e}",
            "a b c d e",
        ),
        ("5\\% \\& a\\_b \\#1 \\{x\\} \\$5", "5% & a_b #1 {x} $5"),
        (
            "``so'' -- and---well; 1--2; --flag; `one'",
            "“so” – and—well; 1–2; --flag; ‘one’",
        ),
        ("`code` and it's", "`code` and it's"),
        ("Fig.~1, ~10 times, 3~5", "Fig. 1, ~10 times, 3~5"),
        (
            "as shown \\cite{a,b}. See Section~\\ref{s}.",
            "as shown. See Section.",
        ),
        ("line\nbreak   and\n\nparagraph", "line break and\n\nparagraph"),
        (
            "the {GPT}s and {B}ayes, sets {0, 1}",
            "the GPTs and Bayes, sets {0, 1}",
        ),
        (
            "\\alpha-divergence and 10^{-3} of \\unknown{x}y",
            "α-divergence and 10^{-3} of xy",
        ),
        ("\\emph{a $k$-SAT b} c", "*a *$k$*-SAT b* c"),
        (
            "See https://a.org/b_c. Or (http://x.org).",
            "See <https://a.org/b_c>. Or (<http://x.org>).",
        ),
        (
            "\\url{https://a.org/x\\_y} \\url{javascript:x}",
            "<https://a.org/x_y> javascript:x",
        ),
        (
            "\\href{https://a.org}{our \\emph{code}} \\href{javascript:x}{y}",
            "<https://a.org|our code> y",
        ),
        ("{\\em open", "{open"),
        ("open { and } close }", "open { and } close }"),
        ("C:\\Users \\\\ x\\", "C:\\Users x\\"),
        ("\\begin{itemize} \\item a \\item b \\end{itemize}", "• a • b"),
        (
            "it costs $5 and $n$ is \\(m\\) or \\[k\\]",
            "it costs $5 and $n$ is $m$ or $k$",
        ),
        ("\\'{ee}t", "éet"),
        ("e.g.\\ this, i.e.\\, that", "e.g. this, i.e. that"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}
