//! Values that the program stores for itself.

use crate::{error::Result, store::Store};

impl Store {
    /// Whether the built-in sample should be loaded: the library is empty and never had it. An operator who deleted it does
    /// not get it again.
    pub async fn wants_sample(&self) -> Result<bool> {
        Ok(sqlx::query_scalar!(
            r#"select not exists (select 1 from papers) and not exists (select 1 from settings where name = 'sample') as "wanted!: bool""#
        )
        .fetch_one(&self.writer)
        .await?)
    }

    /// Remembers that the sample was loaded.
    pub async fn mark_sample(&self) -> Result<()> {
        let loaded = [1_u8].as_slice();
        sqlx::query!(
            "insert into settings (name, value) values ('sample', $1) on conflict do nothing",
            loaded
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
