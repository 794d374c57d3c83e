//! Reading what is stored of the papers in a batch.

use std::collections::{HashMap, HashSet};

use domain::Paper;
use sqlx::{Sqlite, Transaction};

use super::{batch::Batch, row::Row};
use crate::{error::Result, json::to_json, listing::stored_signal};

/// Reads the stored papers that these records describe.
pub(super) async fn load(tx: &mut Transaction<'_, Sqlite>, records: &[Paper]) -> Result<Batch> {
    let keys: Vec<String> = records.iter().map(|record| record.key().to_string()).collect();
    let keys = to_json(&keys)?;
    let titles: Vec<String> = records
        .iter()
        .map(|record| domain::text::title_key(&record.title))
        .collect();
    let named = identified_by_title(tx, records).await?;
    let rows = stored_rows(tx, &keys, &to_json(&titles)?, &named).await?;
    let mut batch = Batch::with_capacity(records.len());
    if rows.is_empty() {
        return Ok(batch);
    }
    let ids = to_json(&rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
    let indexes: HashMap<i64, usize> = rows
        .into_iter()
        .map(|row| (row.id, batch.add_stored(row)))
        .collect();
    mark_code_from_texts(tx, &mut batch, &ids).await?;
    let aliases = sqlx::query!(
        "select key, paper_id from paper_aliases
         where paper_id in (select cast(value as bigint) from json_each($1)) and key in (select value from json_each($2))",
        ids,
        keys
    )
    .fetch_all(&mut **tx)
    .await?;
    for alias in aliases {
        if let Some(index) = indexes.get(&alias.paper_id) {
            batch.add_alias(alias.key, *index);
        }
    }
    let has_counters = |record: &Paper| record.upvotes.is_some() || record.stars.is_some();
    if records.iter().any(has_counters) {
        load_snapshots(tx, &mut batch, &ids, &indexes).await?;
    }
    Ok(batch)
}

/// Reads stored papers by row id, to change them without a record. The batch does not have their snapshots.
pub(super) async fn load_ids(tx: &mut Transaction<'_, Sqlite>, ids: &[i64]) -> Result<Batch> {
    let mut batch = Batch::with_capacity(ids.len());
    for row in stored_rows(tx, "[]", "[]", ids).await? {
        batch.add_stored(row);
    }
    mark_code_from_texts(tx, &mut batch, &to_json(&ids)?).await?;
    Ok(batch)
}

/// Marks the stored papers whose code link was found in their texts.
async fn mark_code_from_texts(tx: &mut Transaction<'_, Sqlite>, batch: &mut Batch, ids: &str) -> Result<()> {
    let marked: HashSet<i64> = sqlx::query_scalar!(
        r#"select p.id as "id!" from papers p join code_repositories c on c.paper_id = p.id and c.url = p.code_url
           where p.id in (select cast(value as bigint) from json_each($1)) and c.found_in in ('abstract', 'comments')"#,
        ids
    )
    .fetch_all(&mut **tx)
    .await?
    .into_iter()
    .collect();
    for paper in &mut batch.papers {
        paper.had_code_from_texts = marked.contains(&paper.row.id);
    }
    Ok(())
}

/// The stored papers with one of these keys, title keys (both as JSON) or row ids.
async fn stored_rows(
    tx: &mut Transaction<'_, Sqlite>,
    keys: &str,
    titles: &str,
    ids: &[i64],
) -> Result<Vec<Row>> {
    let ids = to_json(&ids)?;
    Ok(sqlx::query_as!(
        Row,
        r#"select id as "id!", key, announced, upvotes, stars, code_url, categories, primary_category, published, updated, arxiv_id,
                  title_key, source, version, hf_submitted_at, num_comments, comments, doi, journal_ref, license,
                  project_page, announced_on, announced_firm, removed_at, author_count, title, authors,
                  abstract as abstract_text
           from papers where id in (
               select id from papers where key in (select value from json_each($1))
               union select paper_id from paper_aliases where key in (select value from json_each($1))
               union select id from papers where title_key in (select value from json_each($2))
               union select cast(value as bigint) from json_each($3)
           ) order by id"#,
        keys,
        titles,
        ids
    )
    .fetch_all(&mut **tx)
    .await?)
}

async fn load_snapshots(
    tx: &mut Transaction<'_, Sqlite>,
    batch: &mut Batch,
    ids: &str,
    indexes: &HashMap<i64, usize>,
) -> Result<()> {
    let snapshots = sqlx::query!(
        "select paper_id, signal, day, at, total from snapshots
         where paper_id in (select cast(value as bigint) from json_each($1))",
        ids
    )
    .fetch_all(&mut **tx)
    .await?;
    for snapshot in snapshots {
        let slot = (stored_signal(&snapshot.signal)?, snapshot.day);
        if let Some(index) = indexes.get(&snapshot.paper_id) {
            batch.papers[*index]
                .snapshots
                .insert(slot, (snapshot.at, snapshot.total));
        }
    }
    Ok(())
}

/// The papers with an identifier and the title of a record without one. They have no title key, so they are found by
/// the words of the title. Such records are rare.
async fn identified_by_title(tx: &mut Transaction<'_, Sqlite>, records: &[Paper]) -> Result<Vec<i64>> {
    let titles: Vec<&str> = records
        .iter()
        .filter(|record| record.arxiv_id.is_none())
        .map(|record| record.title.as_str())
        .collect();
    if titles.is_empty() {
        return Ok(Vec::new());
    }
    let phrases = to_json(
        &titles
            .iter()
            .map(|title| format!("{{title}} : \"{}\"", title.replace('"', "\"\"")))
            .collect::<Vec<_>>(),
    )?;
    let found = sqlx::query!(
        r#"select p.id as "id!", p.title from json_each($1) phrase cross join papers_fts cross join papers p
           where papers_fts match phrase.value and p.id = papers_fts.rowid and p.arxiv_id is not null"#,
        phrases
    )
    .fetch_all(&mut **tx)
    .await?;
    let keys: HashSet<String> = titles
        .iter()
        .map(|title| domain::text::title_key(title))
        .collect();
    Ok(found
        .into_iter()
        .filter(|row| keys.contains(&domain::text::title_key(&row.title)))
        .map(|row| row.id)
        .collect())
}
