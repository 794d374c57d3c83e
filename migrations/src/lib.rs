#![doc = include_str!("../README.md")]

/// Every migration of this folder, in order, embedded in the binary.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");
