//! What a reader sees of a page or an email, and what must not be seen there.

/// Finds what must not be visible in a text: an undecoded entity, an invisible character, a TeX command.
pub fn blemish(text: &str) -> Option<String> {
    let invisible = |c: char| matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fb00}'..='\u{fb06}');
    if let Some(c) = text.chars().find(|c| invisible(*c)) {
        return Some(format!("U+{:04X}", u32::from(c)));
    }
    for (at, _) in text.match_indices('&') {
        let name: String = text[at + 1..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '#')
            .collect();
        if !name.is_empty() && text[at + 1 + name.len()..].starts_with(';') {
            return Some(format!("&{name};"));
        }
    }
    for (at, _) in text.match_indices('\\') {
        let name: String = text[at + 1..]
            .chars()
            .take_while(char::is_ascii_alphabetic)
            .collect();
        if name.len() > 1 {
            return Some(format!("\\{name}"));
        }
    }
    None
}

/// The text that a reader of a page sees, without formulas, scripts and the BibTeX entry.
pub fn visible(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let skipped = ["math", "script", "style", "pre", "svg"]
            .into_iter()
            .find(|name| {
                after.starts_with(*name) && !after[name.len()..].starts_with(|c: char| c.is_alphanumeric())
            });
        let end = skipped.map_or(">".to_owned(), |name| format!("</{name}>"));
        rest = after.split_once(&end).map_or("", |(_, rest)| rest);
    }
    text.push_str(rest);
    unescaped(&text)
}

/// Text from HTML, with entities as their characters.
pub fn unescaped(text: &str) -> String {
    html_escape::decode_html_entities(text).into_owned()
}
