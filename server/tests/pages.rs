//! Pages over plain HTTP: listings and their filters, papers, editions, errors, files.

mod common;

use std::collections::HashSet;

use axum::http::{Method, StatusCode, header};
use common::{Broadsheet, SAMPLE, request, walk};

#[tokio::test]
async fn following_next_visits_every_paper_once_and_ends() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for path in ["/?sort=new", "/", "/?sort=top", "/?sort=stars", "/?window=month"] {
        let names = walk(&broadsheet, path).await;
        assert_eq!(names.len(), SAMPLE, "{path}");
    }
    assert!(broadsheet.get("/?sort=new").await.says("119 papers"));
}

#[tokio::test]
async fn the_fragment_of_a_page_has_the_same_cards_and_link() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let page = broadsheet.get("/?sort=new").await;
    let fragment = broadsheet.get_with("/?sort=new", &[("x-fragment", "1")]).await;
    assert_eq!(fragment.cards(), page.cards());
    assert_eq!(fragment.next(), page.next());
    assert!(!fragment.says("<html"));
    for answer in [&page, &fragment] {
        assert_eq!(answer.header(header::CACHE_CONTROL), "private, no-cache");
        assert!(answer.header(header::VARY).contains("x-fragment"));
    }
    assert!(page.header(header::VARY).contains("cookie"));
    // The browser may reuse a fragment after the first bookmark has set the cookie.
    assert!(!fragment.header(header::VARY).contains("cookie"));
}

#[tokio::test]
async fn a_search_finds_the_papers_with_both_words_best_first() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let found = broadsheet.get("/?q=strong+convergence").await;
    let articles = found.articles();
    assert!(!articles.is_empty() && articles.len() < SAMPLE);
    for article in &articles {
        let text = article.to_lowercase();
        assert!(text.contains("strong") && text.contains("converge"), "{article}");
    }
    // Every paper with both words is found.
    let mut holders = HashSet::new();
    let mut path = Some("/?sort=new".to_owned());
    while let Some(next) = path {
        let page = broadsheet.get(&next).await;
        for (name, article) in page.cards().into_iter().zip(page.articles()) {
            let text = article.to_lowercase();
            if text.contains("strong convergence") {
                holders.insert(name);
            }
        }
        path = page.next();
    }
    let all: HashSet<String> = walk(&broadsheet, "/?q=strong+convergence")
        .await
        .into_iter()
        .collect();
    assert!(holders.is_subset(&all), "{:?}", holders.difference(&all));
    // Words in a title count more than words in an abstract.
    let best = &broadsheet.get("/?q=gradient+descent").await.articles()[0];
    let title = best.split("</h2>").next().unwrap_or_default().to_lowercase();
    assert!(title.contains("gradient") && title.contains("descent"), "{title}");
    assert_eq!(
        broadsheet
            .get("/?q=strong+convergence&sort=relevance")
            .await
            .cards(),
        found.cards()
    );
    assert_eq!(
        walk(&broadsheet, "/?q=strong+convergence&sort=new").await.len(),
        all.len()
    );
}

#[tokio::test]
async fn each_filter_in_the_address_filters_the_list() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let all = walk(&broadsheet, "/?sort=new").await;
    let lg = walk(&broadsheet, "/?sort=new&category=cs.LG").await;
    let cs = walk(&broadsheet, "/?sort=new&category=cs").await;
    let either = walk(&broadsheet, "/?sort=new&category=cs.LG&category=math.OC").await;
    let oc = walk(&broadsheet, "/?sort=new&category=math.OC").await;
    assert!(!lg.is_empty() && lg.len() < cs.len() && cs.len() < all.len());
    let union: HashSet<&String> = lg.iter().chain(&oc).collect();
    assert_eq!(either.iter().collect::<HashSet<_>>(), union);
    let code = walk(&broadsheet, "/?sort=new&has=code").await;
    // A source names the repository of 15 papers; others name it in their abstract.
    assert!((15..SAMPLE).contains(&code.len()), "{}", code.len());
    assert_eq!(walk(&broadsheet, "/?q=has:code&sort=new").await, code);
    let voted = walk(&broadsheet, "/?sort=new&min_upvotes=5").await;
    assert!(!voted.is_empty() && voted.len() < SAMPLE);
    assert_eq!(walk(&broadsheet, "/?q=upvotes:%3E4&sort=new").await, voted);
    let starred = walk(&broadsheet, "/?sort=new&min_stars=1").await;
    assert!(starred.iter().all(|name| code.contains(name)), "{starred:?}");
    assert_eq!(walk(&broadsheet, "/?q=stars:%3E=1&sort=new").await, starred);
    let year = walk(&broadsheet, "/?sort=new&from=2023-01-01&to=2023-12-31").await;
    assert!(!year.is_empty() && year.len() < SAMPLE);
    assert_eq!(
        walk(&broadsheet, "/?sort=new&q=from:2023-01-01+to:2023-12-31").await,
        year
    );
    let recent = walk(&broadsheet, "/?sort=new&window=year").await;
    assert!(!recent.is_empty() && recent.len() < SAMPLE);
    let combined = walk(&broadsheet, "/?category=cs&has=code&sort=new&from=2023-01-01").await;
    assert!(
        combined
            .iter()
            .all(|name| cs.contains(name) && code.contains(name))
    );
    let trending = walk(&broadsheet, "/?category=cs&has=code&window=week").await;
    assert!(
        trending
            .iter()
            .all(|name| cs.contains(name) && code.contains(name))
    );
    assert_eq!(
        broadsheet.get("/?q=-gradient&sort=new").await.status,
        StatusCode::OK
    );
    let author = walk(
        &broadsheet,
        "/?q=au:\"Abir+Khan+Ratul\"".replace('"', "%22").as_str(),
    )
    .await;
    assert_eq!(author, ["2510.20838"]);
}

#[tokio::test]
async fn a_form_with_empty_fields_gives_the_front_page() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let page = broadsheet
        .get("/?q=&category=&from=&to=&min_upvotes=&min_stars=&unknown=1")
        .await;
    assert_eq!(page.cards(), broadsheet.get("/").await.cards());
    assert!(!page.says(r#"class="notice""#));
}

#[tokio::test]
async fn a_search_without_results_names_filters_to_remove() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let page = broadsheet.get("/?q=convergence&category=hep-th").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.cards().len(), 0);
    page.assert_says("No results");
    page.assert_says("Remove ");
}

#[tokio::test]
async fn a_version_an_alias_and_a_pasted_id_redirect_to_the_paper() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for (from, to) in [
        ("/papers/2510.20838v2", "/papers/2510.20838"),
        ("/papers/2510.20838v2.bib", "/papers/2510.20838.bib"),
        ("/?q=2510.20838", "/papers/2510.20838"),
        ("/?q=arXiv:2510.20838v1", "/papers/2510.20838"),
        ("/?q=+https://arxiv.org/abs/2510.20838v3+", "/papers/2510.20838"),
        (
            "/?q=https%3A%2F%2Farxiv.org%2Fpdf%2F2510.20838",
            "/papers/2510.20838",
        ),
    ] {
        let answer = broadsheet.get(from).await;
        assert!(answer.status.is_redirection(), "{from}: {}", answer.status);
        assert_eq!(answer.location(), to, "{from}");
        answer.assert_safe();
        assert_eq!(broadsheet.get(to).await.status, StatusCode::OK);
    }
    let page = broadsheet.get("/?q=2510.99999").await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_says("2510.99999 is not in this library");
}

#[tokio::test]
async fn an_earlier_key_of_a_paper_redirects_to_the_current_one() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let titled = walk(&broadsheet, "/?sort=new")
        .await
        .into_iter()
        .find(|name| name.starts_with("bs-"))
        .expect("a paper known by its title");
    let page = broadsheet.get(&format!("/papers/{titled}")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_says("https://arxiv.org/search/?searchtype=title");
    let key = titled.parse().expect("a key");
    let card = broadsheet
        .state
        .store
        .paper(&key, None)
        .await
        .expect("answer")
        .expect("paper")
        .card;
    let reported = domain::Paper {
        source: domain::paper::Source::Arxiv,
        arxiv_id: Some("2401.00001".parse().expect("an id")),
        title: card.title,
        authors: card.authors,
        ..domain::Paper::default()
    };
    broadsheet
        .state
        .store
        .save_papers(&[reported], common::noon())
        .await
        .expect("saved");
    let moved = broadsheet.get(&format!("/papers/{titled}")).await;
    assert_eq!(moved.status, StatusCode::MOVED_PERMANENTLY);
    assert_eq!(moved.location(), "/papers/2401.00001");
    assert_eq!(broadsheet.get("/papers/2401.00001").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_page_of_a_paper_is_complete_and_offers_bibtex() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let page = broadsheet.get("/papers/2510.20838").await;
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "Sketch2BIM",
        "Abir Khan Ratul",
        "Md Nazmus Sakib",
        "https://arxiv.org/abs/2510.20838",
        "https://arxiv.org/pdf/2510.20838",
        r#"<link rel="canonical" href="http://localhost:3000/papers/2510.20838">"#,
    ] {
        page.assert_says(words);
    }
    let bib = broadsheet.get("/papers/2510.20838.bib").await;
    assert_eq!(bib.status, StatusCode::OK);
    assert_eq!(
        bib.header(header::CONTENT_TYPE),
        "application/x-bibtex; charset=utf-8"
    );
    assert_eq!(
        bib.header(header::CONTENT_DISPOSITION),
        "attachment; filename=\"2510.20838.bib\""
    );
    assert!(
        bib.body.starts_with('@') && bib.says("2510.20838"),
        "{}",
        bib.body
    );
    bib.assert_safe();
}

#[tokio::test]
async fn an_edition_without_papers_redirects_to_the_last_one_that_has_some() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for path in [
        "/date/2026-11-24",
        "/week/2026-W48",
        "/month/2026-11",
        "/date/9999-12-31",
        "/week/9999-W52",
        "/month/9999-12",
    ] {
        let answer = broadsheet.get(path).await;
        assert_eq!(answer.status, StatusCode::FOUND, "{path}: {}", answer.body);
        let there = broadsheet.get(answer.location()).await;
        assert_eq!(there.status, StatusCode::OK, "{path} → {}", answer.location());
        assert!(!there.cards().is_empty(), "{path} → {}", answer.location());
        assert_eq!(
            answer.location().split('/').nth(1),
            path.split('/').nth(1),
            "the same kind of edition"
        );
    }
    // Before the first paper, only a later edition has papers.
    for path in [
        "/date/1900-01-01",
        "/month/0000-01",
        "/week/0001-W01",
        "/date/0000-01-01",
    ] {
        let answer = broadsheet.get(path).await;
        assert_eq!(answer.status, StatusCode::FOUND, "{path}: {}", answer.body);
        assert!(
            !broadsheet.get(answer.location()).await.cards().is_empty(),
            "{path}"
        );
    }
    let month = broadsheet.get("/month/2023-10").await;
    assert_eq!(month.status, StatusCode::OK);
    assert!(month.cards().len() >= 5);
    for path in [
        "/date/2025-13-45",
        "/date/2026-W48",
        "/week/2026-11",
        "/month/x",
        "/date/2025-02-30",
        "/week/2026-W54",
    ] {
        broadsheet
            .get(path)
            .await
            .assert_error(StatusCode::NOT_FOUND, "Page not found");
    }
}

#[tokio::test]
async fn an_edition_has_further_pages() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let page = broadsheet.get("/month/2023-10?sort=new").await;
    assert_eq!(
        walk(&broadsheet, "/month/2023-10?sort=new").await.len(),
        page.cards().len()
    );
    // The edition refuses a cursor of the front page.
    let next = broadsheet.get("/?sort=new").await.next().expect("a second page");
    let foreign = broadsheet
        .get(&format!(
            "/month/2023-10?sort=new&{}",
            &next["/?sort=new&".len()..]
        ))
        .await;
    foreign.assert_says("belongs to another list");
    assert_eq!(foreign.cards(), page.cards());
}

#[tokio::test]
async fn a_missing_page_is_an_error_page_for_people_and_json_for_programs() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for path in [
        "/nothing",
        "/papers",
        "/papers/2510.99999",
        "/papers/bs-000000000000",
        "/papers/what/ever",
        "/confirm",
        "/date",
    ] {
        let page = broadsheet.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        page.assert_error(StatusCode::NOT_FOUND, "not found");
        page.assert_says(r#"<meta name="robots" content="noindex">"#);
        page.assert_safe();
    }
    let program = broadsheet.get_with("/nothing", &[("accept", "*/*")]).await;
    program.assert_problem(StatusCode::NOT_FOUND, "Check the address");
    program.assert_safe();
}

#[tokio::test]
async fn a_wrong_method_is_refused_with_a_text() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for (method, path) in [
        (Method::POST, "/"),
        (Method::DELETE, "/bookmarks"),
        (Method::PUT, "/papers/2510.20838"),
        (Method::GET, "/fn/bookmark"),
        (Method::GET, "/fn/subscribe?email=a@example.org"),
        (Method::POST, "/healthz"),
        (Method::POST, "/robots.txt"),
    ] {
        let answer = broadsheet.ask(request(method.clone(), path, &[], "")).await;
        answer.assert_error(
            StatusCode::METHOD_NOT_ALLOWED,
            &format!("This address does not accept {method} requests."),
        );
        assert!(
            !answer.header(header::ALLOW).is_empty(),
            "{method} {path} says what it allows"
        );
        answer.assert_safe();
        let answer = broadsheet
            .ask(request(
                method.clone(),
                path,
                &[("accept", "application/json")],
                "",
            ))
            .await;
        answer.assert_problem(StatusCode::METHOD_NOT_ALLOWED, "does not accept");
    }
}

#[tokio::test]
async fn health_and_readiness_answer() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for path in ["/healthz", "/readyz"] {
        let answer = broadsheet.get(path).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (StatusCode::OK, "ok\n"),
            "{path}"
        );
        answer.assert_safe();
    }
    broadsheet.state.store.close().await;
    assert_eq!(broadsheet.get("/healthz").await.status, StatusCode::OK);
    let answer = broadsheet.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    answer.assert_safe();
    // A page says that something failed, but not what.
    let page = broadsheet.get("/").await;
    page.assert_error(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something went wrong on our end",
    );
    page.assert_safe();
}

#[tokio::test]
async fn every_answer_is_safe_and_no_page_has_an_inline_script_or_style() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let cookie = broadsheet.reader_with("2510.20838").await;
    let mut paths: Vec<String> = [
        "/",
        "/?sort=new",
        "/?q=convergence",
        "/?q=zzzzzz",
        "/?window=banana",
        "/bookmarks",
        "/bookmarks.bib",
        "/subscribe",
        "/subscribe?sent",
        "/about/ranking",
        "/month/2023-10",
        "/date/2026-11-24",
        "/confirm/x",
        "/unsubscribe/x",
        "/robots.txt",
        "/healthz",
        "/nothing",
        "/pkg/nothing.js",
        "/bookmarks?removed=2510.20838",
    ]
    .map(ToOwned::to_owned)
    .into();
    for name in walk(&broadsheet, "/?sort=new").await {
        paths.push(format!("/papers/{name}"));
    }
    let mut next = broadsheet.get("/").await.next();
    while let Some(path) = next {
        next = broadsheet.get(&path).await.next();
        paths.push(path);
    }
    for path in &paths {
        broadsheet.get(path).await.assert_safe();
        broadsheet
            .get_with(path, &[("cookie", &cookie)])
            .await
            .assert_safe();
    }
    assert!(broadsheet.get("/robots.txt").await.says("Disallow: /bookmarks"));
}

#[tokio::test]
async fn a_nonce_is_used_once() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let (one, two) = (broadsheet.get("/").await, broadsheet.get("/").await);
    assert_ne!(
        one.header(header::CONTENT_SECURITY_POLICY),
        two.header(header::CONTENT_SECURITY_POLICY)
    );
}

#[tokio::test]
async fn pages_are_compressed_for_browsers_that_accept_it() {
    let broadsheet = Broadsheet::with_the_sample().await;
    use tower::ServiceExt;
    let response = broadsheet
        .router
        .clone()
        .oneshot(request(Method::GET, "/", &[("accept-encoding", "br, gzip")], ""))
        .await
        .expect("an answer");
    assert_eq!(response.headers()[header::CONTENT_ENCODING], "br");
    let vary: Vec<_> = response.headers().get_all(header::VARY).iter().collect();
    assert!(format!("{vary:?}").contains("accept-encoding"), "{vary:?}");
}

#[tokio::test]
async fn stars_filter_and_order_the_list() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let reported = |id: &str, total| domain::Paper {
        source: domain::paper::Source::HuggingFace,
        arxiv_id: Some(id.parse().expect("an id")),
        title: format!("Starred {total}"),
        code_url: Some(format!("https://github.com/a/b{total}")),
        stars: Some(domain::paper::CounterReading {
            at: common::noon(),
            total,
        }),
        ..domain::Paper::default()
    };
    let papers = [reported("2401.00050", 50), reported("2401.00099", 99)];
    broadsheet
        .state
        .store
        .save_papers(&papers, common::noon())
        .await
        .expect("saved");
    let list = async |path: &str| walk(&broadsheet, path).await;
    assert_eq!(
        list("/?sort=stars&min_stars=1").await,
        ["2401.00099", "2401.00050"]
    );
    assert_eq!(list("/?sort=new&min_stars=51").await, ["2401.00099"]);
    assert_eq!(list("/?q=stars:%3E50&sort=new").await, ["2401.00099"]);
    assert_eq!(list("/?min_stars=100&sort=new").await.len(), 0);
    assert_eq!(list("/?sort=stars").await.len(), SAMPLE + 2);
}
