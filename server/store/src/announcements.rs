//! What arXiv announced on each day.

use std::collections::HashMap;

use domain::{ArxivId, PaperKey, upstream::Announcement};
use jiff::{Timestamp, civil::Date};
use sqlx::{Sqlite, Transaction};

use crate::{
    error::{Result, StoreError},
    json::{from_json, to_json},
    saving::MergedPaper,
    store::Store,
};

impl Store {
    /// How many papers arXiv announced as new, cross-listed and replaced on these days.
    pub async fn announced_between(&self, first: Date, last: Date) -> Result<[u64; 3]> {
        let (first, last) = (first.to_string(), last.to_string());
        let rows = sqlx::query!(
            r#"select kind, count(*) as "n!: i64" from announcements where day between $1 and $2 group by kind"#,
            first,
            last
        )
        .fetch_all(&self.readers)
        .await?;
        let mut counts = [0; 3];
        for row in rows {
            let place = match row.kind.as_str() {
                "new" => 0,
                "cross" => 1,
                "replace" | "replace-cross" => 2,
                other => {
                    return Err(StoreError::Corrupt(format!(
                        "“{other}” is not a kind of announcement"
                    )));
                }
            };
            counts[place] += u64::try_from(row.n).unwrap_or(0);
        }
        Ok(counts)
    }

    /// The papers with a new version announced on this day: key, title, version; at most `most`, by title.
    pub async fn replaced_on(&self, day: Date, most: i64) -> Result<Vec<(PaperKey, String, Option<u32>)>> {
        let day = day.to_string();
        let rows = sqlx::query!(
            "select p.key, p.title, a.version from announcements a join papers p on p.id = a.paper_id
             where a.day = $1 and a.kind in ('replace', 'replace-cross') and p.removed_at is null
             order by p.title limit $2",
            day,
            most
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let version = row.version.and_then(|version| u32::try_from(version).ok());
                Some((row.key.parse().ok()?, row.title, version))
            })
            .collect())
    }

    /// How many of these papers were submitted before a moment, and for how many the moment of submission is known.
    pub async fn submitted_before(&self, ids: &[&ArxivId], at: Timestamp) -> Result<(u64, u64)> {
        let ids = to_json(&ids.iter().map(|id| id.as_str()).collect::<Vec<_>>())?;
        let published = sqlx::query_scalar!(
            r#"select json_group_array(p.published) as "published!: String"
               from json_each($1) id join papers p on p.arxiv_id = id.value where p.published like '%T%'"#,
            ids
        )
        .fetch_one(&self.readers)
        .await?;
        let published: Vec<Timestamp> = from_json(&published)?;
        let early = published
            .iter()
            .filter(|moment| moment.as_second() < at.as_second())
            .count();
        Ok((early as u64, published.len() as u64))
    }

    /// How many of these papers arXiv announced as new before this day.
    pub async fn announced_before(&self, ids: &[&ArxivId], day: Date) -> Result<u64> {
        let ids = to_json(&ids.iter().map(|id| id.as_str()).collect::<Vec<_>>())?;
        let day = day.to_string();
        let count = sqlx::query_scalar!(
            r#"select count(distinct p.id) as "n!: i64" from json_each($1) id join papers p on p.arxiv_id = id.value
               join announcements a on a.paper_id = p.id where a.kind = 'new' and a.day < $2"#,
            ids,
            day
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

/// Stores the announcements of a batch.
pub(crate) async fn write_announcements(
    tx: &mut Transaction<'_, Sqlite>,
    papers: &[MergedPaper],
) -> Result<()> {
    let mut announced: HashMap<(String, i64), Announcement> = HashMap::new();
    // If a paper was announced more than once on a day, the strongest kind counts.
    for paper in papers {
        for announcement in &paper.announcements {
            announced
                .entry((announcement.day.to_string(), paper.row.id))
                .and_modify(|known| {
                    if announcement.kind < known.kind {
                        *known = *announcement;
                    }
                })
                .or_insert(*announcement);
        }
    }
    if announced.is_empty() {
        return Ok(());
    }
    let rows: Vec<(String, i64, &str, Option<u32>)> = announced
        .into_iter()
        .map(|((day, id), announcement)| (day, id, announcement.kind.code(), announcement.version))
        .collect();
    let rows = to_json(&rows)?;
    sqlx::query!(
        "insert into announcements (day, paper_id, kind, version)
         select value ->> 0, cast(value ->> 1 as bigint), value ->> 2, cast(value ->> 3 as bigint) from jsonb_each($1) where true
         on conflict (day, paper_id) do update set kind = excluded.kind, version = excluded.version
         where case excluded.kind when 'new' then 0 when 'cross' then 1 when 'replace' then 2 else 3 end
             < case announcements.kind when 'new' then 0 when 'cross' then 1 when 'replace' then 2 else 3 end",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
