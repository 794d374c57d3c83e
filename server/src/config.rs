//! Every setting and command, with its words: `broadsheet --help` is made from this file.

use std::{
    io::IsTerminal,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::Context;
use backend::{
    Store,
    digest::Post,
    import::Input,
    mail::{Mailer, Outbox},
    tokens::{Secret, random_bytes},
};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// A newspaper of trending research papers that you host yourself.
#[derive(Debug, Parser)]
#[command(name = "broadsheet", version, max_term_width = 100)]
pub struct Cli {
    /// How it runs.
    #[command(flatten)]
    pub settings: Settings,
    /// What to do; without one, serve.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Migrate, load the built-in sample if the database is new, serve HTTP, run the jobs (the default)
    Serve,
    /// Import papers: JSON Lines or a JSON array, plain, .gz or .zst; `-` reads standard input
    ///
    /// Each record is recognised by itself: Hugging Face daily papers, rows of arXiv's metadata snapshot, or our own
    /// export. Records that cannot be read are named with line and reason and do not stop the rest. Importing a file
    /// twice changes nothing. Ends with exit code 0 if any record was accepted or the files are empty, else 1.
    Import {
        /// Files to read, in order
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Write rejected records' lines and reasons here instead of to standard error
        #[arg(long, value_name = "FILE")]
        rejects: Option<PathBuf>,
    },
    /// Recompute heat now
    Rank,
    /// See or send the daily mail
    #[command(subcommand)]
    Digest(DigestCommand),
    /// Write every paper as JSON Lines, which `import` reads again
    Export {
        /// The file to write; `-` is standard output
        file: PathBuf,
    },
    /// Write a consistent copy of the database, also while serving
    Backup {
        /// The file to write; must not exist yet
        file: PathBuf,
    },
    /// Check the configuration, the database and the mail server; exit code 0 if all is well, else 1
    Check,
}

/// What to do with the daily mail.
#[derive(Debug, Subcommand)]
pub enum DigestCommand {
    /// Show what would be mailed, without sending or changing anything
    Preview {
        /// As of this moment (RFC 3339), not now
        #[arg(long, value_name = "TIME")]
        now: Option<Timestamp>,
    },
    /// Queue what is due and send it
    Send {
        /// As of this moment (RFC 3339), not now
        #[arg(long, value_name = "TIME")]
        now: Option<Timestamp>,
    },
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// Yes.
    On,
    /// No.
    Off,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines, one object a line.
    Json,
}

/// The settings: each a flag and an environment variable.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// The database file
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_DATABASE",
        default_value = "broadsheet.db",
        value_name = "FILE"
    )]
    pub database: PathBuf,
    /// Address and port to listen on
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_LISTEN",
        default_value = "127.0.0.1:3000",
        value_name = "ADDRESS"
    )]
    pub listen: SocketAddr,
    /// Where readers reach this Broadsheet; every absolute link begins with it
    #[arg(long, global = true, env = "BROADSHEET_PUBLIC_URL", default_value = "http://localhost:3000", value_name = "URL", value_parser = public_url)]
    pub public_url: String,
    /// The built front end; by default it is looked for beside the program and under the repository's target/
    #[arg(long, global = true, env = "BROADSHEET_SITE_ROOT", value_name = "FOLDER")]
    pub site_root: Option<PathBuf>,
    /// Load the built-in sample of 119 papers into a new database
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_SAMPLE",
        default_value = "on",
        value_name = "SWITCH"
    )]
    pub sample: Switch,
    /// Follow the sources on a schedule (the sources themselves come with a later version)
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_SYNC",
        default_value = "on",
        value_name = "SWITCH"
    )]
    pub sync: Switch,
    /// The mail server: smtp://user:password@host:587?tls=required or smtps://…; without it mail becomes .eml files
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_SMTP_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub smtp_url: Option<String>,
    /// The folder for .eml files when there is no mail server
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_OUTBOX",
        default_value = "outbox",
        value_name = "FOLDER"
    )]
    pub outbox: PathBuf,
    /// The sender of all mail
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_MAIL_FROM",
        default_value = "Broadsheet <broadsheet@localhost>",
        value_name = "SENDER"
    )]
    pub mail_from: String,
    /// Signs cookies and makes tokens; without it one is made and kept in the database
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_SECRET",
        hide_env_values = true,
        value_name = "TEXT"
    )]
    pub secret: Option<String>,
    /// How the log is written; RUST_LOG says what (default info)
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_LOG_FORMAT",
        default_value = "text",
        value_name = "FORMAT"
    )]
    pub log_format: LogFormat,
}

/// An absolute http(s) URL of a host: links and forms are made from its root, so a path would break them.
fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    match rest {
        Some(rest)
            if !rest.is_empty()
                && !rest.contains(['/', '?', '#', ' ', '"', '<', '>'])
                && url.chars().all(|c| !c.is_control()) =>
        {
            Ok(url.to_owned())
        }
        _ => Err("write it as https://papers.example.org, without a path".to_owned()),
    }
}

impl Settings {
    /// Starts the log on standard error.
    pub fn start_logging(&self) {
        // html5ever and the like are silent below warn anyway; sqlx logs each statement at debug.
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
        let lines = fmt::layer()
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal());
        let registry = tracing_subscriber::registry().with(filter);
        // Fails only when a log was started before; then that one goes on.
        let _ = match self.log_format {
            LogFormat::Text => registry.with(lines.with_target(false)).try_init(),
            LogFormat::Json => registry.with(lines.json()).try_init(),
        };
    }

    /// Opens the database.
    pub async fn open_store(&self) -> anyhow::Result<Store> {
        Store::open(&self.database).await.with_context(|| {
            format!(
                "cannot open the database {} (BROADSHEET_DATABASE)",
                self.database.display()
            )
        })
    }

    /// The secret: configured, or kept in the database.
    pub async fn secret(&self, store: &Store) -> anyhow::Result<Secret> {
        if let Some(secret) = &self.secret {
            anyhow::ensure!(
                secret.len() >= 16,
                "BROADSHEET_SECRET is shorter than 16 characters; try the output of `openssl rand -hex 32`"
            );
            return Ok(Secret::new(secret.as_bytes()));
        }
        let fresh: [u8; 64] = random_bytes().context("the system gives no randomness")?;
        Ok(Secret::new(&store.secret_or(fresh).await?))
    }

    /// Everything the mail jobs need.
    pub fn post(&self, store: Store, secret: Secret) -> anyhow::Result<Post> {
        let outbox = match &self.smtp_url {
            Some(url) => Outbox::smtp(url)
                .map_err(|error| anyhow::anyhow!("BROADSHEET_SMTP_URL cannot be used: {error}"))?,
            None => Outbox::Folder(self.outbox.clone()),
        };
        let mailer = Mailer::new(outbox, &self.mail_from, &self.public_url)
            .map_err(|error| anyhow::anyhow!("BROADSHEET_MAIL_FROM: {error}"))?;
        Ok(Post {
            store,
            mailer,
            secret,
            public_url: self.public_url.clone(),
        })
    }

    /// The folder of the built front end, if one is found.
    pub fn find_site(&self) -> anyhow::Result<Option<PathBuf>> {
        let built = |folder: &Path| folder.join("hash.txt").is_file();
        if let Some(folder) = &self.site_root {
            anyhow::ensure!(
                built(folder),
                "there is no built front end in {} (BROADSHEET_SITE_ROOT): it should hold hash.txt; `make build` makes one",
                folder.display()
            );
            return Ok(Some(folder.clone()));
        }
        let beside = std::env::current_exe()
            .ok()
            .and_then(|exe| exe.parent().map(Path::to_path_buf));
        let candidates = beside
            .iter()
            .flat_map(|folder| [folder.join("site"), folder.join("../site")])
            .chain([PathBuf::from("target/site"), PathBuf::from("site")]);
        Ok(candidates.into_iter().find(|folder| built(folder)))
    }
}

/// The inputs an `import` names.
pub fn inputs(files: &[PathBuf]) -> Vec<Input> {
    files
        .iter()
        .map(|file| {
            if file.as_os_str() == "-" {
                Input::Stdin
            } else {
                Input::File(file.clone())
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_manual_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_public_url_is_absolute_and_ends_without_a_slash() {
        assert_eq!(
            public_url("https://papers.example.org/").as_deref(),
            Ok("https://papers.example.org")
        );
        for text in [
            "",
            "papers.example.org",
            "ftp://x",
            "https://",
            "https://x?y",
            "https://x/papers",
            "https://x\r\ny",
        ] {
            assert!(public_url(text).is_err(), "{text}");
        }
    }
}
