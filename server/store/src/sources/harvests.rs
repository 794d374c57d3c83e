//! How far each harvest is.

use crate::{error::Result, store::Store};

/// How far a harvest is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The set, and for a backfill its first day.
    pub scope: String,
    /// The first day of the present harvest, or of the next one.
    pub from_day: String,
    /// The resumption token of the next page; `None` between harvests.
    pub token: Option<String>,
    /// When the present harvest began, by the clock of the server.
    pub began: Option<String>,
}

impl Checkpoint {
    /// The same harvest from its first page.
    pub fn begun_again(&self) -> Self {
        Self {
            token: None,
            began: None,
            ..self.clone()
        }
    }
}

impl Store {
    /// How far a harvest is; `None` before the first.
    pub async fn harvest(&self, scope: &str) -> Result<Option<Checkpoint>> {
        Ok(sqlx::query_as!(
            Checkpoint,
            "select scope, from_day, token, began from harvests where scope = $1",
            scope
        )
        .fetch_optional(&self.readers)
        .await?)
    }
}
