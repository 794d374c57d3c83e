//! Lists for a feed reader: OPML 2.0 (<https://opml.org/spec2.opml>).

use opml::{Head, OPML, Outline as Written};

/// One list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// What its reader calls it.
    pub title: String,
    /// The address of its feed.
    pub feed: String,
    /// The address of its page.
    pub page: String,
}

/// All of them in one document. The error is in words.
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
        .map(|outline| Written {
            text: outline.title.clone(),
            title: Some(outline.title.clone()),
            r#type: Some("rss".to_owned()),
            xml_url: Some(outline.feed.clone()),
            html_url: Some(outline.page.clone()),
            ..Written::default()
        })
        .collect();
    let xml = document.to_string().map_err(|error| error.to_string())?;
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}\n"))
}
