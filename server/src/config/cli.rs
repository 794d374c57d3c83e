//! The commands and their arguments.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use jiff::{Timestamp, civil::Date};

use super::settings::Settings;

/// A self-hosted reader of trending research papers
#[derive(Debug, Parser)]
#[command(name = "broadsheet", version, max_term_width = 100)]
pub struct Cli {
    /// The settings.
    #[command(flatten)]
    pub settings: Settings,
    /// The command; `serve` if there is none.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the web site and run the jobs (default)
    ///
    /// Creates the database if it does not exist, and upgrades an older one. A new database gets the built-in sample.
    Serve,
    /// Import papers from files
    ///
    /// Reads JSON Lines, a JSON array, or JSON objects one after the other. The text may be UTF-8 or UTF-16. It may be
    /// plain, compressed (gzip, zstd) or in a zip archive. Each record can be an entry of Hugging Face daily papers, a row
    /// of arXiv's metadata snapshot, or a line written by `broadsheet export`. A record that cannot be read is reported with
    /// its line and the reason; the import goes on. Importing a file twice changes nothing. The exit code is 0 if any record
    /// was accepted or the files are empty, otherwise 1.
    Import {
        /// Files to read, in order; `-` is standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Write rejected records to this file instead of standard error
        #[arg(long, value_name = "FILE")]
        rejects: Option<PathBuf>,
    },
    /// Sync all sources once and report
    ///
    /// Fetches only what is new, and continues an interrupted sync. Keeps the pauses that the sources require between
    /// requests, even while `serve` runs.
    Sync {
        /// The source to sync
        #[arg(default_value = "all")]
        source: SyncSource,
        /// Fetch everything since this day, not only what is new
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
    },
    /// Recompute the ranking now
    Rank,
    /// Preview or send the daily digest
    #[command(subcommand)]
    Digest(DigestCommand),
    /// Process bounced email
    ///
    /// Reads email files, mbox files, folders of email files and Maildirs. Understands delivery status notifications
    /// (RFC 3464) and abuse reports (RFC 5965), and acts only on those that contain the signature of an email that
    /// Broadsheet sent. To call it from a mail alias, use `|broadsheet bounce -`.
    ///
    /// Broadsheet stops sending to an address:
    ///
    /// - at once, if the address does not exist (5.1.1, 5.1.2, 5.1.3, 5.1.6, 5.1.10, 5.2.1) or the recipient reported
    ///   an email as spam;
    ///
    /// - after the third permanent rejection within 30 days for another reason that concerns the address
    ///   (other 5.1.x or 5.2.x; 550, 551 or 553 without such a code).
    ///
    /// Other rejections concern the sender (5.7.x, 5.1.7, 5.1.8, 554 and the rest) and are not counted. The same rules
    /// hold for the answers of the mail server.
    Bounce {
        /// Files and folders to read, in order; `-` reads one email from standard input
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Write every paper as JSON Lines, for `broadsheet import`
    Export {
        /// File to write; `-` is standard output
        file: PathBuf,
    },
    /// Write a consistent copy of the database, even while `serve` runs
    ///
    /// Works with a database of any version, and changes nothing in it. The secret goes into FILE.secret.
    Backup {
        /// File to write; it must not exist
        file: PathBuf,
    },
    /// Put a backup back, with the secret in FILE.secret
    ///
    /// Refuses while another process has the database open.
    Restore {
        /// File that `broadsheet backup` wrote
        file: PathBuf,
        /// Replace an existing database; everything since the backup is lost
        #[arg(long)]
        force: bool,
    },
    /// Check the configuration, the database, the sources and the mail server
    ///
    /// The exit code is 0 if all checks pass, else 1. An older database is reported but not upgraded.
    Check,
}

/// What to do with the daily digest.
#[derive(Debug, Subcommand)]
pub enum DigestCommand {
    /// Show the emails that are due, without sending or changing anything
    Preview {
        /// Pretend the time is this (RFC 3339)
        #[arg(long, value_name = "TIME")]
        now: Option<Timestamp>,
        /// Also write the emails as .eml files into this folder
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
    },
    /// Send the emails that are due
    Send {
        /// Pretend the time is this (RFC 3339)
        #[arg(long, value_name = "TIME")]
        now: Option<Timestamp>,
    },
}

/// Which sources to sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SyncSource {
    /// New and changed papers.
    Arxiv,
    /// Upvotes of the last two weeks.
    Huggingface,
    /// Stars.
    Github,
    /// All of them, one after the other.
    All,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
