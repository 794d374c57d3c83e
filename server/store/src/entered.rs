//! Which papers came among the first of a list, and when they first did.

use std::collections::HashMap;

use domain::{Category, ranking::WORTH_TELLING};
use sqlx::{Sqlite, Transaction};

use super::{Result, Store, from_json, merge::scopes, stored_ranking::StoredRanking, to_json};

/// The sizes of "the first".
pub const TOPS: [i64; 3] = [10, 20, 50];

impl Store {
    /// The papers that came among the first `top` of everything or of a category, the latest first: row and moment, of
    /// those before `before` (moment and row), at most `limit`.
    pub async fn entered(
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
             where e.scope = ? and e.top = ? and (e.at, e.paper_id) < (?, ?) and p.removed_at is null
             order by e.at desc, e.paper_id desc limit ?",
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

/// Notes who is among the first now and was not before.
pub(super) async fn note_entered(
    tx: &mut Transaction<'_, Sqlite>,
    week: &StoredRanking,
    now: i64,
) -> Result<()> {
    let mut hot: Vec<(i64, f64)> = week
        .entries
        .iter()
        .map(|(id, terms, _)| (*id, terms.iter().sum::<f64>()))
        // A day without anything worth mailing is not worth telling either.
        .filter(|(_, heat)| *heat >= WORTH_TELLING)
        .collect();
    let ids = to_json(&hot.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    let facts = sqlx::query_scalar!(
        r#"select json_group_array(json_array(id, announced, categories)) as "facts!: String"
           from papers where removed_at is null and id in (select value from json_each(?))"#,
        ids
    )
    .fetch_one(&mut **tx)
    .await?;
    let facts: Vec<(i64, i64, String)> = from_json(&facts)?;
    let facts: HashMap<i64, (i64, String)> = facts
        .into_iter()
        .map(|(id, announced, categories)| (id, (announced, categories)))
        .collect();
    hot.retain(|(id, _)| facts.contains_key(id));
    let announced = |id: &i64| facts.get(id).map_or(0, |(announced, _)| *announced);
    // The order of the lists.
    hot.sort_by(|a, b| {
        b.1.total_cmp(&a.1)
            .then(announced(&b.0).cmp(&announced(&a.0)))
            .then(b.0.cmp(&a.0))
    });
    let mut places: HashMap<&str, i64> = HashMap::new();
    let mut rows = Vec::new();
    for (id, _) in &hot {
        let Some((_, categories)) = facts.get(id) else {
            continue;
        };
        for scope in scopes(categories) {
            let place = places.entry(scope).or_default();
            *place += 1;
            rows.extend(
                TOPS.into_iter()
                    .filter(|top| *place <= *top)
                    .map(|top| (scope, top, *id)),
            );
        }
    }
    let rows = to_json(&rows)?;
    sqlx::query!(
        "insert into entered (scope, top, paper_id, at)
         select value ->> 0, value ->> 1, value ->> 2, ?2 from json_each(?1) where true on conflict do nothing",
        rows,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
