//! Asking for papers by mail.

use leptos::server;

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::{
    api::form::{Back, FormRules, Refill},
    context::{ForReader, add_header, request_context},
    pages::{SubscribeForm, suppressed_words},
};

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

/// Asks for a list by mail: a confirmation letter goes out. The answer is the same whether the address was known or not.
///
/// `view` is the query of a list (the front page's is empty), `often` is `weekdays`, `daily` or the name of a day, `hour`
/// 0 to 23 in `zone`, the IANA zone the browser reports; without one the mail comes by UTC. `again` tries an address once
/// more that mail did not reach. Everything but the address may be left out.
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
    let context = request_context()?;
    let form = SubscribeForm {
        email,
        zone,
        view,
        often,
        hour,
        papers,
    };
    let (email, wish) = form.read().map_err(AppError::Invalid)?;
    let asked = context
        .mail
        .subscribe(&email, &wish, !again.is_empty(), context.now())
        .await
        .for_reader()?;
    if let mail::digest::SubscribeOutcome::Suppressed(suppression) = asked {
        return Err(AppError::Suppressed {
            why: suppressed_words(&suppression),
            may_try: !suppression.is_complaint,
        });
    }
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
