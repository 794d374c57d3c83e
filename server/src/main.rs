//! The program `broadsheet`; `broadsheet --help` explains its commands and settings.

use std::process::ExitCode;

use clap::Parser;
use server::{commands, config::Cli};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.settings.log.start();
    match commands::run(cli).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("broadsheet: {}", commands::describe(&error));
            ExitCode::FAILURE
        }
    }
}
