//! Cards of papers.

use std::collections::HashMap;

use domain::{
    PaperKey,
    paper::{CodeLink, CodeOrigin, History, PaperCard, PlainText, Published, Signal},
};
use jiff::Timestamp;

use super::stored;
use crate::{
    error::{Result, StoreError},
    json::{from_json, to_json},
    listing::stored_signal,
    names::names,
    readers::ReaderId,
    store::Store,
};

/// Points of a history on a card.
const MOST_POINTS: i64 = 40;

/// A card as the query reads it; lists are JSON.
struct CardRow {
    id: i64,
    key: String,
    title: String,
    abstract_text: String,
    plain_title: Option<String>,
    plain_abstract: Option<String>,
    added: i64,
    hf_submitted_at: Option<i64>,
    author_count: i64,
    published: Option<String>,
    announced: i64,
    announced_on: Option<String>,
    updated: Option<String>,
    primary_category: Option<String>,
    categories: String,
    upvotes: Option<i64>,
    stars: Option<i64>,
    code_url: Option<String>,
    found_in: Option<String>,
    code_state: Option<String>,
    announcement: Option<String>,
    history: String,
    authors: String,
    bookmarked: bool,
    read: bool,
}

impl Store {
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
        let rows = sqlx::query_as!(
            CardRow,
            r#"select p.id as "id!", p.key, p.title, p.abstract as abstract_text,
                      t.title as plain_title, t.abstract as plain_abstract, p.author_count,
                      p.published, p.added_at as added, p.hf_submitted_at, p.announced, p.announced_on, p.updated,
                      p.primary_category, p.categories, p.upvotes, p.stars, p.code_url,
                      (select c.found_in from code_repositories c where c.paper_id = p.id and c.url = p.code_url) as "found_in?: String",
                      (select r.state from repositories r where r.url = p.code_url) as "code_state?: String",
                      (select json_object('day', a.day, 'kind', a.kind, 'version', a.version) from announcements a
                       where a.paper_id = p.id order by a.day desc limit 1) as "announcement?: String",
                      (select json_group_array(json_array(s.signal, s.at, s.total)) from (
                           select * from (select signal, at, total from snapshots where paper_id = p.id and signal = 'hf' order by day desc limit $4)
                           union all
                           select * from (select signal, at, total from snapshots where paper_id = p.id and signal = 'gh' order by day desc limit $4)) s) as "history!: String",
                      (select json_group_array(json_array(a.name, a.parts) order by a.position) from paper_authors a
                       where a.paper_id = p.id and a.position < $2) as "authors!: String",
                      exists (select 1 from bookmarks b where b.reader_id = $3 and b.paper_id = p.id and b.removed_at is null) as "bookmarked!: bool",
                      exists (select 1 from readings r where r.reader_id = $3 and r.paper_id = p.id) as "read!: bool"
               from papers p left join plain_texts t on t.paper_id = p.id where p.id in (select cast(value as bigint) from json_each($1))"#,
            ids_json,
            authors,
            reader,
            MOST_POINTS
        )
        .fetch_all(&self.readers)
        .await?;
        let mut cards = HashMap::with_capacity(rows.len());
        for row in rows {
            cards.insert(row.id, card(row)?);
        }
        Ok(ids.iter().filter_map(|id| cards.remove(id)).collect())
    }
}

fn card(row: CardRow) -> Result<PaperCard> {
    let key = row
        .key
        .parse()
        .map_err(|error| StoreError::Corrupt(format!("the key of paper {}: {error}", row.id)))?;
    let published = best_date(&key, &row);
    let first_category = row.categories.split(' ').next().filter(|name| !name.is_empty());
    Ok(PaperCard {
        id: row.id,
        key,
        title: row.title,
        abstract_text: row.abstract_text,
        plain_title: PlainText::from_column(row.plain_title),
        plain_abstract: PlainText::from_column(row.plain_abstract),
        authors: names(&row.authors)?,
        author_count: usize::try_from(row.author_count).unwrap_or(0),
        published,
        added: row.added,
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
        code: match row.code_url {
            Some(url) => Some(CodeLink {
                url,
                provenance: stored::code::<CodeOrigin>(row.found_in.as_deref())?.label(),
                state: stored::code(row.code_state.as_deref())?,
            }),
            None => None,
        },
        announcement: row
            .announcement
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok()),
        history: histories(from_json(&row.history)?)?,
        heat: None,
        bookmarked: row.bookmarked,
        read: row.read,
    })
}

/// The best known date of a paper, as [`PaperCard::published`] explains.
fn best_date(key: &PaperKey, row: &CardRow) -> Option<Published> {
    let date = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<Published>().ok());
    date(&row.published)
        .or_else(|| date(&row.announced_on))
        .or_else(|| {
            // arXiv had not assigned the identifier if its month is later than the day on which the paper was stored.
            let added = Timestamp::from_second(row.added).ok()?;
            Published::of_arxiv_id(key.arxiv_id()?).filter(|month| month.is_believable(added))
        })
        .or_else(|| {
            Timestamp::from_second(row.hf_submitted_at?)
                .ok()
                .map(Published::At)
        })
}

/// The histories with two or more points, oldest first. Each point comes with the code of its signal.
fn histories(points: Vec<(String, i64, i64)>) -> Result<Vec<History>> {
    let (mut upvotes, mut stars) = (Vec::new(), Vec::new());
    for (signal, at, total) in points {
        match stored_signal(&signal)? {
            Signal::Upvotes => upvotes.push((at, total)),
            Signal::Stars => stars.push((at, total)),
        }
    }
    let mut histories = Vec::new();
    for (signal, mut points) in [(Signal::Upvotes, upvotes), (Signal::Stars, stars)] {
        points.sort_unstable();
        if points.len() >= 2 {
            histories.push(History { signal, points });
        }
    }
    Ok(histories)
}
