//! A feed as RSS 2.0, with the links of Atom for paging.

use jiff::Timestamp;
use rss::{
    Category, Channel, Guid, Item as Entry,
    extension::{
        atom::{AtomExtension, Link},
        dublincore::DublinCoreExtension,
    },
};

use super::feed::Feed;
use super::item::Item;

fn date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

fn link(rel: &str, href: &str) -> Link {
    Link {
        rel: rel.to_owned(),
        href: href.to_owned(),
        mime_type: Some("application/rss+xml".to_owned()),
        ..Link::default()
    }
}

pub(super) fn write(feed: &Feed) -> String {
    let mut links = vec![link("self", &feed.address), link("first", &feed.first)];
    links.extend(feed.next.as_deref().map(|next| link("next", next)));
    Channel {
        title: feed.title.clone(),
        link: feed.page.clone(),
        description: format!("{}, from Broadsheet", feed.title),
        language: Some("en".to_owned()),
        generator: Some("Broadsheet".to_owned()),
        last_build_date: Some(date(feed.updated())),
        atom_ext: Some(AtomExtension { links }),
        items: feed.items.iter().map(entry).collect(),
        namespaces: [
            ("atom", "http://www.w3.org/2005/Atom"),
            ("dc", "http://purl.org/dc/elements/1.1/"),
        ]
        .map(|(prefix, name)| (prefix.to_owned(), name.to_owned()))
        .into(),
        ..Channel::default()
    }
    .to_string()
}

fn entry(item: &Item) -> Entry {
    Entry {
        title: Some(item.title.clone()),
        link: Some(item.url.clone()),
        description: Some(item.html.clone()),
        guid: Some(Guid {
            value: item.id.clone(),
            permalink: false,
        }),
        pub_date: Some(date(item.published)),
        categories: item
            .categories
            .iter()
            .map(|name| Category {
                name: name.clone(),
                domain: None,
            })
            .collect(),
        dublin_core_ext: (!item.authors.is_empty()).then(|| DublinCoreExtension {
            creators: item.authors.clone(),
            ..DublinCoreExtension::default()
        }),
        ..Entry::default()
    }
}
