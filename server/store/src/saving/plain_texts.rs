//! Writing the plain texts of papers that are saved.

use domain::paper::PlainText;
use sqlx::{Sqlite, Transaction};

use super::merged_paper::MergedPaper;
use crate::{error::Result, json::to_json};

/// Adds the plain texts of new papers.
pub(super) async fn insert_plain_texts(
    tx: &mut Transaction<'_, Sqlite>,
    papers: &[&MergedPaper],
) -> Result<()> {
    if papers.is_empty() {
        return Ok(());
    }
    let column = |text: &Option<PlainText>| text.as_ref().and_then(PlainText::column).map(str::to_owned);
    let rows: Vec<_> = papers
        .iter()
        .map(|paper| {
            (
                paper.row.id,
                column(&paper.plain_title),
                column(&paper.plain_abstract),
            )
        })
        .collect();
    let rows = to_json(&rows)?;
    sqlx::query!(
        "insert into plain_texts (paper_id, title, abstract)
         select cast(value ->> 0 as bigint), value ->> 1, value ->> 2 from jsonb_each($1)",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Replaces the plain texts of papers whose title or abstract has changed.
pub(super) async fn update_plain_texts(
    tx: &mut Transaction<'_, Sqlite>,
    papers: &[&MergedPaper],
) -> Result<()> {
    let rows: Vec<_> = papers
        .iter()
        .filter(|paper| paper.plain_title.is_some() || paper.plain_abstract.is_some())
        .map(|paper| {
            let part = |text: &Option<PlainText>| {
                let column = text.as_ref().and_then(PlainText::column).map(str::to_owned);
                (i64::from(text.is_some()), column)
            };
            let (title, plain_title) = part(&paper.plain_title);
            let (text, plain_abstract) = part(&paper.plain_abstract);
            (paper.row.id, title, plain_title, text, plain_abstract)
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let rows = to_json(&rows)?;
    sqlx::query!(
        "update plain_texts set
             title = case when cast(new.value ->> 1 as bigint) = 1 then new.value ->> 2 else plain_texts.title end,
             abstract = case when cast(new.value ->> 3 as bigint) = 1 then new.value ->> 4 else plain_texts.abstract end
         from jsonb_each($1) new where plain_texts.paper_id = cast(new.value ->> 0 as bigint)",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
