//! What surrounds the words of every letter as HTML: MJML (<https://documentation.mjml.io>), which knows the mail programs
//! of this world, rendered once. It never sees text from outside: that is escaped and put into its slots afterwards.

use std::sync::LazyLock;

use mrml::prelude::{parser::ParserOptions, render::RenderOptions};

use store::{Result, StoreError};

/// The frame with its slots.
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

/// What goes into the slots; all of it HTML, escaped where it came from outside.
#[derive(Debug)]
pub(super) struct Slots<'a> {
    /// Of the document.
    pub title: &'a str,
    /// What mail programs show beside the subject.
    pub preview: &'a str,
    /// Where the masthead leads.
    pub home: &'a str,
    /// Below the masthead.
    pub dateline: &'a str,
    /// The letter.
    pub body: &'a str,
    /// Why it came, and how to end it.
    pub foot: &'a str,
}

/// The whole document.
pub(super) fn framed(slots: &Slots<'_>) -> Result<String> {
    let frame = FRAME
        .as_ref()
        .map_err(|error| StoreError::Corrupt(format!("the frame of letters: {error}")))?;
    let mut html = String::with_capacity(frame.len() + slots.body.len() + slots.foot.len() + 1_000);
    let mut rest = frame.as_str();
    // In one pass, so that what is put in is never looked at for slots.
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
                    "the frame of letters has a slot {name}"
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
    fn the_frame_has_each_slot_and_nothing_that_is_fetched() {
        let html = framed(&Slots {
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
        for fetched in ["<img", "<link", "<script", "@import", "url(", "src="] {
            assert!(!html.contains(fetched), "{fetched} in\n{html}");
        }
    }
}
