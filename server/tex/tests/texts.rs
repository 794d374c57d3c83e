//! What holds for every text.

use proptest::prelude::*;
use tex::{Segment, plain, segments};

#[test]
fn a_formula_that_cannot_be_set_shows_its_source_alone() {
    let segments = segments("Let $\\frac{$ be $x$.");
    assert!(
        matches!(&segments[1], Segment::RawMath(source) if source == "\\frac{"),
        "{segments:?}"
    );
    assert!(
        matches!(&segments[3], Segment::Math { source, .. } if source == "x"),
        "{segments:?}"
    );
}

#[test]
fn a_text_that_shows_nothing_is_shown_as_written() {
    assert_eq!(segments("\\cite{a}"), [Segment::Text("\\cite{a}".into())]);
    assert_eq!(plain("\\-"), "\\-");
    assert_eq!(segments(" \n"), []);
    assert_eq!(plain(" \n"), "");
}

#[test]
fn a_title_reads_on_one_line() {
    assert_eq!(
        plain("On the\n  $L^2$-norm\n\nof {\\it K\\\"ahler} flows -- $\\tilde O(\\sqrt{n})$"),
        "On the L²-norm of Kähler flows – Õ(√n)"
    );
}

fn visible(segments: &[Segment]) -> String {
    segments
        .iter()
        .map(|segment| match segment {
            Segment::Text(text)
            | Segment::Emphasis(text)
            | Segment::RawMath(text)
            | Segment::Link { text, .. } => text,
            Segment::Math { source, .. } => source,
        })
        .map(String::as_str)
        .collect()
}

/// Text fragments that TeX, HTML and exporters treat specially, because random characters rarely form one.
const PARTS: &[&str] = &[
    "$",
    "$$",
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    "{",
    "}",
    "\\",
    "^",
    "_",
    "&",
    "%",
    "#",
    "~",
    "'",
    "`",
    "\"",
    "--",
    "\\frac",
    "\\sqrt[",
    "]",
    "\\left",
    "\\right",
    "(",
    "\\begin{cases}",
    "\\end{cases}",
    "\\begin{array}",
    "\\text{",
    "\\emph{",
    "\\textsuperscript{",
    "\\href{",
    "https://a.org/",
    "\\url{",
    "\\'",
    "\\c",
    "\\R",
    "\\M",
    "\\displaystyle",
    "x",
    "5",
    " ",
    "\n",
    "é",
    "ß",
    "\u{0}",
    "<script>",
    "&lt;",
    "\\mbox{$",
    "\\limits",
    "\\\\",
    "\\not",
    "\\it ",
    "\\unicode{x",
    "\\begin{equation}",
    "\\end{equation}",
    "\\hat",
    "\\over",
    "\\middle|",
    "\\operatorname*{",
    "<sub>",
    "</sub>",
    "<i>",
    "</i>",
    "<jats:p>",
    "<br/>",
    "&amp;",
    "&#55357;",
    "\u{200b}",
    "\u{200d}",
    "\u{301}",
    "ﬁ",
    "\\SI{",
    "}{",
    "\\num",
    "\\kilo",
    "\\per",
    "10times",
    "texttt{",
    "^circ",
    "\\'{\\^",
    "\\foo{",
    "\\verb|",
    "C:\\Users",
];

/// Text made of these fragments.
fn texish() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PARTS), 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_text_panics_and_every_text_shows_something(text in prop_oneof![any::<String>(), texish()]) {
        let segments = segments(&text);
        let line = plain(&text);
        prop_assert!(!line.contains('\n'));
        // Other characters may be invisible.
        if text.contains(char::is_alphanumeric) {
            prop_assert!(!visible(&segments).trim().is_empty(), "{segments:?}");
            prop_assert!(!line.is_empty());
        }
        for segment in &segments {
            match segment {
                Segment::Math { mathml, .. } => {
                    prop_assert!(mathml.starts_with("<math ") && mathml.ends_with("</math>"));
                    prop_assert!(!mathml.contains("<script") && !mathml.contains(" href=\""));
                }
                Segment::Link { url, .. } => {
                    prop_assert!(url.to_ascii_lowercase().starts_with("http"));
                }
                _ => {}
            }
        }
    }
}
