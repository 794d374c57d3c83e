//! How a reader reads: read marks, mutes, and how much of a card is shown.

use domain::PaperKey;
use leptos::server;
use serde::{Deserialize, Serialize};

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::{
    api::form::{Back, FormRules, Refill, SettingsInput},
    context::{ForReader, add_header, visit},
};

/// The form of [`mark_read`] returns to the card. Each mark makes the reader's cookie last longer.
#[cfg(feature = "ssr")]
pub(super) const READ_FORM: FormRules = FormRules {
    back: Back::Card,
    renews_cookie: true,
    ..FormRules::simple("/fn/mark_read")
};

/// The form of [`set_reading`] is shown again if a mute is invalid.
#[cfg(feature = "ssr")]
pub(super) const SETTINGS_FORM: FormRules = FormRules {
    refill: |input| match input.get("mutes") {
        Some(_) => Refill::Settings(SettingsInput {
            words: input.text("words"),
            categories: input.text("categories"),
            density: input.text("density").parse().ok(),
            marking: input.text("marking").parse().ok(),
        }),
        None => Refill::Nothing,
    },
    ..FormRules::simple("/fn/set_reading")
};

/// How a paper stands with the asking reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// Its name.
    pub paper: PaperKey,
    /// Kept.
    pub bookmarked: bool,
    /// Marked as read.
    pub read: bool,
}

/// Marks papers as read for the asking reader (made if they are new), or as not read. `paper` is one name, `papers` are
/// several with spaces between. Twice is the same as once.
#[server(prefix = "/fn", endpoint = "mark_read")]
pub async fn mark_read(
    #[server(default)] paper: String,
    #[server(default)] papers: String,
    read: bool,
) -> Result<(), AppError> {
    let visit = visit()?;
    let papers = names(&format!("{paper} {papers}"))?;
    if papers.is_empty() {
        return Err(AppError::Invalid(
            "No paper was named, so nothing was marked.".to_owned(),
        ));
    }
    // Who has marked nothing has nothing to take back; no reader is made for that.
    if !read && visit.session.reader().is_none() {
        return Ok(());
    }
    let reader = visit.reader_or_new().await?;
    visit
        .store
        .set_read(reader, &papers, read, visit.now())
        .await
        .for_reader()
}

/// Which papers the asking reader has kept or read, of those named: what a page that comes back from the browser's cache asks. It only reads;
/// it is a POST because so many names are too long for an address.
#[server(prefix = "/fn", endpoint = "standings")]
pub async fn reader_states(#[server(default)] papers: String) -> Result<Vec<Stand>, AppError> {
    let visit = visit()?;
    let Some(reader) = visit.session.reader() else {
        return Ok(Vec::new());
    };
    let found = visit
        .store
        .reader_states(reader, &names(&papers)?)
        .await
        .for_reader()?;
    Ok(found
        .into_iter()
        .map(|found| Stand {
            paper: found.key,
            bookmarked: found.bookmarked,
            read: found.read,
        })
        .collect())
}

/// Sets how lists look and what marks papers as read, in cookies, and what is muted, with the reader. What is not said
/// stays as it is.
#[server(prefix = "/fn", endpoint = "set_reading")]
pub async fn set_reading(
    #[server(default)] density: Option<String>,
    #[server(default)] marking: Option<String>,
    #[server(default)] words: Option<String>,
    #[server(default)] categories: Option<String>,
    /// The form shows both fields of what is muted, so that an empty one means "none".
    #[server(default)]
    mutes: Option<String>,
) -> Result<(), AppError> {
    let invalid = |error: &dyn std::fmt::Display| AppError::Invalid(error.to_string());
    let density = density
        .map(|word| word.parse::<domain::Density>())
        .transpose()
        .map_err(|e| invalid(&e))?;
    let marking = marking
        .map(|word| word.parse::<domain::ReadMarking>())
        .transpose()
        .map_err(|e| invalid(&e))?;
    if mutes.is_some() {
        let wanted = domain::Mutes::read(&words.unwrap_or_default(), &categories.unwrap_or_default())
            .map_err(|error| invalid(&error))?;
        let visit = visit()?;
        if !wanted.is_empty() || visit.session.reader().is_some() {
            let reader = visit.reader_or_new().await?;
            visit.store.set_mutes(reader, &wanted).await.for_reader()?;
            // Tells pages in the browser's back/forward cache that they were made for other mutes.
            add_header(
                http::header::SET_COOKIE,
                &format!(
                    "mutes={}; Path=/; Max-Age=31536000; SameSite=Lax",
                    visit.now().as_second()
                ),
            );
        }
    }
    let keep = |name: &str, word: &str| {
        add_header(
            http::header::SET_COOKIE,
            &format!("{name}={word}; Path=/; Max-Age=31536000; SameSite=Lax"),
        );
    };
    if let Some(density) = density {
        keep("density", density.code());
    }
    if let Some(marking) = marking {
        keep("marking", marking.code());
    }
    Ok(())
}

#[cfg(feature = "ssr")]
fn names(text: &str) -> Result<Vec<PaperKey>, AppError> {
    text.split_whitespace()
        .map(|name| {
            name.parse().map_err(|_| {
                AppError::Invalid(format!(
                    "“{}” is no name of a paper, so nothing was changed.",
                    name.chars().take(40).collect::<String>()
                ))
            })
        })
        .collect()
}
