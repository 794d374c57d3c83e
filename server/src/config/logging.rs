//! The log.

use std::io::{IsTerminal, stderr};

use clap::{Args, ValueEnum};
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// The format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object per line.
    Json,
}

/// How the log is written.
#[derive(Debug, Clone, Args)]
pub struct LogSettings {
    /// Log format; set the level with RUST_LOG (default: info)
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_LOG_FORMAT",
        default_value = "text",
        value_name = "text|json",
        hide_possible_values = true
    )]
    pub log_format: LogFormat,
}

impl LogSettings {
    /// Starts the log on standard error.
    pub fn start(&self) {
        // sqlx logs every statement at the level debug.
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
        let lines = fmt::layer().with_writer(stderr).with_ansi(stderr().is_terminal());
        let registry = tracing_subscriber::registry().with(filter);
        // Fails only if a log was started before; then that log goes on.
        let _ = match self.log_format {
            LogFormat::Text => registry.with(lines.with_target(false)).try_init(),
            LogFormat::Json => registry.with(lines.json()).try_init(),
        };
    }
}
