//! Sitemaps (<https://www.sitemaps.org/protocol.html>).

use std::io;

use jiff::Timestamp;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// One page or sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Absolute URL.
    pub url: String,
    /// When it last changed, if that is known.
    pub changed: Option<Timestamp>,
}

/// A sitemap of pages.
///
/// # Errors
/// If the writer fails, which it does not in memory.
pub fn pages(places: &[Place]) -> io::Result<String> {
    write("urlset", "url", places)
}

/// A sitemap of other sitemaps.
///
/// # Errors
/// As for [`pages`].
pub fn index(places: &[Place]) -> io::Result<String> {
    write("sitemapindex", "sitemap", places)
}

fn write(root: &str, element: &str, places: &[Place]) -> io::Result<String> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element(root)
        .with_attribute(("xmlns", NAMESPACE))
        .write_inner_content(|writer| {
            for place in places {
                writer.create_element(element).write_inner_content(|writer| {
                    writer
                        .create_element("loc")
                        .write_text_content(BytesText::new(&place.url))?;
                    if let Some(changed) = place.changed {
                        let changed = changed.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
                        writer
                            .create_element("lastmod")
                            .write_text_content(BytesText::new(&changed))?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })?;
    String::from_utf8(writer.into_inner()).map_err(io::Error::other)
}
