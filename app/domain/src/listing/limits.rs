//! Sizes and limits of listings.

/// Papers on one page of a listing.
pub const PAGE_SIZE: usize = 25;
/// Papers on the first page of a listing, which shows their abstracts. The page is small because a first visit waits
/// for it; the
/// next papers load while the reader reads these.
pub const FIRST_PAGE: usize = 5;
/// The papers of a narrowed listing are counted up to this number. Counting further would cost more than the page.
pub const COUNTED_TO: u64 = 10_000;
/// Most categories of one listing. Each category costs one walk through an index.
pub const MOST_CATEGORIES: usize = 16;
