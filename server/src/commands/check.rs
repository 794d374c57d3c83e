//! `broadsheet check`

use std::process::ExitCode;

use domain::text::counted;
use store::{Clock, Integrity, Store, schema::Schema};

use super::failure::{describe, exit_code};
use crate::config::{DatabaseSettings, Settings};

/// Checks everything that `serve` needs, and prints a line for each.
pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    front_end(settings, &mut report);
    let store = database(&settings.database, &mut report).await;
    secret(settings, &mut report);
    mail(settings, &mut report).await;
    match &store {
        Some(store) => sources(settings, store, &mut report).await,
        None => report.skip(
            "sources",
            "the database needs an upgrade first, or cannot be opened",
        ),
    }
    if let Some(store) = store {
        store.close().await;
    }
    Ok(exit_code(!report.has_failed))
}

/// Prints one line for each check.
#[derive(Debug, Default)]
struct Report {
    has_failed: bool,
}

impl Report {
    fn ok(&mut self, what: &str, text: impl std::fmt::Display) {
        println!("ok    {what}: {text}");
    }

    fn fail(&mut self, what: &str, text: impl std::fmt::Display) {
        self.has_failed = true;
        println!("FAIL  {what}: {text}");
    }

    fn skip(&mut self, what: &str, text: impl std::fmt::Display) {
        println!("skip  {what}: {text}");
    }
}

fn front_end(settings: &Settings, report: &mut Report) {
    match settings.site.front_end(Clock::System.now()) {
        Ok(Some(_)) => report.ok("front end", settings.site.front_end_place()),
        Ok(None) => report.fail(
            "front end",
            "not found; build one with `make build`, or set BROADSHEET_SITE_ROOT",
        ),
        Err(error) => report.fail("front end", describe(&error)),
    }
}

/// Checks the database; opens it if it has the schema of this program.
async fn database(settings: &DatabaseSettings, report: &mut Report) -> Option<Store> {
    let schema = match settings.schema().await {
        Ok(schema) => schema,
        Err(error) => {
            report.fail("database", describe(&error));
            return None;
        }
    };
    if let Err(error) = schema.not_newer() {
        report.fail("database", describe(&settings.explained(error)));
        return None;
    }
    let name = settings.database.display();
    let papers = counted(schema.papers, "paper", "papers");
    if !schema.pending.is_empty() {
        report.ok("database", format!("{name}, {papers}; {}", pending(&schema)));
        return None;
    }
    // The schema is that of this program, so nothing is migrated. The checks of the sources record their requests.
    let store = match settings.open().await {
        Ok(store) => store,
        Err(error) => {
            report.fail("database", describe(&error));
            return None;
        }
    };
    match store.integrity().await {
        Ok(found) if found == Integrity::default() => report.ok("database", format!("{name}, {papers}")),
        Ok(found) => report.fail(
            "database",
            format!(
                "{name}: {}; {} rows that refer to missing rows",
                found.damage.join("; "),
                found.dangling
            ),
        ),
        Err(error) => report.fail("database", describe(&error.into())),
    }
    Some(store)
}

fn pending(schema: &Schema) -> String {
    format!(
        "schema {}, and this program needs schema {}: {} pending ({}); to upgrade it, run `broadsheet rank` or start `broadsheet serve`",
        schema.found,
        schema.known,
        counted(schema.pending.len() as u64, "migration", "migrations"),
        schema.pending.join(", ")
    )
}

fn secret(settings: &Settings, report: &mut Report) {
    if let Err(error) = settings.secret.configured() {
        report.fail("secret", describe(&error));
    }
}

async fn mail(settings: &Settings, report: &mut Report) {
    let destination = settings
        .mail
        .destination()
        .and_then(|destination| settings.mail.mailer(destination, &settings.site.public_url));
    let mailer = match destination {
        Ok(mailer) => mailer,
        Err(error) => return report.fail("mail", describe(&error)),
    };
    match mailer.outbox().reachable().await {
        Ok(()) if settings.mail.smtp_url.is_some() => report.ok("mail", "the mail server answers"),
        Ok(()) => report.ok(
            "mail",
            format!(
                "BROADSHEET_SMTP_URL is not set: emails are written as files into {}",
                settings.mail.outbox.display()
            ),
        ),
        Err(error) => report.fail("mail", error),
    }
}

async fn sources(settings: &Settings, store: &Store, report: &mut Report) {
    let sources = match settings.sources.sources(store, &Clock::System) {
        Ok(sources) => sources,
        Err(error) => return report.fail("sources", describe(&error)),
    };
    if !settings.sources.sync.is_on() {
        return report.ok("sources", "disabled (BROADSHEET_SYNC)");
    }
    for (upstream, url) in sources.probes() {
        match sources.fetcher().probe(upstream, &url).await {
            Ok(status) if status < 500 => report.ok(upstream.code(), "answers"),
            Ok(status) => report.fail(upstream.code(), format!("answers with status {status}")),
            Err(error) => report.fail(upstream.code(), error),
        }
    }
}
