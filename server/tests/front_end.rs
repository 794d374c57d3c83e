//! The files of the built front end: how they are sent, cached and named in pages.

mod common;

use axum::http::{StatusCode, header};
use common::{Broadsheet, write_front_end};

fn read_front_end(folder: &std::path::Path) -> anyhow::Result<server::front_end::FrontEnd> {
    server::front_end::FrontEnd::new(server::front_end::Site::read(folder, common::noon())?)
}

#[tokio::test]
async fn built_files_are_cached_for_a_year_and_safe_like_everything_else() {
    let site = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(site.path().join(name), text).expect("written");
    std::fs::create_dir(site.path().join("fonts")).expect("a folder");
    write_front_end(site.path(), ["aaa", "bbb", "ccc"]);
    write("pkg/broadsheet.ccc.css.br", "pretend brotli");
    write("pkg/broadsheet.aaa.js", "export default () => {}");
    write("favicon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    std::fs::write(
        site.path().parent().expect("a parent").join("broadsheet-secret"),
        "secret",
    )
    .expect("written");
    let bare = Broadsheet::with_the_sample().await;
    let broadsheet = Broadsheet::over(bare.state.store.clone(), bare.path.clone(), Some(site.path()));
    let page = broadsheet
        .get_with("/", &[("cookie", "sheet-broadsheet=ccc")])
        .await;
    page.assert_safe();
    let policy = page.header(header::CONTENT_SECURITY_POLICY).to_owned();
    let nonce = policy
        .split_once("'nonce-")
        .and_then(|(_, rest)| rest.split_once('\''))
        .map(|(nonce, _)| nonce)
        .expect("a nonce");
    page.assert_says(&format!(r#"nonce="{nonce}""#));
    let boot = page
        .body
        .split('"')
        .find(|text| text.starts_with("/pkg/boot."))
        .expect("the script that begins");
    for path in ["/pkg/broadsheet.ccc.css", "/pkg/broadsheet.aaa.js", boot] {
        page.assert_says(path);
        let file = broadsheet.get(path).await;
        assert_eq!(file.status, StatusCode::OK, "{path}");
        assert_eq!(
            file.header(header::CACHE_CONTROL),
            "public, max-age=31536000, immutable",
            "{path}"
        );
        assert!(file.header(header::SET_COOKIE).is_empty());
        file.assert_safe();
    }
    let packed = broadsheet
        .get_with("/pkg/broadsheet.ccc.css", &[("accept-encoding", "br")])
        .await;
    assert_eq!(packed.header(header::CONTENT_ENCODING), "br");
    assert_eq!(packed.body, "pretend brotli");
    assert_eq!(packed.header(header::CONTENT_TYPE), "text/css");
    let first = broadsheet.get("/pkg/broadsheet.ccc.css").await;
    let modified = first.header(header::LAST_MODIFIED);
    let again = broadsheet
        .get_with("/pkg/broadsheet.ccc.css", &[("if-modified-since", modified)])
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert_eq!(
        again.header(header::CACHE_CONTROL),
        "public, max-age=31536000, immutable",
        "a 304 says what the 200 said (RFC 9110, 15.4.5)"
    );
    again.assert_safe();
    assert_eq!(
        broadsheet.get("/favicon.svg").await.header(header::CACHE_CONTROL),
        "public, max-age=86400"
    );
    for path in [
        "/pkg/missing.js",
        "/pkg/../hash.txt",
        "/pkg/%2e%2e/hash.txt",
        "/pkg/..%2f..%2fbroadsheet-secret",
        "/pkg/%00",
        "/pkg//etc/passwd",
        "/hash.txt",
    ] {
        let answer = broadsheet.get(path).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
        assert!(!answer.says("secret") && !answer.says("wasm:"), "{path}");
        assert!(
            !answer.header(header::CACHE_CONTROL).contains("immutable"),
            "{path}"
        );
        answer.assert_safe();
    }
}

#[tokio::test]
async fn the_style_is_inlined_until_the_browser_says_that_it_has_the_file() {
    let site = tempfile::tempdir().expect("a folder");
    write_front_end(site.path(), ["aaa", "bbb", "ccc"]);
    let bare = Broadsheet::with_the_sample().await;
    let broadsheet = Broadsheet::over(bare.state.store.clone(), bare.path.clone(), Some(site.path()));
    let link = r#"<link rel="stylesheet" href="/pkg/broadsheet.ccc.css">"#;
    let inside = r#" data-href="/pkg/broadsheet.ccc.css">body{color:red}a>b::before{content:"<&'"}</style>"#;
    for cookie in [
        "",
        "sheet-=",
        "sheet-broadsheet=bbb",
        "sheet-broadsheet=cc",
        "sheet-broadsheet=ccc%0d%0a",
    ] {
        let page = broadsheet.get_with("/", &[("cookie", cookie)]).await;
        page.assert_safe();
        page.assert_says(inside);
        assert!(!page.says(link), "{cookie}");
        assert!(
            !page.says("/pkg/pages.p.css"),
            "a list needs only the first sheet"
        );
    }
    let page = broadsheet
        .get_with("/", &[("cookie", "theme=dark; sheet-broadsheet=ccc")])
        .await;
    page.assert_safe();
    page.assert_says(link);
    assert!(!page.says("<style"));
    let paper = broadsheet.get("/subscribe").await;
    paper.assert_safe();
    paper.assert_says(r#" data-href="/pkg/pages.p.css">table{color:blue}</style>"#);
    let paper = broadsheet
        .get_with("/subscribe", &[("cookie", "sheet-broadsheet=ccc")])
        .await;
    paper.assert_says(link);
    paper.assert_says(r#"<style nonce="#);
    assert!(!paper.says("body{color:red}"), "each sheet by itself");
    let both = [("cookie", "sheet-pages=p; sheet-broadsheet=ccc")];
    let paper = broadsheet.get_with("/subscribe", &both).await;
    paper.assert_says(r#"<link rel="stylesheet" href="/pkg/pages.p.css">"#);
    assert!(!paper.says("<style"));
    // A fragment has no style.
    let part = broadsheet.get_with("/bookmarks", &[("x-fragment", "1")]).await;
    assert!(!part.says("<style"));
}

#[tokio::test]
async fn a_style_sheet_that_would_close_its_style_element_is_refused_at_the_start() {
    let site = tempfile::tempdir().expect("a folder");
    write_front_end(site.path(), ["aaa", "bbb", "ccc"]);
    std::fs::write(site.path().join("pkg/broadsheet.ccc.css"), "a{}</STYLE><script>").expect("written");
    let error = read_front_end(site.path()).expect_err("refused");
    assert!(error.to_string().contains("</style"), "{error}");
    std::fs::remove_file(site.path().join("pkg/broadsheet.ccc.css")).expect("removed");
    let error = read_front_end(site.path()).expect_err("refused");
    assert!(error.to_string().contains("build the front end again"), "{error}");
}

#[tokio::test]
async fn a_page_of_another_release_gets_a_script_that_loads_it_again() {
    let site = tempfile::tempdir().expect("a folder");
    write_front_end(site.path(), ["aaa", "bbb", "ccc"]);
    let bare = Broadsheet::with_the_sample().await;
    let broadsheet = Broadsheet::over(bare.state.store.clone(), bare.path.clone(), Some(site.path()));
    for path in [
        "/pkg/boot.0123456789abcdef.js",
        "/pkg/broadsheet.fedcba9876543210.js",
    ] {
        let script = broadsheet.get(path).await;
        assert_eq!(script.status, StatusCode::OK, "{path}");
        assert_eq!(
            script.header(header::CONTENT_TYPE),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(script.header(header::CACHE_CONTROL), "no-store");
        script.assert_says("location.reload()");
        script.assert_safe();
    }
    for path in [
        "/pkg/boot.0123.js",
        "/pkg/broadsheet.fedcba9876543210.wasm",
        "/pkg/broadsheet.fedcba987654321g.js",
        "/fonts/broadsheet.fedcba9876543210.js",
    ] {
        assert_eq!(broadsheet.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_running_server_keeps_the_front_end_that_it_started_with() {
    let site = tempfile::tempdir().expect("a folder");
    write_front_end(site.path(), ["aaa", "bbb", "ccc"]);
    std::fs::write(
        site.path().join("pkg/broadsheet.aaa.js"),
        "export default () => {}",
    )
    .expect("written");
    let bare = Broadsheet::with_the_sample().await;
    let broadsheet = Broadsheet::over(bare.state.store.clone(), bare.path.clone(), Some(site.path()));
    std::fs::remove_dir_all(site.path().join("pkg")).expect("removed");
    for path in ["/pkg/broadsheet.aaa.js", "/pkg/broadsheet.ccc.css"] {
        assert_eq!(broadsheet.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_smallest_accepted_form_of_a_file_is_sent() {
    let site = tempfile::tempdir().expect("a folder");
    write_front_end(site.path(), ["aaa", "bbb", "ccc"]);
    for (name, text) in [("css.br", "brotli"), ("css.gz", "gzip")] {
        std::fs::write(site.path().join(format!("pkg/broadsheet.ccc.{name}")), text).expect("written");
    }
    let bare = Broadsheet::with_the_sample().await;
    let broadsheet = Broadsheet::over(bare.state.store.clone(), bare.path.clone(), Some(site.path()));
    for (accepted, encoding) in [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("br;q=0, *", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("nonsense;;q=x", ""),
        ("", ""),
    ] {
        let file = broadsheet
            .get_with("/pkg/broadsheet.ccc.css", &[("accept-encoding", accepted)])
            .await;
        assert_eq!(file.status, StatusCode::OK, "{accepted}");
        assert_eq!(file.header(header::CONTENT_ENCODING), encoding, "{accepted}");
    }
}
