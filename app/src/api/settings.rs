//! Settings: the density of lists, what marks papers as read, and mutes.

use leptos::server;

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::{
    api::form::{FormRules, Refill, SettingsInput},
    context::{ForReader, request_context, set_choice},
};

/// The form of [`set_settings`] is shown again if a mute is invalid.
#[cfg(feature = "ssr")]
pub(super) const FORM: FormRules = FormRules {
    refill: |input| match input.get("mutes") {
        Some(_) => Refill::Settings(SettingsInput {
            words: input.text("words"),
            categories: input.text("categories"),
            density: input.text("density").parse().ok(),
            marking: input.text("marking").parse().ok(),
        }),
        None => Refill::Nothing,
    },
    ..FormRules::simple("/fn/set_settings")
};

/// Sets the density and the read marking in cookies, and the mutes in the database. A field that is left out stays as
/// it is.
#[server(prefix = "/fn", endpoint = "set_settings")]
pub async fn set_settings(
    /// The code of a density.
    #[server(default)]
    density: Option<String>,
    /// The code of what marks papers as read.
    #[server(default)]
    marking: Option<String>,
    /// Muted words or phrases, one per line.
    #[server(default)]
    words: Option<String>,
    /// Muted categories, with spaces between.
    #[server(default)]
    categories: Option<String>,
    /// Set if the form shows both mute fields, so that an empty field removes those mutes.
    #[server(default)]
    mutes: Option<String>,
) -> Result<(), AppError> {
    let invalid = |error: &dyn std::fmt::Display| AppError::Invalid(error.to_string());
    let density = density
        .map(|code| code.parse::<domain::Density>())
        .transpose()
        .map_err(|error| invalid(&error))?;
    let marking = marking
        .map(|code| code.parse::<domain::ReadMarking>())
        .transpose()
        .map_err(|error| invalid(&error))?;
    if mutes.is_some() {
        let mutes = domain::Mutes::read(&words.unwrap_or_default(), &categories.unwrap_or_default())
            .map_err(|error| invalid(&error))?;
        save_mutes(&mutes).await?;
    }
    if let Some(density) = density {
        set_choice("density", density.code());
    }
    if let Some(marking) = marking {
        set_choice("marking", marking.code());
    }
    Ok(())
}

#[cfg(feature = "ssr")]
async fn save_mutes(mutes: &domain::Mutes) -> Result<(), AppError> {
    let context = request_context()?;
    // Removing all mutes must not create a reader.
    if mutes.is_empty() && context.session.reader().is_none() {
        return Ok(());
    }
    let reader = context.reader_or_new().await?;
    context.store.set_mutes(reader, mutes).await.for_reader()?;
    // Pages in the back/forward cache compare this cookie to learn that the mutes have changed.
    set_choice("mutes", &context.now().as_second().to_string());
    Ok(())
}
