//! Which papers entered the top of a trending list, and when they first did.

use std::collections::HashMap;

use domain::{Category, ranking::NOTABLE_HEAT};
use sqlx::{Sqlite, Transaction};

use super::stored::StoredRanking;
use crate::{
    error::Result,
    json::{from_json, to_json},
    saving::scopes,
    store::Store,
};

/// The sizes of a top.
pub const TOPS: [i64; 3] = [10, 20, 50];

impl Store {
    /// The papers that entered the top `top` of all papers or of a category: row id and moment, the latest first. Only
    /// those before `before` (moment and row id), at most `limit`.
    pub async fn top_entries(
        &self,
        category: Option<&Category>,
        top: i64,
        before: Option<(i64, i64)>,
        limit: i64,
    ) -> Result<Vec<(i64, i64)>> {
        let scope = category.map_or("", Category::as_str);
        let (at, id) = before.unwrap_or((i64::MAX, i64::MAX));
        let rows = sqlx::query!(
            "select e.paper_id, e.at from entered e join papers p on p.id = e.paper_id
             where e.scope = $1 and e.top = $2 and (e.at, e.paper_id) < ($3, $4) and p.removed_at is null
             order by e.at desc, e.paper_id desc limit $5",
            scope,
            top,
            at,
            id,
            limit
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(rows.into_iter().map(|row| (row.paper_id, row.at)).collect())
    }
}

/// Stores the papers that are in a top now and never were before.
pub(super) async fn note_top_entries(
    tx: &mut Transaction<'_, Sqlite>,
    week: &StoredRanking,
    now: i64,
) -> Result<()> {
    let papers = hot_papers(tx, week).await?;
    let mut places: HashMap<&str, i64> = HashMap::new();
    let mut rows: Vec<(&str, i64, i64)> = Vec::new();
    for paper in &papers {
        for scope in scopes(&paper.categories) {
            let place = places.entry(scope).or_default();
            *place += 1;
            let tops = TOPS.into_iter().filter(|top| *place <= *top);
            rows.extend(tops.map(|top| (scope, top, paper.id)));
        }
    }
    let rows = to_json(&rows)?;
    sqlx::query!(
        "insert into entered (scope, top, paper_id, at)
         select value ->> 0, cast(value ->> 1 as bigint), cast(value ->> 2 as bigint), $2 from jsonb_each($1) where true
         on conflict do nothing",
        rows,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

struct HotPaper {
    id: i64,
    heat: f64,
    announced: i64,
    categories: String,
}

/// The papers of a ranking whose heat is worth a feed entry, in the order of trending lists.
async fn hot_papers(tx: &mut Transaction<'_, Sqlite>, week: &StoredRanking) -> Result<Vec<HotPaper>> {
    let heats: HashMap<i64, f64> = week
        .entries
        .iter()
        .map(|(id, terms, _)| (*id, terms.iter().sum::<f64>()))
        .filter(|(_, heat)| *heat >= NOTABLE_HEAT)
        .collect();
    let ids = to_json(&heats.keys().collect::<Vec<_>>())?;
    let facts = sqlx::query_scalar!(
        r#"select json_group_array(json_array(id, announced, categories)) as "facts!: String"
           from papers where removed_at is null and id in (select cast(value as bigint) from json_each($1))"#,
        ids
    )
    .fetch_one(&mut **tx)
    .await?;
    let facts: Vec<(i64, i64, String)> = from_json(&facts)?;
    let mut papers: Vec<HotPaper> = facts
        .into_iter()
        .map(|(id, announced, categories)| HotPaper {
            id,
            heat: heats.get(&id).copied().unwrap_or(0.0),
            announced,
            categories,
        })
        .collect();
    papers.sort_by(|a, b| {
        b.heat
            .total_cmp(&a.heat)
            .then(b.announced.cmp(&a.announced))
            .then(b.id.cmp(&a.id))
    });
    Ok(papers)
}
