//! A listing for people: its label, and the number of its papers.

use super::{
    limits::COUNTED_TO,
    model::Listing,
    order::{Sort, Window},
};
use crate::{
    Category, SearchQuery,
    text::{counted, grouped},
};

impl Listing {
    /// How many papers it has, for people. A narrowed listing is counted up to [`COUNTED_TO`], any other to the end.
    pub fn count_label(&self, total: u64) -> String {
        let narrowed = self.is_filtered()
            || self.edition.is_some()
            || (self.order() != Sort::Trending && self.span() != Window::All);
        if total == 0 {
            "no papers".to_owned()
        } else if narrowed && total > COUNTED_TO {
            format!("{}+ papers", grouped(COUNTED_TO))
        } else {
            counted(total, "paper", "papers")
        }
    }

    /// The listing for people: `Trending this week in cs.LG with code`.
    pub fn label(&self) -> String {
        let search = self.query.has_terms().then(|| format!("“{}”", self.query.text));
        self.label_with(search.as_deref())
    }

    /// The same without anything from the search box, for an email to an address whose owner may not have asked for it.
    pub fn label_without_search(&self) -> String {
        let order = self.order();
        let plain = self.with(|listing| {
            listing.query = SearchQuery::default();
            listing.sort = Some(order);
        });
        plain.label_with((!self.query.text.is_empty()).then_some("a search"))
    }

    fn label_with(&self, search: Option<&str>) -> String {
        let mut label = self.order_label().to_owned();
        if let Some(search) = search {
            label.push_str(&format!(" for {search}"));
        }
        let mut categories = self
            .categories
            .iter()
            .chain(&self.query.categories)
            .map(Category::as_str)
            .collect::<Vec<_>>();
        categories.dedup();
        if !categories.is_empty() {
            label.push_str(&format!(" in {}", categories.join(", ")));
        }
        let needs = self.needs_label();
        if !needs.is_empty() {
            label.push_str(&format!(" with {}", needs.join(" and ")));
        }
        if self.order() != Sort::Trending {
            match self.span().days() {
                None => {}
                Some(1) => label.push_str(", last 24 hours"),
                Some(days) => label.push_str(&format!(", last {days} days")),
            }
        }
        match (self.chosen_from(), self.chosen_to()) {
            (None, None) => {}
            (Some(from), None) => label.push_str(&format!(", since {from}")),
            (None, Some(to)) => label.push_str(&format!(", until {to}")),
            (Some(from), Some(to)) => label.push_str(&format!(", {from} to {to}")),
        }
        label
    }

    fn order_label(&self) -> &'static str {
        match (self.order(), self.span()) {
            (Sort::Trending, Window::Day) => "Trending today",
            (Sort::Trending, Window::Week) => "Trending this week",
            (Sort::Trending, _) => "Trending this month",
            (Sort::New, _) => "Newest first",
            (Sort::Top, _) => "Most upvoted",
            (Sort::Stars, _) => "Most starred",
            (Sort::Relevance, _) => "Results",
        }
    }

    /// What a paper must have: code, upvotes, stars.
    fn needs_label(&self) -> Vec<String> {
        let mut needs = Vec::new();
        if self.needs_code() {
            needs.push("code".to_owned());
        }
        for (least, one, many) in [
            (self.least_upvotes(), "upvote", "upvotes"),
            (self.least_stars(), "star", "stars"),
        ] {
            if least > 0 {
                needs.push(format!("at least {}", counted(least.into(), one, many)));
            }
        }
        needs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Listing {
        Listing::read(pairs.iter().copied()).listing
    }

    #[test]
    fn a_listing_has_a_label() {
        let label = |pairs: &[(&str, &str)]| read(pairs).label();
        assert_eq!(
            label(&[("category", "cs.LG"), ("has", "code")]),
            "Trending this week in cs.LG with code"
        );
        assert_eq!(label(&[("q", "sgd")]), "Results for “sgd”");
        assert_eq!(
            label(&[("sort", "top"), ("window", "month")]),
            "Most upvoted, last 30 days"
        );
        assert_eq!(
            label(&[
                ("q", "diffusion"),
                ("category", "cs.CV"),
                ("category", "cs.LG"),
                ("has", "code"),
                ("min_upvotes", "2"),
                ("from", "2026-06-01"),
                ("to", "2026-07-20")
            ]),
            "Results for “diffusion” in cs.CV, cs.LG with code and at least 2 upvotes, 2026-06-01 to 2026-07-20"
        );
    }

    #[test]
    fn a_narrowed_listing_is_counted_up_to_a_limit() {
        let label = |pairs: &[(&str, &str)], total| read(pairs).count_label(total);
        assert_eq!(label(&[], 104_268), "104,268 papers");
        assert_eq!(label(&[("sort", "new")], 104_268), "104,268 papers");
        assert_eq!(label(&[("category", "cs")], 1_304), "1,304 papers");
        assert_eq!(label(&[("category", "cs")], COUNTED_TO + 1), "10,000+ papers");
        assert_eq!(
            label(&[("sort", "new"), ("window", "year")], COUNTED_TO + 1),
            "10,000+ papers"
        );
        assert_eq!(label(&[("q", "sgd")], 0), "no papers");
    }
}
