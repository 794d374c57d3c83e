//! The line over a list that says what was found.

use domain::{Listing, Sort, Window, listing::COUNTED_TO, text::grouped};

/// `Trending this week`, `104,268 papers, newest first`, `26 results`, `4 results for “diffusion”`. The chips and tabs
/// show the filters and the period, so the line does not repeat them.
pub(super) fn result_label(listing: &Listing, total: u64) -> String {
    if listing.is_filtered() {
        let results = match total {
            0 => "No results".to_owned(),
            1 => "1 result".to_owned(),
            total if total > COUNTED_TO => format!("{}+ results", grouped(COUNTED_TO)),
            total => format!("{} results", grouped(total)),
        };
        return if listing.query.text.is_empty() {
            results
        } else {
            format!("{results} for “{}”", listing.query.text)
        };
    }
    let order = match (listing.order(), listing.span()) {
        (Sort::Trending, Window::Day) => return "Trending today".to_owned(),
        (Sort::Trending, Window::Week) => return "Trending this week".to_owned(),
        (Sort::Trending, _) => return "Trending this month".to_owned(),
        (Sort::New, _) => "newest first",
        (Sort::Top, _) => "most upvoted first",
        (Sort::Stars, _) => "most starred first",
        (Sort::Relevance, _) => "best match first",
    };
    format!("{}, {order}", capitalised(&listing.count_label(total)))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(query: &[(&str, &str)], total: u64) -> String {
        result_label(&Listing::read(query.iter().copied()).listing, total)
    }

    #[test]
    fn a_filtered_list_tells_how_many_results_it_has() {
        assert_eq!(label(&[("category", "cs.LG")], 26), "26 results");
        assert_eq!(label(&[("q", "x")], 0), "No results for “x”");
        assert_eq!(label(&[("q", "x"), ("has", "code")], 1), "1 result for “x”");
        assert_eq!(label(&[("has", "code")], COUNTED_TO + 1), "10,000+ results");
    }

    #[test]
    fn a_whole_list_tells_its_order() {
        assert_eq!(label(&[], 119), "Trending this week");
        assert_eq!(label(&[("sort", "new")], 104_268), "104,268 papers, newest first");
        assert_eq!(label(&[("sort", "stars")], 1), "1 paper, most starred first");
    }
}
