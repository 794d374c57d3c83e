//! What has changed in the library since a reader opened a listing.

use std::collections::HashMap;

use domain::{ListStart, Newest};

use super::as_of::{AsOf, EarlierState};
use crate::{error::Result, json::from_json, store::Store};

/// Only an import of a whole archive moves more papers than this within two days. The listing then continues in its
/// present order, and the page says so.
const MOST_MOVED: usize = 20_000;
/// Only an import of a whole archive adds more papers than this.
const MOST_ADDED: i64 = 500_000;

/// Paper, announced, upvotes, stars, has code (0 or 1), categories: a move as the query writes it.
type MoveRow = (i64, i64, i64, i64, i64, String);

impl Store {
    /// What has changed since a listing was opened; `None` when too much has.
    pub(super) async fn changes_since(&self, start: ListStart, now: Newest) -> Result<Option<AsOf>> {
        // A walk passes over each added paper, row by row.
        if now.paper_id - start.newest > MOST_ADDED {
            return Ok(None);
        }
        let mut as_of = AsOf {
            newest: start.newest,
            moved: HashMap::new(),
        };
        if start.moves >= now.moves {
            return Ok(Some(as_of));
        }
        let most = MOST_MOVED as i64 + 1;
        // If a paper moved more than once, its first move holds the original state.
        let moved = sqlx::query_scalar!(
            r#"select json_group_array(json_array(m.paper_id, m.announced, m.upvotes, m.stars, m.has_code, m.categories)) as "moved!: String"
               from (select min(id) as id from moves where id > $1 and paper_id <= $2 group by paper_id limit $3) first
               join moves m on m.id = first.id join papers p on p.id = m.paper_id and p.removed_at is null"#,
            start.moves,
            start.newest,
            most
        )
        .fetch_one(&self.readers)
        .await?;
        let moved: Vec<MoveRow> = from_json(&moved)?;
        if moved.len() > MOST_MOVED {
            return Ok(None);
        }
        as_of.moved = moved
            .into_iter()
            .map(|(id, announced, upvotes, stars, has_code, categories)| {
                let state = EarlierState {
                    announced,
                    upvotes,
                    stars,
                    has_code: has_code != 0,
                    categories,
                };
                (id, state)
            })
            .collect();
        Ok(Some(as_of))
    }
}
