//! Everything about one paper.

use domain::{PaperKey, PaperPage};
use jiff::Timestamp;

use super::stored;
use crate::{error::Result, json::from_json, readers::ReaderId, store::Store};

impl Store {
    /// The row id of a paper by its present key or an earlier one.
    pub async fn paper_id(&self, key: &PaperKey) -> Result<Option<i64>> {
        let key = key.to_string();
        Ok(sqlx::query_scalar!(
            r#"select id as "id!" from papers where key = $1
               union all select paper_id from paper_aliases where key = $1"#,
            key
        )
        .fetch_optional(&self.readers)
        .await?)
    }

    /// Everything about one paper, with all its authors; `None` when there is no such paper.
    pub async fn paper(&self, key: &PaperKey, reader: Option<ReaderId>) -> Result<Option<PaperPage>> {
        self.paper_with_authors(key, reader, usize::MAX).await
    }

    /// The same, with at most `authors` authors. Some papers have thousands.
    pub async fn paper_with_authors(
        &self,
        key: &PaperKey,
        reader: Option<ReaderId>,
        authors: usize,
    ) -> Result<Option<PaperPage>> {
        let Some(id) = self.paper_id(key).await? else {
            return Ok(None);
        };
        let cards = self.cards(&[id], reader, authors).await?;
        let Some(card) = self.with_heat(cards).await?.pop() else {
            return Ok(None);
        };
        let row = sqlx::query!(
            r#"select categories, updated, version, comments, doi, journal_ref, license, project_page, hf_submitted_at, source,
                      removed_at is not null as "removed!: bool",
                      (select r.moved_to from repositories r where r.url = p.code_url) as "moved_to: String",
                      (select json_group_array(json_object('day', a.day, 'kind', a.kind, 'version', a.version) order by a.day)
                       from announcements a where a.paper_id = p.id) as "announcements!: String"
               from papers p where id = $1"#,
            id
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(Some(PaperPage {
            card,
            categories: row
                .categories
                .split(' ')
                .filter_map(|name| name.parse().ok())
                .collect(),
            updated: row.updated.and_then(|text| text.parse().ok()),
            version: row.version.and_then(|version| u32::try_from(version).ok()),
            comments: row.comments,
            doi: row.doi,
            journal_ref: row.journal_ref,
            license: row.license,
            project_page: row.project_page,
            hf_submitted_at: row.hf_submitted_at.and_then(|at| Timestamp::from_second(at).ok()),
            source: stored::source(row.source)?,
            announcements: from_json(&row.announcements)?,
            moved_to: row.moved_to,
            removed: row.removed,
        }))
    }
}
