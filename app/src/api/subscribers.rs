//! Requesting a subscription, and closing the banner that offers one.

use leptos::server;

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::{
    api::form::{Back, FormRules, Refill},
    context::{ForReader, add_header, request_context},
    pages::{SubscribeForm, suppression_notice},
};
#[cfg(feature = "ssr")]
use mail::subscriptions::SubscribeOutcome;

/// Its form is shown again if a field is invalid.
#[cfg(feature = "ssr")]
pub(super) const FORM: FormRules = FormRules {
    back: Back::To("/subscribe?sent"),
    refill: |input| {
        Refill::Subscribe(SubscribeForm {
            email: input.text("email"),
            view: input.text("view"),
            often: input.text("often"),
            hour: input.text("hour"),
            zone: input.text("zone"),
            papers: input.text("papers"),
        })
    },
    ..FormRules::simple("/fn/subscribe")
};

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
    /// The address.
    email: String,
    /// The IANA name of a time zone.
    #[server(default)]
    zone: String,
    /// The query of a search.
    #[server(default)]
    view: String,
    /// `weekdays`, `daily` or the name of a day.
    #[server(default)]
    often: String,
    /// The hour of the day, 0 to 23.
    #[server(default)]
    hour: String,
    /// Papers of each search in one email.
    #[server(default)]
    papers: String,
    /// Not empty: send one more email to a suppressed address.
    #[server(default)]
    again: String,
) -> Result<(), AppError> {
    let context = request_context()?;
    let form = SubscribeForm {
        email,
        zone,
        view,
        often,
        hour,
        papers,
    };
    let (email, request) = form.read().map_err(AppError::Invalid)?;
    let outcome = context
        .mail
        .subscribe(&email, &request, !again.is_empty(), context.now())
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
