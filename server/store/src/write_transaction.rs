//! A transaction whose steps the caller chooses: for changes that touch several tables under one rule.

use sqlx::Sqlite;

use super::{Result, Store};

/// An open transaction. It holds the write lock from its start, so it never fails half-way for want of it. Its
/// methods stand in the file of their table. Dropped without [`WriteTransaction::commit`], it changes nothing.
#[derive(Debug)]
pub struct WriteTransaction(pub(super) sqlx::Transaction<'static, Sqlite>);

impl Store {
    /// Begins a transaction. It waits for other writers.
    pub async fn write_transaction(&self) -> Result<WriteTransaction> {
        Ok(WriteTransaction(self.begin().await?))
    }
}

impl WriteTransaction {
    /// Makes all changes of this transaction durable.
    pub async fn commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }
}
