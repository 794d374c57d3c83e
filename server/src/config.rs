//! Every setting and command, with its words: `broadsheet --help` is made from this file.

use std::{
    io::IsTerminal,
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::{Category, EmailAddress};
use ingest::Sources;
use ingest::fetch::{Fetcher, Limits};
use ingest::import::Input;
use ingest::sources::{SourceSettings, SourceToken};
use jiff::{Timestamp, civil::Date};
use jobs::Scheduler;
use mail::digest::{MailService, Pace, Rates};
use mail::transport::{Mailer, Outbox};
use store::Clock;
use store::Store;
use store::tokens::{Secret, random_bytes};

use crate::front_end::{FrontEnd, Site};
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
    /// Ask the sources once, now, and say what came of it
    ///
    /// What is already known is not asked for again; what was interrupted goes on where it was. Keeps the distance
    /// between requests that the sources ask for, also beside a running `serve`.
    Sync {
        /// Which source
        #[arg(default_value = "all")]
        source: SyncSource,
        /// Everything since this day (a backfill), not only what is new
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
    },
    /// Recompute heat now
    Rank,
    /// See or send the daily mail
    #[command(subcommand)]
    Digest(DigestCommand),
    /// Take in mail that came back: files, mbox files, folders or a Maildir; `-` reads one mail from standard input
    ///
    /// Understands delivery status notifications (RFC 3464) and abuse reports (RFC 5965), and acts only on those that bear
    /// the sign of a letter of ours. An address that does not exist (5.1.1, 5.1.2, 5.1.3, 5.1.6, 5.1.10, 5.2.1) is not
    /// written to any more at once; another refusal for good that is about the address (5.1.x, 5.2.x; 550, 551 or 553
    /// without such a code) counts, and three within 30 days from three letters do the same; all others (5.7.x policy,
    /// 5.1.7 and 5.1.8 our sender, 554 and the rest) say something about us and count for nothing. A reader who calls a letter spam is not written to
    /// any more at once. The same holds for what the mail server answers itself. Fits `|broadsheet bounce -` in an alias.
    Bounce {
        /// What to read, in order
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
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
    /// Check the configuration, the database, the sources and the mail server; exit code 0 if all is well, else 1
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
        /// Write the letters as .eml files into this folder, too
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
    },
    /// Queue what is due and send it
    Send {
        /// As of this moment (RFC 3339), not now
        #[arg(long, value_name = "TIME")]
        now: Option<Timestamp>,
    },
}

/// Which source to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SyncSource {
    /// Announcements and changes.
    Arxiv,
    /// Votes of the last fortnight.
    Huggingface,
    /// Stars.
    Github,
    /// One after the other.
    All,
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
    /// The folder of the built front end, instead of the one in this program
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
    /// Follow the sources on a schedule
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_SYNC",
        default_value = "on",
        value_name = "SWITCH"
    )]
    pub sync: Switch,
    /// arXiv's OAI-PMH
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_ARXIV_OAI_URL",
        default_value = "https://oaipmh.arxiv.org/oai",
        value_name = "URL",
        value_parser = source_url
    )]
    pub arxiv_oai_url: String,
    /// The folder of arXiv's daily feeds
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_ARXIV_RSS_URL",
        default_value = "https://rss.arxiv.org/rss",
        value_name = "URL",
        value_parser = source_url
    )]
    pub arxiv_rss_url: String,
    /// arXiv's query API
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_ARXIV_API_URL",
        default_value = "https://export.arxiv.org/api/query",
        value_name = "URL",
        value_parser = source_url
    )]
    pub arxiv_api_url: String,
    /// Hugging Face
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_HUGGINGFACE_URL",
        default_value = "https://huggingface.co",
        value_name = "URL",
        value_parser = source_url
    )]
    pub huggingface_url: String,
    /// GitHub's API
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_GITHUB_API_URL",
        default_value = "https://api.github.com",
        value_name = "URL",
        value_parser = source_url
    )]
    pub github_api_url: String,
    /// Categories and archives to follow on arXiv, separated by commas
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_ARXIV_SETS",
        default_value = "cs,stat.ML,math.OC",
        value_name = "CATEGORIES",
        value_parser = arxiv_sets
    )]
    pub arxiv_sets: Sets,
    /// A token for GitHub: stars of a thousand repositories an hour instead of fifty
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_GITHUB_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN",
        value_parser = github_token
    )]
    pub github_token: Option<String>,
    /// An address or page by which the sources can reach you: it goes into the User-Agent
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_CONTACT",
        value_name = "TEXT",
        value_parser = contact
    )]
    pub contact: Option<String>,
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
    /// A certificate (PEM file) of an authority to trust at the mail server, besides the usual ones
    #[arg(long, global = true, env = "BROADSHEET_SMTP_CA", value_name = "FILE")]
    pub smtp_ca: Option<PathBuf>,
    /// Letters a minute at most; 0: as many as the mail server takes
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_MAIL_RATE",
        default_value = "0",
        value_name = "NUMBER"
    )]
    pub mail_rate: u32,
    /// Letters a minute at most to one domain, such as gmail.com; 0: no limit
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_MAIL_DOMAIN_RATE",
        default_value = "0",
        value_name = "NUMBER"
    )]
    pub mail_domain_rate: u32,
    /// The mailbox to which undeliverable mail comes back, each letter to ADDRESS+bounce.NUMBER.SIGN; default: the sender's.
    /// Feed it to `broadsheet bounce`
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_BOUNCE_ADDRESS",
        value_name = "ADDRESS",
        value_parser = address
    )]
    pub bounce_address: Option<EmailAddress>,
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

/// A source's address: a path may follow, a query may not.
fn source_url(text: &str) -> Result<String, String> {
    let url = text.trim().trim_end_matches('/');
    let parsed = url.parse::<axum::http::Uri>().ok().filter(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some()
            && uri.query().is_none()
            && uri
                .authority()
                .is_some_and(|authority| !authority.as_str().contains('@'))
    });
    match parsed {
        Some(_) if !url.contains('#') => Ok(url.to_owned()),
        _ => Err("write it as https://host/path, without a query and without a password".to_owned()),
    }
}

/// Categories and archives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sets(pub Vec<Category>);

fn arxiv_sets(text: &str) -> Result<Sets, String> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    let sets: Vec<Category> = names
        .map(|name| {
            name.parse()
                .map_err(|error: domain::category::InvalidCategory| format!("BROADSHEET_ARXIV_SETS: {error}"))
        })
        .collect::<Result<_, _>>()?;
    if sets.is_empty() {
        return Err("BROADSHEET_ARXIV_SETS names no category; write for example cs.LG,stat.ML".to_owned());
    }
    Ok(Sets(sets))
}

/// What can stand in a header; nothing is as if it were not set.
fn contact(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.len() <= 200 && text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        Ok(text.to_owned())
    } else {
        Err(
            "BROADSHEET_CONTACT: write an address or URL in plain ASCII, such as mailto:me@example.org"
                .to_owned(),
        )
    }
}

fn address(text: &str) -> Result<EmailAddress, String> {
    text.parse()
        .map_err(|error| format!("BROADSHEET_BOUNCE_ADDRESS: {error}"))
}

fn github_token(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err("BROADSHEET_GITHUB_TOKEN: a token is made of letters, digits and underscores".to_owned())
    }
}

impl Settings {
    /// The sources, and how to ask them.
    pub fn sources(&self, store: &Store, clock: &Clock) -> anyhow::Result<Sources> {
        let seed = random_bytes::<8>().context("the system gives no randomness")?;
        let fetcher = Fetcher::new(
            store.clone(),
            clock.clone(),
            Limits::default(),
            self.contact.as_deref().filter(|contact| !contact.is_empty()),
            u64::from_le_bytes(seed),
        )?;
        let settings = SourceSettings {
            arxiv_oai: self.arxiv_oai_url.clone(),
            arxiv_rss: self.arxiv_rss_url.clone(),
            arxiv_api: self.arxiv_api_url.clone(),
            hugging_face: self.huggingface_url.clone(),
            github_api: self.github_api_url.clone(),
            sets: self.arxiv_sets.0.clone(),
            github_token: self
                .github_token
                .as_ref()
                .filter(|token| !token.is_empty())
                .map(SourceToken::new),
        };
        Ok(Sources::new(store.clone(), clock.clone(), fetcher, settings))
    }

    /// What runs jobs.
    pub fn scheduler(&self, store: &Store, clock: &Clock) -> anyhow::Result<Scheduler> {
        let owner = random_bytes::<8>().context("the system gives no randomness")?;
        Ok(Scheduler::new(
            store.clone(),
            clock.clone(),
            i64::from_le_bytes(owner),
        ))
    }

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
    pub fn post(&self, store: Store, secret: Secret) -> anyhow::Result<MailService> {
        let authority = match &self.smtp_ca {
            Some(file) => Some(
                std::fs::read(file)
                    .with_context(|| format!("cannot read {} (BROADSHEET_SMTP_CA)", file.display()))?,
            ),
            None => None,
        };
        let outbox = match &self.smtp_url {
            Some(url) => Outbox::smtp(url, authority.as_deref())
                .map_err(|error| anyhow::anyhow!("BROADSHEET_SMTP_URL cannot be used: {error}"))?,
            None => Outbox::Folder(self.outbox.clone()),
        };
        let mut post = MailService::new(store, self.mailer(outbox)?, secret, &self.public_url);
        post.pace = Pace::new(Rates {
            overall: NonZeroU32::new(self.mail_rate),
            per_domain: NonZeroU32::new(self.mail_domain_rate),
        });
        Ok(post)
    }

    /// What writes letters into an outbox.
    pub fn mailer(&self, outbox: Outbox) -> anyhow::Result<Mailer> {
        Mailer::new(
            outbox,
            &self.mail_from,
            self.bounce_address.as_ref(),
            &self.public_url,
        )
        .map_err(|error| anyhow::anyhow!("BROADSHEET_MAIL_FROM: {error}"))
    }

    /// The built front end: of the configured folder, of this binary, or of a folder beside it.
    pub fn front_end(&self, now: Timestamp) -> anyhow::Result<Option<FrontEnd>> {
        let site = match self.site_folder()? {
            Some(folder) => Some(Site::read(&folder, now)?),
            None => Site::embedded(now),
        };
        site.map(FrontEnd::new).transpose()
    }

    /// Where the front end comes from, in words.
    pub fn front_end_place(&self) -> String {
        match self.site_folder() {
            Ok(Some(folder)) => folder.display().to_string(),
            _ => "in this binary".to_owned(),
        }
    }

    /// The folder to read the front end from; `None` for the one in this binary.
    fn site_folder(&self) -> anyhow::Result<Option<PathBuf>> {
        let built = |folder: &Path| folder.join("hash.txt").is_file();
        if let Some(folder) = &self.site_root {
            anyhow::ensure!(
                built(folder),
                "there is no built front end in {} (BROADSHEET_SITE_ROOT): it should hold hash.txt; `make build` makes one",
                folder.display()
            );
            return Ok(Some(folder.clone()));
        }
        if Site::is_embedded() {
            return Ok(None);
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
    fn the_address_of_a_source_may_have_a_path_and_nothing_more() {
        assert_eq!(
            source_url("http://127.0.0.1:9/oai/").as_deref(),
            Ok("http://127.0.0.1:9/oai")
        );
        for text in [
            "",
            "oaipmh.arxiv.org",
            "ftp://x/y",
            "https://x/y?z",
            "https://x/#y",
        ] {
            assert!(source_url(text).is_err(), "{text}");
        }
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
