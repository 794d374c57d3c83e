//! Titles and abstracts as HTML: formulas become MathML, matches are marked, everything else is escaped.

use domain::marks::Marks;
use tex::Segment;

/// Escapes text for an element or a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    push_escaped(&mut html, text);
    html
}

fn push_escaped(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(c),
        }
    }
}

fn push_marked(html: &mut String, text: &str, marks: &Marks) {
    let mut from = 0;
    for range in marks.ranges(text) {
        push_escaped(html, &text[from..range.start]);
        html.push_str("<mark>");
        push_escaped(html, &text[range.clone()]);
        html.push_str("</mark>");
        from = range.end;
    }
    push_escaped(html, &text[from..]);
}

/// Where a text stands. This decides what it may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// In a link: links become plain text, and display formulas run inline.
    Link,
    /// On a card: display formulas scroll by themselves, but are not in the tab order.
    Card,
    /// In the shortened abstract of a card: as on a card, but links become plain text. WebKit shows a link from the hidden
    /// end of a clamped text.
    Clamped,
    /// On the paper's own page: display formulas scroll by themselves and are in the tab order.
    Page,
}

/// A text of a paper as safe HTML.
pub fn rich(text: &str, marks: &Marks, within: Within) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    for segment in tex::segments(text) {
        match segment {
            Segment::Text(text) => push_marked(&mut html, &text, marks),
            Segment::Emphasis(text) => {
                html.push_str("<em>");
                push_marked(&mut html, &text, marks);
                html.push_str("</em>");
            }
            // `tex` gives only safe MathML.
            Segment::Math {
                mathml,
                display: true,
                ..
            } if within == Within::Page => {
                html.push_str(r#"<span class="formula" role="group" aria-label="Formula" tabindex="0">"#);
                html.push_str(&mathml);
                html.push_str("</span>");
            }
            Segment::Math {
                mathml,
                display: true,
                ..
            } if matches!(within, Within::Card | Within::Clamped) => {
                html.push_str(r#"<span class="formula" role="group" aria-label="Formula">"#);
                html.push_str(&mathml);
                html.push_str("</span>");
            }
            Segment::Math { mathml, .. } => html.push_str(&mathml),
            Segment::RawMath(source) => push_escaped(&mut html, &source),
            Segment::Link { text, .. } if matches!(within, Within::Link | Within::Clamped) => {
                push_marked(&mut html, &text, marks);
            }
            Segment::Link { url, text } => {
                html.push_str(r#"<a href=""#);
                push_escaped(&mut html, &url);
                html.push_str(r#"" rel="nofollow">"#);
                push_escaped(&mut html, &text);
                html.push_str("</a>");
            }
        }
    }
    html
}

/// A title as plain text, for the `title` element and for attributes.
pub fn title_text(title: &str) -> String {
    tex::plain(title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SearchQuery;

    #[test]
    fn markup_in_a_text_is_escaped() {
        let html = rich(
            r#"<script>alert("x")</script> & $x < y$"#,
            &Marks::default(),
            Within::Card,
        );
        assert!(html.starts_with("&lt;script&gt;"), "{html}");
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("<math"), "{html}");
    }

    #[test]
    fn matches_are_marked_around_formulas() {
        let html = rich(
            "Strong convergence of $x_n$",
            &Marks::of(&SearchQuery::parse("convergence")),
            Within::Link,
        );
        assert!(
            html.starts_with("Strong <mark>convergence</mark> of <math"),
            "{html}"
        );
    }

    #[test]
    fn a_text_in_a_link_contains_no_link() {
        for within in [Within::Link, Within::Clamped] {
            assert!(!rich("see https://example.org/x", &Marks::default(), within).contains("<a "));
        }
        assert!(
            rich("see https://example.org/x", &Marks::default(), Within::Card)
                .contains("<a href=\"https://example.org/x\"")
        );
    }
}
