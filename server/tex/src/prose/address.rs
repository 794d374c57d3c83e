//! Addresses in a text. Only `http` and `https` become links.

use crate::steps;

/// The address at the beginning of a text, and how many bytes of the text it takes.
///
/// It ends before white space, before a character that addresses do not have, and before the
/// punctuation of the sentence around it. A closing bracket stays if its opening one is inside.
pub(super) fn at_start(text: &str) -> Option<(String, usize)> {
    let scheme = scheme_length(text)?;
    let mut url = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (kept, taken) = escaped_sign(rest).unwrap_or((c, c.len_utf8()));
        if !kept.is_ascii_graphic()
            || matches!(kept, '<' | '>' | '"' | '{' | '}' | '\\' | '|' | '^' | '`' | '$')
        {
            break;
        }
        url.push(kept);
        rest = &rest[taken..];
    }
    steps::count(url.len());
    let punctuation = trailing_punctuation(&url);
    url.truncate(url.len() - punctuation);
    has_host(&url, scheme).then(|| (url, text.len() - rest.len() - punctuation))
}

/// The sign that TeX escapes at the beginning of a text, and how many bytes it takes: `\_`, `{\_}`, `\~{}`.
fn escaped_sign(text: &str) -> Option<(char, usize)> {
    const NAMED: [(&str, char); 3] = [
        ("\\textunderscore", '_'),
        ("\\textasciitilde", '~'),
        ("\\textpercent", '%'),
    ];
    let inside = text.strip_prefix('{').unwrap_or(text);
    let is_braced = inside.len() < text.len();
    let named = NAMED.iter().find_map(|(name, sign)| {
        let after = inside.strip_prefix(name)?;
        (!after.starts_with(|c: char| c.is_ascii_alphabetic())).then_some((*sign, after))
    });
    let (sign, after) = match named {
        Some(found) => found,
        None => {
            let after = inside.strip_prefix('\\')?;
            let sign = after.chars().next().filter(|sign| "_%#&~".contains(*sign))?;
            (sign, &after[1..])
        }
    };
    let after = match (is_braced, after.strip_prefix("{}")) {
        (true, empty) => empty.unwrap_or(after).trim_start().strip_prefix('}')?,
        (false, Some(after)) => after,
        // TeX takes the space after a name, so the address goes on.
        (false, None) if named.is_some() => after.strip_prefix(' ').unwrap_or(after),
        (false, None) => after,
    };
    Some((sign, text.len() - after.len()))
}

/// How many bytes at the end of an address are punctuation of its sentence.
fn trailing_punctuation(url: &str) -> usize {
    let surplus = |open, close| {
        let count = |sign| url.bytes().filter(|byte| *byte == sign).count();
        count(close).saturating_sub(count(open))
    };
    let (mut parentheses, mut brackets) = (surplus(b'(', b')'), surplus(b'[', b']'));
    let mut ends_sentence = |last: &u8| match last {
        b')' => take_one(&mut parentheses),
        b']' => take_one(&mut brackets),
        b'.' | b',' | b';' | b':' | b'\'' | b'!' | b'?' | b'*' => true,
        _ => false,
    };
    url.bytes().rev().take_while(|last| ends_sentence(last)).count()
}

/// Takes one from a count. False if it is zero.
fn take_one(count: &mut usize) -> bool {
    let is_left = *count > 0;
    *count = count.saturating_sub(1);
    is_left
}

/// The argument of `\url{…}` or `\href{…}` as an address to link to. `None` for anything else, such
/// as `javascript:`.
pub(super) fn of_argument(argument: &str) -> Option<String> {
    let argument = argument.trim();
    let whole = if argument.starts_with("www.") {
        format!("https://{argument}")
    } else {
        argument.to_owned()
    };
    let scheme = scheme_length(&whole)?;
    let mut url = String::with_capacity(whole.len());
    let mut rest = whole.as_str();
    while let Some(c) = rest.chars().next() {
        if let Some((sign, taken)) = escaped_sign(rest) {
            url.push(sign);
            rest = &rest[taken..];
            continue;
        }
        let after = &rest[c.len_utf8()..];
        // A backslash before any other sign is only dropped.
        let (c, after) = match after.chars().next().filter(|_| c == '\\') {
            Some(next) => (next, &after[next.len_utf8()..]),
            None => (c, after),
        };
        if !c.is_ascii_graphic() || matches!(c, '<' | '>' | '"' | '`' | '\\') {
            return None;
        }
        url.push(c);
        rest = after;
    }
    has_host(&url, scheme).then_some(url)
}

/// Whether a letter or digit follows the scheme.
fn has_host(url: &str, scheme: usize) -> bool {
    url.as_bytes().get(scheme).is_some_and(u8::is_ascii_alphanumeric)
}

fn scheme_length(text: &str) -> Option<usize> {
    ["https://", "http://"]
        .into_iter()
        .find(|scheme| {
            text.get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        })
        .map(str::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_before_the_punctuation_of_its_sentence() {
        for (text, expected) in [
            ("https://a.org/b.", "https://a.org/b"),
            ("https://a.org/b), and", "https://a.org/b"),
            ("https://en.org/wiki/A_(b)", "https://en.org/wiki/A_(b)"),
            ("https://en.org/wiki/A_(b)).", "https://en.org/wiki/A_(b)"),
            ("http://a.org/\\~me/x\\_y next", "http://a.org/~me/x_y"),
            ("https://a.org/x}", "https://a.org/x"),
            ("https://a.org/b{\\_}c d", "https://a.org/b_c"),
            ("https://a.org/b\\textunderscore{}c", "https://a.org/b_c"),
            ("https://a.org/b\\textunderscore c", "https://a.org/b_c"),
            ("https://a.org/b{\\textunderscore}c", "https://a.org/b_c"),
            ("https://a.org/\\~{}me/b\\%20c\\#d", "https://a.org/~me/b%20c#d"),
            ("https://a.org/{\\textasciitilde}me", "https://a.org/~me"),
            ("https://a.org/x。那", "https://a.org/x"),
            ("HTTPS://A.org/'", "HTTPS://A.org/"),
            ("https://a.org/?q=1&r=2#f\"", "https://a.org/?q=1&r=2#f"),
        ] {
            assert_eq!(
                at_start(text).map(|(url, _)| url).as_deref(),
                Some(expected),
                "in {text:?}"
            );
        }
    }

    #[test]
    fn other_schemes_are_not_links() {
        for text in [
            "javascript:alert(1)",
            "ftp://a.org",
            "https://",
            "https://...",
            "data:x",
        ] {
            assert_eq!(at_start(text), None, "{text}");
            assert_eq!(of_argument(text), None, "{text}");
        }
        assert_eq!(of_argument("https://a.org/\"onclick=x"), None);
        assert_eq!(
            of_argument("https://a.org/b{\\_}c\\_d\\%20\\~{}e").as_deref(),
            Some("https://a.org/b_c_d%20~e")
        );
        assert_eq!(of_argument("www.a.org").as_deref(), Some("https://www.a.org"));
    }
}
