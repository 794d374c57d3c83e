//! Real papers, from the file to pages, feeds and BibTeX. Every paper must pass the same checks.
//!
//! CI reads the sample and every 20th of the daily papers. `BROADSHEET_TEST_EVERY=1` reads all. Without `../shared`,
//! only the sample is read.

mod common;

use std::collections::{HashMap, HashSet};

use axum::http::StatusCode;
use biblatex::{Bibliography, ChunksExt, Person};
use common::Broadsheet;
use domain::{NameParts, PaperKey, paper::PaperCard};
use serde_json::Value;
use testing::{
    real_papers::{cards, has_raw_formula, import_daily_papers},
    visible::{blemish, visible},
};
use tex::Part;

/// The sample and the daily papers.
async fn real_library() -> Broadsheet {
    let broadsheet = Broadsheet::with_the_sample().await;
    import_daily_papers(&broadsheet.state.store).await;
    broadsheet
}

/// A name as BibTeX parses it: given names, particle, family name, suffix.
fn person(name: &NameParts) -> [String; 4] {
    match name {
        NameParts::Person(person) => {
            [&person.given, &person.particle, &person.family, &person.suffix].map(String::clone)
        }
        NameParts::Organisation { organisation } => ["", "", organisation, ""].map(str::to_owned),
    }
}

fn read_person(person: &Person) -> [String; 4] {
    [&person.given_name, &person.prefix, &person.name, &person.suffix].map(String::clone)
}

/// A title as `format_verbatim` returns it: formulas without dollar signs.
fn verbatim(title: &str) -> String {
    let parts = tex::parts(title).into_iter().map(|part| match part {
        Part::Text(text) => text,
        Part::Formula { written, .. } => written,
    });
    letters(&parts.collect::<String>())
}

/// Formulas are compared by their letters, because parsers treat the commands in them differently.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[tokio::test]
async fn bibtex_reads_back_with_the_same_title_names_and_year() {
    let broadsheet = real_library().await;
    for card in cards(&broadsheet.state.store).await {
        let text = formats::cite::bibtex(&card);
        let read = Bibliography::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let entry = read.iter().next().expect("an entry");
        let title = entry.title().expect("a title").format_verbatim();
        if card.title.contains(['$', '\\']) {
            assert_eq!(letters(&title), verbatim(&card.title), "{text}");
        } else {
            assert_eq!(title, formats::plain_title(&card), "{text}");
        }
        let names: Vec<[String; 4]> = card.authors.iter().map(|name| person(&name.parts())).collect();
        let read_names: Vec<[String; 4]> = entry
            .author()
            .unwrap_or_default()
            .iter()
            .map(read_person)
            .collect();
        assert_eq!(read_names, names, "{text}");
        let year = card.published.map(|date| date.day().year().to_string());
        assert_eq!(entry.get("year").map(ChunksExt::format_verbatim), year, "{text}");
        assert!(card.key.arxiv_id().is_none() || year.is_some(), "{text}");
    }
}

#[tokio::test]
async fn no_page_shows_an_entity_an_invisible_character_or_a_command() {
    let broadsheet = real_library().await;
    let cards: HashMap<PaperKey, PaperCard> = cards(&broadsheet.state.store)
        .await
        .into_iter()
        .map(|card| (card.key.clone(), card))
        .collect();
    let (mut raw, mut found) = (0, Vec::new());
    for (key, card) in &cards {
        if has_raw_formula(card) {
            raw += 1;
            continue;
        }
        let page = broadsheet.get(&format!("/papers/{key}")).await;
        assert_eq!(page.status, StatusCode::OK, "{key}");
        found.extend(blemish(&visible(&page.body)).map(|blemish| format!("{key}: {blemish}")));
    }
    assert!(found.is_empty(), "{} papers: {found:#?}", found.len());
    println!(
        "{} papers; {raw} with a formula that is shown as its source",
        cards.len()
    );
}

/// All items of the JSON feed.
async fn feed_items(broadsheet: &Broadsheet) -> Vec<Value> {
    let (mut address, mut items) = ("/feed.json?sort=new".to_owned(), Vec::new());
    loop {
        let feed = broadsheet.get(&address).await;
        let feed: Value = serde_json::from_str(&feed.body).expect("JSON");
        items.extend_from_slice(feed["items"].as_array().expect("items"));
        match feed["next_url"].as_str() {
            Some(next) => address = next.trim_start_matches(common::PUBLIC_URL).to_owned(),
            None => return items,
        }
    }
}

#[tokio::test]
async fn no_feed_shows_an_entity_an_invisible_character_or_a_command() {
    let broadsheet = real_library().await;
    let raw: HashSet<String> = cards(&broadsheet.state.store)
        .await
        .into_iter()
        .filter(has_raw_formula)
        .map(|card| format!("{}/papers/{}", common::PUBLIC_URL, card.key))
        .collect();
    for item in feed_items(&broadsheet).await {
        if item["url"].as_str().is_some_and(|url| raw.contains(url)) {
            continue;
        }
        let mut texts = vec![item["title"].as_str().expect("a title").to_owned()];
        texts.extend(item["content_text"].as_str().map(str::to_owned));
        texts.extend(item["content_html"].as_str().map(visible));
        for author in item["authors"].as_array().into_iter().flatten() {
            texts.push(author["name"].as_str().expect("a name").to_owned());
        }
        assert!(texts.len() > 1, "{item}");
        for text in texts {
            assert_eq!(blemish(&text), None, "{text}");
        }
    }
}

#[tokio::test]
async fn no_date_in_a_feed_is_the_beginning_of_unix_time() {
    let broadsheet = real_library().await;
    for kind in ["atom", "rss"] {
        let feed = broadsheet.get(&format!("/feed.{kind}?sort=new")).await;
        assert!(!feed.says("1970"), "{}", feed.body);
    }
    let items = feed_items(&broadsheet).await;
    for item in &items {
        let dates = [&item["date_published"], &item["date_modified"]];
        assert!(
            dates
                .iter()
                .all(|date| date.as_str().is_some_and(|date| !date.starts_with("1970"))),
            "{item}"
        );
    }
    assert!(items.len() >= common::SAMPLE, "{}", items.len());
}

/// Runs a program on a file, and returns its warnings and errors; `None` if it is not installed.
fn complaints(program: &str, arguments: &[&str]) -> Option<String> {
    let run = match std::process::Command::new(program).args(arguments).output() {
        Ok(run) => run,
        Err(error) => {
            println!("skipped: {program}: {error}");
            return None;
        }
    };
    let said = [run.stdout, run.stderr]
        .map(|text| String::from_utf8_lossy(&text).into_owned())
        .concat();
    let mut complaints: Vec<&str> = said
        .lines()
        .filter(|line| {
            ["WARN", "ERROR", "arning", "rror"]
                .iter()
                .any(|word| line.contains(word))
        })
        .collect();
    if !run.status.success() {
        complaints.push("it failed");
    }
    Some(complaints.join("\n"))
}

/// `make test-long` runs it.
#[tokio::test]
#[ignore = "takes a minute, and needs biber, pybtex and pandoc"]
async fn biber_pybtex_and_pandoc_read_two_thousand_entries_without_warnings() {
    let broadsheet = real_library().await;
    let mut cards = cards(&broadsheet.state.store).await;
    // Some papers of the sample have no date at all, so biber rightly reports a missing year.
    cards.retain(|card| card.published.is_some());
    cards.truncate(2_000);
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (file, csl, yaml) = (path("papers.bib"), path("papers.json"), path("papers.yaml"));
    std::fs::write(&file, formats::cite::bibliography(&cards)).expect("written");
    for (program, arguments) in [
        (
            "biber",
            vec![
                "--tool",
                "--validate-datamodel",
                "--output-file",
                "/dev/null",
                &file,
            ],
        ),
        ("pybtex-convert", vec![&file, &yaml]),
        ("pandoc", vec!["-f", "bibtex", "-t", "csljson", "-o", &csl, &file]),
    ] {
        if let Some(complaints) = complaints(program, &arguments) {
            assert_eq!(complaints, "", "{program}");
            println!("{program} read {} entries", cards.len());
        }
    }
    let Ok(read) = std::fs::read_to_string(&csl) else {
        return;
    };
    let read: Vec<Value> = serde_json::from_str(&read).expect("JSON");
    assert_eq!(read.len(), cards.len());
    for (card, entry) in cards.iter().zip(&read) {
        let people = entry["author"].as_array().map_or(0, Vec::len);
        assert_eq!(people, card.authors.len(), "{entry}");
    }
}
