//! The frame of every HTML email. It is written in MJML (<https://documentation.mjml.io>), which works around the
//! quirks of mail programs, and rendered once. Text from outside never reaches MJML: it is escaped and put into slots
//! afterwards.

use std::sync::LazyLock;

use mrml::prelude::{parser::ParserOptions, render::RenderOptions};

use store::{Result, StoreError};

/// The rendered frame. A slot is written `@@NAME@@`.
static FRAME: LazyLock<Result<String, String>> = LazyLock::new(|| {
    let source = include_str!("../../templates/frame.mjml");
    let parsed =
        mrml::parse_with_options(source, &ParserOptions::default()).map_err(|error| error.to_string())?;
    let options = RenderOptions {
        disable_comments: true,
        ..RenderOptions::default()
    };
    parsed.element.render(&options).map_err(|error| error.to_string())
});

/// What goes into the slots. All of it is HTML: text from outside is escaped.
#[derive(Debug)]
pub(super) struct Slots<'a> {
    /// The title of the document.
    pub title: &'a str,
    /// What mail programs show beside the subject.
    pub preview: &'a str,
    /// The URL of the site.
    pub home: &'a str,
    /// The line below the name of the site.
    pub dateline: &'a str,
    /// The content.
    pub body: &'a str,
    /// Why the email was sent, and how to stop it.
    pub foot: &'a str,
}

/// Fills the slots of the frame.
pub(super) fn fill(slots: &Slots<'_>) -> Result<String> {
    let frame = FRAME
        .as_ref()
        .map_err(|error| StoreError::Corrupt(format!("the frame of emails: {error}")))?;
    let mut html = String::with_capacity(frame.len() + slots.body.len() + slots.foot.len() + 1_000);
    let mut rest = frame.as_str();
    // One pass, so that slots in the content are not filled.
    while let Some((before, after)) = rest.split_once("@@") {
        html.push_str(before);
        let Some((name, after)) = after.split_once("@@") else {
            break;
        };
        html.push_str(match name {
            "TITLE" => slots.title,
            "PREVIEW" => slots.preview,
            "HOME" => slots.home,
            "DATELINE" => slots.dateline,
            "BODY" => slots.body,
            "FOOT" => slots.foot,
            _ => {
                return Err(StoreError::Corrupt(format!(
                    "the frame of emails has an unknown slot {name}"
                )));
            }
        });
        rest = after;
    }
    html.push_str(rest);
    Ok(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_has_every_slot_and_loads_nothing() {
        let html = fill(&Slots {
            title: "T1",
            preview: "P2",
            home: "https://example.org/H3",
            dateline: "D4",
            body: "@@BODY@@ B5",
            foot: "F6",
        })
        .expect("a frame");
        for slot in ["T1", "P2", "H3", "D4", "@@BODY@@ B5", "F6"] {
            assert!(html.contains(slot), "{slot}");
        }
        for loading in ["<img", "<link", "<script", "@import", "url(", "src="] {
            assert!(!html.contains(loading), "{loading} in\n{html}");
        }
    }
}
