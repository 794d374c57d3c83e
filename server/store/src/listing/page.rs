//! One page of a listing.

use std::sync::Arc;

use domain::{
    Cursor, ListStart, Listing, Newest, Page, Sort,
    listing::PAGE_SIZE,
    paper::{PaperCard, Signal},
};
use jiff::Timestamp;

use super::{
    as_of::AsOf,
    filter::{Filter, Walk},
    place::Place,
};
use crate::{error::Result, rankings::Ranking, readers::ReaderId, store::Store};

/// Authors named on a card.
pub const CARD_AUTHORS: usize = 3;

/// Which page is wanted.
#[derive(Debug, Clone, Copy)]
struct Request<'a> {
    listing: &'a Listing,
    after: Option<Cursor>,
    reader: Option<ReaderId>,
    now: Timestamp,
    size: usize,
}

/// The order in which a page walks through the library.
struct Order {
    filter: Filter,
    ranking: Option<Arc<Ranking>>,
    start: ListStart,
    as_of: Option<AsOf>,
}

impl Store {
    /// A page of a listing, after a cursor of the same listing.
    pub async fn list(
        &self,
        listing: &Listing,
        after: Option<Cursor>,
        reader: Option<ReaderId>,
        now: Timestamp,
    ) -> Result<Page> {
        self.list_of(listing, after, reader, now, PAGE_SIZE).await
    }

    /// A page of a listing with `size` papers.
    pub async fn list_of(
        &self,
        listing: &Listing,
        after: Option<Cursor>,
        reader: Option<ReaderId>,
        now: Timestamp,
        size: usize,
    ) -> Result<Page> {
        let request = Request {
            listing,
            after,
            reader,
            now,
            size,
        };
        // A page needs several queries. If a paper moved from behind the page to before it in between, the page would
        // miss it; so the page is read again.
        let mut tries = 3;
        loop {
            let before = self.newest().await?;
            let page = self.read_page(&request, before).await?;
            tries -= 1;
            if tries == 0 || self.newest().await? == before {
                return Ok(page);
            }
        }
    }

    /// The first `count` papers of a listing.
    pub async fn first_of(&self, listing: &Listing, count: usize, now: Timestamp) -> Result<Vec<PaperCard>> {
        let (mut cards, mut after) = (Vec::new(), None);
        loop {
            let page = self.list(listing, after, None, now).await?;
            cards.extend(page.cards);
            after = page.next;
            if cards.len() >= count || after.is_none() {
                cards.truncate(count);
                return Ok(cards);
            }
        }
    }

    async fn read_page(&self, request: &Request<'_>, mut newest: Newest) -> Result<Page> {
        let Request {
            listing, after, size, ..
        } = *request;
        let mut notices = Vec::new();
        let order = self.order(request, newest, &mut notices).await?;
        let mut places = self.places(request, &order, size + 1).await?;
        let seen = after.map_or(0, |cursor| cursor.seen);
        let has_more = places.len() > size;
        places.truncate(size);
        let ranking = order.ranking.as_deref();
        if let Some(ranking) = ranking {
            newest.epoch = ranking.epoch;
        }
        let next = places.last().filter(|_| has_more).map(|last| Cursor {
            listing: listing.fingerprint(),
            epoch: ranking.map_or(0, |ranking| ranking.epoch),
            key: last.key,
            announced: last.announced,
            id: last.id,
            seen: seen.saturating_add(places.len() as u32),
            begun: order.start,
        });
        Ok(Page {
            cards: self.cards_at(&places, request.reader, ranking).await?,
            next,
            seen,
            total: self.count(listing, &order.filter).await?,
            ranked_for: ranking.and_then(|ranking| Timestamp::from_second(ranking.ranked_for).ok()),
            notices,
            newest,
        })
    }

    async fn order(&self, request: &Request<'_>, newest: Newest, notices: &mut Vec<String>) -> Result<Order> {
        let Request {
            listing, after, now, ..
        } = *request;
        let ranking = match listing.order() {
            Sort::Trending => self.ranking_to_follow(listing, after, newest, notices).await?,
            _ => None,
        };
        let start = after.map_or(
            ListStart {
                at: now.as_second(),
                newest: newest.paper_id,
                // A ranking may have been read a moment ago: then the whole page is of that moment.
                moves: ranking.as_ref().map_or(newest.moves, |ranking| ranking.moves),
            },
            |cursor| cursor.begun,
        );
        let as_of = self.as_of(start, listing.order(), now, newest, notices).await?;
        // The time window of a listing ends where it ended for the first page.
        let first_page = Timestamp::from_second(start.at.min(now.as_second())).unwrap_or(now);
        let filter = Filter::of(listing, if as_of.is_some() { first_page } else { now });
        Ok(Order {
            filter,
            ranking,
            start,
            as_of,
        })
    }

    async fn places(&self, request: &Request<'_>, order: &Order, wanted: usize) -> Result<Vec<Place>> {
        let Order { filter, as_of, .. } = order;
        let (cursor, as_of) = (request.after, as_of.as_ref());
        let after = cursor.as_ref().map(Place::of);
        match request.listing.order() {
            Sort::Relevance => {
                self.best_matches(filter, request.listing.fingerprint(), order.start, cursor, wanted)
                    .await
            }
            Sort::New => self.walk(filter, Walk::Newest(None), after, wanted, as_of).await,
            Sort::Top => {
                self.head_and_tail(filter, Signal::Upvotes, after, wanted, as_of)
                    .await
            }
            Sort::Stars => {
                self.head_and_tail(filter, Signal::Stars, after, wanted, as_of)
                    .await
            }
            Sort::Trending => {
                self.trending(filter, order.ranking.as_deref(), after, wanted, as_of)
                    .await
            }
        }
    }

    async fn cards_at(
        &self,
        places: &[Place],
        reader: Option<ReaderId>,
        ranking: Option<&Ranking>,
    ) -> Result<Vec<PaperCard>> {
        let ids: Vec<i64> = places.iter().map(|place| place.id).collect();
        let cards = self.cards(&ids, reader, CARD_AUTHORS).await?;
        match ranking {
            Some(ranking) => Ok(ranking.with_heat(cards)),
            None => self.with_heat(cards).await,
        }
    }
}
