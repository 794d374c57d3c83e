//! Translates a search into the query language of the full-text index.

use domain::search::{Place, SearchQuery, Term};

/// Expressions for `papers_fts`. They are separate, because FTS5 has no query of exclusions alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Match {
    /// Papers must match this; `None` without such words.
    pub wanted: Option<String>,
    /// Papers must not match this.
    pub unwanted: Option<String>,
}

/// Writes the terms of a search in the language of FTS5 (<https://www.sqlite.org/fts5.html#full_text_query_syntax>).
/// Every word is a quoted string, so that a typed word cannot be an operator.
pub(super) fn fts_match(query: &SearchQuery) -> Match {
    let side = |excluded: bool, joiner: &str| {
        let parts: Vec<String> = query
            .terms
            .iter()
            .filter(|term| term.excluded == excluded)
            .map(term_match)
            .collect();
        (!parts.is_empty()).then(|| parts.join(joiner))
    };
    Match {
        wanted: side(false, " AND "),
        unwanted: side(true, " OR "),
    }
}

fn term_match(term: &Term) -> String {
    let quoted = format!("\"{}\"", term.text.replace('"', "\"\""));
    match term.place {
        Place::Anywhere => quoted,
        Place::Title => format!("{{title}} : {quoted}"),
        Place::Authors => format!("{{authors}} : {quoted}"),
        Place::Abstract => format!("{{abstract}} : {quoted}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_words_become_strings_and_never_operators() {
        let found = fts_match(&SearchQuery::parse(r#"NEAR( a* "x y" -z au:Hinder -ti:w"#));
        assert_eq!(
            found.wanted.as_deref(),
            Some(r#""NEAR(" AND "a*" AND "x y" AND {authors} : "Hinder""#)
        );
        assert_eq!(found.unwanted.as_deref(), Some(r#""z" OR {title} : "w""#));
    }
}
