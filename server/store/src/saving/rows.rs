//! Writing rows of `papers` and `moves`.

use sqlx::{Sqlite, Transaction};

use super::{merged_paper::MergedPaper, row::Row};
use crate::{error::Result, json::to_json};

pub(super) async fn insert_rows(
    tx: &mut Transaction<'_, Sqlite>,
    papers: &[&MergedPaper],
    now: i64,
) -> Result<()> {
    if papers.is_empty() {
        return Ok(());
    }
    let rows = to_json(&papers.iter().map(|paper| &paper.row).collect::<Vec<_>>())?;
    sqlx::query!(
        "insert into papers (id, key, announced, upvotes, stars, code_url, categories, primary_category, published, updated,
                             arxiv_id, title_key, source, version, hf_submitted_at, num_comments, comments, doi, journal_ref,
                             license, project_page, announced_on, announced_firm, removed_at, author_count, title, authors,
                             abstract, added_at, changed_at)
         select cast(value ->> 'id' as bigint), value ->> 'key', cast(value ->> 'announced' as bigint), cast(value ->> 'upvotes' as bigint), cast(value ->> 'stars' as bigint),
                value ->> 'code_url', value ->> 'categories', value ->> 'primary_category', value ->> 'published',
                value ->> 'updated', value ->> 'arxiv_id', value ->> 'title_key', cast(value ->> 'source' as bigint), cast(value ->> 'version' as bigint),
                cast(value ->> 'hf_submitted_at' as bigint), cast(value ->> 'num_comments' as bigint), value ->> 'comments', value ->> 'doi',
                value ->> 'journal_ref', value ->> 'license', value ->> 'project_page', value ->> 'announced_on',
                cast(value ->> 'announced_firm' as bigint), cast(value ->> 'removed_at' as bigint), cast(value ->> 'author_count' as bigint), value ->> 'title', value ->> 'authors', value ->> 'abstract', $2, $2
         from jsonb_each($1)",
        rows,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn update_rows(
    tx: &mut Transaction<'_, Sqlite>,
    papers: &[&MergedPaper],
    now: i64,
) -> Result<()> {
    if papers.is_empty() {
        return Ok(());
    }
    let rows = to_json(&papers.iter().map(|paper| &paper.row).collect::<Vec<_>>())?;
    sqlx::query!(
        "update papers set
             key = new.value ->> 'key', announced = cast(new.value ->> 'announced' as bigint), upvotes = cast(new.value ->> 'upvotes' as bigint),
             stars = cast(new.value ->> 'stars' as bigint), code_url = new.value ->> 'code_url', categories = new.value ->> 'categories',
             primary_category = new.value ->> 'primary_category', published = new.value ->> 'published',
             updated = new.value ->> 'updated', arxiv_id = new.value ->> 'arxiv_id', title_key = new.value ->> 'title_key',
             source = cast(new.value ->> 'source' as bigint), version = cast(new.value ->> 'version' as bigint),
             hf_submitted_at = cast(new.value ->> 'hf_submitted_at' as bigint), num_comments = cast(new.value ->> 'num_comments' as bigint),
             comments = new.value ->> 'comments', doi = new.value ->> 'doi', journal_ref = new.value ->> 'journal_ref',
             license = new.value ->> 'license', project_page = new.value ->> 'project_page',
             announced_on = new.value ->> 'announced_on', announced_firm = cast(new.value ->> 'announced_firm' as bigint),
             removed_at = cast(new.value ->> 'removed_at' as bigint), author_count = cast(new.value ->> 'author_count' as bigint), title = new.value ->> 'title',
             authors = new.value ->> 'authors', abstract = new.value ->> 'abstract', changed_at = $2
         from jsonb_each($1) new where papers.id = cast(new.value ->> 'id' as bigint)",
        rows,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Stores the present state of the papers that are about to move: each change of a value that orders or filters
/// listings.
pub(super) async fn write_moves(
    tx: &mut Transaction<'_, Sqlite>,
    papers: &[&MergedPaper],
    now: i64,
) -> Result<()> {
    let keys = |row: &Row| {
        (
            row.announced,
            row.upvotes.unwrap_or(0),
            row.stars.unwrap_or(0),
            i64::from(row.code_url.is_some()),
        )
    };
    let moved: Vec<_> = papers
        .iter()
        .filter_map(|paper| Some((paper.stored.as_ref()?, &paper.row)))
        // A deleted paper is in no listing.
        .filter(|(stored, _)| stored.removed_at.is_none())
        .filter(|(stored, row)| (keys(stored), &stored.categories) != (keys(row), &row.categories))
        .map(|(stored, _)| {
            let (announced, upvotes, stars, has_code) = keys(stored);
            (stored.id, announced, upvotes, stars, has_code, &stored.categories)
        })
        .collect();
    if moved.is_empty() {
        return Ok(());
    }
    let rows = to_json(&moved)?;
    sqlx::query!(
        "insert into moves (at, paper_id, announced, upvotes, stars, has_code, categories)
         select $2, cast(value ->> 0 as bigint), cast(value ->> 1 as bigint), cast(value ->> 2 as bigint), cast(value ->> 3 as bigint),
                cast(value ->> 4 as bigint), value ->> 5 from jsonb_each($1)",
        rows,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::Paper;

    use super::*;

    const ROWS: &str = include_str!("rows.rs");
    const LOAD: &str = include_str!("load.rs");

    fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
        let (_, rest) = text.split_once(start).expect(start);
        rest.split_once(end).expect(end).0
    }

    fn list(text: &str) -> Vec<&str> {
        text.split(',').map(str::trim).collect()
    }

    /// The columns that come from sources, as `Row` has them.
    fn columns() -> BTreeSet<String> {
        let row =
            serde_json::to_value(Row::new(1, &Paper::default(), jiff::Timestamp::UNIX_EPOCH)).expect("JSON");
        row.as_object().expect("an object").keys().cloned().collect()
    }

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_insert_names_every_column_and_its_value_in_one_order() {
        let mut names = list(between(ROWS, "insert into papers (", ")"));
        let values = between(ROWS, "         select cast", "from jsonb_each");
        let values: Vec<&str> = values
            .split("value ->> '")
            .skip(1)
            .filter_map(|rest| rest.split('\'').next())
            .collect();
        assert_eq!(names.split_off(names.len() - 2), ["added_at", "changed_at"]);
        assert_eq!(names, values);
        assert_eq!(set(&names), columns());
    }

    #[test]
    fn the_update_sets_every_column_but_the_id() {
        let update = between(ROWS, "\"update papers set", "from jsonb_each");
        for column in columns().iter().filter(|column| *column != "id") {
            let text = format!(" {column} = new.value ->> '{column}'");
            let number = format!(" {column} = cast(new.value ->> '{column}' as bigint)");
            assert!(update.contains(&text) || update.contains(&number), "{column}");
        }
        assert_eq!(update.matches("value ->> '").count(), columns().len() - 1);
    }

    #[test]
    fn the_select_reads_every_column() {
        let names = between(LOAD, "r#\"select id as \"id!\",", "from papers where id in");
        let mut names = list(names);
        names.push("id");
        let names: Vec<&str> = names
            .into_iter()
            .map(|name| name.strip_suffix(" as abstract_text").unwrap_or(name))
            .collect();
        assert_eq!(set(&names), columns());
    }
}
