//! What a view has on a day, and who gets what of it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::{Listing, ListingQuery, Sort, paper::PaperCard};
use jiff::{Timestamp, ToSpan, civil::Date};

use super::{MailService, compose, schedule};
use domain::SavedSearch;
use store::{Chosen, Issue, Result, Subscriber};

/// Least heat that is news: two days after a paper came out with nobody noticing, it is none.
const LEAST_HEAT: f64 = domain::ranking::WORTH_TELLING;
/// Papers of an issue that may be news: more than anybody gets at once, for those who have had the first.
const MOST_NEWS: usize = 60;
/// Papers of an issue for whoever has just subscribed: the largest mail.
const MOST_FIRST: usize = 20;
/// In lists ordered by date or by match, what was announced within so many days is news.
const NEWS_DAYS: i64 = 8;
/// Papers of one mail at most, all sections together: more would be clipped by mail programs, and not be read.
const MOST_OF_A_MAIL: usize = 40;

/// The issues of one run, each composed or read once.
pub(super) type IssueCache = HashMap<(i64, Date), Option<Arc<Issue>>>;

/// One section of a mail about to be: which issue, and which of its papers.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub section: SavedSearch,
    pub issue: Arc<Issue>,
    pub papers: Vec<Chosen>,
}

impl MailService {
    /// What a view has: the papers that are news, and those of a full first page.
    ///
    /// In a list by heat, news is what is hot enough to be worth telling. In a list by votes or stars, whoever is among the
    /// first. In a list by date or by match, what was announced lately.
    async fn contents(
        &self,
        view: &ListingQuery,
        day: Date,
        now: Timestamp,
    ) -> Result<Vec<(PaperCard, bool)>> {
        let listing = view.listing();
        let order = listing.order();
        let most = if order == Sort::Trending {
            MOST_NEWS
        } else {
            MOST_FIRST
        };
        let mut first = self.store.first_of(listing, most, now).await?;
        let news: Vec<PaperCard> = match order {
            Sort::Trending => first
                .iter()
                .filter(|card| {
                    card.heat
                        .as_ref()
                        .is_some_and(|report| report.heat.total() >= LEAST_HEAT)
                })
                .cloned()
                .collect(),
            Sort::Top | Sort::Stars => first.clone(),
            Sort::New | Sort::Relevance => {
                let since = day.checked_sub(NEWS_DAYS.days()).unwrap_or(day);
                // The newest of many matches, whatever its order: else the best sixty of a week would be the only ones ever.
                let lately: Listing = listing.with(|listing| {
                    listing.from = listing.from.max(Some(since));
                    listing.sort = Some(Sort::New);
                });
                self.store.first_of(&lately, MOST_NEWS, now).await?
            }
        };
        first.truncate(MOST_FIRST);
        let is_news: HashSet<i64> = news.iter().map(|card| card.id).collect();
        let on_first: HashSet<i64> = first.iter().map(|card| card.id).collect();
        let rest = news.into_iter().filter(|card| !on_first.contains(&card.id));
        let cards: Vec<PaperCard> = first.into_iter().chain(rest).collect();
        // Why a paper is here is said of every one, whatever the order of its list.
        let cards = self.store.with_heat(cards).await?;
        Ok(cards
            .into_iter()
            .map(|card| {
                let news = is_news.contains(&card.id);
                (card, news)
            })
            .collect())
    }

    /// The issue of a view at `now`: what was frozen, else what would be. Its row is 0 then.
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

    /// The issue of a view at `now`, frozen if it is not yet; `None` while there is nothing in it.
    pub(super) async fn frozen(
        &self,
        section: &SavedSearch,
        now: Timestamp,
        issue_cache: &mut IssueCache,
    ) -> Result<Option<Arc<Issue>>> {
        let key = (section.view_id, schedule::issue_day(now));
        if let Some(issue) = issue_cache.get(&key) {
            return Ok(issue.clone());
        }
        let draft = self.issue_or_draft(section.view_id, &section.view, now).await?;
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

    /// What is new for a subscriber in these issues of their sections, without what they have been sent. A first mail of a
    /// view is a full page even when little of it is news; afterwards a day without news is a day without mail.
    pub(super) async fn choose(
        &self,
        subscriber: &Subscriber,
        issues: Vec<(SavedSearch, Option<Arc<Issue>>)>,
    ) -> Result<Vec<Choice>> {
        let each = usize::try_from(subscriber.papers).unwrap_or(10);
        let each = each.min(MOST_OF_A_MAIL / issues.len().max(1)).max(3);
        let mut chosen: HashSet<i64> = HashSet::new();
        let mut choices = Vec::new();
        for (section, issue) in issues {
            let Some(issue) = issue else { continue };
            // Only where it matters: the question walks all that a reader was ever sent.
            let has_had = issue.papers.iter().all(|paper| paper.is_news)
                || self
                    .store
                    .has_had(subscriber.id, section.view_id, section.view.is_front())
                    .await?;
            let ids: Vec<i64> = issue.papers.iter().map(|paper| paper.paper_id).collect();
            let sent = self.store.sent_among(subscriber.id, &ids).await?;
            let papers: Vec<Chosen> = issue
                .papers
                .iter()
                .filter(|paper| (paper.is_news || !has_had) && !sent.contains(&paper.paper_id))
                // A paper of two sections stands in the first.
                .filter(|paper| !chosen.contains(&paper.paper_id))
                .take(each.min(MOST_OF_A_MAIL - chosen.len()))
                .cloned()
                .collect();
            chosen.extend(papers.iter().map(|paper| paper.paper_id));
            if !papers.is_empty() {
                choices.push(Choice {
                    section,
                    issue,
                    papers,
                });
            }
        }
        Ok(choices)
    }
}
