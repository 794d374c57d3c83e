//! The commands of the program, one file each.

mod backup;
mod bounce;
mod check;
mod digest;
mod export;
mod failure;
mod import;
mod output_file;
mod rank;
mod restore;
mod serve;
mod sync;

use std::process::ExitCode;

pub use failure::describe;

use crate::config::{Cli, Command, DigestCommand};

/// Runs the command that the command line names.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let settings = &cli.settings;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(settings).await,
        Command::Import { files, rejects } => import::run(settings, &files, rejects.as_deref()).await,
        Command::Sync { source, from } => sync::run(settings, source, from).await,
        Command::Rank => rank::run(settings).await,
        Command::Digest(DigestCommand::Preview { now, into }) => {
            digest::preview(settings, now, into.as_deref()).await
        }
        Command::Digest(DigestCommand::Send { now }) => digest::send(settings, now).await,
        Command::Bounce { paths } => bounce::run(settings, &paths).await,
        Command::Export { file } => export::run(settings, &file).await,
        Command::Backup { file } => backup::run(settings, &file).await,
        Command::Restore { file, force } => restore::run(settings, &file, force).await,
        Command::Check => check::run(settings).await,
    }
}
