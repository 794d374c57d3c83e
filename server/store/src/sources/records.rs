//! What is stored about each source.

use std::collections::HashMap;

use domain::Upstream;
use jiff::civil::Date;

use crate::{error::Result, store::Store};

/// A row of `sources`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceRecord {
    /// Failed requests since the last good answer.
    pub failures: u32,
    /// Failed passes since the last complete one.
    pub failed_passes: u32,
    /// No requests before this moment, Unix seconds.
    pub rest_until: Option<i64>,
    /// Last good answer, Unix seconds.
    pub last_answer_at: Option<i64>,
    /// Last batch with papers, Unix seconds.
    pub last_batch_at: Option<i64>,
    /// The day of that batch.
    pub last_batch_day: Option<Date>,
    /// The number of records in it.
    pub last_batch_size: Option<u64>,
    /// The last day for which the source said that there is nothing.
    pub last_empty_day: Option<Date>,
    /// The last error.
    pub last_error: Option<String>,
    /// When it happened, Unix seconds.
    pub last_error_at: Option<i64>,
    /// The day for which the source sent an old batch again.
    pub repeated_day: Option<Date>,
}

impl Store {
    /// The record of every source; the default for a source that was never asked.
    pub async fn source_records(&self) -> Result<Vec<(Upstream, SourceRecord)>> {
        let rows = sqlx::query!(
            "select name, failures, failed_passes, rest_until, last_answer_at, last_batch_at, last_batch_day, last_batch_size, last_empty_day,
                    last_error, last_error_at, repeated_day
             from sources"
        )
        .fetch_all(&self.readers)
        .await?;
        let day = |text: Option<String>| text.and_then(|text| text.parse().ok());
        let mut known: HashMap<String, SourceRecord> = HashMap::new();
        for row in rows {
            known.insert(
                row.name,
                SourceRecord {
                    failures: u32::try_from(row.failures).unwrap_or(0),
                    failed_passes: u32::try_from(row.failed_passes).unwrap_or(0),
                    rest_until: row.rest_until,
                    last_answer_at: row.last_answer_at,
                    last_batch_at: row.last_batch_at,
                    last_batch_day: day(row.last_batch_day),
                    last_batch_size: row.last_batch_size.and_then(|n| u64::try_from(n).ok()),
                    last_empty_day: day(row.last_empty_day),
                    last_error: row.last_error,
                    last_error_at: row.last_error_at,
                    repeated_day: day(row.repeated_day),
                },
            );
        }
        Ok(Upstream::ALL
            .into_iter()
            .map(|upstream| (upstream, known.remove(upstream.code()).unwrap_or_default()))
            .collect())
    }
}
