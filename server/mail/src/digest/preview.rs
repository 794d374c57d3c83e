//! The digests that would be sent. Nothing is changed.

use std::sync::Arc;

use domain::SavedSearch;
use jiff::Timestamp;
use store::{EmailPaper, Result, Subscriber};

use crate::{
    delivery::{DigestEmail, digest_draft},
    schedule::{self, is_sent, last_missed},
    service::MailService,
    transport::Draft,
};

/// Subscribers shown, at most.
const MAX_SHOWN: i64 = 500;

/// A digest that would be sent.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Who would get it; `None` if no subscriber is due and this is an example.
    pub subscriber: Option<Subscriber>,
    /// The email.
    pub draft: Draft,
}

impl MailService {
    /// The digests that would be sent at `now`. If no subscriber is due, an example: the email that a new subscriber
    /// would get.
    pub async fn preview(&self, now: Timestamp) -> Result<Vec<Preview>> {
        let mut previews = Vec::new();
        for subscriber in self.store.due_subscribers(now, None, MAX_SHOWN).await? {
            if !is_sent(&subscriber, last_missed(&subscriber, now), now) {
                continue;
            }
            let searches = self.store.active_searches_of(subscriber.id).await?;
            if let Some(draft) = self.preview_for(&subscriber, searches, now).await? {
                previews.push(Preview {
                    subscriber: Some(subscriber),
                    draft,
                });
            }
        }
        if previews.is_empty() {
            let draft = self
                .preview_for(&Subscriber::example(), vec![SavedSearch::front()], now)
                .await?;
            previews.extend(draft.map(|draft| Preview {
                subscriber: None,
                draft,
            }));
        }
        Ok(previews)
    }

    async fn preview_for(
        &self,
        subscriber: &Subscriber,
        searches: Vec<SavedSearch>,
        now: Timestamp,
    ) -> Result<Option<Draft>> {
        let mut issues = Vec::new();
        for search in searches {
            let issue = self.issue_or_draft(search.view_id, &search.view, now).await?;
            issues.push((search, Some(Arc::new(issue))));
        }
        let choices = self.choose(subscriber, issues, now).await?;
        let searches: Vec<SavedSearch> = choices.iter().map(|choice| choice.search.clone()).collect();
        let papers: Vec<EmailPaper> = choices
            .into_iter()
            .flat_map(|choice| {
                let (view_id, issue) = (choice.search.view_id, choice.issue);
                choice.papers.into_iter().map(move |paper| EmailPaper {
                    paper_id: paper.paper_id,
                    view_id: Some(view_id),
                    day: (issue.id != 0).then(|| issue.day.to_string()),
                    why: Some(paper.why),
                })
            })
            .collect();
        if papers.is_empty() {
            return Ok(None);
        }
        let day = match subscriber.due_at {
            Some(_) => schedule::digest_day(last_missed(subscriber, now), &subscriber.schedule()),
            None => schedule::local_day(now, &subscriber.zone),
        }
        .to_string();
        let digest = DigestEmail {
            id: 0,
            message_id: format!("digest.{day}.to-{}", subscriber.id),
            // A preview has no row and so no nonce. Its links open nothing.
            signer: self.signer(&[0; 16], None),
            subscriber,
            day: &day,
            papers: &papers,
            searches: &searches,
        };
        digest_draft(self, digest).await
    }
}
