//! `broadsheet`: see `broadsheet --help`.

use std::process::ExitCode;

use clap::Parser;
use server::{commands, config::Cli};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.settings.start_logging();
    match commands::run(cli).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("broadsheet: {error:#}");
            ExitCode::FAILURE
        }
    }
}
