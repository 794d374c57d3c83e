//! All settings. Each is a flag and an environment variable.

use clap::Args;

use super::{
    clients::ClientSettings, database::DatabaseSettings, logging::LogSettings, mail::MailSettings,
    sample::SampleSettings, secret::SecretSettings, site::SiteSettings, sources::SourcesSettings,
};

/// The settings, by concern.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// The database file.
    #[command(flatten, next_help_heading = "Database")]
    pub database: DatabaseSettings,
    /// The built-in sample.
    #[command(flatten)]
    pub sample: SampleSettings,
    /// The web site.
    #[command(flatten, next_help_heading = "Web site")]
    pub site: SiteSettings,
    /// Proxies, and the limits for each client.
    #[command(flatten)]
    pub clients: ClientSettings,
    /// The secret.
    #[command(flatten)]
    pub secret: SecretSettings,
    /// The sources of papers.
    #[command(flatten, next_help_heading = "Sources")]
    pub sources: SourcesSettings,
    /// Email.
    #[command(flatten, next_help_heading = "Email")]
    pub mail: MailSettings,
    /// The log.
    #[command(flatten, next_help_heading = "Log")]
    pub log: LogSettings,
}
