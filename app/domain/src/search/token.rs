//! One token of a search: a word or a phrase, with its field and its minus.

/// One token.
pub(super) struct Token<'a> {
    /// Whether it began with a minus.
    pub excluded: bool,
    /// The field before the colon, in small letters.
    pub field: Option<String>,
    /// What follows the field, or the whole token if there is no field.
    pub value: &'a str,
    /// Whether its value stood in quotation marks.
    pub is_quoted: bool,
    /// The token without its minus, but with its field.
    pub whole: &'a str,
}

impl<'a> Token<'a> {
    /// Takes one token off the front of `rest`.
    pub fn take(rest: &mut &'a str) -> Option<Self> {
        let text = rest.trim_start();
        let first = text.chars().next()?;
        let excluded = first == '-' && text[1..].chars().next().is_some_and(|c| !c.is_whitespace());
        let body = if excluded { &text[1..] } else { text };
        let field_len = body.bytes().take_while(u8::is_ascii_alphabetic).count();
        let field = (field_len > 0 && body[field_len..].starts_with(':') && is_field(&body[..field_len]))
            .then(|| body[..field_len].to_ascii_lowercase());
        let value_at = if field.is_some() { field_len + 1 } else { 0 };
        let after_field = &body[value_at..];
        let is_quoted = after_field.starts_with(is_quote);
        let (value, value_end) = match after_field.chars().next().filter(|c| is_quote(*c)) {
            Some(quote) => {
                let inner = &after_field[quote.len_utf8()..];
                // A phrase without a closing quote ends at the end of the search.
                match inner.char_indices().find(|(_, c)| is_quote(*c)) {
                    Some((at, close)) => (&inner[..at], quote.len_utf8() + at + close.len_utf8()),
                    None => (inner, after_field.len()),
                }
            }
            None => {
                let end = after_field.find(char::is_whitespace).unwrap_or(after_field.len());
                (&after_field[..end], end)
            }
        };
        let whole = &body[..value_at + value_end];
        *rest = &body[value_at + value_end..];
        Some(Self {
            excluded,
            field,
            value,
            is_quoted,
            whole,
        })
    }

    /// Its value as a minimum: `>100` is 101, `>=100` and `100` are 100.
    pub fn least_count(&self) -> Option<u32> {
        let (digits, more) = match self.value.strip_prefix(">=") {
            Some(digits) => (digits, 0),
            None => match self.value.strip_prefix('>') {
                Some(digits) => (digits, 1),
                None => (self.value, 0),
            },
        };
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        // A number that does not fit into a u32 is more than any paper has.
        Some(digits.parse::<u32>().unwrap_or(u32::MAX).saturating_add(more))
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”')
}

fn is_field(word: &str) -> bool {
    const FIELDS: [&str; 13] = [
        "cat", "category", "has", "stars", "upvotes", "from", "to", "au", "author", "ti", "title", "abs",
        "abstract",
    ];
    FIELDS.iter().any(|field| word.eq_ignore_ascii_case(field))
}
