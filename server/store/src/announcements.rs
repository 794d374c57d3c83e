//! What arXiv announced, day by day.

use std::collections::HashMap;

use domain::{ArxivId, PaperKey, upstream::Announcement};
use jiff::{Timestamp, civil::Date};
use sqlx::{Sqlite, Transaction};

use super::{Result, Store, merged_paper::MergedPaper, to_json};

impl Store {
    /// How many papers arXiv announced as new, cross-listed and replaced on these days.
    pub async fn announced_between(&self, first: Date, last: Date) -> Result<[u64; 3]> {
        let (first, last) = (first.to_string(), last.to_string());
        let rows = sqlx::query!(
            r#"select kind, count(*) as "n!: i64" from announcements where day between ? and ? group by kind"#,
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
                _ => 2,
            };
            counts[place] += u64::try_from(row.n).unwrap_or(0);
        }
        Ok(counts)
    }

    /// The papers of which arXiv announced a new version on this day: name, title, version; the first `most`.
    pub async fn replaced_on(&self, day: Date, most: i64) -> Result<Vec<(PaperKey, String, Option<u32>)>> {
        let day = day.to_string();
        let rows = sqlx::query!(
            "select p.key, p.title, a.version from announcements a join papers p on p.id = a.paper_id
             where a.day = ? and a.kind in ('replace', 'replace-cross') and p.removed_at is null
             order by p.title limit ?",
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

    /// Of these papers, how many were submitted before a moment, and of how many that is known exactly.
    pub async fn submitted_before(&self, ids: &[&ArxivId], at: Timestamp) -> Result<(u64, u64)> {
        let ids = to_json(&ids.iter().map(|id| id.as_str()).collect::<Vec<_>>())?;
        let at = at.as_second();
        let row = sqlx::query!(
            r#"select count(*) as "known!: i64", coalesce(sum(unixepoch(p.published) < ?2), 0) as "early!: i64"
               from json_each(?1) id join papers p on p.arxiv_id = id.value where p.published like '%T%'"#,
            ids,
            at
        )
        .fetch_one(&self.readers)
        .await?;
        let number = |count: i64| u64::try_from(count).unwrap_or(0);
        Ok((number(row.early), number(row.known)))
    }

    /// How many of these papers arXiv announced as new on an earlier day.
    pub async fn announced_before(&self, ids: &[&ArxivId], day: Date) -> Result<u64> {
        let ids = to_json(&ids.iter().map(|id| id.as_str()).collect::<Vec<_>>())?;
        let day = day.to_string();
        let count = sqlx::query_scalar!(
            r#"select count(distinct p.id) as "n!: i64" from json_each(?1) id join papers p on p.arxiv_id = id.value
               join announcements a on a.paper_id = p.id where a.kind = 'new' and a.day < ?2"#,
            ids,
            day
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

pub(super) async fn write_announcements(
    tx: &mut Transaction<'_, Sqlite>,
    papers: &[MergedPaper],
) -> Result<()> {
    let mut announced: HashMap<(String, i64), Announcement> = HashMap::new();
    for paper in papers {
        for said in &paper.announcements {
            announced
                .entry((said.day.to_string(), paper.row.id))
                .and_modify(|known| {
                    if said.kind < known.kind {
                        *known = *said;
                    }
                })
                .or_insert(*said);
        }
    }
    if announced.is_empty() {
        return Ok(());
    }
    let rows: Vec<(String, i64, &str, Option<u32>)> = announced
        .into_iter()
        .map(|((day, id), said)| (day, id, said.kind.code(), said.version))
        .collect();
    let rows = to_json(&rows)?;
    // The strongest: new, cross, replace, replace-cross.
    sqlx::query!(
        "insert into announcements (day, paper_id, kind, version)
         select value ->> 0, value ->> 1, value ->> 2, value ->> 3 from json_each(?) where true
         on conflict (day, paper_id) do update set kind = excluded.kind, version = excluded.version
         where instr('new cross replace replace-cross', excluded.kind) < instr('new cross replace replace-cross', kind)",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
