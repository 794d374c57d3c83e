//! Addresses in a text. Only `http` and `https` ever become links.

/// The address that begins the text and how many bytes of the text it takes.
///
/// It ends before white space, before what no address has, and before the punctuation of the
/// sentence around it; a closing parenthesis stays if its opening one is inside.
pub(super) fn address(text: &str) -> Option<(String, usize)> {
    let scheme = scheme_length(text)?;
    let (mut url, mut length) = (String::new(), 0);
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
        length += taken;
        rest = &text[length..];
    }
    while let Some(last) = url.chars().last() {
        let is_balanced = |open, close| url.matches(open).count() >= url.matches(close).count();
        let belongs = match last {
            ')' => is_balanced('(', ')'),
            ']' => is_balanced('[', ']'),
            '.' | ',' | ';' | ':' | '\'' | '!' | '?' | '*' => false,
            _ => true,
        };
        if belongs {
            break;
        }
        url.pop();
        length -= 1;
    }
    url.as_bytes()
        .get(scheme)
        .filter(|byte| byte.is_ascii_alphanumeric())?;
    Some((url, length))
}

/// What `\url{…}` or `\href{…}` was given, as an address to link to; `None` if it is none, or one
/// of another kind such as `javascript:`.
pub(super) fn given(argument: &str) -> Option<String> {
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
    url.as_bytes()
        .get(scheme)
        .filter(|byte| byte.is_ascii_alphanumeric())?;
    Some(url)
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
                address(text).map(|(url, _)| url).as_deref(),
                Some(expected),
                "in {text:?}"
            );
        }
    }

    #[test]
    fn other_schemes_are_no_links() {
        for text in [
            "javascript:alert(1)",
            "ftp://a.org",
            "https://",
            "https://...",
            "data:x",
        ] {
            assert_eq!(address(text), None, "{text}");
            assert_eq!(given(text), None, "{text}");
        }
        assert_eq!(given("https://a.org/\"onclick=x"), None);
        assert_eq!(given("www.a.org").as_deref(), Some("https://www.a.org"));
    }
}
