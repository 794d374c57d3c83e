//! The library as it was when a reader began to read: what moved since stands where it stood, what came since is not
//! there yet. So pages neither repeat nor skip, whatever is imported between them. Only what papers *say* is of today:
//! a word search goes by the words of the latest version.

use std::collections::HashMap;

use domain::ListStart;

use domain::Newest;

use super::{Result, Store, from_json};

/// More papers than this have never moved within two days but by an import of a whole archive; then the order is the
/// present one, and the page says so.
const MOST_MOVED: usize = 20_000;

/// And more than this come only by such an import.
const MOST_CAME: i64 = 500_000;

/// Where a paper stood.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stood {
    pub announced: i64,
    pub upvotes: i64,
    pub stars: i64,
    pub has_code: bool,
    pub categories: String,
}

/// What has changed since a reader began.
#[derive(Debug, Clone, Default)]
pub(super) struct Frozen {
    /// Papers with a later row have come since.
    pub newest: i64,
    /// The papers that have moved, as they were.
    pub moved: HashMap<i64, Stood>,
}

impl Store {
    /// What has changed since; `None` when too much has.
    pub(super) async fn since(&self, begun: ListStart, now: Newest) -> Result<Option<Frozen>> {
        // A walk passes over what has come since, row by row.
        if now.paper_id - begun.newest > MOST_CAME {
            return Ok(None);
        }
        if begun.moves >= now.moves {
            return Ok(Some(Frozen {
                newest: begun.newest,
                moved: HashMap::new(),
            }));
        }
        let most = MOST_MOVED as i64 + 1;
        // Of several moves of one paper the first says where it stood.
        let moved = sqlx::query_scalar!(
            r#"select json_group_array(json_array(m.paper_id, m.announced, m.upvotes, m.stars, m.has_code, m.categories)) as "moved!: String"
               from (select min(id) as id from moves where id > ?1 and paper_id <= ?2 group by paper_id limit ?3) first
               join moves m on m.id = first.id join papers p on p.id = m.paper_id and p.removed_at is null"#,
            begun.moves,
            begun.newest,
            most
        )
        .fetch_one(&self.readers)
        .await?;
        let moved: Vec<(i64, i64, i64, i64, i64, String)> = from_json(&moved)?;
        if moved.len() > MOST_MOVED {
            return Ok(None);
        }
        let moved = moved
            .into_iter()
            .map(|(id, announced, upvotes, stars, has_code, categories)| {
                let stood = Stood {
                    announced,
                    upvotes,
                    stars,
                    has_code: has_code != 0,
                    categories,
                };
                (id, stood)
            })
            .collect();
        Ok(Some(Frozen {
            newest: begun.newest,
            moved,
        }))
    }
}
