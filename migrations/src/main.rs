//! `migrations FILE`: makes or migrates the database FILE, for the compile-time checks of sqlx (`make sqlx`).

use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: migrations FILE")?;
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .connect()
        .await?;
    migrations::MIGRATIONS.run(&mut connection).await?;
    Ok(())
}
