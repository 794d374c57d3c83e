//! Bad input gets a clear answer and changes nothing.

mod common;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use common::{Broadsheet, SAMPLE, request, walk};

#[tokio::test]
async fn a_damaged_or_foreign_cursor_gives_the_first_page_and_a_notice() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let first = broadsheet.get("/?sort=new").await;
    let next = first.next().expect("a second page");
    let cursor = next.split_once("after=").expect("a cursor").1.to_owned();
    let flipped = format!("{}A", &cursor[..cursor.len() - 1]);
    for damaged in [
        &cursor[..cursor.len() / 2],
        &cursor[1..],
        &flipped,
        "x",
        "%00",
        "%ff",
        "..",
        &"A".repeat(400),
    ] {
        let page = broadsheet.get(&format!("/?sort=new&after={damaged}")).await;
        assert_eq!(page.status, StatusCode::OK, "{damaged}");
        page.assert_says("The address of this page isn’t valid. You see the first page instead.");
        assert_eq!(page.cards(), first.cards(), "{damaged}");
    }
    for other in ["/?sort=top", "/?category=cs.LG&sort=new", "/?q=convergence"] {
        let page = broadsheet.get(&format!("{other}&after={cursor}")).await;
        assert_eq!(page.status, StatusCode::OK, "{other}");
        page.assert_says("belongs to another list");
        assert_eq!(page.cards(), broadsheet.get(other).await.cards(), "{other}");
    }
}

#[tokio::test]
async fn a_cursor_with_extreme_numbers_breaks_nothing() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let next = broadsheet.get("/?sort=new").await.next().expect("a second page");
    let cursor: domain::Cursor = next
        .split_once("after=")
        .expect("a cursor")
        .1
        .parse()
        .expect("a cursor");
    for sort in ["new", "top", "stars", "trending", "relevance"] {
        let path = format!("/?q=convergence&sort={sort}");
        let Some(next) = broadsheet.get(&path).await.next() else {
            continue;
        };
        let own: domain::Cursor = next
            .split_once("after=")
            .expect("a cursor")
            .1
            .parse()
            .expect("a cursor");
        for (epoch, key, announced, id, seen) in [
            (i64::MAX, f64::MAX, i64::MAX, i64::MAX, u32::MAX),
            (i64::MIN, f64::MIN, i64::MIN, i64::MIN, 0),
            (0, -0.0, 0, -1, u32::MAX - 3),
            (1, f64::MIN_POSITIVE, -1, 0, 1 << 31),
        ] {
            let forged = domain::Cursor {
                epoch,
                key,
                announced,
                id,
                seen,
                ..own
            };
            let page = broadsheet.get(&format!("{path}&after={forged}")).await;
            assert_eq!(page.status, StatusCode::OK, "{path} {forged:?}");
            page.assert_safe();
        }
    }
    let forged = domain::Cursor {
        seen: u32::MAX,
        ..cursor
    };
    assert_eq!(
        broadsheet.get(&format!("/?sort=new&after={forged}")).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_invalid_value_is_ignored_and_named() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for (query, words) in [
        ("window=banana", "banana"),
        ("sort=random", "random"),
        ("from=2025-13-45", "2025-13-45"),
        ("to=yesterday", "yesterday"),
        ("min_upvotes=-1", "-1"),
        ("min_upvotes=99999999999999999999x", "99999999999999999999x"),
        ("min_stars=many", "many"),
        ("has=wings", "wings"),
        ("category=%3Cscript%3E", "category was ignored"),
        ("category=no+such+thing!", "category was ignored"),
        ("q=from:2025-13-45", "from:2025-13-45 was ignored"),
        ("q=stars:many", "stars:many was ignored"),
        ("sort=relevance", "it needs search words"),
        ("from=2025-01-02&to=2025-01-01", "nothing can match"),
    ] {
        for path in [
            format!("/?{query}"),
            format!("/month/2023-10?{query}"),
            format!("/bookmarks?{query}"),
        ] {
            let page = broadsheet.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            if !path.starts_with("/bookmarks") {
                page.assert_says("class=\"notice\"");
                page.assert_says(words);
            }
            page.assert_safe();
        }
    }
    let many: String = (0..200)
        .map(|n| {
            format!(
                "&category=cs.{}{}",
                (b'A' + n % 26) as char,
                (b'A' + n / 26) as char
            )
        })
        .collect();
    let page = broadsheet.get(&format!("/?sort=new{many}")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_says("at most 16 categories");
}

#[tokio::test]
async fn nothing_a_person_can_type_is_an_error() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let long = "convergence ".repeat(1_000);
    let deep = format!("{}x{}", "(".repeat(5_000), ")".repeat(5_000));
    for typed in [
        "NEAR(",
        "NEAR(a b, 5)",
        "\"",
        "\"\"",
        "*",
        "a*",
        "col:",
        "col:x",
        "title:x",
        "{title abstract}: x",
        "^x",
        "a AND",
        "AND",
        "OR OR",
        "NOT",
        "a NOT b",
        "-",
        "--",
        "-\"",
        "+",
        "()",
        "(a",
        "a)",
        "'",
        "';drop table papers;--",
        "%",
        "_",
        "\\",
        "\u{0}",
        "a\u{0}b",
        "\u{feff}",
        "\u{202e}abc",
        "😀",
        "ﬁ",
        "日本語",
        "au:",
        "ti:\"",
        "cat:",
        "cat:*",
        "stars:>",
        "stars:>99999999999999999999",
        "from:0000-00-00",
        "to:9999-12-31",
        "from:9999-12-31",
        "from:-9999-01-01",
        "has:",
        "<script>alert(1)</script>",
        "</title><script>",
        "https://arxiv.org/abs/",
        "https://arxiv.org/abs/../../x",
        "arxiv:99999.99999",
        "0000.00000",
        "\r\n\r\nSet-Cookie: a=b",
        &long,
        &deep,
    ] {
        let encoded: String = typed.bytes().map(|byte| format!("%{byte:02x}")).collect();
        for path in [
            format!("/?q={encoded}"),
            format!("/?sort=new&q={encoded}"),
            format!("/?sort=trending&q={encoded}"),
            format!("/month/2023-10?q={encoded}"),
            format!("/bookmarks?q={encoded}"),
        ] {
            let shown: String = typed.chars().take(40).collect();
            let page = broadsheet.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{shown:?}: {}", page.body);
            assert!(!page.says("<script>alert"), "{shown:?}");
            assert!(page.cookie("a").is_none());
            page.assert_safe();
        }
    }
    let page = broadsheet.get(&format!("/?q={}", long.replace(' ', "+"))).await;
    page.assert_says("longer than");
    assert!(!page.cards().is_empty(), "its beginning is searched");
    assert_eq!(
        walk(&broadsheet, "/?sort=new").await.len(),
        SAMPLE,
        "nothing is lost"
    );
}

#[tokio::test]
async fn invalid_utf8_is_answered_with_an_error_page() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for path in [
        "/papers/%ff",
        "/papers/%00",
        "/papers/%ff.bib",
        "/papers/%c3%28",
        "/papers/2510.20838%00",
        "/papers/2510.20838%0d%0ax",
        "/date/%ff",
        "/week/%ff",
        "/month/%ff",
        "/%ff",
        "/papers/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/papers/..",
        "/papers/2510.20838%2f",
        "/papers/%",
    ] {
        let page = broadsheet.get(path).await;
        page.assert_error(StatusCode::NOT_FOUND, "not found");
        page.assert_safe();
    }
    for query in [
        "q=%ff%fe",
        "q=%c3%28",
        "q=%",
        "q=%zz",
        "%ff=%ff",
        "after=%ff",
        "category=%ff",
        "&&&==&",
        "q",
        "window=%00",
    ] {
        let page = broadsheet.get(&format!("/?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        page.assert_safe();
    }
}

#[tokio::test]
async fn a_form_that_is_not_utf8_is_the_fault_of_the_client() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for accept in ["text/html", "application/json"] {
        for name in ["dismiss_banner", "bookmark", "subscribe"] {
            let mut asked = request(Method::POST, &format!("/fn/{name}"), &[("accept", accept)], "");
            *asked.body_mut() = Body::from(&b"\xff\xfe=1"[..]);
            let answer = broadsheet.ask(asked).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}: {}", answer.body);
            assert!(answer.body.contains("not valid UTF-8"), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_a_text() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let cookie = broadsheet.reader_with("2510.20838").await;
    let body = format!("paper=2510.20838&bookmarked=false&x={}", "y".repeat(100_000));
    let length = body.len().to_string();
    for path in ["/fn/bookmark", "/fn/subscribe", "/confirm/x", "/nothing"] {
        let page = broadsheet
            .post(path, &body, &[("cookie", &cookie), ("content-length", &length)])
            .await;
        page.assert_error(StatusCode::PAYLOAD_TOO_LARGE, "Nothing was changed");
        page.assert_safe();
        let script = broadsheet
            .post_as_script(path, &body, &[("content-length", &length)])
            .await;
        script.assert_problem(StatusCode::PAYLOAD_TOO_LARGE, "Nothing was changed");
    }
    // The same body without a content length.
    for path in ["/fn/bookmark", "/confirm/x", "/unsubscribe/x", "/preferences/x"] {
        let streamed = broadsheet.post(path, &body, &[("cookie", &cookie)]).await;
        streamed.assert_error(StatusCode::PAYLOAD_TOO_LARGE, "Nothing was changed");
    }
    assert_eq!(broadsheet.kept(&cookie).await, 1);
}

#[tokio::test]
async fn many_and_odd_cookies_are_ignored() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let cookie = broadsheet.reader_with("2510.20838").await;
    let flood = format!(
        "{}; {cookie}",
        (0..500)
            .map(|n| format!("c{n}={n}"))
            .collect::<Vec<_>>()
            .join("; ")
    );
    assert_eq!(broadsheet.kept(&flood).await, 1);
    for odd in [
        "",
        ";;;",
        "=",
        "theme=\"><script>",
        "theme=purple",
        "banner=; reader",
        "reader=;reader=;reader=",
    ] {
        let page = broadsheet.get_with("/", &[("cookie", odd)]).await;
        assert_eq!(page.status, StatusCode::OK, "{odd}");
        page.assert_safe();
    }
    // Bytes above ASCII are allowed in a header and are ignored.
    let mut asked = request(Method::GET, "/", &[], "");
    asked.headers_mut().insert(
        header::COOKIE,
        axum::http::HeaderValue::from_bytes(b"reader=\xff\xfe").expect("a value"),
    );
    assert_eq!(broadsheet.ask(asked).await.status, StatusCode::OK);
}

#[tokio::test]
async fn odd_headers_change_no_answer() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "gopher"),
        ("accept", "text/html;q=broken,,,"),
        ("accept-language", "xx"),
        ("range", "bytes=0-1"),
        ("if-none-match", "*"),
        ("x-http-method-override", "DELETE"),
    ] {
        let page = broadsheet.get_with("/", &[(name, value)]).await;
        assert_eq!(page.status, StatusCode::OK, "{name}");
        assert!(!page.says("evil.example"), "{name}");
        page.assert_safe();
    }
    let absolute = broadsheet
        .ask(
            Request::get("http://evil.example/date/2026-11-24")
                .header("host", "evil.example")
                .body(Body::empty())
                .expect("a request"),
        )
        .await;
    assert!(
        absolute.location().starts_with("/date/"),
        "{}",
        absolute.location()
    );
}

#[tokio::test]
async fn a_panic_is_answered_without_its_message() {
    let answer = server::http::web::error_pages::panicked(Box::new("index out of bounds in secret.rs:1"));
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX)
        .await
        .expect("a body");
    let body = String::from_utf8_lossy(&body);
    assert!(
        body.contains("Nothing was lost") && !body.contains("secret"),
        "{body}"
    );
}
