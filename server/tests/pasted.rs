//! Identifiers, DOIs, links and addresses as people and programs write them, over HTTP.

mod common;

use axum::http::{Method, StatusCode, header};
use common::{
    Broadsheet,
    html::{attribute, tags},
    noon,
};
use domain::{
    Paper,
    paper::{CodeState, Source},
};

/// A form value.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

fn paper(id: &str) -> Paper {
    Paper {
        source: Source::Arxiv,
        arxiv_id: id.parse().ok(),
        title: format!("A title of {id}"),
        abstract_text: "An abstract.".to_owned(),
        authors: vec!["Ada Lovelace".into()],
        categories: vec!["cs.LG".parse().expect("a category")],
        ..Paper::default()
    }
}

async fn with(papers: &[Paper]) -> Broadsheet {
    let broadsheet = Broadsheet::with_the_sample().await;
    broadsheet
        .state
        .store
        .save_papers(papers, noon())
        .await
        .expect("saved");
    broadsheet
}

#[tokio::test]
async fn a_search_that_is_one_identifier_goes_to_its_paper() {
    let broadsheet = with(&[paper("2611.01234"), paper("hep-th/9901001")]).await;
    for typed in [
        "2611.01234v2.pdf",
        "2611.01234.",
        "arXiv:2611.01234 [cs.LG]",
        "arXiv:2611.01234v2 [cs.LG] 24 Nov 2026",
        "arXiv: 2611.01234",
        "[2611.01234] A title of a paper",
        "https://arxiv.org/abs/2611.01234.",
        "https://arxiv.org/abs/2611.01234)",
        "https://arxiv.org/abs/arXiv:2611.01234",
        "doi:10.48550/arXiv.2611.01234",
        "https://doi.org/10.48550%2FarXiv.2611.01234",
        "export.arxiv.org/abs/2611.01234",
        "https://arxiv.org/src/2611.01234v1",
        "oai:arXiv.org:2611.01234",
        "<https://arxiv.org/abs/2611.01234>",
        "https://www.alphaxiv.org/overview/2611.01234v1",
        "https://hf.co/papers/2611.01234",
        "eprint = {2611.01234},",
        "[A paper](https://arxiv.org/abs/2611.01234)",
        "http://localhost:3000/papers/2611.01234",
        "https://example.org/base/papers/2611.01234#authors",
        "\u{200b}arXiv：2611.01234\u{a0}",
    ] {
        let page = broadsheet.get(&format!("/?q={}", encoded(typed))).await;
        assert_eq!(page.status, StatusCode::FOUND, "{typed}");
        assert_eq!(page.location(), "/papers/2611.01234", "{typed}");
    }
    for typed in [
        "hep-th/9901001v1",
        "arXiv:hep-th/9901001 [hep-th]",
        "http://xxx.lanl.gov/abs/hep-th/9901001",
    ] {
        let page = broadsheet.get(&format!("/?q={}", encoded(typed))).await;
        assert_eq!(page.location(), "/papers/hep-th/9901001", "{typed}");
    }
    for typed in [
        "2611.01234 attention",
        "https://www.alphaxiv.org/abs/2611.some-slug",
        "2611.01234 2611.01235",
    ] {
        let page = broadsheet.get(&format!("/?q={}", encoded(typed))).await;
        assert_eq!(page.status, StatusCode::OK, "{typed}");
        page.assert_safe();
    }
}

#[tokio::test]
async fn every_form_of_an_identifier_in_a_path_redirects_to_its_paper() {
    let broadsheet = with(&[paper("2611.01234"), paper("hep-th/9901001")]).await;
    for (asked, location) in [
        ("arXiv:2611.01234", "/papers/2611.01234"),
        ("2611.01234v2", "/papers/2611.01234"),
        ("2611.01234.pdf", "/papers/2611.01234"),
        ("2611.01234v2.pdf", "/papers/2611.01234"),
        ("https://arxiv.org/abs/2611.01234", "/papers/2611.01234"),
        ("https:/arxiv.org/abs/2611.01234v1", "/papers/2611.01234"),
        ("https%3A%2F%2Farxiv.org%2Fabs%2F2611.01234", "/papers/2611.01234"),
        ("arxiv.org/pdf/2611.01234", "/papers/2611.01234"),
        ("10.48550/arXiv.2611.01234", "/papers/2611.01234"),
        ("abs/2611.01234", "/papers/2611.01234"),
        ("arXiv:2611.01234v2.bib", "/papers/2611.01234.bib"),
        ("2611.%C2%AD01234", "/papers/2611.01234"),
        ("arXiv:hep-th/9901001v1", "/papers/hep-th/9901001"),
        ("https://arxiv.org/abs/hep-th/9901001", "/papers/hep-th/9901001"),
    ] {
        let page = broadsheet.get(&format!("/papers/{asked}")).await;
        assert_eq!(page.status, StatusCode::MOVED_PERMANENTLY, "{asked}");
        assert_eq!(page.location(), location, "{asked}");
    }
    for asked in [
        "arXiv:2611.99999",
        "attention",
        "https://example.com/abs/2611.01234",
        "2611.01234%20attention",
    ] {
        let page = broadsheet.get(&format!("/papers/{asked}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{asked}");
        page.assert_safe();
    }
}

#[tokio::test]
async fn every_doi_of_a_paper_is_a_link() {
    let sici = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2";
    for (field, dois) in [
        (
            "10.1103/PhysRevD.1.1 10.1103/PhysRevD.2.2",
            &["10.1103/PhysRevD.1.1", "10.1103/PhysRevD.2.2"][..],
        ),
        (
            "10.1103/PhysRevD.1.1, 10.1103/PhysRevD.2.2",
            &["10.1103/PhysRevD.1.1", "10.1103/PhysRevD.2.2"],
        ),
        (
            "10.1103/PhysRevD.1.1;doi:10.1103/PhysRevD.2.2",
            &["10.1103/PhysRevD.1.1", "10.1103/PhysRevD.2.2"],
        ),
        ("https://doi.org/10.1103/PhysRevD.1.1", &["10.1103/PhysRevD.1.1"]),
        (
            "http://dx.doi.org/10.1103/PhysRevD.1.1.",
            &["10.1103/PhysRevD.1.1"],
        ),
        (
            "https://doi.org/https://doi.org/10.1103/PhysRevD.1.1",
            &["10.1103/PhysRevD.1.1"],
        ),
        ("doi:10.1103/PhysRevD.1.1", &["10.1103/PhysRevD.1.1"]),
        (sici, &[sici]),
        ("none", &[]),
    ] {
        let broadsheet = with(&[Paper {
            doi: Some(field.to_owned()),
            ..paper("2611.01234")
        }])
        .await;
        let page = broadsheet.get("/papers/2611.01234").await;
        page.assert_safe();
        let links: Vec<&str> = tags(&page.body)
            .into_iter()
            .filter_map(|tag| tag.strip_prefix("a href=\"")?.split('"').next())
            .filter(|href| href.starts_with("https://doi.org/"))
            .collect();
        let expected: Vec<String> = dois.iter().map(|doi| domain::doi::doi_url(doi)).collect();
        assert_eq!(links, expected, "{field}");
        let first = dois.first().copied().unwrap_or("10.48550/arXiv.2611.01234");
        let named = attribute(&page.body, "name=\"citation_doi\" content=\"");
        let named = named.replace("&lt;", "<").replace("&gt;", ">");
        assert_eq!(named, first, "{field}");
    }
}

#[tokio::test]
async fn the_code_of_a_paper_is_the_repository_that_its_text_names() {
    for (text, url) in [
        (
            r"Code: https://github.com/ada/deep\_engine_x.",
            Some("https://github.com/ada/deep_engine_x"),
        ),
        (
            "See https://GitHub.com/Ada/Engine and Github.com/Ada/Other.",
            Some("https://github.com/Ada/Engine"),
        ),
        (
            "Code at https://gitlab.com/group/sub/project/-/tree/main",
            Some("https://gitlab.com/group/sub/project"),
        ),
        (
            "git clone git@github.com:ada/engine.git",
            Some("https://github.com/ada/engine"),
        ),
        ("Code: https://github.com/ada/größe", None),
        (
            r"\url{https://bitbucket.org/ada/engine}",
            Some("https://bitbucket.org/ada/engine"),
        ),
    ] {
        let broadsheet = with(&[Paper {
            abstract_text: text.to_owned(),
            ..paper("2611.01234")
        }])
        .await;
        let id = "2611.01234".parse().expect("an identifier");
        let stored = broadsheet
            .state
            .store
            .paper(&id, None)
            .await
            .expect("read")
            .expect("a paper");
        assert_eq!(
            stored.card.code.as_ref().map(|code| code.url.as_str()),
            url,
            "{text}"
        );
        if let Some(code) = stored.card.code {
            assert_eq!(code.state, CodeState::Unknown);
            broadsheet
                .get("/papers/2611.01234")
                .await
                .assert_says(&format!("href=\"{}\"", code.url));
        }
    }
}

#[tokio::test]
async fn a_slash_at_the_end_of_an_address_redirects() {
    let broadsheet = with(&[paper("2611.01234"), paper("hep-th/9901001")]).await;
    for (asked, path) in [
        ("/papers/2611.01234/", "/papers/2611.01234"),
        ("/papers/hep-th/9901001/", "/papers/hep-th/9901001"),
        ("/papers/2611.01234.bib/", "/papers/2611.01234.bib"),
        ("/bookmarks/", "/bookmarks"),
        ("/about/ranking/", "/about/ranking"),
        ("/date/2026-11-24/", "/date/2026-11-24"),
        ("/feed.atom/?sort=new", "/feed.atom?sort=new"),
        ("/week/2026-W48/feed.rss/", "/week/2026-W48/feed.rss"),
        ("/searches/?x=/", "/searches?x=/"),
        ("//evil.example/", "/evil.example"),
        ("///evil.example/%2f../", "/evil.example/%2f.."),
        ("/\\evil.example/", "/evil.example"),
    ] {
        let page = broadsheet.get(asked).await;
        assert_eq!(page.status, StatusCode::MOVED_PERMANENTLY, "{asked}");
        assert_eq!(page.location(), path, "{asked}");
        assert!(
            !page.header(header::CONTENT_SECURITY_POLICY).is_empty(),
            "{asked}"
        );
    }
    let posted = broadsheet
        .post("/fn/subscribe/", "email=ada@example.org", &[])
        .await;
    assert_eq!(posted.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(posted.location(), "/fn/subscribe");
    assert_eq!(broadsheet.deliver().await, 0, "nothing was changed yet");
    let head = broadsheet
        .ask(common::request(Method::HEAD, "/bookmarks/", &[], ""))
        .await;
    assert_eq!(head.status, StatusCode::MOVED_PERMANENTLY);
    assert_eq!(broadsheet.get("/").await.status, StatusCode::OK);
}
