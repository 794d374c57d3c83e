//! What the head of a page tells programs: link previews, search engines, reference managers.

use formats::pictures;
use leptos::{html, prelude::*};

use crate::links;

/// The Open Graph type of a page (<https://ogp.me/#types>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Any other page.
    #[default]
    Website,
    /// A paper.
    Article,
}

impl Kind {
    /// Its text in `og:type`.
    fn code(self) -> &'static str {
        match self {
            Self::Website => "website",
            Self::Article => "article",
        }
    }
}

/// The picture that link previews show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its path.
    pub path: String,
    /// The alternative text.
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

/// Metadata of a page besides its title and description.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meta {
    /// Its Open Graph type.
    pub kind: Kind,
    /// Its picture; that of the front page by default.
    pub picture: Picture,
    /// Names and contents of further `meta` elements, such as Highwire Press tags.
    pub tags: Vec<(&'static str, String)>,
    /// The path of its BibTeX file.
    pub bibtex: Option<String>,
    /// JSON-LD, escaped for a `script` element.
    pub data: Option<String>,
}

/// One `meta` element. `key` is `property` for Open Graph and `name` for all others.
fn tag(key: &'static str, name: &'static str, content: String) -> impl IntoView {
    html::meta().attr(key, name).attr("content", content)
}

/// The elements for [`Meta`], and Open Graph for a page that has a canonical address. JSON-LD is never executed, but it
/// carries the nonce like any other script, so the content security policy needs no exception.
#[component]
pub(crate) fn Metadata(
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
        let image = format!("{public_url}{}", picture.path);
        let mut graph = vec![
            tag("property", "og:site_name", "Broadsheet".to_owned()),
            tag("property", "og:type", kind.code().to_owned()),
            tag("property", "og:title", title),
            tag("property", "og:url", url),
            tag("property", "og:image", image),
            tag("property", "og:image:type", "image/png".to_owned()),
            tag("property", "og:image:width", pictures::WIDTH.to_string()),
            tag("property", "og:image:height", pictures::HEIGHT.to_string()),
            tag("property", "og:image:alt", picture.says),
            // Twitter's other tags fall back to Open Graph.
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
