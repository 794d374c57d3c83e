//! Translates a search into the query language of the full-text index.

use domain::{
    name::NamePattern,
    search::{Place, SearchQuery, Term},
};

use super::query::Query;

/// Expressions for `papers_fts`, and author names. Included and excluded ones are separate, because an FTS5 query cannot
/// consist of exclusions alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Match {
    /// Papers must match this; `None` without such words.
    pub wanted: Option<String>,
    /// Papers must not match this.
    pub unwanted: Option<String>,
    /// Papers must have an author with each of these names.
    pub names: Vec<NamePattern>,
    /// Papers must have no author with one of these names.
    pub unwanted_names: Vec<NamePattern>,
}

/// Writes the terms of a search in the language of FTS5 (<https://www.sqlite.org/fts5.html#full_text_query_syntax>).
/// Every word is a quoted string, so that a typed word cannot be an operator.
///
/// The index joins the authors of a paper, so a phrase may match the end of one name and the beginning of the next. The words
/// of a name therefore only find candidates; [`has_author`] compares the names.
pub(super) fn fts_match(query: &SearchQuery) -> Match {
    let side = |excluded: bool, joiner: &str| {
        let parts: Vec<String> = query
            .terms
            .iter()
            // A candidate that turns out to be another author must not be excluded.
            .filter(|term| term.excluded == excluded && !(excluded && term.name.is_some()))
            .map(term_match)
            .collect();
        (!parts.is_empty()).then(|| parts.join(joiner))
    };
    let names = |excluded: bool| {
        query
            .terms
            .iter()
            .filter(|term| term.excluded == excluded)
            .filter_map(|term| term.name.clone())
            .collect()
    };
    Match {
        wanted: side(false, " AND "),
        unwanted: side(true, " OR "),
        names: names(false),
        unwanted_names: names(true),
    }
}

fn term_match(term: &Term) -> String {
    match (&term.name, term.place) {
        (Some(name), _) => name_match(name),
        (None, Place::Anywhere) => quoted(&term.text),
        (None, Place::Title) => format!("{{title}} : {}", quoted(&term.text)),
        (None, Place::Authors) => format!("{{authors}} : {}", quoted(&term.text)),
        (None, Place::Abstract) => format!("{{abstract}} : {}", quoted(&term.text)),
    }
}

/// The words that the author list of every paper by a matching author contains.
pub(super) fn name_match(name: &NamePattern) -> String {
    let words: Vec<String> = name
        .words
        .iter()
        .map(|words| format!("{{authors}} : {}", quoted(words)))
        .collect();
    words.join(" AND ")
}

fn quoted(words: &str) -> String {
    format!("\"{}\"", words.replace('"', "\"\""))
}

impl Match {
    /// Adds the conditions on the authors of the paper with the row id `id`.
    pub(super) fn name_conditions(&self, query: &mut Query, id: &str) {
        for name in &self.names {
            query.push(" and ");
            has_author(query, name, id);
        }
        for name in &self.unwanted_names {
            query.text(
                &format!(" and not ({id} in (select rowid from papers_fts where papers_fts match ?) and "),
                &name_match(name),
            );
            has_author(query, name, id);
            query.push(")");
        }
    }
}

/// Adds the condition that a paper has an author with this name. While names have no sort
/// key yet, after an upgrade, the words alone decide.
pub(super) fn has_author(query: &mut Query, name: &NamePattern, id: &str) {
    query.push(&format!(
        "exists (select 1 from paper_authors a where a.paper_id = {id} and (a.sort_key is null"
    ));
    for exact in &name.exact {
        query.text(" or a.sort_key = ?", exact);
    }
    for prefix in &name.prefixes {
        query
            .text(" or substr(a.sort_key, 1, length(?", prefix)
            .text(")) = ?", prefix);
    }
    query.push("))");
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

    #[test]
    fn the_words_of_a_name_find_candidates_and_never_exclude_any() {
        let found = fts_match(&SearchQuery::parse(r#"au:"Lovelace, Ada" -au:"Wei Wang""#));
        assert_eq!(
            found.wanted.as_deref(),
            Some(r#"{authors} : "Lovelace" AND {authors} : "Ada""#)
        );
        assert_eq!(found.unwanted, None);
        assert_eq!((found.names.len(), found.unwanted_names.len()), (1, 1));
    }
}
