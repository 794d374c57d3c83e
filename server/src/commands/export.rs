//! `broadsheet export`

use std::{
    io::{BufWriter, Write, stdout},
    path::Path,
    process::ExitCode,
};

use anyhow::Context;

use super::output_file::create;
use crate::config::Settings;

/// Papers that are read from the database at a time.
const BATCH: i64 = 500;

/// Writes every paper as a line of JSON.
pub async fn run(settings: &Settings, file: &Path) -> anyhow::Result<ExitCode> {
    let store = settings.database.open_read_only().await?;
    let cannot = || format!("cannot write {}", file.display());
    let mut out: Box<dyn Write> = if file.as_os_str() == "-" {
        Box::new(BufWriter::new(stdout()))
    } else {
        Box::new(BufWriter::new(create(&settings.database, file)?))
    };
    let (mut after, mut count) = (0, 0_u64);
    loop {
        let papers = store.export_after(after, BATCH).await?;
        let Some((last, _)) = papers.last() else { break };
        after = *last;
        for (_, paper) in &papers {
            serde_json::to_writer(&mut out, paper).with_context(cannot)?;
            out.write_all(b"\n").with_context(cannot)?;
            count += 1;
        }
    }
    out.flush().with_context(cannot)?;
    store.close().await;
    eprintln!("exported {count} papers");
    Ok(ExitCode::SUCCESS)
}
