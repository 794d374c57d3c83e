//! The email that confirms that a subscription has ended.

use askama::Template;
use store::Result;

use super::{
    envelope::Envelope,
    render::{HtmlContent, html, render},
};
use crate::transport::Draft;

#[derive(Template)]
#[template(path = "goodbye.txt", escape = "none")]
struct GoodbyeText<'a> {
    preferences_url: &'a str,
    public_url: &'a str,
}

#[derive(Template)]
#[template(path = "goodbye.html")]
struct GoodbyeHtml<'a> {
    preferences_url: &'a str,
}

/// The email that confirms that a subscription has ended.
pub(crate) fn goodbye(envelope: &Envelope<'_>, preferences_url: &str) -> Result<Draft> {
    let subject = "You have unsubscribed";
    let text = GoodbyeText {
        preferences_url,
        public_url: envelope.public_url,
    };
    let html = html(
        envelope,
        &HtmlContent {
            title: subject,
            preview: "This is the last email. Thank you for reading.",
            dateline: "",
            body: &GoodbyeHtml { preferences_url },
            preferences_url: None,
        },
    )?;
    Ok(envelope.draft(subject.to_owned(), render(&text)?, html))
}
