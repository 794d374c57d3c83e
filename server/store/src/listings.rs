//! Listings: a page of papers for any filter and order, by keyset, never by offset.
//!
//! Every order but relevance is a *head* of papers that have the key (heat, votes, stars), largest first, followed
//! by a *tail* of those that have not, newest first; `sort=new` is all tail. Head and tail each walk one index of
//! the slim `listings` rows; `indexed by` makes SQLite refuse a plan without it.

use std::{cmp::Ordering, collections::HashSet, sync::Arc};

use domain::{
    Cursor, ListStart, Listing, Newest, Page, Sort,
    listing::{COUNTED_TO, PAGE_SIZE},
    paper::PaperCard,
};
use jiff::Timestamp;
use sqlx::Row;

use super::{
    Ranked, Ranking, ReaderId, Result, Store, from_json,
    frozen::Frozen,
    full_text::Match,
    query::Query,
    rankings::KEPT_SECONDS,
    walks::{Filter, Hit, Walk, WordSets, count_query, matches_query, walk_query},
};

/// Authors named on a card.
pub const CARD_AUTHORS: usize = 3;
/// Results of a search whose order is remembered.
const MOST_FOUND: usize = 500;
/// Rows looked at for new papers.
const MOST_CAME: i64 = 20_000;
/// More new papers than this are “many”.
pub const NEWS_COUNTED_TO: i64 = 1_000;

impl Store {
    /// A page of a listing, after a cursor of this same listing.
    pub async fn list(
        &self,
        listing: &Listing,
        after: Option<Cursor>,
        reader: Option<ReaderId>,
        now: Timestamp,
    ) -> Result<Page> {
        self.list_of(listing, after, reader, now, PAGE_SIZE).await
    }

    /// The same with so many papers on the page.
    pub async fn list_of(
        &self,
        listing: &Listing,
        after: Option<Cursor>,
        reader: Option<ReaderId>,
        now: Timestamp,
        size: usize,
    ) -> Result<Page> {
        // A page is several questions. If something moved between them, it is asked for anew: else a paper that passes
        // from behind the page to before it would be on none.
        let mut tries = 3;
        loop {
            let before = self.newest().await?;
            let page = self.list_as_of(listing, after, reader, now, before, size).await?;
            tries -= 1;
            if tries == 0 || self.newest().await? == before {
                return Ok(page);
            }
        }
    }

    async fn list_as_of(
        &self,
        listing: &Listing,
        after: Option<Cursor>,
        reader: Option<ReaderId>,
        now: Timestamp,
        mut newest: Newest,
        size: usize,
    ) -> Result<Page> {
        let mut notices = Vec::new();
        let order = listing.order();
        let ranking = match order {
            Sort::Trending => {
                self.ranking_to_follow(listing, after, newest, &mut notices)
                    .await?
            }
            _ => None,
        };
        let begun = after.map_or(
            ListStart {
                at: now.as_second(),
                newest: newest.paper_id,
                // A ranking may have been read a moment ago: then the whole page is of that moment.
                moves: ranking.as_ref().map_or(newest.moves, |ranking| ranking.moves),
            },
            |cursor| cursor.begun,
        );
        let frozen = if begun.at < now.as_second() - KEPT_SECONDS {
            // What moved before that is no longer known.
            if order != Sort::Trending {
                notices.push(
                    "You began to read this list more than two days ago; it goes on in the order of today."
                        .to_owned(),
                );
            }
            None
        } else {
            let since = self.since(begun, newest).await?;
            if since.is_none() {
                notices.push("Very much has changed in the library since you began to read; a paper may come twice or not at all.".to_owned());
            }
            since
        };
        let frozen = frozen.as_ref();
        // A window ends when it ended for the first page.
        let then = Timestamp::from_second(begun.at.min(now.as_second())).unwrap_or(now);
        let filter = Filter::of(listing, if frozen.is_some() { then } else { now });
        let wanted = size + 1;
        let mut hits = match order {
            Sort::Relevance => {
                self.best_matches(&filter, listing.fingerprint(), begun, after, wanted)
                    .await?
            }
            Sort::New => {
                self.walk(&filter, Walk::Newest(None), after, wanted, frozen)
                    .await?
            }
            Sort::Top => {
                self.head_and_tail(&filter, "upvotes", after, wanted, frozen)
                    .await?
            }
            Sort::Stars => {
                self.head_and_tail(&filter, "stars", after, wanted, frozen)
                    .await?
            }
            Sort::Trending => {
                self.trending(&filter, ranking.as_deref(), after, wanted, frozen)
                    .await?
            }
        };
        let seen = after.map_or(0, |cursor| cursor.seen);
        let more = hits.len() > size;
        hits.truncate(size);
        let next = hits.last().filter(|_| more).map(|last| Cursor {
            listing: listing.fingerprint(),
            epoch: ranking.as_ref().map_or(0, |ranking| ranking.epoch),
            key: last.key,
            announced: last.announced,
            id: last.id,
            seen: seen.saturating_add(hits.len() as u32),
            begun,
        });
        let ids: Vec<i64> = hits.iter().map(|hit| hit.id).collect();
        if let Some(ranking) = &ranking {
            newest.epoch = ranking.epoch;
        }
        let cards = self.cards(&ids, reader, CARD_AUTHORS).await?;
        let cards = match &ranking {
            Some(ranking) => ranking.warm(cards),
            None => self.warmed(cards).await?,
        };
        Ok(Page {
            cards,
            next,
            seen,
            total: self.count(listing, &filter).await?,
            ranked_for: ranking.and_then(|ranking| Timestamp::from_second(ranking.ranked_for).ok()),
            notices,
            newest,
        })
    }

    /// What is newest now.
    pub async fn newest(&self) -> Result<Newest> {
        Ok(sqlx::query_as!(
            Newest,
            r#"select (select coalesce(max(id), 0) from papers) as "paper_id!: i64",
                      (select coalesce(max(epoch), 0) from rank_runs) as "epoch!: i64",
                      (select coalesce(max(id), 0) from moves) as "moves!: i64""#
        )
        .fetch_one(&self.readers)
        .await?)
    }

    /// How many papers of a listing have come since row `since`, and, where heat is the order, how many others have
    /// come onto the first page since rank run `epoch`. Counts to [`NEWS_COUNTED_TO`].
    pub async fn news_since(&self, listing: &Listing, since: i64, epoch: i64, now: Timestamp) -> Result<u64> {
        let filter = Filter::of(listing, now);
        // A page that has been open for so long has much new.
        let since = since.max(self.newest().await?.paper_id - MOST_CAME);
        let mut query = Query::default();
        query
            .push("select count(*) from (select 1 from papers p where p.removed_at is null")
            .int(" and p.id > ?", since)
            .append(&filter.of_paper())
            .int(" limit ?)", NEWS_COUNTED_TO);
        let row = query.prepare().fetch_one(&self.readers).await?;
        let came: i64 = row.try_get(0)?;
        let mut risen = 0;
        if listing.order() == Sort::Trending
            && let Some(then) = self.ranking(epoch, listing.span()).await?
            && let Some(today) = self.current_ranking(listing.span()).await?
            && today.epoch != then.epoch
        {
            let before = self.trending(&filter, Some(&then), None, PAGE_SIZE, None).await?;
            let after = self
                .trending(&filter, Some(&today), None, PAGE_SIZE, None)
                .await?;
            risen = after
                .iter()
                .filter(|hit| hit.id <= since && !before.iter().any(|known| known.id == hit.id))
                .count() as u64;
        }
        Ok(u64::try_from(came).unwrap_or(0) + risen)
    }

    /// How many papers a listing has, at most a minute old.
    pub async fn count_listing(&self, listing: &Listing, now: Timestamp) -> Result<u64> {
        self.count(listing, &Filter::of(listing, now)).await
    }

    /// The first papers of a listing, in as many pages as it takes.
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

    /// The last moment before `before` (Unix seconds) at which a paper was announced.
    pub async fn last_announced_before(&self, before: i64) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar!(
            r#"select announced as "announced!" from listings where scope = '' and announced < ? and announced > 0
               order by announced desc limit 1"#,
            before
        )
        .fetch_optional(&self.readers)
        .await?)
    }

    /// The first moment from `from` on (Unix seconds) at which a paper was announced.
    pub async fn first_announced_from(&self, from: i64) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar!(
            r#"select announced as "announced!" from listings where scope = '' and announced >= ? and announced > 0
               order by announced limit 1"#,
            from
        )
        .fetch_optional(&self.readers)
        .await?)
    }

    async fn ranking_to_follow(
        &self,
        listing: &Listing,
        after: Option<Cursor>,
        newest: Newest,
        notices: &mut Vec<String>,
    ) -> Result<Option<Arc<Ranking>>> {
        if let Some(cursor) = after {
            if cursor.epoch == 0 {
                // ListStart before the first rank run, by date; so it goes on.
                return Ok(None);
            }
            let known = self
                .ranking_as_of(cursor.epoch, listing.span(), cursor.begun.moves)
                .await?;
            if let Some(ranking) = known {
                return Ok(Some(ranking));
            }
            notices.push("The order has been renewed since you began to read; this page continues at the nearest place.".to_owned());
        }
        self.ranking_as_of(newest.epoch, listing.span(), newest.moves)
            .await
    }

    async fn trending(
        &self,
        filter: &Filter,
        ranking: Option<&Ranking>,
        after: Option<Cursor>,
        wanted: usize,
        frozen: Option<&Frozen>,
    ) -> Result<Vec<Hit>> {
        let Some(ranking) = ranking else {
            return self.walk(filter, Walk::Newest(None), after, wanted, frozen).await;
        };
        let as_it_was = frozen.and_then(|frozen| ranking.as_of(frozen));
        let ranking = as_it_was.as_ref().unwrap_or(ranking);
        let mut hits = Vec::with_capacity(wanted);
        if after.is_none_or(|cursor| cursor.key > 0.0) {
            let hit = |ranked: &Ranked| Hit {
                id: ranked.paper_id,
                announced: ranked.announced,
                key: ranked.heat.total(),
            };
            let start = after.map_or(0, |cursor| {
                let last = Hit {
                    id: cursor.id,
                    announced: cursor.announced,
                    key: cursor.key,
                };
                ranking
                    .entries
                    .partition_point(|ranked| hit(ranked).order(&last) != Ordering::Greater)
            });
            let words = self.matching(&filter.words).await?;
            hits.extend(
                ranking.entries[start..]
                    .iter()
                    .filter(|ranked| filter.passes(ranked) && words.pass(ranked.paper_id))
                    .map(hit)
                    .take(wanted),
            );
        }
        // The tail: everything quiet, newest first. Those of the head are passed over; but a paper of the ranking that
        // passes the filter only by what was learnt after the ranking was read was not in the head.
        let in_head = |id| ranking.get(id).is_some_and(|ranked| filter.passes(ranked));
        let mut from = after.filter(|cursor| cursor.key <= 0.0);
        let mut chunk = wanted * 2;
        while hits.len() < wanted {
            let walked = self.walk(filter, Walk::Newest(None), from, chunk, frozen).await?;
            let exhausted = walked.len() < chunk;
            if let Some(last) = walked.last() {
                from = Some(Cursor {
                    listing: 0,
                    epoch: 0,
                    key: 0.0,
                    announced: last.announced,
                    id: last.id,
                    seen: 0,
                    begun: ListStart::default(),
                });
            }
            let room = wanted - hits.len();
            hits.extend(walked.into_iter().filter(|hit| !in_head(hit.id)).take(room));
            if exhausted {
                break;
            }
            chunk = (chunk * 4).min(20_000);
        }
        Ok(hits)
    }

    async fn head_and_tail(
        &self,
        filter: &Filter,
        signal: &'static str,
        after: Option<Cursor>,
        wanted: usize,
        frozen: Option<&Frozen>,
    ) -> Result<Vec<Hit>> {
        let mut hits = Vec::new();
        if after.is_none_or(|cursor| cursor.key > 0.0) {
            hits = self
                .walk(filter, Walk::Largest(signal), after, wanted, frozen)
                .await?;
        }
        let tail_can_pass = if signal == "stars" {
            filter.min_stars == 0
        } else {
            filter.min_upvotes == 0
        };
        if hits.len() < wanted && tail_can_pass {
            let from = after.filter(|cursor| cursor.key <= 0.0);
            hits.extend(
                self.walk(
                    filter,
                    Walk::Newest(Some(signal)),
                    from,
                    wanted - hits.len(),
                    frozen,
                )
                .await?,
            );
        }
        Ok(hits)
    }

    /// Walks as the library was when the reader began: passes over what has moved or come since, and puts what has
    /// moved where it stood.
    async fn walk(
        &self,
        filter: &Filter,
        walk: Walk,
        after: Option<Cursor>,
        wanted: usize,
        frozen: Option<&Frozen>,
    ) -> Result<Vec<Hit>> {
        let Some(frozen) = frozen else {
            return self.walk_until(filter, walk, after, wanted, None).await;
        };
        let mut hits = Vec::with_capacity(wanted);
        let mut from = after;
        let mut chunk = wanted;
        while hits.len() < wanted {
            let walked = self
                .walk_until(filter, walk, from, chunk, Some(frozen.newest))
                .await?;
            let exhausted = walked.len() < chunk;
            if let Some(last) = walked.last() {
                from = Some(Cursor {
                    listing: 0,
                    epoch: 0,
                    key: last.key,
                    announced: last.announced,
                    id: last.id,
                    seen: 0,
                    begun: ListStart::default(),
                });
            }
            hits.extend(
                walked
                    .into_iter()
                    .filter(|hit| !frozen.moved.contains_key(&hit.id)),
            );
            if exhausted {
                break;
            }
            chunk = (chunk * 4).min(20_000);
        }
        let stood: Vec<Hit> = frozen
            .moved
            .iter()
            .filter_map(|(id, stood)| {
                let key = walk.key(stood)?;
                Some(Hit {
                    id: *id,
                    announced: stood.announced,
                    key,
                })
                .filter(|hit| filter.passed(stood) && after.is_none_or(|cursor| hit.is_after(&cursor)))
            })
            .collect();
        if !stood.is_empty() {
            let words = self.matching(&filter.words).await?;
            hits.extend(stood.into_iter().filter(|hit| words.pass(hit.id)));
            hits.sort_by(Hit::order);
        }
        hits.truncate(wanted);
        Ok(hits)
    }

    /// Walks one index for each scope and merges what they give.
    async fn walk_until(
        &self,
        filter: &Filter,
        walk: Walk,
        after: Option<Cursor>,
        wanted: usize,
        newest: Option<i64>,
    ) -> Result<Vec<Hit>> {
        let mut hits = Vec::new();
        for scope in &filter.scopes {
            let found: String = walk_query(filter, walk, scope, after, wanted, newest)
                .prepare()
                .fetch_one(&self.readers)
                .await?
                .try_get(0)?;
            let found: Vec<(i64, i64, i64)> = from_json(&found)?;
            hits.extend(found.into_iter().map(|(id, announced, key)| Hit {
                id,
                announced,
                key: key as f64,
            }));
        }
        if filter.scopes.len() > 1 {
            hits.sort_by(Hit::order);
            hits.dedup_by_key(|hit| hit.id);
        }
        hits.truncate(wanted);
        Ok(hits)
    }

    /// The best matches. bm25 changes with every paper that is stored, so the first page remembers the order for those
    /// that follow; from there on, and after a restart, it goes on by score.
    async fn best_matches(
        &self,
        filter: &Filter,
        listing: u64,
        begun: ListStart,
        after: Option<Cursor>,
        wanted: usize,
    ) -> Result<Vec<Hit>> {
        if let Some(cursor) = after {
            let seen = cursor.seen as usize;
            if let Some(found) = self.searches.get(listing, begun)
                && seen < found.len()
            {
                let page: Vec<Hit> = found.iter().skip(seen).take(wanted).copied().collect();
                if page.len() == wanted || found.len() < MOST_FOUND {
                    return Ok(page);
                }
            }
            return self.found(filter, after, wanted).await;
        }
        let mut found = self.found(filter, None, MOST_FOUND).await?;
        if found.len() >= wanted {
            self.searches.put(listing, begun, found.clone());
        }
        found.truncate(wanted);
        Ok(found)
    }

    async fn found(&self, filter: &Filter, after: Option<Cursor>, wanted: usize) -> Result<Vec<Hit>> {
        // One row instead of hundreds: each costs a hop between threads.
        let mut query = Query::default();
        query
            .push("select json_group_array(json_array(id, score)) from (")
            .append(&matches_query(filter, after, wanted))
            .push(")");
        let found: String = query.prepare().fetch_one(&self.readers).await?.try_get(0)?;
        let found: Vec<(i64, f64)> = from_json(&found)?;
        Ok(found
            .into_iter()
            .map(|(id, key)| Hit {
                id,
                announced: 0,
                key,
            })
            .collect())
    }

    /// The papers that hold, and that must not hold, the words of a search.
    async fn matching(&self, words: &Match) -> Result<WordSets> {
        let mut sets = WordSets::default();
        for (question, set) in [
            (&words.wanted, &mut sets.wanted),
            (&words.unwanted, &mut sets.unwanted),
        ] {
            let Some(question) = question else { continue };
            let ids = sqlx::query_scalar!(
                r#"select json_group_array(rowid) as "ids!: String" from papers_fts where papers_fts match ?"#,
                question
            )
            .fetch_one(&self.readers)
            .await?;
            let ids: HashSet<i64> = from_json(&ids)?;
            *set = Some(ids);
        }
        Ok(sets)
    }

    async fn count(&self, listing: &Listing, filter: &Filter) -> Result<u64> {
        // The order does not change the number, except that heat has no window. Asked by its words: a window moves
        // with every second, and its number would never be remembered.
        let heat = if listing.order() == Sort::Trending {
            "heat "
        } else {
            ""
        };
        let question = format!("{heat}{}", listing.with(|listing| listing.sort = None).url());
        if let Some(count) = self.counts.get(&question) {
            return Ok(count);
        }
        let count: i64 = count_query(filter)
            .prepare()
            .fetch_one(&self.readers)
            .await?
            .try_get(0)?;
        let everything = filter.is_everything() && filter.words == Match::default();
        let count = u64::try_from(count).unwrap_or(0);
        let count = if everything {
            count
        } else {
            count.min(COUNTED_TO + 1)
        };
        tracing::debug!(listing = %listing.url(), count, "counted");
        self.counts.put(question, count);
        Ok(count)
    }

    /// The plans of every query a listing can ask, for the test that none goes without an index.
    #[doc(hidden)]
    pub async fn plans(&self, listing: &Listing, now: Timestamp) -> Result<Vec<String>> {
        let filter = Filter::of(listing, now);
        let after = Some(Cursor {
            listing: 0,
            epoch: 0,
            key: 1.0,
            announced: 1,
            id: 1,
            seen: 0,
            begun: ListStart::default(),
        });
        let mut queries = vec![count_query(&filter)];
        for scope in &filter.scopes {
            let walks = match listing.order() {
                Sort::Top => vec![Walk::Largest("upvotes"), Walk::Newest(Some("upvotes"))],
                Sort::Stars => vec![Walk::Largest("stars"), Walk::Newest(Some("stars"))],
                Sort::Relevance => vec![],
                _ => vec![Walk::Newest(None)],
            };
            for walk in walks {
                queries.push(walk_query(&filter, walk, scope, None, 26, None));
                queries.push(walk_query(&filter, walk, scope, after, 26, Some(1)));
            }
        }
        if listing.order() == Sort::Relevance {
            queries.push(matches_query(&filter, None, 26));
            queries.push(matches_query(&filter, after, 26));
        }
        let mut plans = Vec::new();
        for asked in queries {
            let mut query = Query::default();
            query.push("explain query plan ").append(&asked);
            let sql = query.sql().to_owned();
            let rows = query.prepare().fetch_all(&self.readers).await?;
            let steps: Vec<String> = rows
                .iter()
                .map(|row| row.try_get::<String, _>(3))
                .collect::<Result<_, _>>()?;
            plans.push(format!("{sql}\n  {}", steps.join("\n  ")));
        }
        Ok(plans)
    }
}
