//! Issues: the papers of a search on one day, frozen when they are first composed, and who was sent which of them.

use std::collections::HashSet;

use jiff::{Timestamp, civil::Date};

use super::{Result, Store, from_json, to_json};

/// A paper of an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Row id.
    pub paper_id: i64,
    /// Whether all subscribers get it. Other papers only fill the first email of a new subscriber.
    pub is_news: bool,
    /// Why it is in the issue, as of the day of the issue.
    pub why: String,
}

/// The papers of a search on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Row id.
    pub id: i64,
    /// Row id of the search.
    pub view_id: i64,
    /// Its date.
    pub day: Date,
    /// When it was composed.
    pub composed_at: Timestamp,
    /// The papers, in order.
    pub papers: Vec<Chosen>,
}

impl Store {
    /// The issue of a search on a day, if it has been composed.
    pub async fn issue(&self, view: i64, day: Date) -> Result<Option<Issue>> {
        let date = day.to_string();
        let row = sqlx::query!(
            r#"select i.id as "id!", i.composed_at,
                      (select json_group_array(json_array(p.paper_id, p.is_news, p.why) order by p.position)
                       from issue_papers p where p.issue_id = i.id) as "papers!: String"
               from issues i where i.view_id = $1 and i.day = $2"#,
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

    /// Freezes an issue. If another process was faster, the answer is the issue of that process.
    pub async fn freeze_issue(
        &self,
        view: i64,
        day: Date,
        papers: &[Chosen],
        now: Timestamp,
    ) -> Result<Option<Issue>> {
        let (date, at) = (day.to_string(), now.as_second());
        let rows: Vec<(i64, i64, &str)> = papers
            .iter()
            .map(|paper| (paper.paper_id, i64::from(paper.is_news), paper.why.as_str()))
            .collect();
        let rows = to_json(&rows)?;
        let mut tx = self.begin().await?;
        let id = sqlx::query_scalar!(
            r#"insert into issues (view_id, day, composed_at) values ($1, $2, $3) on conflict (view_id, day) do nothing
               returning id as "id!""#,
            view,
            date,
            at
        )
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(id) = id {
            // Papers that were deleted in the meantime are left out.
            sqlx::query!(
                "insert into issue_papers (issue_id, position, paper_id, is_news, why)
                 select $1, cast(e.key as bigint), cast(e.value ->> 0 as bigint), cast(e.value ->> 1 as bigint), e.value ->> 2
                 from json_each($2) e where cast(e.value ->> 0 as bigint) in (select id from papers)",
                id,
                rows
            )
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        self.issue(view, day).await
    }

    /// The days on which a search has an issue, the latest first, at most `limit`.
    pub async fn issue_days(&self, view: i64, limit: i64) -> Result<Vec<Date>> {
        let days = sqlx::query_scalar!(
            "select day from issues where view_id = $1 order by day desc limit $2",
            view,
            limit
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(days.iter().filter_map(|day| day.parse().ok()).collect())
    }

    /// Those of these papers that a subscriber has been sent, or is being sent now. A digest that still waits does
    /// not count: the next one replaces it.
    pub async fn sent_among(&self, subscriber: i64, papers: &HashSet<i64>) -> Result<Vec<i64>> {
        let papers = to_json(papers)?;
        let ids = sqlx::query_scalar!(
            r#"select json_group_array(p.paper_id) as "ids!: String" from delivery_papers p
               join deliveries d on d.id = p.delivery_id
               where p.subscriber_id = $1 and p.paper_id in (select cast(e.value as bigint) from json_each($2) e)
                   and d.state in ('sending', 'sent')"#,
            subscriber,
            papers
        )
        .fetch_one(&self.readers)
        .await?;
        from_json(&ids)
    }

    /// Whether a subscriber was sent a paper of this search before. Digests of old versions name no search; they held
    /// the front page.
    pub async fn was_sent_any(&self, subscriber: i64, view: i64, is_front: bool) -> Result<bool> {
        Ok(sqlx::query_scalar!(
            r#"select exists (select 1 from delivery_papers p join deliveries d on d.id = p.delivery_id
                              left join issues i on i.id = p.issue_id
                              where p.subscriber_id = $1 and (i.view_id = $2 or ($3 and i.view_id is null))
                                  and d.state in ('sending', 'sent')) as "sent!: bool""#,
            subscriber,
            view,
            is_front
        )
        .fetch_one(&self.readers)
        .await?)
    }

    /// When the last issue before `day` was composed, of those issues of a search of which a subscriber was sent a paper.
    pub async fn last_issue_sent(&self, subscriber: i64, view: i64, day: Date) -> Result<Option<Timestamp>> {
        let day = day.to_string();
        let composed = sqlx::query_scalar!(
            r#"select max(i.composed_at) as "at: i64" from delivery_papers p join deliveries d on d.id = p.delivery_id
               join issues i on i.id = p.issue_id
               where p.subscriber_id = $1 and i.view_id = $2 and i.day < $3 and d.state in ('sending', 'sent')"#,
            subscriber,
            view,
            day
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(composed.and_then(|at| Timestamp::from_second(at).ok()))
    }

    /// Those of these papers that were announced after `announced_since`, or added to the library after `added_since`.
    pub async fn new_since(
        &self,
        papers: &HashSet<i64>,
        announced_since: Timestamp,
        added_since: Option<Timestamp>,
    ) -> Result<HashSet<i64>> {
        let papers = to_json(papers)?;
        let announced = announced_since.as_second();
        let added = added_since.map_or(i64::MAX, Timestamp::as_second);
        let ids = sqlx::query_scalar!(
            r#"select json_group_array(id) as "ids!: String" from papers
               where id in (select cast(e.value as bigint) from json_each($1) e)
                   and (announced > $2 or added_at > $3)"#,
            papers,
            announced,
            added
        )
        .fetch_one(&self.readers)
        .await?;
        from_json(&ids)
    }
}
