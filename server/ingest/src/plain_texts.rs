//! Computes the plain form of titles and abstracts, and the parts of names.

use domain::{Name, Paper, paper::PlainText};
use store::{SourceTexts, Store, StoreError};

use crate::names::again;

/// Maximum papers per transaction. With this number another writer waits for only a fraction of a second.
const BATCH: i64 = 200;
/// Maximum papers whose plain texts are cleared per transaction.
const CLEARED: i64 = 5_000;
/// The version of all rules whose results are stored: plain texts and sort keys of names.
pub(crate) const RULES: i64 = (tex::PLAIN_VERSION << 16) + domain::name::VERSION;

/// Computes the plain form of the texts of a new paper.
pub fn with_plain_texts(mut paper: Paper) -> Paper {
    paper.plain_title = plain(&paper.title);
    paper.plain_abstract = plain(&paper.abstract_text);
    paper
}

fn plain(source: &str) -> PlainText {
    PlainText::new(source, tex::plain(source))
}

/// Computes what is missing: papers from an earlier release have no plain texts, and their names have no sort keys. It works
/// in small transactions and continues where it was interrupted. A paper that changes meanwhile waits for the next run.
pub(crate) async fn complete(store: &Store) -> Result<(), StoreError> {
    let known = store.plain_texts_version().await?;
    if known.is_some_and(|known| known != RULES) {
        let mut after = 0;
        while let Some(last) = store.clear_plain_texts(after, CLEARED).await? {
            after = last;
        }
    }
    if known != Some(RULES) {
        store.set_plain_texts_version(RULES).await?;
    }
    complete_texts(store).await?;
    complete_names(store).await
}

async fn complete_texts(store: &Store) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let missing = store.missing_plain_texts(after, BATCH).await?;
        let Some(last) = missing.last() else { return Ok(()) };
        after = last.paper_id;
        let texts = aside(move || {
            let plain_of = |source: SourceTexts| {
                let (title, text) = (plain(&source.title), plain(&source.abstract_text));
                (source, title, text)
            };
            missing.into_iter().map(plain_of).collect::<Vec<_>>()
        });
        store.save_plain_texts(&texts.await?).await?;
    }
}

async fn complete_names(store: &Store) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let papers = store.papers_without_sort_keys(after, BATCH).await?;
        let Some((last, _)) = papers.last() else {
            return Ok(());
        };
        after = *last;
        let cleaned = aside(move || {
            let clean = |(id, before): (i64, Vec<Name>)| {
                let names = again(&before);
                (id, before, names)
            };
            papers.into_iter().map(clean).collect::<Vec<_>>()
        });
        store.save_names(&cleaned.await?).await?;
    }
}

/// Runs work beside the threads that answer requests, because reading TeX is slow.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => Ok(result),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(error) => Err(StoreError::Corrupt(error.to_string())),
    }
}
