//! JSON-LD with the terms of schema.org.

use domain::{
    Name, NameParts, PaperPage,
    citation::{is_conference, journal_title},
    doi::doi_url,
};
use serde_json::{Value, json};

use super::doi;
use crate::plain::{plain_abstract, plain_title};

/// The serial number of arXiv.
const ARXIV_ISSN: &str = "2331-8422";

/// A paper as a `ScholarlyArticle`, for a `script` element.
pub fn article(paper: &PaperPage, url: &str, image: &str) -> String {
    let card = &paper.card;
    let arxiv = card.key.arxiv_id();
    let mut value = json!({
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": url,
        "url": url,
        "image": image,
        "name": plain_title(card),
        "headline": plain_title(card),
    });
    let mut set = |name: &str, content: Value| {
        if !is_empty(&content) {
            value[name] = content;
        }
    };
    let authors = card.authors.iter().map(author);
    set("author", authors.collect());
    set("datePublished", json!(card.published.map(|date| date.label())));
    set("dateModified", json!(paper.updated.map(|date| date.label())));
    set("abstract", json!(plain_abstract(card)));
    set(
        "keywords",
        paper.categories.iter().map(ToString::to_string).collect(),
    );
    set("license", json!(paper.license));
    let dois = doi::all(paper);
    let mut identifiers: Vec<Value> = dois.iter().map(|doi| property("DOI", doi)).collect();
    identifiers.extend(arxiv.map(|id| property("arXiv", id.as_str())));
    set("identifier", identifiers.into());
    let on_arxiv = arxiv.map(|id| format!("https://arxiv.org/abs/{id}"));
    let elsewhere = on_arxiv.into_iter().chain(dois.iter().map(|doi| doi_url(doi)));
    set("sameAs", elsewhere.collect());
    set("isPartOf", container(paper));
    if let Some(id) = arxiv {
        let pdf = format!("https://arxiv.org/pdf/{id}");
        set(
            "encoding",
            json!({ "@type": "MediaObject", "encodingFormat": "application/pdf", "contentUrl": pdf }),
        );
    }
    in_script(&value)
}

/// An author as a `Person` with separate name parts, or as an `Organization`.
fn author(name: &Name) -> Value {
    match name.parts() {
        NameParts::Organisation { organisation } => json!({ "@type": "Organization", "name": organisation }),
        NameParts::Person(person) => {
            let mut value = json!({ "@type": "Person", "name": name.as_str() });
            let family = [person.particle.as_str(), person.family.as_str()].join(" ");
            for (key, part) in [
                ("givenName", person.given.as_str()),
                ("familyName", family.trim()),
                ("honorificSuffix", person.suffix.as_str()),
            ] {
                // A one-word name has no separate parts.
                if !part.is_empty() && !person.given.is_empty() {
                    value[key] = json!(part);
                }
            }
            value
        }
    }
}

/// The journal or volume of a paper; arXiv if it has none.
fn container(paper: &PaperPage) -> Value {
    let reference = paper.journal_ref.as_deref().map(tex::plain);
    match reference.as_deref().map(|text| (text, journal_title(text))) {
        Some((text, _)) if is_conference(text) => json!({ "@type": "PublicationVolume", "name": text }),
        Some((_, Some(journal))) => json!({ "@type": "Periodical", "name": journal }),
        _ if paper.card.key.arxiv_id().is_some() => {
            json!({ "@type": "Periodical", "name": "arXiv", "issn": ARXIV_ISSN })
        }
        _ => Value::Null,
    }
}

fn is_empty(content: &Value) -> bool {
    match content {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

fn property(name: &str, value: &str) -> Value {
    json!({ "@type": "PropertyValue", "propertyID": name, "value": value })
}

/// This Broadsheet as a `WebSite` that can be searched, for a `script` element.
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

/// JSON that cannot end the `script` element around it or be read as markup (HTML Standard, 4.12.1.3).
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
    fn json_in_a_page_cannot_end_its_element_and_reads_back() {
        let value = json!({ "name": "</script><!-- & \u{2028}\u{2029} \"quoted\" \\" });
        let text = in_script(&value);
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), value);
    }
}
