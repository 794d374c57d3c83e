//! Papers without plain texts or name parts, because an earlier release or earlier rules stored them.

use domain::{Name, name::joined, paper::PlainText};

use crate::{
    error::Result,
    json::to_json,
    names::names,
    saving::{index, replace_authors, unindex},
    store::Store,
};

/// A paper without its plain texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceTexts {
    /// Row id.
    pub paper_id: i64,
    /// The title, which may hold TeX.
    pub title: String,
    /// The abstract, which may hold TeX.
    pub abstract_text: String,
}

impl Store {
    /// Whether some plain texts or names are missing, or were computed by another version of the rules.
    pub async fn lacks_plain_texts(&self, version: i64) -> Result<bool> {
        if self.plain_texts_version().await? != Some(version) {
            return Ok(true);
        }
        Ok(sqlx::query_scalar!(
            r#"select exists (select 1 from plain_texts indexed by plain_texts_missing where title is null or abstract is null)
                   or exists (select 1 from paper_authors indexed by paper_authors_without_key where sort_key is null) as "lacks!: bool""#
        )
        .fetch_one(&self.readers)
        .await?)
    }

    /// The version of the rules that computed the plain texts and the sort keys; `None` if none have been computed.
    pub async fn plain_texts_version(&self) -> Result<Option<i64>> {
        let stored = sqlx::query_scalar!("select value from settings where name = 'plain_texts'")
            .fetch_optional(&self.readers)
            .await?;
        let bytes = stored.and_then(|bytes| <[u8; 8]>::try_from(bytes.as_slice()).ok());
        // A value of another length is of no version.
        Ok(bytes.map(i64::from_be_bytes))
    }

    /// Remembers the version of the rules that compute plain texts and sort keys from now on.
    pub async fn set_plain_texts_version(&self, version: i64) -> Result<()> {
        let bytes = version.to_be_bytes().to_vec();
        sqlx::query!(
            "insert into settings (name, value) values ('plain_texts', $1) on conflict (name) do update set value = excluded.value",
            bytes
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Clears the plain texts and sort keys of the papers after the row id `after`, at most `limit`. Returns the last row id;
    /// `None` if there are no more papers.
    pub async fn clear_plain_texts(&self, after: i64, limit: i64) -> Result<Option<i64>> {
        let mut tx = self.begin().await?;
        let last = sqlx::query_scalar!(
            r#"select max(paper_id) as "last?: i64" from
                   (select paper_id from plain_texts where paper_id > $1 order by paper_id limit $2) cleared"#,
            after,
            limit
        )
        .fetch_one(&mut *tx)
        .await?;
        let Some(last) = last else { return Ok(None) };
        sqlx::query!(
            "update plain_texts set title = null, abstract = null where paper_id > $1 and paper_id <= $2",
            after,
            last
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            "update paper_authors set sort_key = null where paper_id > $1 and paper_id <= $2",
            after,
            last
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Some(last))
    }

    /// Papers after the row id `after` without their plain texts, at most `limit`.
    pub async fn missing_plain_texts(&self, after: i64, limit: i64) -> Result<Vec<SourceTexts>> {
        Ok(sqlx::query_as!(
            SourceTexts,
            r#"select t.paper_id as "paper_id!", p.title, p.abstract as abstract_text
               from plain_texts t indexed by plain_texts_missing join papers p on p.id = t.paper_id
               where t.paper_id > $1 and (t.title is null or t.abstract is null) order by t.paper_id limit $2"#,
            after,
            limit
        )
        .fetch_all(&self.readers)
        .await?)
    }

    /// Stores plain texts, each with its source texts. If a source text has changed meanwhile, nothing is
    /// stored for it.
    pub async fn save_plain_texts(&self, texts: &[(SourceTexts, PlainText, PlainText)]) -> Result<()> {
        let rows: Vec<_> = texts
            .iter()
            .map(|(source, title, text)| {
                (
                    source.paper_id,
                    &source.title,
                    &source.abstract_text,
                    title.column(),
                    text.column(),
                )
            })
            .collect();
        let rows = to_json(&rows)?;
        sqlx::query!(
            "update plain_texts set title = new.value ->> 3, abstract = new.value ->> 4
             from jsonb_each($1) new join papers p on p.id = cast(new.value ->> 0 as bigint)
             where plain_texts.paper_id = p.id and p.title = new.value ->> 1 and p.abstract = new.value ->> 2",
            rows
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Papers after the row id `after` with authors that have no sort key, at most `limit`: row id and names in order.
    pub async fn papers_without_sort_keys(&self, after: i64, limit: i64) -> Result<Vec<(i64, Vec<Name>)>> {
        let rows = sqlx::query!(
            r#"select distinct k.paper_id as "paper_id!",
                      (select json_group_array(json_array(a.name, a.parts) order by a.position) from paper_authors a
                       where a.paper_id = k.paper_id) as "names!: String"
               from paper_authors k indexed by paper_authors_without_key
               where k.paper_id > $1 and k.sort_key is null order by k.paper_id limit $2"#,
            after,
            limit
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter()
            .map(|row| Ok((row.paper_id, names(&row.names)?)))
            .collect()
    }

    /// Replaces the authors of papers. A paper whose authors are no longer `before` is unchanged.
    pub async fn save_names(&self, papers: &[(i64, Vec<Name>, Vec<Name>)]) -> Result<()> {
        let mut tx = self.begin().await?;
        let mut replaced: Vec<(i64, &[Name])> = Vec::new();
        let mut renamed: Vec<(i64, String, usize)> = Vec::new();
        for (id, before, after) in papers {
            let known = sqlx::query_scalar!(
                r#"select json_group_array(json_array(name, parts) order by position) as "names!: String" from paper_authors where paper_id = $1"#,
                id
            )
            .fetch_one(&mut *tx)
            .await?;
            if names(&known)? != *before {
                continue;
            }
            replaced.push((*id, after));
            let printed = |names: &[Name]| names.iter().map(Name::to_string).collect::<Vec<_>>();
            if printed(after) != printed(before) {
                renamed.push((*id, joined(after), after.len()));
            }
        }
        let ids: Vec<i64> = renamed.iter().map(|(id, ..)| *id).collect();
        unindex(&mut tx, &ids).await?;
        let rows = to_json(&renamed)?;
        sqlx::query!(
            "update papers set authors = new.value ->> 1, author_count = cast(new.value ->> 2 as bigint)
             from jsonb_each($1) new where papers.id = cast(new.value ->> 0 as bigint)",
            rows
        )
        .execute(&mut *tx)
        .await?;
        index(&mut tx, &ids).await?;
        replace_authors(&mut tx, &replaced).await?;
        Ok(tx.commit().await?)
    }
}
