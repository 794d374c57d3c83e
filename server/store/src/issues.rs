//! Issues: what a view had on a day, frozen when it was first composed.

use jiff::{Timestamp, civil::Date};

use super::{Result, Store, from_json, to_json};

/// A paper of an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Row id.
    pub paper_id: i64,
    /// For everybody; else only for the first mail of whoever has just subscribed.
    pub is_news: bool,
    /// Why it is here, in words, as of then.
    pub why: String,
}

/// What a view had on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Row id.
    pub id: i64,
    /// Its view.
    pub view_id: i64,
    /// The day it is dated.
    pub day: Date,
    /// When it was composed.
    pub composed_at: Timestamp,
    /// The papers, in order.
    pub papers: Vec<Chosen>,
}

impl Store {
    /// The issue of a view on a day, if it has been composed.
    pub async fn issue(&self, view: i64, day: Date) -> Result<Option<Issue>> {
        let date = day.to_string();
        let row = sqlx::query!(
            r#"select i.id as "id!", i.composed_at,
                      (select json_group_array(json_array(p.paper_id, p.is_news, p.why) order by p.position)
                       from issue_papers p where p.issue_id = i.id) as "papers!: String"
               from issues i where i.view_id = ? and i.day = ?"#,
            view,
            date
        )
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| {
            let papers: Vec<(i64, i64, String)> = from_json(&row.papers)?;
            Ok(Issue {
                id: row.id,
                view_id: view,
                day,
                composed_at: Timestamp::from_second(row.composed_at).unwrap_or(Timestamp::UNIX_EPOCH),
                papers: papers
                    .into_iter()
                    .map(|(paper_id, is_news, why)| Chosen {
                        paper_id,
                        is_news: is_news != 0,
                        why,
                    })
                    .collect(),
            })
        })
        .transpose()
    }

    /// Freezes an issue. Whoever comes first decides; the others get what is there.
    pub async fn freeze_issue(
        &self,
        view: i64,
        day: Date,
        papers: &[Chosen],
        now: Timestamp,
    ) -> Result<Option<Issue>> {
        let (date, at) = (day.to_string(), now.as_second());
        let rows: Vec<(i64, bool, &str)> = papers
            .iter()
            .map(|paper| (paper.paper_id, paper.is_news, paper.why.as_str()))
            .collect();
        let rows = to_json(&rows)?;
        let mut tx = self.begin().await?;
        let id = sqlx::query_scalar!(
            r#"insert into issues (view_id, day, composed_at) values (?, ?, ?) on conflict (view_id, day) do nothing
               returning id as "id!""#,
            view,
            date,
            at
        )
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(id) = id {
            // A paper that was deleted in the meantime is passed over.
            sqlx::query!(
                "insert into issue_papers (issue_id, position, paper_id, is_news, why)
                 select ?1, e.key, e.value ->> 0, e.value ->> 1, e.value ->> 2 from json_each(?2) e
                 where (e.value ->> 0) in (select id from papers)",
                id,
                rows
            )
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        self.issue(view, day).await
    }

    /// The days of a view that have an issue, the latest first, at most `limit`.
    pub async fn issue_days(&self, view: i64, limit: i64) -> Result<Vec<Date>> {
        let days = sqlx::query_scalar!(
            "select day from issues where view_id = ? order by day desc limit ?",
            view,
            limit
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(days.iter().filter_map(|day| day.parse().ok()).collect())
    }

    /// Of these papers, those a subscriber has been sent, or is being sent now. (A digest that still waits gives way to the
    /// next: its papers count as not sent.)
    pub async fn sent_among(&self, subscriber: i64, papers: &[i64]) -> Result<Vec<i64>> {
        let papers = to_json(&papers)?;
        let ids = sqlx::query_scalar!(
            r#"select json_group_array(p.paper_id) as "ids!: String" from delivery_papers p
               join deliveries d on d.id = p.delivery_id
               where p.subscriber_id = ? and p.paper_id in (select value from json_each(?))
                   and d.state in ('sending', 'sent')"#,
            subscriber,
            papers
        )
        .fetch_one(&self.readers)
        .await?;
        from_json(&ids)
    }

    /// Whether a subscriber has had anything of this view. (Letters older than views had the front page.)
    pub async fn has_had(&self, subscriber: i64, view: i64, is_front: bool) -> Result<bool> {
        Ok(sqlx::query_scalar!(
            r#"select exists (select 1 from delivery_papers p join deliveries d on d.id = p.delivery_id
                              left join issues i on i.id = p.issue_id
                              where p.subscriber_id = ?1 and (i.view_id = ?2 or (?3 and i.view_id is null))
                                  and d.state in ('sending', 'sent')) as "had!: bool""#,
            subscriber,
            view,
            is_front
        )
        .fetch_one(&self.readers)
        .await?)
    }
}
