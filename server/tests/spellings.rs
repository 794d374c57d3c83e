//! Records in many formats, from the file to the output for readers and programs: pages, feeds, BibTeX.

mod common;

use axum::http::StatusCode;
use biblatex::{Bibliography, ChunksExt};
use common::{Answer, Broadsheet, html::tags, import_lines};
use serde_json::{Value, json};
use store::Store;
use testing::visible::unescaped;

/// A Broadsheet with these records, imported from a file.
async fn library_of(records: &[Value]) -> Broadsheet {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("broadsheet.db");
    let store = Store::open(&path).await.expect("a new database");
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    let summary = import_lines(&store, &lines).await;
    assert_eq!(summary.imported as usize, records.len());
    Broadsheet {
        folder: Some(folder),
        ..Broadsheet::over(store, path, None)
    }
}

fn record(id: &str, fields: Value) -> Value {
    let mut record = json!({"id": id, "title": "T", "abstract": "A.", "authors_parsed": [["Lovelace", "Ada", ""]],
        "categories": "cs.LG", "update_date": "2026-11-24"});
    for (name, value) in fields.as_object().expect("an object") {
        record[name] = value.clone();
    }
    record
}

/// The page and the BibTeX of a library with one record.
async fn page_and_bibtex(fields: Value) -> (Answer, String) {
    let broadsheet = library_of(&[record("2611.01234", fields)]).await;
    let page = broadsheet.get("/papers/2611.01234").await;
    assert_eq!(page.status, StatusCode::OK);
    (page, broadsheet.get("/papers/2611.01234.bib").await.body)
}

/// The text of the first element with this tag, as a reader sees it.
fn text_of(page: &Answer, tag: &str) -> String {
    let (_, rest) = page.body.split_once(&format!("<{tag}")).expect(tag);
    let (_, rest) = rest.split_once('>').expect("a tag");
    let (html, _) = rest.split_once(&format!("</{tag}>")).expect("an end");
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(c),
            _ => {}
        }
    }
    unescaped(&text)
}

/// The authors that the page shows, in order.
fn authors(page: &Answer) -> Vec<String> {
    let (_, rest) = page.body.split_once("<p class=\"authors\">").expect("authors");
    let (html, _) = rest.split_once("</p>").expect("an end");
    html.split("<a ")
        .skip(1)
        .filter(|link| {
            !link
                .split('>')
                .next()
                .is_some_and(|tag| tag.contains("class=\"rest\""))
        })
        .map(|link| {
            let (_, text) = link.split_once('>').expect("a tag");
            unescaped(text.split_once("</a>").expect("an end").0)
        })
        .collect()
}

#[tokio::test]
async fn an_author_search_finds_only_that_author() {
    let broadsheet = library_of(&[
        record(
            "2611.00001",
            json!({"authors_parsed": [["Wang", "Li", ""], ["Zhang", "Wei", ""]]}),
        ),
        record(
            "2611.00002",
            json!({"authors_parsed": [["Wei", "Wang", ""]], "title": "U"}),
        ),
        record(
            "2611.00003",
            json!({"authors_parsed": [["Wang", "Xiao-Li", ""]], "title": "V"}),
        ),
        record(
            "2611.00004",
            json!({"authors_parsed": [["Lovelace", "Ada", ""], ["von Neumann", "John", ""]], "title": "W"}),
        ),
        record(
            "2611.00005",
            json!({"authors_parsed": [["García Márquez", "Gabriel", ""]], "title": "X"}),
        ),
        record(
            "2611.00006",
            json!({"authors_parsed": [["Brown", "Robert", "Jr."]], "title": "Y"}),
        ),
    ])
    .await;
    for (typed, found) in [
        ("au:\"Wang Wei\"", &["2611.00002"][..]),
        ("au:\"Li Wang\"", &["2611.00001"]),
        ("au:\"Xiao-Li Wang\"", &["2611.00003"]),
        ("au:\"Lovelace, Ada\"", &["2611.00004"]),
        ("au:Lovelace_A", &["2611.00004"]),
        ("au:\"Lovelace, A.\"", &["2611.00004"]),
        ("author:\"von Neumann\"", &["2611.00004"]),
        ("au:\"Neumann, John von\"", &["2611.00004"]),
        ("au:\"Gabriel Garcia Marquez\"", &["2611.00005"]),
        ("au:\"Robert Brown Jr.\"", &["2611.00006"]),
        ("au:\"Robert Brown\"", &[]),
        ("au:\"Wei Wang\"", &[]),
        ("au:Lovelace_B", &[]),
        ("au:wang", &["2611.00001", "2611.00002", "2611.00003"]),
    ] {
        for order in ["relevance", "new", "trending"] {
            let query: String = form_urlencoded::Serializer::new(String::new())
                .append_pair("q", typed)
                .append_pair("sort", order)
                .finish();
            let mut cards = broadsheet.get(&format!("/?{query}")).await.cards();
            cards.sort();
            assert_eq!(cards, found, "{typed} by {order}");
        }
    }
    let without = broadsheet.get("/?q=-au%3A%22Li+Wang%22&sort=new").await.cards();
    assert_eq!(without.len(), 5, "{without:?}");
    assert!(!without.contains(&"2611.00001".to_owned()));
}

#[tokio::test]
async fn a_name_of_one_word_in_quotation_marks_is_the_whole_name() {
    let broadsheet = library_of(&[
        record("2611.00001", json!({"authors_parsed": [["Zhang", "", ""]]})),
        record(
            "2611.00002",
            json!({"authors_parsed": [["Zhang", "Wei", ""]], "title": "U"}),
        ),
        record(
            "2611.00003",
            json!({"authors": "NVIDIA", "authors_parsed": null, "title": "V"}),
        ),
    ])
    .await;
    for (query, found) in [
        ("au%3A%22Zhang%22", &["2611.00001"][..]),
        ("au%3A%22NVIDIA%22", &["2611.00003"]),
        ("au%3Azhang", &["2611.00001", "2611.00002"]),
    ] {
        let mut cards = broadsheet.get(&format!("/?q={query}")).await.cards();
        cards.sort();
        assert_eq!(cards, found, "{query}");
    }
}

#[tokio::test]
async fn the_parts_of_a_name_are_taken_from_the_source_that_knows_them() {
    let daily = json!({"id": "2611.01234", "title": "T", "summary": "S.", "authors": [{"name": "Gabriel García Márquez"}],
        "publishedAt": "2026-11-20T00:00:00.000Z", "upvotes": 3});
    let broadsheet = library_of(&[daily]).await;
    let before = broadsheet.get("/papers/2611.01234.bib").await;
    before.assert_says("author = {Márquez, Gabriel García}");
    let arxiv = record(
        "2611.01234",
        json!({"authors_parsed": [["García Márquez", "Gabriel", ""]]}),
    );
    import_lines(&broadsheet.state.store, &[arxiv.to_string()]).await;
    let after = broadsheet.get("/papers/2611.01234.bib").await;
    after.assert_says("author = {García Márquez, Gabriel}");
}

#[tokio::test]
async fn the_link_under_a_name_leads_to_the_papers_of_this_person() {
    let broadsheet = library_of(&[
        record("2611.00001", json!({"authors_parsed": [["Müller", "Łukasz", "Jr."], ["O'Neil", "Ada", ""]]})),
        record("2611.00002", json!({"authors_parsed": [["Müller", "Łukasz", ""], ["ATLAS Collaboration", "", ""]], "title": "U"})),
    ])
    .await;
    let page = broadsheet.get("/papers/2611.00001").await;
    assert_eq!(authors(&page), ["Łukasz Müller Jr.", "Ada O'Neil"]);
    for paper in ["2611.00001", "2611.00002"] {
        let page = broadsheet.get(&format!("/papers/{paper}")).await;
        let links: Vec<String> = tags(&page.body)
            .into_iter()
            .filter(|tag| tag.starts_with("a href=\"/?q=au"))
            .filter_map(|tag| Some(tag.split('"').nth(1)?.replace("&amp;", "&")))
            .collect();
        assert_eq!(links.len(), 2, "{links:?}");
        for link in links {
            assert_eq!(broadsheet.get(&link).await.cards(), [paper], "{link}");
        }
    }
}

#[tokio::test]
async fn names_are_read_from_lists_in_many_formats() {
    for (fields, names) in [
        (
            json!({"authors": "John Von Neumann, Fred Bloggs, Jr, et al", "authors_parsed": null}),
            &["John Von Neumann", "Fred Bloggs Jr"][..],
        ),
        (
            json!({"authors": "A. One (Inst. X, B. Two and C. Three", "authors_parsed": null}),
            &["A. One", "B. Two", "C. Three"],
        ),
        (
            json!({"authors": "BELLE Collaboration: A. Person, N. Other", "authors_parsed": null}),
            &["BELLE Collaboration", "A. Person", "N. Other"],
        ),
        (
            json!({"authors_parsed": [["BELLE Collaboration", "", ""], [":", "", ""], ["Person", "A.", ""]]}),
            &["BELLE Collaboration", "A. Person"],
        ),
        (
            json!({"authors_parsed": [["O&#39;Neil", "Ada", ""]]}),
            &["Ada O'Neil"],
        ),
        (
            json!({"authors_parsed": [["M\\\"uller", "{\\L}ukasz", ""]]}),
            &["Łukasz Müller"],
        ),
        (
            json!({"authors": "Lovelace, Ada and Noether, Emmy", "authors_parsed": null}),
            &["Ada Lovelace", "Emmy Noether"],
        ),
    ] {
        let (page, _) = page_and_bibtex(fields.clone()).await;
        assert_eq!(authors(&page), names, "{fields}");
    }
}

#[tokio::test]
async fn bibtex_reads_back_with_the_same_names_title_and_year() {
    for (fields, key, title, author) in [
        (
            json!({"title": "From $5 to $10: Pricing A_B"}),
            "lovelace2026:2611.01234",
            r"{{From \$5 to \$10: Pricing A\_B}}",
            "Lovelace, Ada",
        ),
        (
            json!({"title": "Bounds for \\(x_1^2\\)", "authors_parsed": [["Müller", "Max", ""]]}),
            "muller2026:2611.01234",
            r"{{Bounds for \(x_1^2\)}}",
            "Müller, Max",
        ),
        (
            json!({"title": "About ~10% of A", "authors_parsed": [["Łoś", "Łukasz", ""]]}),
            "los2026:2611.01234",
            r"{{About \textasciitilde{}10\% of A}}",
            "Łoś, Łukasz",
        ),
        (
            json!({"title": "R&amp;D at scale: a &lt; b", "authors_parsed": [["Øst", "Søren", ""]]}),
            "ost2026:2611.01234",
            r"{{R\&D at scale: a < b}}",
            "Øst, Søren",
        ),
        (
            json!({"authors_parsed": [["Brown", "Robert", "Jr."]]}),
            "brown2026:2611.01234",
            "{{T}}",
            "Brown, Jr., Robert",
        ),
        (
            json!({"authors": "Hal Roe III", "authors_parsed": null}),
            "roe2026:2611.01234",
            "{{T}}",
            "Roe, III, Hal",
        ),
        (
            json!({"authors": ["Gemini Team"], "authors_parsed": null}),
            "gemini2026:2611.01234",
            "{{T}}",
            "{Gemini Team}",
        ),
        (
            json!({"authors": ["The ATLAS Collaboration"], "authors_parsed": null}),
            "atlas2026:2611.01234",
            "{{T}}",
            "{The ATLAS Collaboration}",
        ),
        (
            json!({"authors_parsed": [["Maaten", "Laurens van der", ""]]}),
            "maaten2026:2611.01234",
            "{{T}}",
            "van der Maaten, Laurens",
        ),
    ] {
        let (_, bibtex) = page_and_bibtex(fields).await;
        for part in [
            format!("@misc{{{key},"),
            format!("  title = {title},"),
            format!("  author = {{{author}}},"),
            "  year = {2026},".to_owned(),
            "  month = nov,".to_owned(),
        ] {
            assert!(bibtex.contains(&part), "no {part} in\n{bibtex}");
        }
        let read = Bibliography::parse(&bibtex).expect("BibTeX");
        let entry = read.get(key).expect("the entry");
        assert!(!entry.title().expect("a title").format_verbatim().is_empty());
    }
}

#[tokio::test]
async fn a_text_of_any_spelling_is_plain_everywhere() {
    let broadsheet = library_of(&[
        record("2611.00001", json!({"title": "R&amp;D at scale: a &lt; b", "abstract": "Caf&eacute; &#x27;x&#x27;."})),
        record("2611.00002", json!({"title": "Capture of CO<sub>2</sub> by <i>E. coli</i>", "abstract": "Where a<b and c>d."})),
        record("2611.00003", json!({"title": "Ef\u{fb01}cient trans\u{ad}for\u{200b}mers", "abstract": "\u{feff}One\u{2060}word."})),
        record("2611.00004", json!({"title": "Solutions of the Schr\\\"odinger equation", "abstract": "On K\\\"ahler manifolds."})),
    ])
    .await;
    let feed = broadsheet.get("/feed.json?sort=new").await;
    let feed: Value = serde_json::from_str(&feed.body).expect("JSON");
    for (paper, title, text) in [
        ("2611.00001", "R&D at scale: a < b", "Café 'x'."),
        ("2611.00002", "Capture of CO₂ by E. coli", "Where a<b and c>d."),
        ("2611.00003", "Efficient transformers", "Oneword."),
        (
            "2611.00004",
            "Solutions of the Schrödinger equation",
            "On Kähler manifolds.",
        ),
    ] {
        let page = broadsheet.get(&format!("/papers/{paper}")).await;
        assert_eq!(text_of(&page, "h1"), title);
        let item = feed["items"]
            .as_array()
            .expect("items")
            .iter()
            .find(|item| item["id"] == format!("oai:arXiv.org:{paper}"))
            .expect(paper);
        assert_eq!((&item["title"], &item["summary"]), (&json!(title), &json!(text)));
        let bibtex = broadsheet.get(&format!("/papers/{paper}.bib")).await.body;
        let read = Bibliography::parse(&bibtex).expect("BibTeX");
        let entry = read.iter().next().expect("an entry");
        assert_eq!(entry.title().expect("a title").format_verbatim(), title);
    }
}

#[tokio::test]
async fn a_paper_without_a_date_gets_the_best_available_date() {
    let broadsheet = library_of(&[
        json!({"id": "2604.00001", "title": "Month of its id", "summary": "S.", "upvotes": 3}),
        json!({"source": "sample", "title": "Only a title"}),
        json!({"id": "hep-th/9901001", "title": "An old one", "summary": "S."}),
    ])
    .await;
    let bibtex = broadsheet.get("/papers/2604.00001.bib").await.body;
    assert!(
        bibtex.contains("year = {2026}") && bibtex.contains("month = apr"),
        "{bibtex}"
    );
    let page = broadsheet.get("/papers/hep-th/9901001").await;
    page.assert_says("1999-01");
    for feed in ["/feed.atom?sort=new", "/feed.rss?sort=new", "/feed.json?sort=new"] {
        let feed = broadsheet.get(feed).await;
        assert_eq!(feed.status, StatusCode::OK);
        assert!(!feed.says("1970"), "{}: {}", feed.what, feed.body);
        feed.assert_says("Only a title");
    }
}

#[tokio::test]
async fn a_page_hides_most_of_three_thousand_authors_but_can_show_them_all() {
    let names: Vec<Value> = (0..3_303)
        .map(|n| json!([format!("Name{n}"), "Ada", ""]))
        .collect();
    let broadsheet = library_of(&[record("2611.01234", json!({"authors_parsed": names}))]).await;
    let page = broadsheet.get("/papers/2611.01234").await;
    assert_eq!(authors(&page).len(), 20);
    assert!(page.body.len() < 60_000, "{} bytes", page.body.len());
    page.assert_says("and 3,283 more");
    page.assert_says("/papers/2611.01234?authors=all#authors");
    let all = broadsheet.get("/papers/2611.01234?authors=all").await;
    assert_eq!(authors(&all).len(), 3_303);
    let bibtex = broadsheet.get("/papers/2611.01234.bib").await.body;
    let read = Bibliography::parse(&bibtex).expect("BibTeX");
    assert_eq!(
        read.iter()
            .next()
            .expect("an entry")
            .author()
            .expect("authors")
            .len(),
        3_303
    );
}
