//! `broadsheet bounce`

use std::{
    fs::File,
    io::{Read, stdin},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, ensure};
use jiff::Timestamp;
use mail::{MailService, bounces, returns::BounceOutcome};
use store::Clock;

use super::failure::{describe, exit_code};
use crate::config::Settings;

/// The largest part of one file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// Processes the bounced email in these files and folders. A file that cannot be read does not stop the others.
pub async fn run(settings: &Settings, paths: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let store = settings.database.open().await?;
    let secret = settings.secret.load_or_create(&settings.database, &store).await?;
    let mail = settings
        .mail
        .service(store.clone(), secret, &settings.site.public_url)?;
    let mut counts = Counts::default();
    for path in paths {
        match files(path) {
            Ok(files) => {
                for file in files {
                    process(&mail, &file, &mut counts).await?;
                }
            }
            Err(error) => counts.failed(&error),
        }
    }
    store.close().await;
    println!(
        "suppressed {}, counted {}, nothing to do {}, not ours {}",
        counts.suppressed, counts.counted, counts.nothing, counts.not_ours
    );
    Ok(exit_code(counts.unreadable == 0))
}

/// The number of emails by result.
#[derive(Debug, Default)]
struct Counts {
    suppressed: u64,
    counted: u64,
    nothing: u64,
    not_ours: u64,
    unreadable: u64,
}

impl Counts {
    fn failed(&mut self, error: &anyhow::Error) {
        self.unreadable += 1;
        eprintln!("broadsheet: {}", describe(error));
    }
}

/// The files at a path: `-` is standard input.
fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if path.as_os_str() != "-" && path.is_dir() {
        return bounces::files(path).with_context(|| format!("cannot read {}", path.display()));
    }
    Ok(vec![path.to_owned()])
}

/// Processes every email of one file.
async fn process(mail: &MailService, file: &Path, counts: &mut Counts) -> anyhow::Result<()> {
    let bytes = match read(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            counts.failed(&error);
            return Ok(());
        }
    };
    let emails = bounces::mails(&bytes);
    let has_several = emails.len() > 1;
    for (index, email) in emails.iter().enumerate() {
        let mut name = file.display().to_string();
        if has_several {
            name = format!("{name} ({})", index + 1);
        }
        let text = record(mail, email, Clock::System.now(), counts).await?;
        println!("{name}: {text}");
    }
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file.as_os_str() == "-" {
        stdin()
            .lock()
            .take(MAX_FILE_BYTES)
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
        return Ok(bytes);
    }
    let cannot = || format!("cannot read {}", file.display());
    ensure!(
        std::fs::metadata(file).with_context(cannot)?.is_file(),
        "{} is not a file",
        file.display()
    );
    File::open(file)
        .with_context(cannot)?
        .take(MAX_FILE_BYTES)
        .read_to_end(&mut bytes)
        .with_context(cannot)?;
    Ok(bytes)
}

/// Acts on one email, and says what was done.
async fn record(
    mail: &MailService,
    email: &[u8],
    now: Timestamp,
    counts: &mut Counts,
) -> anyhow::Result<String> {
    let report = match bounces::read(email) {
        Ok(report) => report,
        Err(why) => {
            counts.not_ours += 1;
            return Ok(why.to_string());
        }
    };
    Ok(match mail.record_bounce(&report, now).await? {
        BounceOutcome::Suppressed(back) => {
            counts.suppressed += 1;
            format!("no more email is sent to {}: {}", back.email, back.words)
        }
        BounceOutcome::Counted(back) => {
            counts.counted += 1;
            format!("{} rejected an email: {}", back.email, back.words)
        }
        BounceOutcome::Nothing(back) => {
            counts.nothing += 1;
            format!("nothing to do for {}: {}", back.email, back.words)
        }
        BounceOutcome::NotOurs => {
            counts.not_ours += 1;
            "not ours: the report does not contain the signature of an email that this Broadsheet sent"
                .to_owned()
        }
    })
}
