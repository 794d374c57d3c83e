//! How sources escape the characters of URLs and DOIs.

/// How TeX, Markdown, HTML and JSON escape characters. A longer entry comes before a shorter one that it begins with.
const ESCAPES: [(&str, &str); 44] = [
    ("\\textunderscore{}", "_"),
    ("\\textunderscore ", "_"),
    ("\\textunderscore", "_"),
    ("{\\textunderscore}", "_"),
    ("\\allowbreak{}", ""),
    ("\\allowbreak ", ""),
    ("\\allowbreak", ""),
    ("{\\allowbreak}", ""),
    ("\\slash{}", "/"),
    ("\\_", "_"),
    ("{\\_}", "_"),
    ("{_}", "_"),
    ("{-}", "-"),
    ("$\\_$", "_"),
    ("$_$", "_"),
    ("$-$", "-"),
    ("$<$", "<"),
    ("$>$", ">"),
    ("\\/", "/"),
    ("\\#", "#"),
    ("\\%", "%"),
    ("\\&", "&"),
    ("%5F", "_"),
    ("%5f", "_"),
    ("%2D", "-"),
    ("%2d", "-"),
    ("%2E", "."),
    ("%2e", "."),
    ("&#95;", "_"),
    ("&#x5F;", "_"),
    ("&#x5f;", "_"),
    ("&lowbar;", "_"),
    ("&#45;", "-"),
    ("&#x2D;", "-"),
    ("&#x2d;", "-"),
    ("&#47;", "/"),
    ("&#x2F;", "/"),
    ("&#x2f;", "/"),
    ("&#38;", "&"),
    ("&amp;", "&"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#34;", "\""),
];

/// The character that an escape at the beginning of a text stands for, and the text after it.
pub(crate) fn at_start(text: &str) -> Option<(&'static str, &str)> {
    if !text.starts_with(['\\', '{', '$', '%', '&']) {
        return None;
    }
    ESCAPES
        .iter()
        .find_map(|(escaped, resolved)| Some((*resolved, text.strip_prefix(escaped)?)))
}

/// The text with every escape resolved once.
pub(crate) fn resolve(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((resolved, after)) = at_start(rest) {
            plain.push_str(resolved);
            rest = after;
        } else {
            plain.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_escape_comes_before_its_beginning() {
        for (index, (escaped, _)) in ESCAPES.iter().enumerate() {
            let hidden = ESCAPES[..index]
                .iter()
                .find(|(other, _)| escaped.starts_with(other));
            assert_eq!(hidden, None, "{escaped}");
        }
    }

    #[test]
    fn escapes_are_resolved_once() {
        for (text, expected) in [
            (r"a{\_}b\allowbreak c", "a_bc"),
            ("a&amp;lt;b", "a&lt;b"),
            ("{a} $b$ 5% & c", "{a} $b$ 5% & c"),
        ] {
            assert_eq!(resolve(text), expected);
        }
    }
}
