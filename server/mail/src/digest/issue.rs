//! Issues: the papers of a search on one day.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::{Listing, ListingQuery, SavedSearch, Sort, paper::PaperCard};
use jiff::{Timestamp, ToSpan, civil::Date};
use store::{Chosen, Issue, Result};

use crate::{compose, schedule, service::MailService};

/// A paper with less heat than this is not news. A paper without votes falls below it two days after it came out.
const MIN_HEAT: f64 = domain::ranking::NOTABLE_HEAT;
/// Papers of an issue that may be news. More than one email holds, for subscribers who were sent the first ones
/// earlier.
const MAX_NEWS: usize = 60;
/// Papers of an issue for a new subscriber: as many as the largest email holds.
const MAX_FIRST: usize = 20;
/// An issue of a listing by date or relevance holds the papers that were announced within this many days: one more than
/// the week that a first or a weekly email covers, because an issue is composed hours after arXiv's announcement.
const NEWS_DAYS: i64 = 8;

/// The issues of one run. Each is composed or read once.
pub(super) type IssueCache = HashMap<(i64, Date), Option<Arc<Issue>>>;

impl MailService {
    /// The papers of an issue, and whether each is news: first those of a full first page, then other news.
    ///
    /// What is news depends on the order of the listing. By heat: papers with at least [`MIN_HEAT`]. By upvotes or
    /// stars: the first papers. A listing by date or relevance holds only news, the newest first: papers announced in the
    /// last [`NEWS_DAYS`] days.
    async fn contents(
        &self,
        view: &ListingQuery,
        day: Date,
        now: Timestamp,
    ) -> Result<Vec<(PaperCard, bool)>> {
        let listing = view.listing();
        let (mut first, news) = if listing.order().sends_only_news() {
            let since = day.checked_sub(NEWS_DAYS.days()).unwrap_or(day);
            let recent: Listing = listing.with(|listing| {
                listing.from = listing.from.max(Some(since));
                listing.sort = Some(Sort::New);
            });
            let news = self.store.first_of(&recent, MAX_NEWS, now).await?;
            (Vec::new(), news)
        } else if listing.order() == Sort::Trending {
            let first = self.store.first_of(listing, MAX_NEWS, now).await?;
            let is_hot = |card: &&PaperCard| {
                let heat = card.heat.as_ref();
                heat.is_some_and(|report| report.heat.total() >= MIN_HEAT)
            };
            let news = first.iter().filter(is_hot).cloned().collect();
            (first, news)
        } else {
            let first = self.store.first_of(listing, MAX_FIRST, now).await?;
            (first.clone(), first)
        };
        first.truncate(MAX_FIRST);
        let news_ids: HashSet<i64> = news.iter().map(|card| card.id).collect();
        let first_ids: HashSet<i64> = first.iter().map(|card| card.id).collect();
        let rest = news.into_iter().filter(|card| !first_ids.contains(&card.id));
        let cards: Vec<PaperCard> = first.into_iter().chain(rest).collect();
        // Every paper needs its heat, whatever the order: the reason why it is here may name it.
        let cards = self.store.with_heat(cards).await?;
        Ok(cards
            .into_iter()
            .map(|card| {
                let news = news_ids.contains(&card.id);
                (card, news)
            })
            .collect())
    }

    /// The issue of a search at `now`. If it is not frozen yet, a draft whose row id is 0.
    pub(super) async fn issue_or_draft(
        &self,
        view_id: i64,
        view: &ListingQuery,
        now: Timestamp,
    ) -> Result<Issue> {
        let day = schedule::issue_day(now);
        if let Some(issue) = self.store.issue(view_id, day).await? {
            return Ok(issue);
        }
        let papers = self
            .contents(view, day, now)
            .await?
            .into_iter()
            .map(|(card, is_news)| Chosen {
                paper_id: card.id,
                is_news,
                why: compose::why(&card),
            })
            .collect();
        Ok(Issue {
            id: 0,
            view_id,
            day,
            composed_at: now,
            papers,
        })
    }

    /// The issue of a search at `now`, which is frozen if it was not. `None` if it has no papers.
    pub(super) async fn frozen_issue(
        &self,
        search: &SavedSearch,
        now: Timestamp,
        issue_cache: &mut IssueCache,
    ) -> Result<Option<Arc<Issue>>> {
        let key = (search.view_id, schedule::issue_day(now));
        if let Some(issue) = issue_cache.get(&key) {
            return Ok(issue.clone());
        }
        let draft = self.issue_or_draft(search.view_id, &search.view, now).await?;
        let issue = match draft {
            draft if draft.id != 0 => Some(draft),
            draft if draft.papers.is_empty() => None,
            draft => {
                self.store
                    .freeze_issue(draft.view_id, draft.day, &draft.papers, now)
                    .await?
            }
        };
        let issue = issue.map(Arc::new);
        issue_cache.insert(key, issue.clone());
        Ok(issue)
    }

    /// The cards that the first email to a new subscriber would hold: from the issue of today, or from a draft of it.
    pub async fn next_papers(
        &self,
        search: &ListingQuery,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<PaperCard>> {
        let known = match self.store.known_search(search).await? {
            Some((id, _)) => self.store.issue(id, schedule::issue_day(now)).await?,
            None => None,
        };
        match known {
            Some(issue) => {
                let ids: Vec<i64> = issue
                    .papers
                    .iter()
                    .take(limit)
                    .map(|paper| paper.paper_id)
                    .collect();
                self.store.cards(&ids, None, store::CARD_AUTHORS).await
            }
            None => {
                let draft = self.contents(search, schedule::issue_day(now), now).await?;
                Ok(draft.into_iter().take(limit).map(|(card, _)| card).collect())
            }
        }
    }

    /// The issue of a search on a day: its cards in order, each with the reason that it had then. `None` if there is
    /// no issue.
    pub async fn issue_papers(&self, search: i64, day: Date) -> Result<Option<Vec<(PaperCard, String)>>> {
        let Some(issue) = self.store.issue(search, day).await? else {
            return Ok(None);
        };
        let ids: Vec<i64> = issue.papers.iter().map(|paper| paper.paper_id).collect();
        let mut cards = self.store.cards(&ids, None, store::CARD_AUTHORS).await?;
        Ok(Some(
            issue
                .papers
                .into_iter()
                .filter_map(|paper| {
                    let at = cards.iter().position(|card| card.id == paper.paper_id)?;
                    Some((cards.swap_remove(at), paper.why))
                })
                .collect(),
        ))
    }
}
