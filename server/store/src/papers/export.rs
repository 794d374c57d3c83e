//! Papers in the form that `import` reads.

use domain::{
    Paper,
    paper::{CounterReading, PlainText},
};
use jiff::Timestamp;

use super::stored;
use crate::{error::Result, names::names, store::Store};

/// A paper as the query reads it; lists are JSON.
struct ExportRow {
    id: i64,
    arxiv_id: Option<String>,
    source: i64,
    version: Option<i64>,
    title: String,
    abstract_text: String,
    published: Option<String>,
    updated: Option<String>,
    primary_category: Option<String>,
    categories: String,
    comments: Option<String>,
    doi: Option<String>,
    journal_ref: Option<String>,
    license: Option<String>,
    code_url: Option<String>,
    project_page: Option<String>,
    hf_submitted_at: Option<i64>,
    num_comments: Option<i64>,
    announced_on: Option<String>,
    announced_firm: i64,
    authors: String,
    upvotes: Option<String>,
    stars: Option<String>,
}

impl Store {
    /// At most `limit` papers after the row id `after`, each with its row id: the pages of an export.
    pub async fn export_after(&self, after: i64, limit: i64) -> Result<Vec<(i64, Paper)>> {
        let rows = sqlx::query_as!(
            ExportRow,
            r#"select p.id as "id!", p.arxiv_id, p.source, p.version, p.title, p.abstract as abstract_text, p.published, p.updated,
                      p.primary_category, p.categories, p.comments, p.doi, p.journal_ref, p.license, p.code_url,
                      p.project_page, p.hf_submitted_at, p.num_comments, p.announced_on, p.announced_firm,
                      (select json_group_array(json_array(a.name, a.parts) order by a.position) from paper_authors a where a.paper_id = p.id) as "authors!: String",
                      (select json_array(s.at, s.total) from snapshots s
                       where s.paper_id = p.id and s.signal = 'hf' order by s.day desc limit 1) as "upvotes: String",
                      (select json_array(s.at, s.total) from snapshots s
                       where s.paper_id = p.id and s.signal = 'gh' order by s.day desc limit 1) as "stars: String"
               from papers p where p.id > $1 and p.removed_at is null order by p.id limit $2"#,
            after,
            limit
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(|row| Ok((row.id, paper(row)?))).collect()
    }
}

fn paper(row: ExportRow) -> Result<Paper> {
    Ok(Paper {
        source: stored::source(row.source)?,
        arxiv_id: row.arxiv_id.and_then(|id| id.parse().ok()),
        version: row.version.and_then(|version| u32::try_from(version).ok()),
        title: row.title,
        abstract_text: row.abstract_text,
        authors: names(&row.authors)?,
        plain_title: PlainText::Missing,
        plain_abstract: PlainText::Missing,
        published: row.published.and_then(|text| text.parse().ok()),
        updated: row.updated.and_then(|text| text.parse().ok()),
        primary_category: row.primary_category.and_then(|name| name.parse().ok()),
        categories: row
            .categories
            .split(' ')
            .filter_map(|name| name.parse().ok())
            .collect(),
        comments: row.comments,
        doi: row.doi,
        journal_ref: row.journal_ref,
        license: row.license,
        code_url: row.code_url,
        project_page: row.project_page,
        hf_submitted_at: row.hf_submitted_at.and_then(|at| Timestamp::from_second(at).ok()),
        num_comments: row.num_comments.and_then(|n| u32::try_from(n).ok()),
        upvotes: reading(row.upvotes),
        stars: reading(row.stars),
        announced_on: row.announced_on.and_then(|day| day.parse().ok()),
        announced_firm: row.announced_firm != 0,
        announcement: None,
        live: false,
    })
}

/// The last reading of a counter, from JSON: moment and total.
fn reading(text: Option<String>) -> Option<CounterReading> {
    let (at, total) = serde_json::from_str::<(i64, u32)>(&text?).ok()?;
    Some(CounterReading {
        at: Timestamp::from_second(at).ok()?,
        total,
    })
}
