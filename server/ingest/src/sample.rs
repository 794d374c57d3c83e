//! The built-in sample: 119 real papers, so that a new installation has something to show. `data/README.md` says where
//! they come from.

use domain::Paper;
use jiff::Timestamp;
use store::{Result, Store, StoreError};

use crate::{import::Records, plain_texts::with_plain_texts};

const SAMPLE: &str = include_str!("../data/sample.jsonl");

/// Loads the sample into a database that never contained a paper. Returns how many papers were added.
pub async fn load_sample(store: &Store, now: Timestamp) -> Result<usize> {
    if !store.wants_sample().await? {
        return Ok(0);
    }
    let papers = Records::new(SAMPLE.as_bytes())
        .map(|record| {
            let record = record
                .map_err(|reject| StoreError::Corrupt(format!("the built-in sample: {}", reject.reason)))?;
            serde_json::from_slice(&record.bytes)
                .map(with_plain_texts)
                .map_err(|error| StoreError::Corrupt(format!("the built-in sample: {error}")))
        })
        .collect::<Result<Vec<Paper>>>()?;
    let added = store.save_papers(&papers, now).await?.len();
    // The mark comes after the papers. After a crash in between, the sample is loaded again, which changes nothing.
    store.mark_sample().await?;
    Ok(added)
}
