//! How a ranking is written into the database.

use std::collections::BTreeMap;

use domain::ranking::Medians;
use serde::{Deserialize, Serialize};

/// How a ranking is stored.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct StoredRanking {
    pub medians: BTreeMap<String, Medians>,
    pub entries: Vec<(i64, [f64; 4], [f64; 3])>,
}
