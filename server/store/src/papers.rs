//! Papers: reading one, or a page of them.

use std::{collections::HashMap, str::FromStr};

use domain::{
    Paper, PaperKey, PaperPage, UnknownCode,
    paper::{CodeLink, CodeOrigin, CounterReading, History, PaperCard, Signal, Source},
};
use jiff::Timestamp;

use super::{ReaderId, Result, Store, StoreError, from_json, to_json};

/// Points of a history that a card draws.
const MOST_POINTS: i64 = 40;

impl Store {
    /// The row id behind a public name, today's or an earlier one.
    pub async fn paper_id(&self, key: &PaperKey) -> Result<Option<i64>> {
        let key = key.to_string();
        Ok(sqlx::query_scalar!(
            r#"select id as "id!" from papers where key = ?1
               union all select paper_id from paper_aliases where key = ?1"#,
            key
        )
        .fetch_optional(&self.readers)
        .await?)
    }

    /// Everything known of one paper; `None` when there is no such paper.
    pub async fn paper(&self, key: &PaperKey, reader: Option<ReaderId>) -> Result<Option<PaperPage>> {
        let Some(id) = self.paper_id(key).await? else {
            return Ok(None);
        };
        let cards = self.cards(&[id], reader, usize::MAX).await?;
        let Some(card) = self.warmed(cards).await?.pop() else {
            return Ok(None);
        };
        let row = sqlx::query!(
            r#"select categories, updated, version, comments, doi, journal_ref, license, project_page, hf_submitted_at, source,
                      removed_at is not null as "removed!: bool",
                      (select r.moved_to from repositories r where r.url = p.code_url) as "moved_to: String",
                      (select json_group_array(json_object('day', a.day, 'kind', a.kind, 'version', a.version) order by a.day)
                       from announcements a where a.paper_id = p.id) as "announcements!: String"
               from papers p where id = ?"#,
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
            source: source(row.source)?,
            announcements: from_json(&row.announcements)?,
            moved_to: row.moved_to,
            removed: row.removed,
        }))
    }

    /// The cards of these papers, in this order, with at most `authors` authors each. Unknown ids are left out.
    pub async fn cards(
        &self,
        ids: &[i64],
        reader: Option<ReaderId>,
        authors: usize,
    ) -> Result<Vec<PaperCard>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids_json = to_json(&ids)?;
        let authors = i64::try_from(authors).unwrap_or(i64::MAX);
        let reader = reader.map_or(0, |reader| reader.0);
        let most_points = MOST_POINTS;
        let rows = sqlx::query!(
            r#"select p.id as "id!", p.key, p.title, p.abstract as abstract_text, p.author_count,
                      coalesce(p.published, p.announced_on) as published, p.announced, p.announced_on, p.updated,
                      p.primary_category, p.categories, p.upvotes, p.stars, p.code_url,
                      (select c.found_in from code_repositories c where c.paper_id = p.id and c.url = p.code_url) as "found_in?: String",
                      (select r.state from repositories r where r.url = p.code_url) as "code_state?: String",
                      (select json_object('day', a.day, 'kind', a.kind, 'version', a.version) from announcements a
                       where a.paper_id = p.id order by a.day desc limit 1) as "announcement?: String",
                      (select json_group_array(json_array(s.signal, s.at, s.total)) from (
                           select * from (select signal, at, total from snapshots where paper_id = p.id and signal = 'hf' order by day desc limit ?4)
                           union all
                           select * from (select signal, at, total from snapshots where paper_id = p.id and signal = 'gh' order by day desc limit ?4)) s) as "history!: String",

                      (select json_group_array(a.name order by a.position) from paper_authors a
                       where a.paper_id = p.id and a.position < ?2) as "authors!: String",
                      exists (select 1 from bookmarks b where b.reader_id = ?3 and b.paper_id = p.id and b.removed_at is null) as "bookmarked!: bool",
                      exists (select 1 from readings r where r.reader_id = ?3 and r.paper_id = p.id) as "read!: bool"
               from papers p where p.id in (select value from json_each(?1))"#,
            ids_json,
            authors,
            reader,
            most_points
        )
        .fetch_all(&self.readers)
        .await?;
        let mut cards = HashMap::with_capacity(rows.len());
        for row in rows {
            let key = row
                .key
                .parse()
                .map_err(|e| StoreError::Corrupt(format!("the name of paper {}: {e}", row.id)))?;
            let authors: Vec<String> = from_json(&row.authors)?;
            let code = match row.code_url {
                Some(url) => Some(CodeLink {
                    url,
                    provenance: stored_code::<CodeOrigin>(row.found_in.as_deref())?.label(),
                    state: stored_code(row.code_state.as_deref())?,
                }),
                None => None,
            };
            let first_category = row.categories.split(' ').next().filter(|name| !name.is_empty());
            let card = PaperCard {
                id: row.id,
                key,
                title: row.title,
                abstract_text: row.abstract_text,
                authors,
                author_count: usize::try_from(row.author_count).unwrap_or(0),
                published: row.published.and_then(|text| text.parse().ok()),
                announced: row.announced,
                updated: row.updated.and_then(|text| text.parse().ok()),
                announced_on: row.announced_on.and_then(|day| day.parse().ok()),
                primary_category: row
                    .primary_category
                    .as_deref()
                    .or(first_category)
                    .and_then(|name| name.parse().ok()),
                categories: row
                    .categories
                    .split(' ')
                    .filter_map(|name| name.parse().ok())
                    .collect(),
                upvotes: row.upvotes.and_then(|n| u32::try_from(n).ok()),
                stars: row.stars.and_then(|n| u32::try_from(n).ok()),
                code,
                announcement: row
                    .announcement
                    .as_deref()
                    .and_then(|text| serde_json::from_str(text).ok()),
                history: histories(&from_json::<Vec<_>>(&row.history)?),
                heat: None,
                bookmarked: row.bookmarked,
                read: row.read,
            };
            cards.insert(row.id, card);
        }
        Ok(ids.iter().filter_map(|id| cards.remove(id)).collect())
    }

    /// Papers after row `after`, as they would be told again, at most `limit`: the pages of an export.
    pub async fn export_after(&self, after: i64, limit: i64) -> Result<Vec<(i64, Paper)>> {
        let rows = sqlx::query!(
            r#"select p.id as "id!", p.arxiv_id, p.source, p.version, p.title, p.abstract as abstract_text, p.published, p.updated,
                      p.primary_category, p.categories, p.comments, p.doi, p.journal_ref, p.license, p.code_url,
                      p.project_page, p.hf_submitted_at, p.num_comments, p.announced_on, p.announced_firm,
                      (select json_group_array(a.name order by a.position) from paper_authors a where a.paper_id = p.id) as "authors!: String",
                      (select json_array(s.at, s.total) from snapshots s
                       where s.paper_id = p.id and s.signal = 'hf' order by s.day desc limit 1) as "upvotes: String",
                      (select json_array(s.at, s.total) from snapshots s
                       where s.paper_id = p.id and s.signal = 'gh' order by s.day desc limit 1) as "stars: String"
               from papers p where p.id > ? and p.removed_at is null order by p.id limit ?"#,
            after,
            limit
        )
        .fetch_all(&self.readers)
        .await?;
        let sighting = |text: Option<String>| -> Option<CounterReading> {
            let (at, total) = serde_json::from_str::<(i64, u32)>(&text?).ok()?;
            Some(CounterReading {
                at: Timestamp::from_second(at).ok()?,
                total,
            })
        };
        rows.into_iter()
            .map(|row| {
                let paper = Paper {
                    source: source(row.source)?,
                    arxiv_id: row.arxiv_id.and_then(|id| id.parse().ok()),
                    version: row.version.and_then(|version| u32::try_from(version).ok()),
                    title: row.title,
                    abstract_text: row.abstract_text,
                    authors: serde_json::from_str(&row.authors).unwrap_or_default(),
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
                    upvotes: sighting(row.upvotes),
                    stars: sighting(row.stars),
                    announced_on: row.announced_on.and_then(|day| day.parse().ok()),
                    announced_firm: row.announced_firm != 0,
                    announcement: None,
                    live: false,
                };
                Ok((row.id, paper))
            })
            .collect()
    }
}

/// The source with this stored number.
fn source(rank: i64) -> Result<Source> {
    Source::from_rank(rank)
        .ok_or_else(|| StoreError::Corrupt(format!("{rank} is not the number of a source")))
}

/// The value with this stored code; the default where nothing is stored.
fn stored_code<T: Default + FromStr<Err = UnknownCode>>(code: Option<&str>) -> Result<T> {
    code.map_or(Ok(T::default()), |code| {
        code.parse()
            .map_err(|error: UnknownCode| StoreError::Corrupt(error.to_string()))
    })
}

/// The signals that have two totals or more, oldest first.
fn histories(points: &[(String, i64, i64)]) -> Vec<History> {
    [Signal::Upvotes, Signal::Stars]
        .into_iter()
        .filter_map(|signal| {
            let mut points: Vec<(i64, i64)> = points
                .iter()
                .filter(|(name, ..)| name == signal.code())
                .map(|(_, at, total)| (*at, *total))
                .collect();
            points.sort_unstable();
            (points.len() >= 2).then_some(History { signal, points })
        })
        .collect()
}
