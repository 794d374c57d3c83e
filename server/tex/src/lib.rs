//! Titles and abstracts are prose with TeX in it: here they become prose, formulas and links.
//!
//! A formula is set as MathML one by one; where that fails, the source of that formula alone is
//! shown. Nothing here panics or recurses without bound, because anybody may have written the text.

mod prose;

mod delimiters;
mod formula;
mod links;
mod plain;

mod accents;
mod macros;
mod markup;
mod normalise;
mod symbols;
mod tex;

use prose::Piece;

/// A piece of a title or abstract. Texts are raw: whoever writes HTML escapes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Prose on one line, except that an empty line (`"\n\n"`) parts two paragraphs.
    Text(String),
    /// Prose to be set in italics.
    Emphasis(String),
    /// A formula that has been set.
    Math {
        /// The TeX between the delimiters.
        source: String,
        /// One `<math>` element, checked so that it may be inserted unescaped.
        mathml: String,
        /// Whether it stands on a line of its own.
        display: bool,
    },
    /// The source of a formula that could not be set, without its delimiters.
    RawMath(String),
    /// A link to an `http` or `https` address, which is raw as well.
    Link {
        /// Where it leads.
        url: String,
        /// What is to be read.
        text: String,
    },
}

/// Cuts a title or an abstract into what a page shows. Never empty for a text that is not.
///
/// ```
/// use crate::{Segment, segments};
///
/// let [Segment::Text(price), Segment::Math { source, .. }] = &segments("For $5, $x^2$")[..] else {
///     panic!("the first dollar is money");
/// };
/// assert_eq!((price.as_str(), source.as_str()), ("For $5, ", "x^2"));
/// ```
pub fn segments(text: &str) -> Vec<Segment> {
    let segments: Vec<Segment> = prose::read(text).into_iter().map(segment).collect();
    let shows_something = segments.iter().any(|segment| match segment {
        Segment::Text(text) | Segment::Emphasis(text) => !text.trim().is_empty(),
        Segment::Math { .. } | Segment::RawMath(_) | Segment::Link { .. } => true,
    });
    match text.trim() {
        "" => Vec::new(),
        all if !shows_something => vec![Segment::Text(all.to_owned())],
        _ => segments,
    }
}

fn segment(piece: Piece) -> Segment {
    match piece {
        Piece::Text(text) => Segment::Text(text),
        Piece::Emphasis(text) => Segment::Emphasis(text),
        Piece::Link { url, text } => Segment::Link { url, text },
        Piece::Formula { source, display } => match formula::mathml(&source, display) {
            Some(mathml) => Segment::Math {
                source,
                mathml,
                display,
            },
            None => Segment::RawMath(source),
        },
    }
}

/// The text on one line of plain Unicode, for mail, `<title>` and feeds: `$x^2$` is x².
///
/// A macro that is not known leaves its argument, or else its name. Never empty for a text that
/// is not.
pub fn plain(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for piece in prose::read(text) {
        match piece {
            Piece::Text(text) | Piece::Emphasis(text) | Piece::Link { text, .. } => line.push_str(&text),
            Piece::Formula { source, .. } => line.push_str(&plain::flatten(&source)),
        }
    }
    let line = on_one_line(&line);
    if line.is_empty() { on_one_line(text) } else { line }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
    fn a_text_of_nothing_visible_shows_as_it_is() {
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

    /// Time goes with length also where every character opens something.
    #[test]
    fn long_texts_of_opening_signs_are_read_at_once() {
        let started = std::time::Instant::now();
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
            let text = opening.repeat(40_000 / opening.len());
            segments(&text);
            plain(&text);
        }
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
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

    /// Text made of what means something to TeX, so that it is not only noise.
    fn texish() -> impl Strategy<Value = String> {
        let parts = [
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
        ];
        prop::collection::vec(prop::sample::select(parts.to_vec()), 0..40).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn nothing_panics_and_something_is_seen(text in prop_oneof![any::<String>(), texish()]) {
            let segments = segments(&text);
            let line = plain(&text);
            prop_assert!(!line.contains('\n'));
            if !text.trim().is_empty() {
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
}
