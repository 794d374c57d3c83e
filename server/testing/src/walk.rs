//! A walk through a listing.

use std::collections::HashSet;

use domain::Listing;
use jiff::Timestamp;
use store::Store;

/// Follows `next` to the end and checks that each page fits the ones before it.
pub async fn walk(store: &Store, listing: &Listing, now: Timestamp) -> Vec<String> {
    let (mut names, mut after, mut total) = (Vec::new(), None, None);
    loop {
        let page = store.list(listing, after, None, now).await.expect("a page");
        assert_eq!(page.seen as usize, names.len(), "{}", listing.url());
        assert_eq!(page.notices, Vec::<String>::new(), "{}", listing.url());
        names.extend(page.cards.iter().map(|card| card.key.to_string()));
        total = total.or(Some(page.total));
        let Some(next) = page.next else { break };
        assert_eq!(
            page.cards.len(),
            domain::listing::PAGE_SIZE,
            "a page before another is full: {}",
            listing.url()
        );
        after = Some(listing.cursor(&next.to_string()).expect("its own cursor"));
        assert!(names.len() < 100_000, "{} does not end", listing.url());
    }
    let distinct: HashSet<&String> = names.iter().collect();
    assert_eq!(
        distinct.len(),
        names.len(),
        "a paper was listed twice in {}",
        listing.url()
    );
    assert_eq!(total, Some(names.len() as u64), "the total of {}", listing.url());
    names
}
