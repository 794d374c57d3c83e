//! Writing what belongs to papers: authors, code, aliases, snapshots.

use std::collections::HashMap;

use domain::Name;
use serde::Serialize;
use sqlx::{Sqlite, Transaction};

use super::merged_paper::MergedPaper;
use crate::{error::Result, json::to_json, names::names};

#[derive(Serialize)]
struct SnapshotRow<'a> {
    paper_id: i64,
    signal: &'a str,
    day: &'a str,
    at: i64,
    total: i64,
}

pub(super) async fn write_authors(tx: &mut Transaction<'_, Sqlite>, papers: &[MergedPaper]) -> Result<()> {
    let stored = stored_authors(tx, papers).await?;
    let named: Vec<(i64, &[Name])> = papers
        .iter()
        .filter_map(|paper| Some((paper.row.id, paper.authors.as_deref()?)))
        .filter(|(id, authors)| stored.get(id).map(Vec::as_slice) != Some(authors))
        .collect();
    replace_authors(tx, &named).await
}

/// The stored authors of those papers that may have new ones, by row id.
async fn stored_authors(
    tx: &mut Transaction<'_, Sqlite>,
    papers: &[MergedPaper],
) -> Result<HashMap<i64, Vec<Name>>> {
    let ids: Vec<i64> = papers
        .iter()
        .filter(|paper| paper.stored.is_some() && paper.authors.is_some())
        .map(|paper| paper.row.id)
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = to_json(&ids)?;
    let rows = sqlx::query!(
        r#"select paper_id as "paper_id!", json_group_array(json_array(name, parts) order by position) as "names!: String"
           from paper_authors where paper_id in (select cast(value as bigint) from json_each($1)) group by paper_id"#,
        ids
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| Ok((row.paper_id, names(&row.names)?)))
        .collect()
}

/// Replaces all authors of these papers.
pub(crate) async fn replace_authors(
    tx: &mut Transaction<'_, Sqlite>,
    named: &[(i64, &[Name])],
) -> Result<()> {
    if named.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = named.iter().map(|(id, _)| *id).collect();
    let ids = to_json(&ids)?;
    sqlx::query!(
        "delete from paper_authors where paper_id in (select cast(value as bigint) from json_each($1))",
        ids
    )
    .execute(&mut **tx)
    .await?;
    // One row for each name. SQLite would write and read a nested array of names again for each level.
    let rows = named
        .iter()
        .flat_map(|(id, names)| names.iter().enumerate().map(move |(at, name)| (*id, at, name)))
        .map(|(id, at, name)| {
            let (printed, parts, sort_key) = columns(name)?;
            Ok((id, at, printed, parts, sort_key))
        })
        .collect::<Result<Vec<_>>>()?;
    let rows = to_json(&rows)?;
    sqlx::query!(
        "insert into paper_authors (paper_id, position, name, parts, sort_key)
         select cast(value ->> 0 as bigint), cast(value ->> 1 as bigint), value ->> 2, value ->> 3, value ->> 4
         from jsonb_each($1)",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The columns of a name: as printed, its parts as JSON, its sort key.
fn columns(name: &Name) -> Result<(&str, Option<String>, String)> {
    let parts = name.own_parts().map(to_json).transpose()?;
    Ok((name.as_str(), parts, name.sort_key()))
}

/// Deletes the code links that the texts do not name any more, and adds the new ones.
pub(super) async fn write_code(tx: &mut Transaction<'_, Sqlite>, papers: &[MergedPaper]) -> Result<()> {
    let lost: Vec<(i64, &str)> = papers
        .iter()
        .filter_map(|paper| Some((paper.row.id, paper.lost_code()?)))
        .collect();
    if !lost.is_empty() {
        let rows = to_json(&lost)?;
        sqlx::query!(
            "delete from code_repositories
             where (paper_id, url) in (select cast(value ->> 0 as bigint), value ->> 1 from jsonb_each($1))",
            rows
        )
        .execute(&mut **tx)
        .await?;
    }
    let found: Vec<(i64, &str, &str)> = papers
        .iter()
        .filter_map(|paper| Some((paper.row.id, paper.row.code_url.as_deref()?, paper.code_found_in?)))
        .collect();
    if found.is_empty() {
        return Ok(());
    }
    let rows = to_json(&found)?;
    sqlx::query!(
        "insert into code_repositories (paper_id, url, found_in)
         select cast(value ->> 0 as bigint), value ->> 1, value ->> 2 from jsonb_each($1) where true on conflict do nothing",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes the history of stars of papers whose code link was wrong.
pub(super) async fn delete_wrong_stars(
    tx: &mut Transaction<'_, Sqlite>,
    papers: &[MergedPaper],
) -> Result<()> {
    let wrong: Vec<i64> = papers
        .iter()
        .filter(|paper| paper.has_wrong_stars)
        .map(|paper| paper.row.id)
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let ids = to_json(&wrong)?;
    sqlx::query!(
        "delete from snapshots where signal = 'gh' and paper_id in (select cast(value as bigint) from json_each($1))",
        ids
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn write_aliases(tx: &mut Transaction<'_, Sqlite>, papers: &[MergedPaper]) -> Result<()> {
    let other: Vec<(String, i64)> = papers
        .iter()
        .filter_map(|paper| Some((paper.other_key.as_ref()?.to_string(), paper.row.id)))
        .collect();
    if other.is_empty() {
        return Ok(());
    }
    let rows = to_json(&other)?;
    sqlx::query!(
        "insert into paper_aliases (key, paper_id)
         select value ->> 0, cast(value ->> 1 as bigint) from jsonb_each($1) where true on conflict do nothing",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn write_snapshots(tx: &mut Transaction<'_, Sqlite>, papers: &[MergedPaper]) -> Result<()> {
    let mut rows = Vec::new();
    for paper in papers {
        for slot in &paper.new_snapshots {
            if let Some((at, total)) = paper.snapshots.get(slot) {
                rows.push(SnapshotRow {
                    paper_id: paper.row.id,
                    signal: slot.0.code(),
                    day: &slot.1,
                    at: *at,
                    total: *total,
                });
            }
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let rows = to_json(&rows)?;
    sqlx::query!(
        "insert into snapshots (paper_id, signal, day, at, total)
         select cast(value ->> 'paper_id' as bigint), value ->> 'signal', value ->> 'day', cast(value ->> 'at' as bigint),
                cast(value ->> 'total' as bigint)
         from jsonb_each($1) where true
         on conflict (paper_id, signal, day) do update set at = excluded.at, total = excluded.total",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
