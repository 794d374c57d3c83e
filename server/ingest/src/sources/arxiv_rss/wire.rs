//! The responses of arXiv's daily feed: RSS 2.0 or Atom (<https://info.arxiv.org/help/rss.html>).

#![expect(missing_docs, reason = "the fields have the names that the source gives them")]

use quick_xml::{Reader, de, events::Event};
use serde::Deserialize;

/// One response.
#[derive(Debug, Default)]
pub struct Feed {
    /// The date of the channel.
    pub published: Option<String>,
    /// Each item, or for an item that cannot be read its identifier and the reason.
    pub items: Vec<Result<Item, (String, String)>>,
}

/// One announcement, in RSS or Atom.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Item {
    pub title: String,
    /// RSS: `oai:arXiv.org:2203.01250v3`
    pub guid: Option<Text>,
    /// Atom: the same identifier.
    pub id: Option<String>,
    /// In RSS.
    pub description: Option<String>,
    /// In Atom.
    pub summary: Option<Text>,
    pub category: Vec<Category>,
    /// In RSS, as RFC 2822 writes a date.
    #[serde(rename = "pubDate")]
    pub pub_date: Option<String>,
    /// In Atom, as RFC 3339 writes a date.
    pub published: Option<String>,
    #[serde(rename = "announce_type", alias = "arxiv:announce_type")]
    pub announce_type: Option<String>,
    #[serde(rename = "creator", alias = "dc:creator")]
    pub creator: Vec<String>,
    #[serde(rename = "rights", alias = "dc:rights")]
    pub rights: Option<String>,
}

/// An element with text and attributes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Text {
    #[serde(rename = "$text")]
    pub text: String,
}

/// A category. RSS has its name as text, Atom as an attribute.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Category {
    #[serde(rename = "@term")]
    pub term: Option<String>,
    #[serde(rename = "$text")]
    pub text: Option<String>,
}

/// Reads a response. The error says that it is something else, or that it is incomplete.
pub fn read(text: &str) -> Result<Feed, String> {
    let mut reader = Reader::from_str(text);
    let mut feed = Feed::default();
    let mut root: Option<String> = None;
    let broken = |error: &dyn std::fmt::Display| format!("arXiv’s daily feed sent incomplete XML: {error}");
    loop {
        match reader.read_event().map_err(|error| broken(&error))? {
            Event::Start(start) if root.is_none() => {
                let name = start.local_name().as_ref().to_owned();
                if name != "rss" && name != "feed" {
                    return Err(format!("arXiv’s daily feed sent <{name}> instead of a feed"));
                }
                root = Some(name);
            }
            Event::Start(start) => match start.local_name().as_ref() {
                "channel" => {}
                name => {
                    let is_item = matches!(name, "item" | "entry");
                    let is_date = name == "pubDate";
                    reader.config_mut().check_end_names = !is_item;
                    let inner = reader
                        .read_text(start.to_end().name())
                        .map_err(|error| broken(&error))?
                        .into_inner();
                    reader.config_mut().check_end_names = true;
                    if is_item {
                        feed.items.push(item(&inner));
                    } else if is_date {
                        feed.published = Some(inner.trim().to_owned());
                    }
                }
            },
            Event::End(end) if Some(end.local_name().as_ref()) == root.as_deref() => return Ok(feed),
            Event::Eof if root.is_some() => return Err(broken(&"its end is missing")),
            Event::Eof => return Err("arXiv’s daily feed sent something that is not XML".to_owned()),
            _ => {}
        }
    }
}

fn item(inner: &str) -> Result<Item, (String, String)> {
    let name = || {
        let at = inner
            .find("oai:")
            .map_or("an item without an identifier", |at| &inner[at..]);
        at.split('<')
            .next()
            .unwrap_or(at)
            .chars()
            .take(80)
            .collect::<String>()
    };
    if inner.contains('\u{fffd}') {
        return Err((
            name(),
            "it contains bytes that are invalid in its encoding".to_owned(),
        ));
    }
    de::from_str(&format!("<item>{inner}</item>")).map_err(|error| {
        tracing::debug!(%error, "skipped a record");
        (name(), "its XML is malformed".to_owned())
    })
}
