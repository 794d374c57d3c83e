//! A feed as Atom.

use atom_syndication::{
    Category, Content, Entry, Feed as Document, FixedDateTime, Generator, Link, Person, Text,
};
use jiff::Timestamp;

use super::feed::Feed;
use super::item::Item;

fn date(at: Timestamp) -> FixedDateTime {
    // Both libraries read and write RFC 3339.
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
        .to_string()
        .parse()
        .unwrap_or_default()
}

fn link(rel: &str, href: &str, media_type: Option<&str>) -> Link {
    Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        mime_type: media_type.map(str::to_owned),
        ..Link::default()
    }
}

pub(super) fn write(feed: &Feed) -> String {
    let atom = Some("application/atom+xml");
    let mut links = vec![
        link("self", &feed.address, atom),
        link("alternate", &feed.page, Some("text/html")),
        link("first", &feed.first, atom),
    ];
    links.extend(feed.next.as_deref().map(|next| link("next", next, atom)));
    Document {
        title: Text::plain(feed.title.clone()),
        id: feed.first.clone(),
        updated: date(feed.updated()),
        authors: vec![Person {
            name: "Broadsheet".to_owned(),
            ..Person::default()
        }],
        generator: Some(Generator {
            value: "Broadsheet".to_owned(),
            ..Generator::default()
        }),
        links,
        entries: feed.items.iter().map(entry).collect(),
        ..Document::default()
    }
    .to_string()
}

fn entry(item: &Item) -> Entry {
    Entry {
        title: Text::plain(item.title.clone()),
        id: item.id.clone(),
        updated: date(item.updated),
        published: Some(date(item.published)),
        authors: item
            .authors
            .iter()
            .map(|name| Person {
                name: name.clone(),
                ..Person::default()
            })
            .collect(),
        categories: item
            .categories
            .iter()
            .map(|term| Category {
                term: term.clone(),
                ..Category::default()
            })
            .collect(),
        links: vec![link("alternate", &item.url, Some("text/html"))],
        summary: Some(Text::plain(item.summary.clone())),
        content: Some(Content {
            value: Some(item.html.clone()),
            content_type: Some("html".to_owned()),
            ..Content::default()
        }),
        ..Entry::default()
    }
}
