//! What would be mailed, without changing anything.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    MailService,
    queue::{comes, last_missed},
    schedule,
};
use crate::transport::Draft;
use domain::SavedSearch;
use store::{EmailPaper, Result, Subscriber};

/// Subscribers shown at most.
const MOST_SHOWN: i64 = 500;

/// A digest that would be sent.
#[derive(Debug, Clone)]
pub struct Preview {
    /// To whom; `None` when nobody is due and this only shows the form.
    pub subscriber: Option<Subscriber>,
    /// The letter.
    pub draft: Draft,
}

impl MailService {
    /// What would be mailed to whom at `now`, without changing anything. When nobody is due: one letter with the
    /// papers a new subscriber would get.
    pub async fn preview(&self, now: Timestamp) -> Result<Vec<Preview>> {
        let mut previews = Vec::new();
        for subscriber in self.store.due_subscribers(now, MOST_SHOWN).await? {
            if !comes(&subscriber, last_missed(&subscriber, now), now) {
                continue;
            }
            let sections = self.store.active_searches_of(subscriber.id).await?;
            if let Some(draft) = self.preview_for(&subscriber, sections, now).await? {
                previews.push(Preview {
                    subscriber: Some(subscriber),
                    draft,
                });
            }
        }
        if previews.is_empty() {
            let draft = self
                .preview_for(&Subscriber::nobody(), vec![SavedSearch::front()], now)
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
        sections: Vec<SavedSearch>,
        now: Timestamp,
    ) -> Result<Option<Draft>> {
        let mut issues = Vec::new();
        for section in sections {
            let issue = self.issue_or_draft(section.view_id, &section.view, now).await?;
            issues.push((section, Some(Arc::new(issue))));
        }
        let choices = self.choose(subscriber, issues).await?;
        let sections: Vec<SavedSearch> = choices.iter().map(|choice| choice.section.clone()).collect();
        let papers: Vec<EmailPaper> = choices
            .into_iter()
            .flat_map(|choice| {
                let (view_id, issue) = (choice.section.view_id, choice.issue);
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
            Some(_) => schedule::mail_day(last_missed(subscriber, now), &subscriber.schedule()),
            None => schedule::local_day(now, &subscriber.zone),
        }
        .to_string();
        // No letter, so no nonce: the ways out of a preview lead nowhere.
        let id = format!("digest.{day}.to-{}", subscriber.id);
        self.digest_draft(subscriber, id, &day, &papers, &sections, &[0; 16], 0)
            .await
    }
}
