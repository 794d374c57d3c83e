//! Saved searches and searches by email: their pages, forms and files.
//!
//! The file is long because its journeys share the helpers below.

mod common;

use axum::http::{StatusCode, header};
use common::{Broadsheet, token};
use feed_rs::parser::parse;
use jiff::SignedDuration;

/// A query as the value of a form field.
fn encoded(text: &str) -> String {
    let mut value = String::new();
    domain::listing::push_encoded(&mut value, text);
    value
}

/// The searches that a preferences page says it shows.
fn shown_by(page: &str) -> String {
    let (_, rest) = page.split_once(r#"name="shown" value=""#).expect("the field");
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Subscribes to a search, confirms, and has the first digest sent. Gives the paths of its preferences and
/// unsubscribe pages.
async fn reader_of(broadsheet: &Broadsheet, email: &str, view: &str) -> (String, String) {
    let form = format!("email={email}&zone=Europe/Paris&view={}", encoded(view));
    assert_eq!(
        broadsheet.post("/fn/subscribe", &form, &[]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(broadsheet.deliver().await, 1);
    let confirm = token(&broadsheet.last_email(), "/confirm/");
    broadsheet
        .post(&format!("/confirm/{confirm}"), "", &[])
        .await
        .assert_says("You are subscribed");
    broadsheet
        .state
        .mail
        .queue_due(broadsheet.clock.now())
        .await
        .expect("queued");
    assert_eq!(broadsheet.deliver().await, 1);
    let email = broadsheet.last_email();
    (
        format!("/preferences/{}", token(&email, "/preferences/")),
        format!("/unsubscribe/{}", token(&email, "/unsubscribe/")),
    )
}

#[tokio::test]
async fn a_search_offers_a_subscription_and_the_form_previews_it() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let list = broadsheet.get("/?category=cs.LG&sort=new").await;
    list.assert_says(r#"<a href="/subscribe?sort=new&amp;category=cs.LG">Subscribe to this search</a>"#);
    assert!(!broadsheet.get("/").await.says("Subscribe to this search"));
    assert!(
        !broadsheet
            .get("/date/2025-10-07")
            .await
            .says("Subscribe to this search")
    );
    let page = broadsheet.get("/subscribe?sort=new&category=cs.LG").await;
    page.assert_says("Newest first in cs.LG");
    page.assert_says(r#"name="view" value="?sort=new&amp;category=cs.LG""#);
    // The sample is older than a week.
    page.assert_says("nothing new in the last week");
    page.assert_safe();
    broadsheet
        .get("/subscribe?category=cs.LG")
        .await
        .assert_says("Preview");
    broadsheet
        .get("/subscribe?sort=top&category=econ.GN&has=code&upvotes=9999")
        .await
        .assert_says("There are no papers in this search yet");
}

#[tokio::test]
async fn an_invalid_form_names_the_error_and_keeps_what_was_typed() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for (field, words) in [
        ("often=sometimes", "how often"),
        ("hour=25", "from 0 to 23"),
        ("hour=%0d%0aBcc", "from 0 to 23"),
        ("papers=7", "5, 10 or 20"),
        ("view=/papers/2510.00001", "not the address of a search"),
        ("view=/date/2026-11-24", "past edition"),
    ] {
        broadsheet.clock.advance(SignedDuration::from_mins(2));
        let form = format!("email=ada%40example.org&zone=Asia/Tokyo&{field}");
        let answer = broadsheet.post("/fn/subscribe", &form, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        answer.assert_says(words);
        answer.assert_says("ada@example.org");
        answer.assert_says("Asia/Tokyo");
        answer.assert_safe();
    }
    assert_eq!(broadsheet.deliver().await, 0);
}

#[tokio::test]
async fn a_search_is_subscribed_to_at_the_chosen_hour_and_day() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let form = "email=ada@example.org&zone=Asia/Tokyo&often=sunday&hour=20&papers=5&view=%3Fcategory%3Dcs.LG";
    broadsheet.post("/fn/subscribe", form, &[]).await;
    broadsheet.deliver().await;
    let email = broadsheet.last_email();
    assert!(
        email.contains("Trending this week in cs.LG") && email.contains("weekly on Sundays"),
        "{email}"
    );
    let confirm = format!("/confirm/{}", token(&email, "/confirm/"));
    // The button confirms only what the page showed.
    let promise = encoded("at 09:00, Monday to Friday (UTC), 10 papers");
    broadsheet
        .post(&confirm, &format!("view=1&promise={promise}"), &[])
        .await
        .assert_says("This request has changed");
    // Opening the page changes nothing.
    for _ in 0..3 {
        broadsheet
            .get(&confirm)
            .await
            .assert_says("Trending this week in cs.LG");
    }
    let done = broadsheet.post(&confirm, "", &[]).await;
    done.assert_says("at 20:00, weekly on Sundays (Tokyo time)");
    done.assert_says("<li>Trending this week in cs.LG</li>");
}

#[tokio::test]
async fn the_link_in_an_email_renames_changes_adds_and_removes_searches() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let (preferences, _) = reader_of(&broadsheet, "ada@example.org", "?category=cs.LG").await;
    broadsheet
        .get(&preferences)
        .await
        .assert_says(r#"value="/?category=cs.LG""#);
    let rhythm = "day=Monday&hour=8&zone=Europe/Paris&papers=10&pause=&do=save";
    let saved = broadsheet
        .post(
            &preferences,
            &format!(
                "list-0={}&name-0={}&list-new={}&{rhythm}",
                encoded("/?category=cs.LG&has=code"),
                encoded("Mine\r\nBcc: x@example.org <b>"),
                encoded("http://localhost:3000/?q=diffusion"),
            ),
            &[],
        )
        .await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
    saved.assert_says("Trending this week in cs.LG with code");
    saved.assert_says(r#"value="Mine Bcc: x@example.org &lt;b&gt;""#);
    saved.assert_says("Results for “diffusion”");
    saved.assert_says("weekly on Mondays");
    // An invalid address is named, and the form keeps what was typed.
    let wrong = broadsheet
        .post(
            &preferences,
            &format!(
                "list-0={}&name-0=Kept&list-new=&{rhythm}",
                encoded("/?sort=banana")
            ),
            &[],
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.assert_says("banana");
    wrong.assert_says(r#"value="Kept""#);
    broadsheet.get(&preferences).await.assert_says("cs.LG with code");
    let none = broadsheet
        .post(
            &preferences,
            &format!("list-0=/&drop-0=yes&list-new=&{rhythm}"),
            &[],
        )
        .await;
    none.assert_says("Keep at least one search");
    let many: String = (0..13)
        .map(|n| format!("list-{n}={}&", encoded(&format!("?q=word{n}"))))
        .collect();
    let many = broadsheet
        .post(&preferences, &format!("{many}list-new=?q=more&{rhythm}"), &[])
        .await;
    many.assert_says("at most 12 searches");
    let one = broadsheet
        .post(
            &preferences,
            &format!("list-0=/&list-1=%3Fq%3Ddiffusion&drop-1=yes&list-new=&{rhythm}"),
            &[],
        )
        .await;
    assert!(!one.says("diffusion"), "{}", one.body);
    // A form that lost a field in transit removes nothing.
    let cut = broadsheet
        .post(
            &preferences,
            &format!("list-0=/&list-2=/&lists=3&list-new=&{rhythm}"),
            &[],
        )
        .await;
    cut.assert_says("arrived incomplete");
    // An old page does not remove searches that were added since.
    let shown = shown_by(&broadsheet.get(&preferences).await.body);
    broadsheet
        .post(
            &preferences,
            &format!("list-0=/&list-new=%3Fq%3Dadded&{rhythm}"),
            &[],
        )
        .await
        .assert_says("for “added”");
    broadsheet
        .post(
            &preferences,
            &format!("list-0=/&lists=1&shown={shown}&list-new=&{rhythm}"),
            &[],
        )
        .await
        .assert_says("for “added”");
    // A form of an earlier release, without searches, leaves them unchanged.
    broadsheet
        .post(&preferences, rhythm, &[])
        .await
        .assert_says("Trending this week");
}

#[tokio::test]
async fn a_reader_saves_renames_exports_and_removes_searches() {
    let broadsheet = Broadsheet::with_the_sample().await;
    broadsheet
        .get("/searches")
        .await
        .assert_says("No saved searches yet");
    let kept = broadsheet
        .post(
            "/fn/save_search",
            "view=%3Fsort%3Dnew%26category%3Dcs.LG&back=/%3Fsort%3Dnew%26category%3Dcs.LG",
            &[],
        )
        .await;
    assert_eq!(
        (kept.status, kept.location()),
        (StatusCode::SEE_OTHER, "/?sort=new&category=cs.LG")
    );
    let cookie = kept.cookie("reader").expect("a reader");
    let mine = [("cookie", cookie.as_str())];
    let name = encoded("<Learning> & \"more\"\u{202e}\r\n");
    broadsheet
        .post(
            "/fn/save_search",
            &format!("view=%3Fsort%3Dnew%26category%3Dcs.LG&name={name}&back=/searches"),
            &mine,
        )
        .await;
    broadsheet
        .post("/fn/save_search", "view=%3Fq%3Ddiffusion", &mine)
        .await;
    let page = broadsheet.get_with("/searches", &mine).await;
    page.assert_says("&lt;Learning&gt; &amp; \"more\"");
    page.assert_says("2 searches");
    page.assert_safe();
    let file = broadsheet.get_with("/searches.opml", &mine).await;
    assert!(file.header(header::CONTENT_TYPE).starts_with("text/x-opml"));
    let read = opml::OPML::from_str(&file.body).expect("OPML");
    let outlines: Vec<(&str, &str)> = read
        .body
        .outlines
        .iter()
        .map(|outline| {
            (
                outline.text.as_str(),
                outline.xml_url.as_deref().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        outlines,
        [
            (
                "Results for “diffusion”",
                "http://localhost:3000/feed.atom?q=diffusion"
            ),
            (
                "<Learning> & \"more\"",
                "http://localhost:3000/feed.atom?sort=new&category=cs.LG"
            ),
        ]
    );
    // Each outline leads to a valid feed.
    for (_, url) in outlines {
        let feed = broadsheet
            .get(url.trim_start_matches("http://localhost:3000"))
            .await;
        assert!(
            !parse(feed.body.as_bytes()).expect("a feed").entries.is_empty(),
            "{url}"
        );
    }
    let id = broadsheet
        .state
        .store
        .known_search(&domain::ListingQuery::parse("?q=diffusion").expect("a view"))
        .await
        .expect("answer")
        .expect("known")
        .0;
    for _ in 0..2 {
        broadsheet
            .post("/fn/remove_search", &format!("view={id}"), &mine)
            .await;
    }
    broadsheet
        .get_with("/searches", &mine)
        .await
        .assert_says("1 search<");
    // Other readers do not see them, and other sites cannot change them.
    broadsheet
        .get("/searches")
        .await
        .assert_says("No saved searches yet");
    let cross = broadsheet
        .post(
            "/fn/save_search",
            "view=%3Fq%3Dx",
            &[("cookie", &cookie), ("origin", "https://evil.example")],
        )
        .await;
    assert_eq!(cross.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_issue_has_a_page_whose_address_cannot_be_guessed() {
    let broadsheet = Broadsheet::with_the_sample().await;
    broadsheet
        .get("/issues")
        .await
        .assert_error(StatusCode::NOT_FOUND, "Issue not found");
    reader_of(&broadsheet, "ada@example.org", "").await;
    let latest = broadsheet.get("/issues").await;
    assert_eq!(latest.location(), "/issues/2026-11-24");
    let front = broadsheet.get("/issues/2026-11-24").await;
    front.assert_says("Email edition");
    front.assert_safe();
    reader_of(&broadsheet, "emmy@example.org", "?q=diffusion&sort=top").await;
    let path = format!(
        "/issues/2026-11-24/{}",
        token(&broadsheet.last_email(), "/issues/2026-11-24/")
    );
    let issue = broadsheet.get(&path).await;
    issue.assert_says("Most upvoted for “diffusion”");
    issue.assert_says(r#"content="noindex""#);
    // Emails of old versions link to /editions.
    for (old, new) in [
        ("/editions", "/issues".to_owned()),
        (
            "/editions/2026-11-24?from=email",
            "/issues/2026-11-24?from=email".to_owned(),
        ),
        (&path.replace("/issues/", "/editions/"), path.clone()),
    ] {
        let moved = broadsheet.get(old).await;
        assert_eq!(
            (moved.status, moved.location()),
            (StatusCode::MOVED_PERMANENTLY, new.as_str())
        );
    }
    for path in [
        "/issues/2026-11-23",
        "/issues/yesterday",
        "/issues/2026-11-24/2",
        "/issues/2026-11-24/AAAAAAAAAAAAAAAAAAAAAA",
    ] {
        broadsheet
            .get(path)
            .await
            .assert_error(StatusCode::NOT_FOUND, "Issue not found");
    }
}

#[tokio::test]
async fn one_click_unsubscribes_without_an_email_and_the_button_with_a_last_one() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let (_, ada) = reader_of(&broadsheet, "ada@example.org", "").await;
    let (preferences, emmy) = reader_of(&broadsheet, "emmy@example.org", "").await;
    // A mail program sends no cookie and no origin, and accepts anything.
    for _ in 0..2 {
        let answer = broadsheet
            .post(
                &ada,
                "List-Unsubscribe=One-Click",
                &[("origin", ""), ("accept", "*/*")],
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    assert_eq!(broadsheet.deliver().await, 0);
    broadsheet
        .get(&emmy)
        .await
        .assert_says(r#"name="button" value="pressed""#);
    for _ in 0..2 {
        broadsheet
            .post(&emmy, "button=pressed", &[])
            .await
            .assert_says("You’re unsubscribed");
    }
    assert_eq!(broadsheet.deliver().await, 1, "one goodbye");
    let goodbye = broadsheet.last_email();
    assert!(goodbye.contains("Subject: You have unsubscribed") && goodbye.contains("/preferences/"));
    // The link in the last email subscribes again with the same searches.
    let back = format!("/preferences/{}", token(&goodbye, "/preferences/"));
    broadsheet
        .post(
            &back,
            "day=Monday&hour=8&zone=Europe/Paris&papers=10&pause=&do=resume",
            &[],
        )
        .await
        .assert_says("subscribed again");
    broadsheet
        .get(&preferences)
        .await
        .assert_says("Trending this week");
}

#[tokio::test]
async fn an_address_whose_email_bounced_learns_why_and_can_try_again() {
    let broadsheet = Broadsheet::with_the_sample().await;
    reader_of(&broadsheet, "ada@example.org", "").await;
    let emails = broadsheet.letters.lock().expect("emails").clone();
    let email = String::from_utf8_lossy(emails.last().expect("an email")).into_owned();
    let id = email
        .lines()
        .find_map(|line| line.strip_prefix("Message-ID: "))
        .expect("an id");
    let report = format!(
        "From: mailer-daemon@x.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; boundary=b\r\n\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\n\
         Final-Recipient: rfc822; ada@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 <script> is unknown\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {id}\r\n\r\n--b--\r\n"
    );
    let report = mail::bounces::read(report.as_bytes()).expect("a report");
    broadsheet
        .state
        .mail
        .record_bounce(&report, broadsheet.clock.now())
        .await
        .expect("an answer");
    let refused = broadsheet
        .post(
            "/fn/subscribe",
            "email=ada@example.org&view=%3Fq%3Ddiffusion",
            &[],
        )
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // The answer of the mail server itself is not shown: anyone can type any address.
    refused.assert_says("the mailbox does not exist");
    assert!(!refused.says("is unknown"));
    refused.assert_says("Send a test email");
    refused.assert_says(r#"value="?q=diffusion""#);
    refused.assert_safe();
    let script = broadsheet
        .post_as_script("/fn/subscribe", "email=ada@example.org", &[])
        .await;
    assert_eq!(script.status, StatusCode::UNPROCESSABLE_ENTITY);
    script.assert_says("an email bounced");
    let again = broadsheet
        .post("/fn/subscribe", "email=ada@example.org&again=yes", &[])
        .await;
    assert_eq!(again.location(), "/subscribe?sent");
    assert_eq!(broadsheet.deliver().await, 1);
}
