//! Every command and setting, with its help text: `broadsheet --help` is made from these files.
//!
//! One struct holds the settings of one concern, and builds the object that they configure.

mod cli;
mod clients;
mod database;
mod logging;
mod mail;
mod sample;
pub mod secret;
mod settings;
mod site;
mod sources;
mod switch;
mod upgrade_copy;

pub use cli::{Cli, Command, DigestCommand, SyncSource};
pub use clients::ClientSettings;
pub use database::DatabaseSettings;
pub use logging::{LogFormat, LogSettings};
pub use mail::MailSettings;
pub use sample::SampleSettings;
pub use secret::SecretSettings;
pub use settings::Settings;
pub use site::SiteSettings;
pub use sources::{Sets, SourcesSettings};
pub use switch::Switch;
