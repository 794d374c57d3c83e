//! Requesting a subscription, and closing the banner that offers one.

use leptos::server;

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::{ForReader, add_header, visit},
    pages::{SubscribeForm, suppression_notice},
};
#[cfg(feature = "ssr")]
use mail::subscriptions::SubscribeOutcome;

/// Hides the banner for a year.
#[cfg(feature = "ssr")]
const BANNER_OFF: &str = "banner=off; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax";

/// Requests a subscription; a confirmation email is sent. The answer does not depend on whether the address is known.
///
/// Only the address is required. `view` is the query of a search, empty for the front page. `often` is `weekdays`,
/// `daily` or the name of a day. `hour` is 0 to 23 in `zone`, the IANA time zone that the browser reports, or else
/// UTC. With `again`, a suppressed address gets one more email.
#[server(prefix = "/fn", endpoint = "subscribe")]
pub async fn subscribe(
    email: String,
    #[server(default)] zone: String,
    #[server(default)] view: String,
    #[server(default)] often: String,
    #[server(default)] hour: String,
    #[server(default)] papers: String,
    #[server(default)] again: String,
) -> Result<(), AppError> {
    let visit = visit()?;
    let form = SubscribeForm {
        email,
        zone,
        view,
        often,
        hour,
        papers,
    };
    let (email, request) = form.read().map_err(AppError::Invalid)?;
    let outcome = visit
        .mail
        .subscribe(&email, &request, !again.is_empty(), visit.now())
        .await
        .for_reader()?;
    if let SubscribeOutcome::Suppressed(suppression) = outcome {
        return Err(AppError::Suppressed {
            why: suppression_notice(&suppression),
            may_try: !suppression.is_complaint,
        });
    }
    add_header(http::header::SET_COOKIE, BANNER_OFF);
    Ok(())
}

/// Closes the banner.
#[server(prefix = "/fn", endpoint = "dismiss_banner")]
pub async fn dismiss_banner() -> Result<(), AppError> {
    add_header(http::header::SET_COOKIE, BANNER_OFF);
    Ok(())
}
