//! The plain form of a text.

/// The plain form of a title or an abstract: without TeX, entities, tags and invisible characters, on one line. It is stored
/// beside the source text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum PlainText {
    /// It is not computed yet.
    #[default]
    Missing,
    /// The source text is already plain.
    Same,
    /// It differs from the source text.
    Own(String),
}

impl PlainText {
    /// The plain form `plain` of `source`.
    pub fn new(source: &str, plain: String) -> Self {
        if plain == source {
            Self::Same
        } else if plain.is_empty() {
            // The empty text in its column stands for the source text.
            Self::Own(" ".to_owned())
        } else {
            Self::Own(plain)
        }
    }

    /// Reads its column: null if it is missing, empty if it equals the source text.
    pub fn from_column(column: Option<String>) -> Self {
        match column {
            None => Self::Missing,
            Some(text) if text.is_empty() => Self::Same,
            Some(text) => Self::Own(text),
        }
    }

    /// The value for its column.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Missing => None,
            Self::Same => Some(""),
            Self::Own(text) => Some(text),
        }
    }

    /// The plain form, given the source text; `None` if it is not computed yet.
    pub fn of<'a>(&'a self, source: &'a str) -> Option<&'a str> {
        match self {
            Self::Missing => None,
            Self::Same => Some(source),
            Self::Own(text) => Some(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_already_plain_is_not_stored_twice() {
        let same = PlainText::new("A title", "A title".to_owned());
        assert_eq!((same.column(), same.of("A title")), (Some(""), Some("A title")));
        let own = PlainText::new("$x^2$", "x²".to_owned());
        assert_eq!((own.column(), own.of("$x^2$")), (Some("x²"), Some("x²")));
        let blank = PlainText::new("\u{200b}", String::new());
        assert_eq!(blank.of("\u{200b}"), Some(" "));
        for text in [same, own, blank, PlainText::Missing] {
            assert_eq!(PlainText::from_column(text.column().map(str::to_owned)), text);
        }
    }
}
