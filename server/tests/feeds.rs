//! Feeds of every kind of list, read back by an independent parser.

mod common;

use axum::http::StatusCode;
use common::{Broadsheet, noon};
use domain::{
    Paper,
    paper::{CounterReading, Source},
};
use feed_rs::{model::Feed, parser};
use jiff::SignedDuration;

fn parsed(answer: &common::Answer) -> Feed {
    parser::parse(answer.body.as_bytes())
        .unwrap_or_else(|error| panic!("{}: {error}\n{}", answer.what, answer.body))
}

fn ids(feed: &Feed) -> Vec<String> {
    feed.entries.iter().map(|entry| entry.id.clone()).collect()
}

/// The address of the next page, if there is one.
fn next(answer: &common::Answer) -> Option<String> {
    let feed: Option<String> = if answer.header("content-type").contains("json") {
        let document: serde_json::Value = serde_json::from_str(&answer.body).expect("json");
        document["next_url"].as_str().map(str::to_owned)
    } else {
        answer
            .body
            .split("<atom:link ")
            .chain(answer.body.split("<link "))
            .filter_map(|link| link.split("/>").next())
            .find(|link| link.contains("rel=\"next\""))
            .and_then(|link| {
                link.split("href=\"")
                    .nth(1)?
                    .split('"')
                    .next()
                    .map(|href| href.replace("&amp;", "&"))
            })
    };
    feed.map(|url| {
        url.strip_prefix(common::PUBLIC_URL)
            .expect("our address")
            .to_owned()
    })
}

const KINDS: [(&str, &str); 3] = [
    ("atom", "application/atom+xml"),
    ("rss", "application/rss+xml"),
    ("json", "application/feed+json"),
];

#[tokio::test]
async fn every_list_has_a_valid_feed_in_three_formats() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for query in [
        "",
        "?sort=new",
        "?sort=top&category=cs",
        "?q=convergence",
        "?feed=daily",
        "?feed=list",
        "?top=10&category=math.OC",
        "?has=code&sort=stars",
        "?q=%3Cscript%3E&sort=new",
        "?q=a%EF%BF%BEb&feed=list",
        "?sort=banana&after=damaged",
    ] {
        for (suffix, kind) in KINDS {
            let answer = broadsheet.get(&format!("/feed.{suffix}{query}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.what);
            assert!(answer.header("content-type").starts_with(kind), "{}", answer.what);
            assert!(
                answer.header("etag").starts_with("W/\""),
                "a weak validator: one for every encoding"
            );
            assert_eq!(answer.header("cache-control"), "public, max-age=300");
            assert_eq!(answer.header("set-cookie"), "");
            let feed = parsed(&answer);
            for entry in &feed.entries {
                assert!(
                    entry.id.starts_with("oai:arXiv.org:") || entry.id.starts_with("urn:broadsheet:"),
                    "{}",
                    entry.id
                );
                assert!(
                    entry
                        .title
                        .as_ref()
                        .is_some_and(|title| !title.content.is_empty())
                );
                assert!(!entry.links.is_empty(), "{}", entry.id);
            }
        }
    }
    for (path, any) in [
        ("/month/2025-10", true),
        ("/date/2025-10-08", false),
        ("/week/2025-W41", true),
    ] {
        let feed = parsed(&broadsheet.get(&format!("{path}/feed.atom")).await);
        assert!(!any || !feed.entries.is_empty(), "{path}");
    }
    for path in [
        "/date/2025-10-08/feed.txt",
        "/date/2025-10/feed.atom",
        "/week/banana/feed.rss",
    ] {
        assert_eq!(broadsheet.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn following_next_shows_each_paper_once() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for (suffix, _) in KINDS {
        let mut path = format!("/feed.{suffix}?sort=new");
        let mut seen = Vec::new();
        loop {
            let answer = broadsheet.get(&path).await;
            seen.extend(ids(&parsed(&answer)));
            match next(&answer) {
                Some(next) => path = next,
                None => break,
            }
        }
        assert_eq!(seen.len(), common::SAMPLE, "{suffix}");
        let once: std::collections::HashSet<_> = seen.iter().collect();
        assert_eq!(once.len(), common::SAMPLE, "{suffix}");
    }
}

#[tokio::test]
async fn an_unchanged_feed_is_not_sent_again() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let first = broadsheet.get("/feed.atom").await;
    let (tag, date) = (
        first.header("etag").to_owned(),
        first.header("last-modified").to_owned(),
    );
    for headers in [
        [("if-none-match", tag.as_str())],
        [("if-modified-since", date.as_str())],
    ] {
        let again = broadsheet.get_with("/feed.atom", &headers).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{headers:?}");
        assert_eq!(again.body, "");
        assert_eq!(again.header("etag"), tag);
    }
    let other = broadsheet
        .get_with("/feed.atom", &[("if-none-match", "\"other\"")])
        .await;
    assert_eq!(other.status, StatusCode::OK);
}

#[tokio::test]
async fn feed_readers_that_poll_get_304_while_nothing_changes() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let mut feeds = Vec::new();
    for query in [
        "",
        "?sort=new",
        "?sort=top",
        "?q=convergence",
        "?feed=daily",
        "?feed=list",
    ] {
        for (suffix, _) in KINDS {
            feeds.push(format!("/feed.{suffix}{query}"));
        }
    }
    feeds.push("/month/2025-10/feed.atom".to_owned());
    feeds.push("/week/2025-W41/feed.json".to_owned());
    let mut known: Vec<(String, String)> = Vec::new();
    for feed in &feeds {
        let first = broadsheet.get(feed).await;
        assert_eq!(first.status, StatusCode::OK, "{feed}");
        known.push((
            first.header("etag").to_owned(),
            first.header("last-modified").to_owned(),
        ));
    }
    for poll in 1..20 {
        broadsheet.clock.advance(SignedDuration::from_mins(30));
        for (feed, (tag, date)) in feeds.iter().zip(&known) {
            // Every other poll comes through a proxy that compresses.
            let tag = if poll % 2 == 0 {
                tag.clone()
            } else {
                format!("{}-gzip\"", tag.trim_end_matches('"'))
            };
            let again = broadsheet
                .get_with(feed, &[("if-none-match", &tag), ("if-modified-since", date)])
                .await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{feed}, poll {poll}");
        }
    }
}

#[tokio::test]
async fn the_feed_of_a_search_has_its_newest_papers_first() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let newest = parsed(&broadsheet.get("/feed.atom?q=convergence&sort=new").await);
    for query in ["?q=convergence", "?q=convergence&sort=relevance"] {
        let feed = parsed(&broadsheet.get(&format!("/feed.atom{query}")).await);
        assert!(feed.entries.len() > 3, "{query}");
        assert_eq!(ids(&feed), ids(&newest), "{query}");
    }
}

#[tokio::test]
async fn the_feed_of_an_edition_has_its_name() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for (path, name) in [
        ("/date/2025-10-08", "8 October 2025"),
        ("/week/2025-W41", "2025"),
        ("/month/2025-10", "October 2025"),
    ] {
        for (suffix, _) in KINDS {
            let feed = parsed(&broadsheet.get(&format!("{path}/feed.{suffix}")).await);
            let title = feed.title.expect("a title").content;
            assert!(title.contains(name), "{title}");
        }
    }
}

fn reported(id: &str, votes: u32, hour: i64) -> Paper {
    let at = noon()
        .checked_add(SignedDuration::from_hours(hour))
        .expect("a moment");
    Paper {
        source: Source::HuggingFace,
        arxiv_id: id.parse().ok(),
        title: format!("Paper {id} <b>&amp; \"$\\alpha$\" ]]> \u{1}"),
        abstract_text: "Words with $x^2 < y$ and </description>.".to_owned(),
        authors: vec!["Ada & Co <x>".into()],
        published: "2026-11-23".parse().ok(),
        hf_submitted_at: "2026-11-23T10:00:00Z".parse().ok(),
        upvotes: Some(CounterReading { at, total: votes }),
        ..Paper::default()
    }
}

#[tokio::test]
async fn neither_votes_nor_rank_change_the_entry_of_a_paper() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let store = &broadsheet.state.store;
    let rank = async |hour: i64| {
        broadsheet.clock.advance(SignedDuration::from_hours(1));
        let at = noon()
            .checked_add(SignedDuration::from_hours(hour))
            .expect("a moment");
        ingest::ranking::rank(store, at).await.expect("a rank run");
    };
    store
        .save_papers(&[reported("2611.00001", 30, 0)], noon())
        .await
        .expect("saved");
    rank(0).await;
    let before = parsed(&broadsheet.get("/feed.atom").await);
    let entry = before
        .entries
        .iter()
        .find(|entry| entry.id == "oai:arXiv.org:2611.00001")
        .expect("it entered");
    // Markup in a title arrives as text, and its entities as what they mean.
    assert_eq!(
        entry.title.as_ref().expect("a title").content.trim(),
        "Paper 2611.00001 <b>& \"α\" ]]>"
    );
    // The paper gets more votes, and another one is ranked above it.
    let more = [reported("2611.00001", 60, 2), reported("2611.00002", 200, 2)];
    store.save_papers(&more, noon()).await.expect("saved");
    rank(2).await;
    let after = parsed(&broadsheet.get("/feed.atom").await);
    let same = after
        .entries
        .iter()
        .find(|entry| entry.id == "oai:arXiv.org:2611.00001")
        .expect("it stays");
    assert_eq!((same.published, same.updated), (entry.published, entry.updated));
    // The newest entry comes first, and each paper has one entry.
    assert_eq!(ids(&after)[0], "oai:arXiv.org:2611.00002");
    let once: std::collections::HashSet<_> = ids(&after).into_iter().collect();
    assert_eq!(once.len(), after.entries.len());
}

#[tokio::test]
async fn json_items_carry_the_terms_of_their_heat() {
    let broadsheet = Broadsheet::with_the_sample().await;
    broadsheet
        .state
        .store
        .save_papers(&[reported("2611.00001", 30, 0)], noon())
        .await
        .expect("saved");
    ingest::ranking::rank(&broadsheet.state.store, noon())
        .await
        .expect("a rank run");
    let document: serde_json::Value =
        serde_json::from_str(&broadsheet.get("/feed.json").await.body).expect("json");
    assert_eq!(document["version"], "https://jsonfeed.org/version/1.1");
    let item = &document["items"][0];
    let paper = &item["_paper"];
    assert_eq!(paper["arxiv_id"], "2611.00001");
    assert_eq!(paper["upvotes"], 30);
    let terms: f64 = ["hf", "gh", "local", "fresh"]
        .iter()
        .map(|name| paper["heat_terms"][name].as_f64().expect("a term"))
        .sum();
    assert!((terms - paper["heat"].as_f64().expect("heat")).abs() < 1e-9);
    assert_eq!(item["external_url"], "https://arxiv.org/abs/2611.00001");
}

#[tokio::test]
async fn pages_link_to_their_feeds() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for (path, atom) in [
        ("/", "/feed.atom"),
        (
            "/?category=cs.LG&amp;sort=new",
            "/feed.atom?sort=new&amp;category=cs.LG",
        ),
        ("/month/2025-10", "/month/2025-10/feed.atom"),
    ] {
        let page = broadsheet.get(&path.replace("&amp;", "&")).await;
        assert!(
            page.body.contains(&format!(
                "type=\"application/atom+xml\" title=\"This list as Atom\" href=\"{atom}\""
            )),
            "{path}\n{}",
            &page.body[..3_000]
        );
    }
    assert!(
        !broadsheet
            .get("/bookmarks")
            .await
            .body
            .contains("application/atom+xml")
    );
}

#[tokio::test]
async fn daily_entries_of_two_lists_have_different_ids() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let days = async |query: &str| {
        ids(&parsed(
            &broadsheet.get(&format!("/feed.atom?feed=daily{query}")).await,
        ))
    };
    let (all, some) = (days("").await, days("&category=cs.LG").await);
    assert!(!all.is_empty() && !some.is_empty());
    assert!(all.iter().all(|id| !some.contains(id)), "{all:?} {some:?}");
}
