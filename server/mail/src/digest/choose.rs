//! Which papers of the issues of a day a subscriber gets.

use std::{collections::HashSet, sync::Arc};

use domain::SavedSearch;
use jiff::{SignedDuration, Timestamp};
use store::{Chosen, Issue, Result, Subscriber};

use crate::service::MailService;

/// Papers of one email, at most. Mail programs clip longer emails, and few people read them.
const MAX_PER_EMAIL: usize = 40;
/// Papers per search that every subscriber gets, however many searches they have.
const MIN_PER_SEARCH: usize = 3;
/// Papers per search if the stored number is invalid.
const USUAL_PAPERS: usize = 10;

/// The first email of a listing by date or relevance holds papers announced within this time.
const FIRST_EMAIL: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The chosen papers of one search.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub search: SavedSearch,
    pub issue: Arc<Issue>,
    pub papers: Vec<Chosen>,
}

impl MailService {
    /// The papers of these issues that a subscriber has not been sent. The first email of a search is a full page,
    /// even if few of its papers are news. Later emails hold news only. Emails of a listing by date or relevance hold
    /// what is new since the last one; the first holds a week.
    pub(super) async fn choose(
        &self,
        subscriber: &Subscriber,
        issues: Vec<(SavedSearch, Option<Arc<Issue>>)>,
        now: Timestamp,
    ) -> Result<Vec<Choice>> {
        let each = usize::try_from(subscriber.papers).unwrap_or(USUAL_PAPERS);
        let each = each.min(MAX_PER_EMAIL / issues.len().max(1)).max(MIN_PER_SEARCH);
        let mut chosen: HashSet<i64> = HashSet::new();
        let mut choices = Vec::new();
        for (search, issue) in issues {
            let Some(issue) = issue else { continue };
            // The query reads everything that the subscriber was ever sent, so it is asked only if its answer
            // matters.
            let was_sent_before = issue.papers.iter().all(|paper| paper.is_news)
                || self
                    .store
                    .was_sent_any(subscriber.id, search.view_id, search.view.is_front())
                    .await?;
            let mut ids: HashSet<i64> = if search.view.listing().order().sends_only_news() {
                self.new_since_last_issue(subscriber, &search, &issue, now)
                    .await?
            } else {
                issue.papers.iter().map(|paper| paper.paper_id).collect()
            };
            for sent in self.store.sent_among(subscriber.id, &ids).await? {
                ids.remove(&sent);
            }
            let papers: Vec<Chosen> = issue
                .papers
                .iter()
                .filter(|paper| (paper.is_news || !was_sent_before) && ids.contains(&paper.paper_id))
                // A paper that two searches found stands below the first.
                .filter(|paper| !chosen.contains(&paper.paper_id))
                .take(each.min(MAX_PER_EMAIL - chosen.len()))
                .cloned()
                .collect();
            chosen.extend(papers.iter().map(|paper| paper.paper_id));
            if !papers.is_empty() {
                choices.push(Choice {
                    search,
                    issue,
                    papers,
                });
            }
        }
        Ok(choices)
    }

    /// The papers of an issue that were announced or added since the issue before it that the subscriber was sent. If
    /// there is none, those that were announced within the last week.
    async fn new_since_last_issue(
        &self,
        subscriber: &Subscriber,
        search: &SavedSearch,
        issue: &Issue,
        now: Timestamp,
    ) -> Result<HashSet<i64>> {
        let papers = issue.papers.iter().map(|paper| paper.paper_id).collect();
        let last = self
            .store
            .last_issue_sent(subscriber.id, search.view_id, issue.day)
            .await?;
        let since = last.unwrap_or_else(|| now.saturating_sub(FIRST_EMAIL).unwrap_or(now));
        self.store.new_since(&papers, since, last).await
    }
}
