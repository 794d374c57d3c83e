//! The email that asks to confirm a subscription.

use askama::Template;
use store::Result;

use super::{
    envelope::Envelope,
    render::{HtmlContent, filters, html, render},
};
use crate::transport::Draft;

#[derive(Template)]
#[template(path = "confirm.txt", escape = "none")]
struct ConfirmText<'a> {
    confirm_url: &'a str,
    unsubscribe_url: &'a str,
    public_url: &'a str,
    searches: &'a [String],
    schedule: &'a str,
    adding: bool,
}

#[derive(Template)]
#[template(path = "confirm.html")]
struct ConfirmHtml<'a> {
    confirm_url: &'a str,
    unsubscribe_url: &'a str,
    searches: &'a [String],
    schedule: &'a str,
    adding: bool,
}

/// The email that asks to confirm: the searches and the schedule, in words. `adding` means that the subscriber gets a
/// digest already and is asked about further searches.
pub(crate) fn confirmation(
    envelope: &Envelope<'_>,
    confirm_url: &str,
    searches: &[String],
    schedule: &str,
    adding: bool,
) -> Result<Draft> {
    let (subject, preview) = if adding {
        (
            "Please confirm: add a search to your Broadsheet digest",
            "Confirm the new search.",
        )
    } else {
        (
            "Please confirm your Broadsheet subscription",
            "Confirm your subscription.",
        )
    };
    let schedule = if adding {
        "It will be part of your existing digest.".to_owned()
    } else {
        format!("You’ll get it {schedule}.")
    };
    let text = ConfirmText {
        confirm_url,
        unsubscribe_url: &envelope.unsubscribe_url,
        public_url: envelope.public_url,
        searches,
        schedule: &schedule,
        adding,
    };
    let body = ConfirmHtml {
        confirm_url,
        unsubscribe_url: &envelope.unsubscribe_url,
        searches,
        schedule: &schedule,
        adding,
    };
    let html = html(
        envelope,
        &HtmlContent {
            title: subject,
            preview,
            dateline: "",
            body: &body,
            preferences_url: None,
        },
    )?;
    Ok(envelope.draft(subject.to_owned(), render(&text)?, html))
}
