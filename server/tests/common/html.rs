//! Reads HTML as far as these tests need.

/// The value that follows `before`, up to its closing quote.
#[track_caller]
pub fn attribute(html: &str, before: &str) -> String {
    html.split_once(before)
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(value, _)| value.to_owned())
        .unwrap_or_else(|| panic!("no {before} in\n{html}"))
}

/// The text between `<` and `>` of every tag. Quoted values may hold either character.
pub fn tags(html: &str) -> Vec<&str> {
    let (mut tags, mut from, mut quoted) = (Vec::new(), None, false);
    for (at, c) in html.char_indices() {
        match (c, from) {
            ('<', None) => from = Some(at + 1),
            ('"', Some(_)) => quoted = !quoted,
            ('>', Some(begin)) if !quoted => {
                tags.push(&html[begin..at]);
                from = None;
            }
            _ => {}
        }
    }
    tags
}

/// The names of the attributes of a tag, in lower case.
pub fn attribute_names(tag: &str) -> Vec<String> {
    let mut outside = String::new();
    for (index, part) in tag.split('"').enumerate() {
        if index % 2 == 0 {
            outside.push_str(part);
        }
    }
    outside
        .split_whitespace()
        .skip(1)
        .filter_map(|attribute| attribute.split('=').next())
        .map(str::to_ascii_lowercase)
        .collect()
}
