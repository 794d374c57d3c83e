//! A page for programs that catalogue: Highwire's `citation_…` tags and JSON-LD in the words of schema.org.
//!
//! The tags are what Google Scholar asks for (<https://scholar.google.com/intl/en/scholar/inclusion.html#indexing>) and
//! what Zotero's translator "Embedded Metadata" reads.

use domain::{
    ArxivId,
    citation::{doi_url, is_conference, journal_title, slashed},
};
use serde_json::{Value, json};

use domain::PaperPage;

/// arXiv's own, in the register of serials.
const ARXIV_ISSN: &str = "2331-8422";

/// The DOI that arXiv itself gives every paper.
fn arxiv_doi(id: &ArxivId) -> String {
    format!("10.48550/arXiv.{id}")
}

/// The first of the published DOIs: some records name several in one field.
fn published_doi(paper: &PaperPage) -> Option<&str> {
    paper.doi.as_deref()?.split_whitespace().next()
}

/// The tags of the page at `url`: name and content, in the order in which they are to stand.
pub fn highwire(paper: &PaperPage, url: &str) -> Vec<(&'static str, String)> {
    let card = &paper.card;
    let arxiv = card.key.arxiv_id();
    let mut tags = vec![("citation_title", tex::plain(&card.title))];
    tags.extend(
        card.authors
            .iter()
            .map(|name| ("citation_author", tex::plain(name))),
    );
    if let Some(published) = card.published {
        tags.push(("citation_publication_date", slashed(published)));
        tags.push((
            "citation_online_date",
            slashed(paper.updated.unwrap_or(published)),
        ));
    }
    let reference = paper.journal_ref.as_deref().map(tex::plain);
    match reference.as_deref().map(|text| (text, journal_title(text))) {
        Some((text, _)) if is_conference(text) => {
            tags.push(("citation_conference_title", text.to_owned()));
            // Without it Zotero takes the name of the site for that of the volume.
            tags.push(("prism.publicationName", text.to_owned()));
        }
        Some((_, Some(journal))) => tags.push(("citation_journal_title", journal.to_owned())),
        // Zotero takes whatever has no journal for an article in one, unless it is told in its own words.
        _ => {
            tags.push(("z:itemType", "preprint".to_owned()));
            if arxiv.is_some() {
                tags.push(("citation_publisher", "arXiv".to_owned()));
            }
        }
    }
    if let Some(doi) = published_doi(paper)
        .map(str::to_owned)
        .or_else(|| arxiv.map(arxiv_doi))
    {
        tags.push(("citation_doi", doi));
    }
    if let Some(id) = arxiv {
        tags.push(("citation_arxiv_id", id.to_string()));
        tags.push(("citation_pdf_url", format!("https://arxiv.org/pdf/{id}")));
        // What a library keeps should not lead to somebody's own machine.
        tags.push(("citation_public_url", format!("https://arxiv.org/abs/{id}")));
    }
    tags.push(("citation_abstract_html_url", url.to_owned()));
    if !paper.categories.is_empty() {
        let names: Vec<String> = paper.categories.iter().map(ToString::to_string).collect();
        tags.push(("citation_keywords", names.join("; ")));
    }
    if !card.abstract_text.is_empty() {
        tags.push(("citation_abstract", tex::plain(&card.abstract_text)));
    }
    tags
}

/// A paper as a `ScholarlyArticle`, to stand in a `script` element.
pub fn article(paper: &PaperPage, url: &str, image: &str) -> String {
    let card = &paper.card;
    let arxiv = card.key.arxiv_id();
    let mut value = json!({
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": url,
        "url": url,
        "image": image,
        "name": tex::plain(&card.title),
        "headline": tex::plain(&card.title),
    });
    let mut set = |name: &str, content: Value| {
        let empty = match &content {
            Value::Null => true,
            Value::Array(items) => items.is_empty(),
            Value::String(text) => text.is_empty(),
            _ => false,
        };
        if !empty {
            value[name] = content;
        }
    };
    let authors = card
        .authors
        .iter()
        .map(|name| json!({ "@type": "Person", "name": tex::plain(name) }));
    set("author", authors.collect());
    set("datePublished", json!(card.published.map(|date| date.label())));
    set("dateModified", json!(paper.updated.map(|date| date.label())));
    set("abstract", json!(tex::plain(&card.abstract_text)));
    set(
        "keywords",
        paper.categories.iter().map(ToString::to_string).collect(),
    );
    set("license", json!(paper.license));
    let dois: Vec<String> = published_doi(paper)
        .map(str::to_owned)
        .into_iter()
        .chain(arxiv.map(arxiv_doi))
        .collect();
    let mut identifiers: Vec<Value> = dois.iter().map(|doi| property("DOI", doi)).collect();
    identifiers.extend(arxiv.map(|id| property("arXiv", id.as_str())));
    set("identifier", identifiers.into());
    let mut elsewhere: Vec<String> = arxiv
        .map(|id| format!("https://arxiv.org/abs/{id}"))
        .into_iter()
        .collect();
    elsewhere.extend(dois.iter().map(|doi| doi_url(doi)));
    set("sameAs", elsewhere.into());
    let reference = paper.journal_ref.as_deref().map(tex::plain);
    let whole = match reference.as_deref().map(|text| (text, journal_title(text))) {
        Some((text, _)) if is_conference(text) => json!({ "@type": "PublicationVolume", "name": text }),
        Some((_, Some(journal))) => json!({ "@type": "Periodical", "name": journal }),
        _ if arxiv.is_some() => json!({ "@type": "Periodical", "name": "arXiv", "issn": ARXIV_ISSN }),
        _ => Value::Null,
    };
    set("isPartOf", whole);
    if let Some(id) = arxiv {
        let pdf = format!("https://arxiv.org/pdf/{id}");
        set(
            "encoding",
            json!({ "@type": "MediaObject", "encodingFormat": "application/pdf", "contentUrl": pdf }),
        );
    }
    in_script(&value)
}

fn property(name: &str, value: &str) -> Value {
    json!({ "@type": "PropertyValue", "propertyID": name, "value": value })
}

/// This Broadsheet as a `WebSite` that can be searched, to stand in a `script` element.
pub fn site(public_url: &str, description: &str) -> String {
    in_script(&json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "@id": format!("{public_url}/"),
        "url": format!("{public_url}/"),
        "name": "Broadsheet",
        "description": description,
        "potentialAction": {
            "@type": "SearchAction",
            "target": { "@type": "EntryPoint", "urlTemplate": format!("{public_url}/?q={{search_term_string}}") },
            "query-input": "required name=search_term_string",
        },
    }))
}

/// JSON in which nothing can end the element it stands in, or be taken for markup (HTML Standard, 4.12.1.3).
fn in_script(value: &Value) -> String {
    let mut text = String::new();
    for c in value.to_string().chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_a_page_cannot_end_its_element_and_still_says_the_same() {
        let value = json!({ "name": "</script><!-- & \u{2028}\u{2029} \"quoted\" \\" });
        let text = in_script(&value);
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), value);
    }
}
