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
        let escaped = rest[c.len_utf8()..].chars().next().filter(|_| c == '\\');
        let (kept, taken) = match escaped {
            Some(sign @ ('_' | '%' | '#' | '&' | '~')) => (sign, 2),
            _ => (c, c.len_utf8()),
        };
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
    let mut escaped = false;
    for c in whole.chars() {
        if c == '\\' && !escaped {
            escaped = true;
            continue;
        }
        if !c.is_ascii_graphic() || matches!(c, '<' | '>' | '"' | '`' | '\\') {
            return None;
        }
        escaped = false;
        url.push(c);
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
        assert_eq!(of_argument("www.a.org").as_deref(), Some("https://www.a.org"));
    }
}
