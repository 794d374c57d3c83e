//! Saved searches for a feed reader: OPML 2.0 (<https://opml.org/spec2.opml>).

use opml::{Head, OPML, Outline as Entry};

/// One feed in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The name that the reader gave it.
    pub title: String,
    /// URL of the feed.
    pub feed: String,
    /// URL of the page with the same listing.
    pub page: String,
}

/// All feeds in one document.
///
/// # Errors
/// With the message of the library, if it cannot write the document.
pub fn opml(title: &str, outlines: &[Outline]) -> Result<String, String> {
    let mut document = OPML {
        head: Some(Head {
            title: Some(title.to_owned()),
            ..Head::default()
        }),
        ..OPML::default()
    };
    document.body.outlines = outlines
        .iter()
        .map(|outline| Entry {
            text: outline.title.clone(),
            title: Some(outline.title.clone()),
            r#type: Some("rss".to_owned()),
            xml_url: Some(outline.feed.clone()),
            html_url: Some(outline.page.clone()),
            ..Entry::default()
        })
        .collect();
    let xml = document.to_string().map_err(|error| error.to_string())?;
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}\n"))
}
