//! The manifest, the service worker, the offline page, and the share target.

mod common;

use std::{fs, path::Path};

use axum::http::{Method, StatusCode, header};
use common::{Broadsheet, SAMPLE, request, write_front_end};
use serde_json::Value;

/// A server with `frontend/public` and a front end whose files have these hashes.
async fn broadsheet_with(names: [&str; 3]) -> Broadsheet {
    let sample = Broadsheet::with_the_sample().await;
    let site = tempfile::tempdir().expect("a folder");
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/public"),
        site.path(),
    );
    write_front_end(site.path(), names);
    let broadsheet = Broadsheet::over(sample.state.store.clone(), sample.path.clone(), Some(site.path()));
    // The folders must outlive the server.
    let (_, _) = (site.keep(), sample.folder.map(tempfile::TempDir::keep));
    broadsheet
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

#[tokio::test]
async fn the_icons_and_addresses_in_the_manifest_exist() {
    let broadsheet = broadsheet_with(["a", "b", "c"]).await;
    let manifest = broadsheet.get("/manifest.webmanifest").await;
    assert_eq!(manifest.status, StatusCode::OK);
    assert_eq!(manifest.header(header::CONTENT_TYPE), "application/manifest+json");
    assert_eq!(manifest.header(header::CACHE_CONTROL), "public, max-age=86400");
    let manifest: Value = serde_json::from_str(&manifest.body).expect("JSON");
    for field in ["name", "short_name", "description", "id", "theme_color"] {
        assert!(manifest[field].is_string(), "{field}");
    }
    let sizes: Vec<&str> = manifest["icons"]
        .as_array()
        .expect("icons")
        .iter()
        .filter_map(|icon| icon["sizes"].as_str())
        .collect();
    assert!(
        sizes.contains(&"192x192") && sizes.contains(&"512x512"),
        "{sizes:?}"
    );
    for icon in manifest["icons"].as_array().expect("icons") {
        let (src, kind) = (icon["src"].as_str().expect("src"), icon["type"].as_str());
        let answer = broadsheet.ask(request(Method::HEAD, src, &[], "")).await;
        assert_eq!(answer.status, StatusCode::OK, "{src}");
        assert_eq!(Some(answer.header(header::CONTENT_TYPE)), kind, "{src}");
    }
    let mut addresses = vec![
        manifest["start_url"].as_str(),
        manifest["share_target"]["action"].as_str(),
    ];
    let shortcuts = manifest["shortcuts"].as_array().expect("shortcuts");
    addresses.extend(shortcuts.iter().map(|shortcut| shortcut["url"].as_str()));
    for address in addresses {
        let address = address.expect("an address");
        assert_eq!(broadsheet.get(address).await.status, StatusCode::OK, "{address}");
    }
    let page = broadsheet.get("/").await;
    page.assert_says(r#"<link rel="manifest" href="/manifest.webmanifest""#);
    page.assert_says(r#"<link rel="apple-touch-icon" href="/icons/apple-touch-180.png""#);
    let policy = page.header(header::CONTENT_SECURITY_POLICY);
    assert!(
        policy.contains("worker-src 'self'") && policy.contains("manifest-src 'self'"),
        "{policy}"
    );
}

#[tokio::test]
async fn the_worker_names_the_files_of_this_build_and_is_revalidated() {
    let broadsheet = broadsheet_with(["a", "b", "c"]).await;
    let worker = broadsheet.get("/sw.js").await;
    assert_eq!(worker.status, StatusCode::OK);
    assert_eq!(
        worker.header(header::CONTENT_TYPE),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(worker.header(header::CACHE_CONTROL), "no-cache");
    let build = worker.body.lines().next().unwrap_or_default();
    let build = build.trim_start_matches("const BUILD = ").trim_end_matches(';');
    let build: Value = serde_json::from_str(build).expect("JSON");
    let shell: Vec<&str> = build["shell"]
        .as_array()
        .expect("names")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    // It names everything that a page loads, also if the browser has the style already.
    let page = broadsheet
        .get_with(
            "/papers/2401.00001",
            &[("cookie", "sheet-broadsheet=c; sheet-pages=p")],
        )
        .await;
    page.assert_says(r#""/pkg/broadsheet.c.css""#);
    for file in page
        .body
        .split('"')
        .filter(|text| text.starts_with("/pkg/") || text.starts_with("/fonts/"))
    {
        assert!(shell.contains(&file), "{file} in {shell:?}");
    }
    for font in shell.iter().filter(|name| name.starts_with("/fonts/")) {
        let answer = broadsheet.ask(request(Method::HEAD, font, &[], "")).await;
        assert_eq!(answer.status, StatusCode::OK, "{font}");
    }
    let tag = worker.header(header::ETAG).to_owned();
    let same = broadsheet.get_with("/sw.js", &[("if-none-match", &tag)]).await;
    assert_eq!(same.status, StatusCode::NOT_MODIFIED);
    let other = broadsheet_with(["a", "b", "d"]).await;
    let changed = other.get_with("/sw.js", &[("if-none-match", &tag)]).await;
    assert_eq!(changed.status, StatusCode::OK, "a new front end is a new worker");
}

#[tokio::test]
async fn the_offline_page_has_the_elements_that_the_worker_fills() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let page = broadsheet.get("/offline").await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_safe();
    // `withCachedPages` and `offlinePage` in frontend/sw.js look for exactly this markup.
    page.assert_says(r#"<ul id="kept">"#);
    page.assert_says(r#"<p id="missing" class="notice bad" role="alert" hidden"#);
    assert_eq!(
        broadsheet.get("/sw.js").await.status,
        StatusCode::NOT_FOUND,
        "no build, no worker"
    );
}

#[tokio::test]
async fn a_page_distinguishes_readers_without_identifying_them() {
    let broadsheet = Broadsheet::with_the_sample().await;
    assert_eq!(broadsheet.get("/").await.header("x-reader"), "nobody");
    let (one, other) = (
        broadsheet.reader_with("2510.20838").await,
        broadsheet.reader_with("2510.20838").await,
    );
    let mark = async |cookie: &str| {
        broadsheet
            .get_with("/", &[("cookie", cookie)])
            .await
            .header("x-reader")
            .to_owned()
    };
    let (first, again, second) = (mark(&one).await, mark(&one).await, mark(&other).await);
    assert_eq!(first, again);
    assert_ne!(first, second);
    assert!(!one.contains(&first), "it reveals no cookie");
    let forged = format!("{}x", &one[..one.len() - 1]);
    assert_eq!(mark(&forged).await, "nobody");
}

#[tokio::test]
async fn the_list_of_bookmarks_links_to_its_next_page() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let mut papers = broadsheet.get("/?sort=new").await;
    let first = papers.cards().remove(0);
    let cookie = broadsheet.reader_with(&first).await;
    let headers = [("cookie", cookie.as_str())];
    assert_eq!(
        broadsheet
            .get_with("/bookmarks", &headers)
            .await
            .header(header::LINK),
        ""
    );
    papers = broadsheet.get(&papers.next().expect("more")).await;
    for paper in papers.cards() {
        let kept = broadsheet
            .post(
                "/fn/bookmark",
                &format!("paper={paper}&bookmarked=true"),
                &headers,
            )
            .await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER);
    }
    let page = broadsheet.get_with("/bookmarks", &headers).await;
    let next = page.next().expect("a second page");
    assert_eq!(page.header(header::LINK), format!("<{next}>; rel=\"next\""));
    let last = broadsheet.get_with(&next, &headers).await;
    // The clock of these tests stands still, so any bookmark may be the last one.
    assert_eq!((last.cards().len(), last.header(header::LINK)), (1, ""));
}

#[tokio::test]
async fn a_shared_link_shows_its_paper_and_changes_nothing_until_the_button_is_pressed() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let cookie = broadsheet.reader_with("2510.06062").await;
    for query in [
        "url=https://arxiv.org/abs/2510.20838v1",
        "text=Look:+https://arxiv.org/pdf/2510.20838",
        "title=%5B2510.20838%5D+A+title&text=&url=",
        "title=A+title&text=no+link&url=https://huggingface.co/papers/2510.20838",
    ] {
        let page = broadsheet
            .get_with(&format!("/share?{query}"), &[("cookie", &cookie)])
            .await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        page.assert_safe();
        page.assert_says("Shared with Broadsheet");
        page.assert_says(r#"name="paper" value="2510.20838""#);
        page.assert_says(r#"<meta name="robots" content="noindex""#);
        assert_eq!(page.body.matches("action=\"/fn/bookmark\"").count(), 1);
    }
    assert_eq!(
        broadsheet.kept(&cookie).await,
        1,
        "only the button adds a bookmark"
    );
    let answer = broadsheet
        .post(
            "/fn/bookmark",
            "paper=2510.20838&bookmarked=true&back=/papers/2510.20838",
            &[("cookie", &cookie)],
        )
        .await;
    assert_eq!(answer.location(), "/papers/2510.20838#paper-2510.20838");
    let page = broadsheet
        .get_with("/share?text=2510.20838", &[("cookie", &cookie)])
        .await;
    page.assert_says("In your bookmarks");
}

#[tokio::test]
async fn a_share_without_a_paper_says_so_and_offers_a_search() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let page = broadsheet
        .get("/share?title=Strong+convergence&url=https://example.com/")
        .await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_says("No arXiv link found");
    page.assert_says(r#"value="Strong convergence""#);
    // arXiv does not answer in this test.
    let absent = broadsheet
        .get("/share?url=https://arxiv.org/abs/2401.99999")
        .await;
    absent.assert_says("2401.99999 not found");
    absent.assert_says("https://arxiv.org/abs/2401.99999");
    assert_eq!(
        broadsheet
            .state
            .store
            .facts(broadsheet.clock.now())
            .await
            .expect("facts")
            .papers as usize,
        SAMPLE
    );
    for odd in [
        "/share",
        "/share?url=%00%ff&text=%E2%80%AE",
        "/share?title=%3Cscript%3E",
    ] {
        let page = broadsheet.get(odd).await;
        assert_eq!(page.status, StatusCode::OK, "{odd}");
        page.assert_safe();
    }
}
