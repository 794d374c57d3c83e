//! A feed as JSON Feed 1.1. Its extension `_paper` holds the counts and the heat of a paper.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::feed::Feed;
use super::item::Item;

fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub(super) fn write(feed: &Feed) -> String {
    let mut document = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "language": "en",
        "items": feed.items.iter().map(item).collect::<Vec<_>>(),
    });
    if let Some(next) = &feed.next {
        document["next_url"] = Value::String(next.clone());
    }
    document.to_string()
}

fn item(item: &Item) -> Value {
    let mut written = json!({
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "content_html": item.html,
        "date_published": date(item.published),
        "date_modified": date(item.updated),
        "tags": item.categories,
    });
    if !item.authors.is_empty() {
        written["authors"] = item.authors.iter().map(|name| json!({ "name": name })).collect();
    }
    if let Some(card) = &item.card {
        if let Some(id) = card.key.arxiv_id() {
            written["external_url"] = Value::String(format!("https://arxiv.org/abs/{id}"));
        }
        let terms = card.heat.map(|report| {
            let heat = report.heat;
            json!({ "hf": heat.hf, "gh": heat.gh, "local": heat.local, "fresh": heat.fresh })
        });
        written["_paper"] = json!({
            "arxiv_id": card.key.arxiv_id(),
            "upvotes": card.upvotes,
            "stars": card.stars,
            // To the thousandth, as the database stores it and the pages show it.
            "heat": card.heat.map(|report| (report.heat.total() * 1_000.0).round() / 1_000.0),
            "heat_terms": terms,
            "code_url": card.code.as_ref().map(|code| &code.url),
        });
    }
    written
}
