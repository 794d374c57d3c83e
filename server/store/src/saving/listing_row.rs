//! Rows of `listings`: under which scopes a paper is listed.

use serde::Serialize;

/// A row of `listings`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct ListingRow {
    /// "" for all papers, an archive or a category.
    pub scope: String,
    pub announced: i64,
    pub paper_id: i64,
    pub upvotes: i64,
    pub stars: i64,
    pub has_code: i64,
}

/// The rows of a paper, with their keys only: enough to delete them.
pub(super) fn listing_keys(paper_id: i64, announced: i64, categories: &str) -> Vec<ListingRow> {
    scopes(categories)
        .into_iter()
        .map(|scope| ListingRow {
            scope: scope.to_owned(),
            announced,
            paper_id,
            upvotes: 0,
            stars: 0,
            has_code: 0,
        })
        .collect()
}

/// The scopes of a paper with these categories, which spaces separate: all papers, archives, categories.
pub(crate) fn scopes(categories: &str) -> Vec<&str> {
    let mut scopes = vec![""];
    for category in categories.split(' ').filter(|category| !category.is_empty()) {
        let archive = category.split('.').next().unwrap_or(category);
        for scope in [archive, category] {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
    }
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_everything_then_archives_and_categories_once() {
        assert_eq!(
            scopes("cs.LG cs.CL hep-th"),
            ["", "cs", "cs.LG", "cs.CL", "hep-th"]
        );
    }
}
