//! What OAI-PMH 2.0 sends (<https://www.openarchives.org/OAI/openarchivesprotocol.html>), in arXiv's two formats:
//! `arXiv` and `arXivRaw`, the latter with versions.

#![expect(missing_docs, reason = "the fields have the names that the source gives them")]

use quick_xml::{
    Reader, de,
    events::{BytesStart, Event},
};
use serde::Deserialize;

/// One response to `ListRecords`.
#[derive(Debug, Default)]
pub struct Page {
    /// When the server made it, by its own clock.
    pub response_date: String,
    /// Each record, or for a record that cannot be read its identifier and the reason.
    pub records: Vec<Result<Record, (String, String)>>,
    /// The token of the next page; `None` on the last page.
    pub token: Option<String>,
    /// The error of the protocol, if there is one: its code and its message.
    pub error: Option<(String, String)>,
}

/// One record.
#[derive(Debug, Deserialize)]
pub struct Record {
    /// Who it is about.
    pub header: Header,
    /// Missing in a deleted record.
    pub metadata: Option<Metadata>,
}

/// The identifier of a record, and when it changed.
#[derive(Debug, Deserialize)]
pub struct Header {
    /// `deleted`, or missing.
    #[serde(rename = "@status")]
    pub status: Option<String>,
    /// `oai:arXiv.org:2510.01234`
    pub identifier: String,
    /// The day of its last change.
    pub datestamp: String,
}

/// The metadata of a record, in one of two formats.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    /// `metadataPrefix=arXiv`
    #[serde(rename = "arXiv")]
    pub arxiv: Option<ArxivRecord>,
    /// `metadataPrefix=arXivRaw`
    #[serde(rename = "arXivRaw")]
    pub raw: Option<RawRecord>,
}

/// A record in the format `arXiv`. Its fields have the names of its elements.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct ArxivRecord {
    pub id: String,
    pub created: Option<String>,
    pub updated: Option<String>,
    pub authors: Authors,
    pub title: String,
    pub categories: Option<String>,
    pub comments: Option<String>,
    pub journal_ref: Option<String>,
    pub doi: Option<String>,
    pub license: Option<String>,
    #[serde(rename = "abstract")]
    pub abstract_text: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Authors {
    pub author: Vec<Author>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Author {
    pub keyname: Option<String>,
    pub forenames: Option<String>,
    pub suffix: Option<String>,
}

/// A record in the format `arXivRaw`. Its fields have the names of its elements.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct RawRecord {
    pub id: String,
    pub version: Vec<Version>,
    pub title: String,
    pub authors: Option<String>,
    pub categories: Option<String>,
    pub comments: Option<String>,
    pub journal_ref: Option<String>,
    pub doi: Option<String>,
    pub license: Option<String>,
    #[serde(rename = "abstract")]
    pub abstract_text: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Version {
    #[serde(rename = "@version")]
    pub version: String,
    pub date: String,
}

/// Reads a response. The error says that it is something else, or that it is incomplete.
pub fn read(text: &str) -> Result<Page, String> {
    let mut reader = Reader::from_str(text);
    let mut page = Page::default();
    let mut inside = false;
    let broken =
        |error: &dyn std::fmt::Display| format!("arXiv’s OAI-PMH service sent incomplete XML: {error}");
    loop {
        let event = reader.read_event().map_err(|error| broken(&error))?;
        match event {
            Event::Start(start) if !inside => {
                if start.local_name().as_ref() != "OAI-PMH" {
                    let name = start.name().as_ref().to_owned();
                    return Err(format!(
                        "arXiv’s OAI-PMH service sent <{name}> instead of OAI-PMH"
                    ));
                }
                inside = true;
            }
            Event::Start(start) => match start.local_name().as_ref() {
                // Its children are read by the next turns of the loop.
                "ListRecords" => {}
                "record" => {
                    // Mismatched tags are allowed here, so that they affect one record and not all.
                    reader.config_mut().check_end_names = false;
                    let inner = reader
                        .read_text(start.to_end().name())
                        .map_err(|error| broken(&error))?
                        .into_inner();
                    reader.config_mut().check_end_names = true;
                    page.records.push(record(&inner));
                }
                name => {
                    let code = attribute(&start, "code");
                    let name = name.to_owned();
                    let inner = reader
                        .read_text(start.to_end().name())
                        .map_err(|error| broken(&error))?;
                    let text = plain(&inner.into_inner());
                    match name.as_str() {
                        "responseDate" => page.response_date = text,
                        "resumptionToken" => page.token = Some(text).filter(|token| !token.is_empty()),
                        "error" => page.error = Some((code.unwrap_or_default(), text)),
                        _ => {}
                    }
                }
            },
            Event::Empty(start) if inside && start.local_name().as_ref() == "error" => {
                page.error = Some((attribute(&start, "code").unwrap_or_default(), String::new()));
            }
            Event::End(end) if end.local_name().as_ref() == "OAI-PMH" => return Ok(page),
            Event::Eof if inside => return Err(broken(&"its end is missing")),
            Event::Eof => return Err("arXiv’s OAI-PMH service sent something that is not XML".to_owned()),
            _ => {}
        }
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    Some(attribute.value.into_owned())
}

fn plain(raw: &str) -> String {
    quick_xml::escape::unescape(raw).map_or_else(|_| raw.trim().to_owned(), |text| text.trim().to_owned())
}

fn record(inner: &str) -> Result<Record, (String, String)> {
    let name = || {
        inner
            .split_once("<identifier>")
            .and_then(|(_, rest)| rest.split('<').next())
            .unwrap_or("a record without identifier")
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
    de::from_str(&format!("<record>{inner}</record>")).map_err(|error| {
        tracing::debug!(%error, "skipped a record");
        (name(), "its XML is malformed".to_owned())
    })
}
