//! Checks the markup of the library: only known elements and attributes of MathML Core pass.
//!
//! **Invariant:** [`checked`] returns one balanced `<math>` element. All its names and values are
//! listed here, whatever the library wrote and whatever the formula asked for.

/// Elements that may stand inside `<math>`: MathML Core's, and four of HTML's inside `<mtext>`.
const ELEMENTS: [&str; 29] = [
    "mi",
    "mo",
    "mn",
    "mrow",
    "mspace",
    "msup",
    "msub",
    "msubsup",
    "mfrac",
    "msqrt",
    "mroot",
    "mtext",
    "mover",
    "munder",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
    "mpadded",
    "mphantom",
    "mstyle",
    "mmultiscripts",
    "mprescripts",
    "ms",
    "none",
    "b",
    "i",
    "u",
    "code",
];

/// Attributes that pass. Their values must be letters, digits or one of `.-%`.
const ATTRIBUTES: [&str; 21] = [
    "display",
    "displaystyle",
    "scriptlevel",
    "mathvariant",
    "stretchy",
    "symmetric",
    "fence",
    "separator",
    "form",
    "lspace",
    "rspace",
    "minsize",
    "maxsize",
    "movablelimits",
    "largeop",
    "accent",
    "accentunder",
    "linethickness",
    "width",
    "height",
    "depth",
];

/// Longer markup, in bytes, is refused: no formula of an abstract needs it.
const LONGEST: usize = 60_000;

/// The library's markup for `source`, with `source` as its `alttext`. `None` if it holds anything
/// that is not known to be harmless.
pub(super) fn checked(markup: &str, source: &str, display: bool) -> Option<String> {
    let inner = markup
        .strip_prefix("<math")?
        .split_once('>')?
        .1
        .strip_suffix("</math>")?;
    if markup.len() > LONGEST {
        return None;
    }
    let mut out = String::with_capacity(markup.len() + source.len() + 32);
    out.push_str("<math");
    if display {
        out.push_str(" display=\"block\"");
    }
    out.push_str(" alttext=\"");
    escape(&mut out, source);
    out.push_str("\">");
    let mut open: Vec<&str> = Vec::new();
    let mut rest = inner;
    while !rest.is_empty() {
        let (text, tag) = match rest.find('<') {
            Some(0) => {
                let (tag, after) = rest[1..].split_once('>')?;
                rest = after;
                ("", Some(tag))
            }
            Some(length) => {
                let (text, after) = rest.split_at(length);
                rest = after;
                (text, None)
            }
            None => (std::mem::take(&mut rest), None),
        };
        match tag {
            None => push_text(&mut out, text)?,
            Some(tag) => push_tag(&mut out, tag, &mut open)?,
        }
    }
    out.push_str("</math>");
    open.is_empty().then_some(out)
}

fn push_tag<'a>(out: &mut String, tag: &'a str, open: &mut Vec<&'a str>) -> Option<()> {
    if let Some(name) = tag.strip_prefix('/') {
        if open.pop()? != name {
            return None;
        }
        if name != "span" {
            out.push_str("</");
            out.push_str(name);
            out.push('>');
        }
        return Some(());
    }
    let (tag, closes_itself) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
    let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
    if !closes_itself {
        open.push(name);
    }
    // The library's spans only carry a class of its own style sheet: they are left out.
    if name == "span" {
        return (!closes_itself).then_some(());
    }
    if !ELEMENTS.contains(&name) {
        return None;
    }
    out.push('<');
    out.push_str(name);
    push_attributes(out, attributes)?;
    out.push_str(if closes_itself { "/>" } else { ">" });
    Some(())
}

/// Writes the attributes that are listed. The content security policy forbids `style`, so the
/// alignment of table cells becomes a class instead.
fn push_attributes(out: &mut String, attributes: &str) -> Option<()> {
    let mut rest = attributes.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        rest = after.trim_start();
        if ATTRIBUTES.contains(&name) {
            if !value
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-%".contains(&byte))
            {
                return None;
            }
            out.extend([" ", name, "=\"", value, "\""]);
        } else if name == "style" {
            if value.contains("text-align: left") || value.contains("text-align:left") {
                out.push_str(" class=\"maths-left\"");
            } else if value.contains("text-align: right") || value.contains("text-align:right") {
                out.push_str(" class=\"maths-right\"");
            }
        } else if name != "class" {
            return None;
        }
    }
    Some(())
}

/// Writes the text between tags, which the library has escaped. An ampersand that does not begin a
/// known entity is refused.
fn push_text(out: &mut String, text: &str) -> Option<()> {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        push_visible(out, &rest[..at]);
        let entity = ["&lt;", "&gt;", "&amp;", "&quot;", "&#x27;", "&#39;", "&nbsp;"]
            .into_iter()
            .find(|entity| rest[at..].starts_with(entity))?;
        out.push_str(entity);
        rest = &rest[at + entity.len()..];
    }
    push_visible(out, rest);
    Some(())
}

/// Writes text without variation selectors, which few fonts support, and control characters.
fn push_visible(out: &mut String, text: &str) {
    out.extend(
        text.chars()
            .filter(|c| !matches!(c, '\u{fe00}' | '\u{fe01}') && !c.is_control())
            .map(|c| if c == '>' { '›' } else { c }),
    );
}

/// Escapes text for a double-quoted attribute.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_whitespace() => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_markup_passes() {
        for (markup, expected) in [
            ("<math><mi>x</mi></math>", Some("<mi>x</mi>")),
            (
                "<math display=\"block\"><mspace width=\"1em\"/></math>",
                Some("<mspace width=\"1em\"/>"),
            ),
            (
                "<math><mrow style=\"color:red\"><mi>x</mi></mrow></math>",
                Some("<mrow><mi>x</mi></mrow>"),
            ),
            (
                "<math><mtd style=\"text-align: left;\"></mtd></math>",
                Some("<mtd class=\"maths-left\"></mtd>"),
            ),
            (
                "<math><mtext><span class=\"a\">b</span></mtext></math>",
                Some("<mtext>b</mtext>"),
            ),
            (
                "<math><mi>a &amp; &lt;</mi></math>",
                Some("<mi>a &amp; &lt;</mi>"),
            ),
            ("<math><mi>𝒪\u{fe00}</mi></math>", Some("<mi>𝒪</mi>")),
            ("<math><mi>a & b</mi></math>", None),
            ("<math><mi>x</mi></math><script>", None),
            ("<math><mi>x</mrow></math>", None),
            ("<math><mi>x</math>", None),
            ("<math></mi></math>", None),
            ("<math><script>x</script></math>", None),
            ("<math><a href=\"#x\">x</a></math>", None),
            ("<math><mi href=\"x\">x</mi></math>", None),
            ("<math><mi onclick=\"x\">x</mi></math>", None),
            ("<math><mi width=\"url(x)\">x</mi></math>", None),
            ("<math><mi width=x>x</mi></math>", None),
            ("<math><semantics></semantics></math>", None),
            ("<math><math></math></math>", None),
            ("<svg></svg>", None),
        ] {
            let inside = checked(markup, "s", false);
            let inside = inside.as_deref().map(|all| {
                all.strip_prefix("<math alttext=\"s\">")
                    .and_then(|rest| rest.strip_suffix("</math>"))
                    .unwrap_or(all)
            });
            assert_eq!(inside, expected, "{markup}");
        }
    }

    #[test]
    fn the_alternative_text_cannot_leave_its_attribute() {
        let markup = checked("<math></math>", "a\"><script>&\u{0}\n", true);
        assert_eq!(
            markup.as_deref(),
            Some("<math display=\"block\" alttext=\"a&quot;&gt;&lt;script&gt;&amp; \"></math>")
        );
    }
}
