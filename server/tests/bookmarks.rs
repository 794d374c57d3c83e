//! Bookmarks: as a browser with and without JavaScript uses them, and as an attacker does.
//!
//! The file is long because it follows one form through every kind of request.

mod common;

use std::{path::Path, process::Command};

use axum::http::{Method, StatusCode, header};
use common::{Broadsheet, PUBLIC_URL, noon, request, set_write_version};
use ingest::ranking;
use ingest::sample;
use store::Store;

const KEEP: &str = "paper=2510.20838&bookmarked=true";

#[tokio::test]
async fn the_first_bookmark_creates_a_reader_and_leads_back_to_the_card() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let answer = broadsheet
        .post(
            "/fn/bookmark",
            KEEP,
            &[("referer", "http://localhost:3000/?sort=new&q=x")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.location(), "/?sort=new&q=x#paper-2510.20838");
    let cookie = answer.header(header::SET_COOKIE);
    for part in [
        "reader=",
        "HttpOnly",
        "SameSite=Lax",
        "Path=/",
        "Max-Age=34560000",
    ] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(
        !cookie.contains("Secure"),
        "over http a secure cookie would be dropped"
    );
    answer.assert_safe();
    let cookie = answer.cookie("reader").expect("a cookie");
    let page = broadsheet.get_with("/bookmarks", &[("cookie", &cookie)]).await;
    assert_eq!(page.cards(), ["2510.20838"]);
    page.assert_says(r#"<span class="count"> 1</span>"#);
    assert_eq!(
        broadsheet.get("/bookmarks").await.cards().len(),
        0,
        "other readers do not see it"
    );
    let card = broadsheet
        .get_with("/papers/2510.20838", &[("cookie", &cookie)])
        .await;
    card.assert_says(r#"aria-pressed="true""#);
}

#[tokio::test]
async fn a_bookmark_keeps_the_reader_and_renews_their_cookie() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let cookie = broadsheet.reader_with("2510.20838").await;
    let answer = broadsheet
        .post(
            "/fn/bookmark",
            "paper=2512.00001&bookmarked=false",
            &[("cookie", &cookie)],
        )
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let again = broadsheet
        .post("/fn/bookmark", KEEP, &[("cookie", &cookie)])
        .await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(
        again.cookie("reader").as_deref(),
        Some(cookie.as_str()),
        "the same reader"
    );
    assert!(again.header(header::SET_COOKIE).contains("Max-Age=34560000"));
    assert_eq!(broadsheet.kept(&cookie).await, 1);
}

#[tokio::test]
async fn removing_a_bookmark_offers_undo_and_undo_restores_it() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let cookie = broadsheet.reader_with("2510.20838").await;
    let back = broadsheet
        .post(
            "/fn/bookmark",
            "paper=2510.20838&bookmarked=false&back=/bookmarks?removed%3D2510.20838",
            &[("cookie", &cookie)],
        )
        .await;
    assert_eq!(back.location(), "/bookmarks?removed=2510.20838");
    let page = broadsheet.get_with(back.location(), &[("cookie", &cookie)]).await;
    assert_eq!(page.cards().len(), 0);
    page.assert_says("Removed “Sketch2BIM");
    page.assert_says("Undo");
    broadsheet
        .post("/fn/bookmark", KEEP, &[("cookie", &cookie)])
        .await;
    let page = broadsheet.get_with(back.location(), &[("cookie", &cookie)]).await;
    assert_eq!(page.cards(), ["2510.20838"]);
    assert!(
        !page.says("Removed “"),
        "a bookmark that exists again needs no undo"
    );
}

#[tokio::test]
async fn bookmarks_are_searched_and_exported() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let cookie = broadsheet.reader_with("2510.20838").await;
    let others = broadsheet.get("/?q=strong+convergence+-sketch2bim").await.cards();
    for name in &others {
        broadsheet
            .post(
                "/fn/bookmark",
                &format!("paper={name}&bookmarked=true"),
                &[("cookie", &cookie)],
            )
            .await;
    }
    let with = [("cookie", cookie.as_str())];
    assert_eq!(broadsheet.kept(&cookie).await, (others.len() + 1).min(25));
    assert_eq!(
        broadsheet
            .get_with("/bookmarks?q=sketch2bim", &with)
            .await
            .cards(),
        ["2510.20838"]
    );
    broadsheet
        .get_with("/bookmarks?q=zzzzzz", &with)
        .await
        .assert_says("No bookmarks match");
    let bib = broadsheet.get_with("/bookmarks.bib", &with).await;
    assert_eq!(
        bib.header(header::CONTENT_TYPE),
        "application/x-bibtex; charset=utf-8"
    );
    assert_eq!(bib.header(header::CACHE_CONTROL), "private, no-cache");
    assert_eq!(
        bib.body.matches("\n@").count() + 1,
        others.len() + 1,
        "{}",
        bib.body
    );
    assert_eq!(broadsheet.get("/bookmarks.bib").await.body, "");
    for cursor in ["x", "%00", "MS4w", &"A".repeat(300)] {
        let page = broadsheet
            .get_with(&format!("/bookmarks?after={cursor}"), &with)
            .await;
        assert_eq!(page.status, StatusCode::OK);
        page.assert_says("isn’t valid");
    }
}

#[tokio::test]
async fn a_script_gets_json_and_a_true_status() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let kept = broadsheet.post_as_script("/fn/bookmark", KEEP, &[]).await;
    assert_eq!((kept.status, kept.body.as_str()), (StatusCode::OK, "null"));
    assert_eq!(kept.header(header::CONTENT_TYPE), "application/json");
    assert_eq!(
        broadsheet.kept(&kept.cookie("reader").expect("a cookie")).await,
        1
    );
    broadsheet
        .post_as_script("/fn/bookmark", "paper=2510.99999&bookmarked=true", &[])
        .await
        .assert_problem(StatusCode::NOT_FOUND, "Paper not found.");
    for body in [
        "",
        "paper=2510.20838",
        "bookmarked=true",
        "paper=%00&bookmarked=true",
        "paper=..%2f..&bookmarked=maybe",
        "paper[a][b]=1",
        "{\"paper\":1}",
    ] {
        let answer = broadsheet.post_as_script("/fn/bookmark", body, &[]).await;
        answer.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, "Invalid request");
        assert!(answer.header(header::SET_COOKIE).is_empty(), "{body}");
        answer.assert_safe();
    }
    broadsheet
        .post_as_script("/fn/nothing", "", &[])
        .await
        .assert_problem(StatusCode::NOT_FOUND, "There is no action at this address.");
    broadsheet
        .post("/fn/nothing", "", &[])
        .await
        .assert_error(StatusCode::NOT_FOUND, "There is no action at this address.");
}

#[tokio::test]
async fn an_unknown_paper_is_refused_and_creates_no_reader() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let answer = broadsheet
        .post("/fn/bookmark", "paper=2510.99999&bookmarked=true", &[])
        .await;
    answer.assert_error(StatusCode::NOT_FOUND, "Paper not found.");
    assert!(answer.header(header::SET_COOKIE).is_empty());
    answer.assert_safe();
}

#[tokio::test]
async fn removing_a_bookmark_creates_no_reader() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let answer = broadsheet
        .post("/fn/bookmark", "paper=2510.20838&bookmarked=false", &[])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header(header::SET_COOKIE).is_empty());
}

#[tokio::test]
async fn a_forged_cookie_belongs_to_no_reader_and_the_page_says_so() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let cookie = broadsheet.reader_with("2510.20838").await;
    let mut altered = cookie.clone().into_bytes();
    let last = altered.len() - 1;
    altered[last] = if altered[last] == b'A' { b'B' } else { b'A' };
    let altered = String::from_utf8(altered).expect("text");
    let unsigned = "reader=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for forged in [altered.as_str(), unsigned, "reader=", "reader=%00%ff", "reader=1"] {
        let with = [("cookie", forged)];
        let page = broadsheet.get_with("/bookmarks", &with).await;
        assert_eq!(page.status, StatusCode::OK, "{forged}");
        assert_eq!(page.cards().len(), 0, "{forged}");
        page.assert_says("Your cookie isn’t valid here");
        assert_eq!(broadsheet.get_with("/", &with).await.status, StatusCode::OK);
        assert_eq!(broadsheet.get_with("/bookmarks.bib", &with).await.body, "");
        let kept = broadsheet
            .post("/fn/bookmark", "paper=2510.20838&bookmarked=false", &with)
            .await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{forged}");
    }
    assert_eq!(broadsheet.kept(&cookie).await, 1, "nothing was lost");
    // A bookmark creates a new reader.
    let fresh = broadsheet
        .post("/fn/bookmark", KEEP, &[("cookie", unsigned)])
        .await;
    let fresh = fresh.cookie("reader").expect("a new cookie");
    assert_ne!(fresh, cookie);
    assert_eq!(broadsheet.kept(&fresh).await, 1);
}

#[tokio::test]
async fn a_post_from_another_site_is_refused_and_changes_nothing() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let cookie = broadsheet.reader_with("2510.20838").await;
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://localhost:3000.evil.example"),
        ("origin", "http://localhost:3001"),
        ("origin", "localhost:3000"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let mut with = vec![("cookie", cookie.as_str()), (name, value)];
        if name == "sec-fetch-site" {
            with.push(("origin", ""));
        }
        let take_back = "paper=2510.20838&bookmarked=false";
        let answer = broadsheet.post("/fn/bookmark", take_back, &with).await;
        answer.assert_error(
            StatusCode::FORBIDDEN,
            "sent from another site, so nothing was changed",
        );
        answer.assert_safe();
        let answer = broadsheet.post_as_script("/fn/bookmark", take_back, &with).await;
        answer.assert_problem(StatusCode::FORBIDDEN, "nothing was changed");
        assert!(answer.headers.get("access-control-allow-origin").is_none());
    }
    assert_eq!(broadsheet.kept(&cookie).await, 1);
    // A preflight request allows nothing.
    let preflight = broadsheet
        .ask(request(
            Method::OPTIONS,
            "/fn/bookmark",
            &[
                ("origin", "https://evil.example"),
                ("access-control-request-method", "POST"),
            ],
            "",
        ))
        .await;
    assert!(preflight.headers.get("access-control-allow-origin").is_none());
    // Our own pages may, and so may programs that send no origin.
    for origin in [PUBLIC_URL, "http://LOCALHOST:3000", ""] {
        let answer = broadsheet
            .post("/fn/bookmark", KEEP, &[("origin", origin), ("cookie", &cookie)])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{origin}");
    }
}

#[tokio::test]
async fn opening_an_address_changes_nothing() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let cookie = broadsheet.reader_with("2510.20838").await;
    for path in [
        "/fn/bookmark?paper=2510.20838&bookmarked=false",
        "/bookmarks?removed=2510.20838",
        "/bookmarks?paper=2510.20838&bookmarked=false",
        "/fn/dismiss_banner",
    ] {
        let answer = broadsheet.get_with(path, &[("cookie", &cookie)]).await;
        assert!(answer.header(header::SET_COOKIE).is_empty(), "{path}");
    }
    assert_eq!(broadsheet.kept(&cookie).await, 1);
    for path in ["/", "/bookmarks", "/subscribe", "/papers/2510.20838"] {
        assert!(
            broadsheet.get(path).await.header(header::SET_COOKIE).is_empty(),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_form_never_redirects_to_another_site() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for (back, referer, expected) in [
        ("//evil.example/", "", "/#paper-2510.20838"),
        ("https://evil.example/", "", "/#paper-2510.20838"),
        ("/%5Cevil.example", "", "/#paper-2510.20838"),
        ("/%0d%0aSet-Cookie:x=y", "", "/#paper-2510.20838"),
        ("/%09/evil.example", "", "/#paper-2510.20838"),
        ("/%C3%BC", "", "/#paper-2510.20838"),
        ("", "https://evil.example/x", "/#paper-2510.20838"),
        ("", "http://localhost:3000@evil.example/x", "/#paper-2510.20838"),
        ("", "http://localhost:3000//evil.example/x", "/#paper-2510.20838"),
        (
            "/bookmarks?q=a",
            "http://localhost:3000/",
            "/bookmarks?q=a#paper-2510.20838",
        ),
    ] {
        let answer = broadsheet
            .post(
                "/fn/bookmark",
                &format!("{KEEP}&back={back}"),
                &[("referer", referer)],
            )
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{back} {referer}");
        assert_eq!(answer.location(), expected, "{back} {referer}");
        assert!(answer.cookie("x").is_none());
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_written_says_so_on_the_page_and_to_a_script() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let cookie = broadsheet.reader_with("2510.20838").await;
    broadsheet.state.store.close().await;
    set_write_version(&broadsheet.path, 9);
    let store = Store::open(&broadsheet.path).await.expect("readable");
    let read_only = Broadsheet::over(store, broadsheet.path.clone(), None);
    for with in [&[][..], &[("cookie", cookie.as_str())]] {
        let body = format!("paper={}&bookmarked=true", other(&read_only).await);
        let page = read_only.post("/fn/bookmark", &body, with).await;
        page.assert_error(
            StatusCode::SERVICE_UNAVAILABLE,
            "Not saved: the server is in read-only mode. Earlier bookmarks are safe.",
        );
        page.assert_safe();
        let script = read_only.post_as_script("/fn/bookmark", &body, with).await;
        script.assert_problem(StatusCode::SERVICE_UNAVAILABLE, "read-only mode");
        assert!(script.header(header::SET_COOKIE).is_empty());
        script.assert_safe();
    }
    assert_eq!(
        read_only.kept(&cookie).await,
        1,
        "earlier bookmarks are still shown"
    );
    assert_eq!(
        read_only.get("/?sort=new").await.cards().len(),
        domain::listing::FIRST_PAGE
    );
    let subscribe = read_only
        .post("/fn/subscribe", "email=ada@example.org", &[])
        .await;
    assert_eq!(subscribe.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        subscribe.header(header::SET_COOKIE).is_empty(),
        "the banner stays"
    );
    read_only.state.store.close().await;
    set_write_version(&broadsheet.path, 2);
}

async fn other(broadsheet: &Broadsheet) -> String {
    broadsheet
        .get("/?sort=new")
        .await
        .cards()
        .into_iter()
        .find(|name| name != "2510.20838")
        .expect("another paper")
}

const SMALL_DISK: &str = "BROADSHEET_TEST_SMALL_DISK";

/// Runs this same test again in a mount namespace with a small file system, so that the disk is really full.
#[tokio::test]
async fn a_full_disk_says_so_on_the_page_and_to_a_script() {
    if let Some(folder) = std::env::var_os(SMALL_DISK) {
        return on_a_small_disk(Path::new(&folder)).await;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let script = "mount -t tmpfs -o size=6m tmpfs \"$1\" || exit 77; exec \"$2\" --exact a_full_disk_says_so_on_the_page_and_to_a_script --nocapture";
    let again = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(folder.path())
        .arg(std::env::current_exe().expect("this program"))
        .env(SMALL_DISK, folder.path())
        .output();
    match again {
        Ok(output) if output.status.success() => {}
        Ok(output) if !String::from_utf8_lossy(&output.stdout).contains("running 1 test") => {
            println!(
                "skipped: no small file system here: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(output) => panic!(
            "{}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) => println!("skipped: no unshare: {error}"),
    }
}

async fn on_a_small_disk(folder: &Path) {
    let path = folder.join("broadsheet.db");
    let store = Store::open(&path).await.expect("a new database");
    sample::load_sample(&store, noon()).await.expect("the sample");
    ranking::rank(&store, noon()).await.expect("a rank run");
    // The write-ahead log starts small, so the disk is full before the log can reuse space.
    store.close().await;
    let store = Store::open(&path).await.expect("the same database");
    let broadsheet = Broadsheet::over(store, path, None);
    let cookie = broadsheet.reader_with("2510.20838").await;
    let mut ballast = std::fs::File::create(folder.join("ballast")).expect("a file");
    let full = std::io::copy(&mut std::io::repeat(7), &mut ballast).expect_err("the disk is small");
    assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    let names = broadsheet.get("/?sort=new").await.cards();
    let (mut taken, mut refused) = (1, None);
    for name in names.iter().filter(|name| *name != "2510.20838") {
        let body = format!("paper={name}&bookmarked=true");
        let answer = broadsheet
            .post("/fn/bookmark", &body, &[("cookie", &cookie)])
            .await;
        if answer.status == StatusCode::SEE_OTHER {
            taken += 1;
            continue;
        }
        answer.assert_error(
            StatusCode::INSUFFICIENT_STORAGE,
            "Not saved: the server’s disk is full. Earlier bookmarks are safe.",
        );
        answer.assert_safe();
        let script = broadsheet
            .post_as_script("/fn/bookmark", &body, &[("cookie", &cookie)])
            .await;
        script.assert_problem(StatusCode::INSUFFICIENT_STORAGE, "is full");
        refused = Some(body);
        break;
    }
    let refused = refused.expect("the disk was full");
    assert_eq!(
        broadsheet.kept(&cookie).await,
        taken,
        "confirmed bookmarks are saved"
    );
    drop(ballast);
    std::fs::remove_file(folder.join("ballast")).expect("removed");
    let answer = broadsheet
        .post("/fn/bookmark", &refused, &[("cookie", &cookie)])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "with room again it goes on");
    broadsheet.state.store.close().await;
}
