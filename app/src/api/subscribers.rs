//! Asking for the daily mail.

use leptos::server;

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::context::{ForReader, add_header, visit};

/// Asks for the daily mail: a confirmation letter goes out. The answer is the same whether the address was known or
/// not. `zone` is the IANA zone the browser reports; without one the mail comes by UTC.
#[server(prefix = "/fn", endpoint = "subscribe")]
pub async fn subscribe(email: String, #[server(default)] zone: String) -> Result<(), AppError> {
    let visit = visit()?;
    let email = email
        .parse::<domain::EmailAddress>()
        .map_err(|error| AppError::Invalid(error.to_string()))?;
    visit
        .post
        .subscribe(&email, &zone, visit.now())
        .await
        .for_reader()?;
    add_header(
        http::header::SET_COOKIE,
        "banner=off; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax",
    );
    Ok(())
}

/// Closes the banner for good.
#[server(prefix = "/fn", endpoint = "dismiss_banner")]
pub async fn dismiss_banner() -> Result<(), AppError> {
    add_header(
        http::header::SET_COOKIE,
        "banner=off; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax",
    );
    Ok(())
}
