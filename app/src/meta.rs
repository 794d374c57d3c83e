//! What the head of a page says to those who never see its body: previews of links, search engines, catalogues.

use formats::pictures;
use leptos::{html, prelude::*};

use crate::links;

/// What Open Graph calls the thing a page is about (<https://ogp.me/#types>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// A list, or a page about this Broadsheet.
    #[default]
    Website,
    /// A paper.
    Article,
}

/// The picture a link to the page shows elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its path.
    pub path: String,
    /// What is on it, in words.
    pub says: String,
}

impl Default for Picture {
    fn default() -> Self {
        Self {
            path: links::FRONT_PICTURE.to_owned(),
            says: "The front page of Broadsheet, with the titles of its first papers".to_owned(),
        }
    }
}

/// What a page says of itself beyond its title and description.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meta {
    /// What it is about.
    pub kind: Kind,
    /// Its picture; by default that of the front page.
    pub picture: Picture,
    /// Highwire's tags and their kin: name and content.
    pub tags: Vec<(&'static str, String)>,
    /// The path of the same as BibTeX.
    pub bibtex: Option<String>,
    /// JSON-LD, made safe to stand in a `script` element.
    pub data: Option<String>,
}

/// One `meta` element. Open Graph's are known by their `property`, all others by their `name`.
fn tag(key: &'static str, name: &'static str, content: String) -> impl IntoView {
    html::meta().attr(key, name).attr("content", content)
}

/// Open Graph for a page that has an address of its own, and what [`Meta`] holds. JSON-LD is data and never run, but it
/// carries the nonce all the same: the policy then has no exception to explain.
#[component]
pub fn Metadata(
    title: String,
    description: Option<String>,
    #[prop(optional_no_strip)] url: Option<String>,
    public_url: String,
    nonce: String,
    meta: Meta,
) -> impl IntoView {
    let Meta {
        kind,
        picture,
        tags,
        bibtex,
        data,
    } = meta;
    let graph = url.map(|url| {
        let kind = match kind {
            Kind::Website => "website",
            Kind::Article => "article",
        };
        let image = format!("{public_url}{}", picture.path);
        let mut graph = vec![
            tag("property", "og:site_name", "Broadsheet".to_owned()),
            tag("property", "og:type", kind.to_owned()),
            tag("property", "og:title", title),
            tag("property", "og:url", url),
            tag("property", "og:image", image),
            tag("property", "og:image:type", "image/png".to_owned()),
            tag("property", "og:image:width", pictures::WIDTH.to_string()),
            tag("property", "og:image:height", pictures::HEIGHT.to_string()),
            tag("property", "og:image:alt", picture.says),
            // Its other words are taken from Open Graph's.
            tag("name", "twitter:card", "summary_large_image".to_owned()),
        ];
        graph.extend(description.map(|text| tag("property", "og:description", text)));
        graph
    });
    let tags: Vec<_> = tags
        .into_iter()
        .map(|(name, content)| tag("name", name, content))
        .collect();
    view! {
        {graph}
        {tags}
        {bibtex.map(|href| view! { <link rel="alternate" r#type="application/x-bibtex" title="BibTeX" href=href/> })}
        {data.map(|data| view! { <script type="application/ld+json" nonce=nonce inner_html=data></script> })}
    }
    .into_any()
}
