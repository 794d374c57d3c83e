//! The health of all sources.

use domain::upstream::SourceHealth;
use jiff::Timestamp;
use store::{Result, Store};

use super::source::health;
use crate::fetch::Gate;

/// The health of every source. `sync` is whether the sources are followed.
pub async fn sources(store: &Store, sync: bool, now: Timestamp) -> Result<Vec<SourceHealth>> {
    let records = store.source_records().await?;
    let gates = store.shut_gates(now).await?;
    Ok(records
        .iter()
        .map(|(upstream, record)| {
            let mut source = health(*upstream, record, sync, now);
            // A closed gate delays all sources behind it.
            let code = Gate::of(*upstream).code();
            if let Some((_, opens)) = gates.iter().find(|(gate, _)| gate == code) {
                source.retry_at = source.retry_at.max(Some(*opens));
                source.next_expected = source.next_expected.map(|expected| expected.max(*opens));
            }
            source
        })
        .collect())
}
