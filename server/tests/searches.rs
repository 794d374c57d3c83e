//! Any list by mail and at hand: the pages, forms and files of views.

mod common;

use axum::http::{StatusCode, header};
use common::{House, token};
use feed_rs::parser::parse;
use jiff::SignedDuration;

/// A query as the value of a form's field.
fn encoded(text: &str) -> String {
    let mut value = String::new();
    domain::listing::push_encoded(&mut value, text);
    value
}

/// The views a preferences page says it shows.
fn shown_by(page: &str) -> String {
    let (_, rest) = page.split_once(r#"name="shown" value=""#).expect("the field");
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Confirms what is asked for and has the first mail sent. Answers the paths of its preferences and its way out.
async fn reader_of(house: &House, email: &str, view: &str) -> (String, String) {
    let form = format!("email={email}&zone=Europe/Paris&view={}", encoded(view));
    assert_eq!(
        house.post("/fn/subscribe", &form, &[]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(house.deliver().await, 1);
    let confirm = token(&house.last_letter(), "/confirm/");
    house
        .post(&format!("/confirm/{confirm}"), "", &[])
        .await
        .assert_says("You are subscribed");
    house
        .state
        .mail
        .queue_due(house.clock.now())
        .await
        .expect("queued");
    assert_eq!(house.deliver().await, 1);
    let letter = house.last_letter();
    (
        format!("/preferences/{}", token(&letter, "/preferences/")),
        format!("/unsubscribe/{}", token(&letter, "/unsubscribe/")),
    )
}

#[tokio::test]
async fn a_filtered_list_offers_itself_by_mail_and_the_page_shows_what_would_come() {
    let house = House::with_the_sample().await;
    let list = house.get("/?category=cs.LG&sort=new").await;
    list.assert_says(r#"<a href="/subscribe?sort=new&amp;category=cs.LG">Subscribe to this view</a>"#);
    assert!(!house.get("/").await.says("Subscribe to this view"));
    assert!(!house.get("/date/2025-10-07").await.says("Subscribe to this view"));
    let page = house.get("/subscribe?sort=new&category=cs.LG").await;
    page.assert_says("Newest first in cs.LG");
    page.assert_says("Preview");
    page.assert_says(r#"name="view" value="?sort=new&amp;category=cs.LG""#);
    page.assert_safe();
    house
        .get("/subscribe?q=nothinglikeit")
        .await
        .assert_says("There are no papers in this search yet");
}

#[tokio::test]
async fn what_is_wrong_in_a_form_is_named_and_everything_typed_is_given_back() {
    let house = House::with_the_sample().await;
    for (field, words) in [
        ("often=sometimes", "how often"),
        ("hour=25", "from 0 to 23"),
        ("hour=%0d%0aBcc", "from 0 to 23"),
        ("papers=7", "5, 10 or 20"),
        ("view=/papers/2510.00001", "not the address of a list"),
        ("view=/date/2026-11-24", "past edition"),
    ] {
        house.clock.advance(SignedDuration::from_mins(2));
        let form = format!("email=ada%40example.org&zone=Asia/Tokyo&{field}");
        let answer = house.post("/fn/subscribe", &form, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        answer.assert_says(words);
        answer.assert_says("ada@example.org");
        answer.assert_says("Asia/Tokyo");
        answer.assert_safe();
    }
    assert_eq!(house.deliver().await, 0);
}

#[tokio::test]
async fn a_list_is_subscribed_to_at_the_hour_and_day_that_were_chosen() {
    let house = House::with_the_sample().await;
    let form = "email=ada@example.org&zone=Asia/Tokyo&often=sunday&hour=20&papers=5&view=%3Fcategory%3Dcs.LG";
    house.post("/fn/subscribe", form, &[]).await;
    house.deliver().await;
    let letter = house.last_letter();
    assert!(
        letter.contains("Trending this week in cs.LG") && letter.contains("weekly on Sundays"),
        "{letter}"
    );
    let confirm = format!("/confirm/{}", token(&letter, "/confirm/"));
    // What the page did not show is not confirmed by its button.
    let promise = encoded("at 09:00, Monday to Friday (UTC), 10 papers");
    house
        .post(&confirm, &format!("view=1&promise={promise}"), &[])
        .await
        .assert_says("This request has changed");
    // Whoever only looks changes nothing, however often.
    for _ in 0..3 {
        house
            .get(&confirm)
            .await
            .assert_says("Trending this week in cs.LG");
    }
    let done = house.post(&confirm, "", &[]).await;
    done.assert_says("at 20:00, weekly on Sundays (Asia/Tokyo)");
    done.assert_says("<li>Trending this week in cs.LG</li>");
}

#[tokio::test]
async fn lists_are_renamed_changed_added_and_let_go_by_the_link_in_the_mail() {
    let house = House::with_the_sample().await;
    let (preferences, _) = reader_of(&house, "ada@example.org", "?category=cs.LG").await;
    house
        .get(&preferences)
        .await
        .assert_says(r#"value="/?category=cs.LG""#);
    let rhythm = "day=Monday&hour=8&zone=Europe/Paris&papers=10&pause=&do=save";
    let saved = house
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
    saved.assert_says("Best match first for “diffusion”");
    saved.assert_says("weekly on Mondays");
    // What cannot be read is named, and what was typed stays to be mended.
    let wrong = house
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
    house.get(&preferences).await.assert_says("cs.LG with code");
    let none = house
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
    let many = house
        .post(&preferences, &format!("{many}list-new=?q=more&{rhythm}"), &[])
        .await;
    many.assert_says("at most 12 searches");
    let one = house
        .post(
            &preferences,
            &format!("list-0=/&list-1=%3Fq%3Ddiffusion&drop-1=yes&list-new=&{rhythm}"),
            &[],
        )
        .await;
    assert!(!one.says("diffusion"), "{}", one.body);
    // A form that lost a field on its way is no wish to let go.
    let cut = house
        .post(
            &preferences,
            &format!("list-0=/&list-2=/&lists=3&list-new=&{rhythm}"),
            &[],
        )
        .await;
    cut.assert_says("arrived incomplete");
    // An old page does not take away what was added since.
    let shown = shown_by(&house.get(&preferences).await.body);
    house
        .post(
            &preferences,
            &format!("list-0=/&list-new=%3Fq%3Dadded&{rhythm}"),
            &[],
        )
        .await
        .assert_says("for “added”");
    house
        .post(
            &preferences,
            &format!("list-0=/&lists=1&shown={shown}&list-new=&{rhythm}"),
            &[],
        )
        .await
        .assert_says("for “added”");
    // A form of old, without lists, leaves them alone.
    house
        .post(&preferences, rhythm, &[])
        .await
        .assert_says("Trending this week");
}

#[tokio::test]
async fn a_reader_keeps_lists_renames_them_takes_them_along_and_lets_them_go() {
    let house = House::with_the_sample().await;
    house.get("/views").await.assert_says("No lists kept yet");
    let kept = house
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
    house
        .post(
            "/fn/save_search",
            &format!("view=%3Fsort%3Dnew%26category%3Dcs.LG&name={name}&back=/views"),
            &mine,
        )
        .await;
    house
        .post("/fn/save_search", "view=%3Fq%3Ddiffusion", &mine)
        .await;
    let page = house.get_with("/views", &mine).await;
    page.assert_says("&lt;Learning&gt; &amp; \"more\"");
    page.assert_says("2 lists");
    page.assert_safe();
    let file = house.get_with("/views.opml", &mine).await;
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
                "Best match first for “diffusion”",
                "http://localhost:3000/feed.atom?q=diffusion"
            ),
            (
                "<Learning> & \"more\"",
                "http://localhost:3000/feed.atom?sort=new&category=cs.LG"
            ),
        ]
    );
    // Each leads to a feed that reads.
    for (_, url) in outlines {
        let feed = house.get(url.trim_start_matches("http://localhost:3000")).await;
        assert!(
            !parse(feed.body.as_bytes()).expect("a feed").entries.is_empty(),
            "{url}"
        );
    }
    let id = house
        .state
        .store
        .known_search(&domain::ListingQuery::parse("?q=diffusion").expect("a view"))
        .await
        .expect("answer")
        .expect("known")
        .0;
    for _ in 0..2 {
        house
            .post("/fn/remove_search", &format!("view={id}"), &mine)
            .await;
    }
    house.get_with("/views", &mine).await.assert_says("1 list<");
    // Nobody else sees them, and nobody else's button takes them away.
    house.get("/views").await.assert_says("No lists kept yet");
    let cross = house
        .post(
            "/fn/save_search",
            "view=%3Fq%3Dx",
            &[("cookie", &cookie), ("origin", "https://evil.example")],
        )
        .await;
    assert_eq!(cross.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_went_out_stands_on_the_web_under_a_name_that_cannot_be_guessed() {
    let house = House::with_the_sample().await;
    house
        .get("/issues")
        .await
        .assert_error(StatusCode::NOT_FOUND, "Issue not found");
    reader_of(&house, "ada@example.org", "").await;
    let latest = house.get("/issues").await;
    assert_eq!(latest.location(), "/issues/2026-11-24");
    let front = house.get("/issues/2026-11-24").await;
    front.assert_says("Email edition");
    front.assert_safe();
    reader_of(&house, "emmy@example.org", "?q=diffusion").await;
    let path = format!(
        "/issues/2026-11-24/{}",
        token(&house.last_letter(), "/issues/2026-11-24/")
    );
    let issue = house.get(&path).await;
    issue.assert_says("Best match first for “diffusion”");
    issue.assert_says(r#"content="noindex""#);
    // Emails of old versions link to /editions.
    for (old, new) in [
        ("/editions", "/issues".to_owned()),
        ("/editions/2026-11-24?from=email", "/issues/2026-11-24?from=email".to_owned()),
        (&path.replace("/issues/", "/editions/"), path.clone()),
    ] {
        let moved = house.get(old).await;
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
        house
            .get(path)
            .await
            .assert_error(StatusCode::NOT_FOUND, "Issue not found");
    }
}

#[tokio::test]
async fn one_click_ends_it_without_a_word_and_the_pages_button_with_one_last_mail() {
    let house = House::with_the_sample().await;
    let (_, ada) = reader_of(&house, "ada@example.org", "").await;
    let (preferences, emmy) = reader_of(&house, "emmy@example.org", "").await;
    // A mail program: no cookie, no origin, no page.
    for _ in 0..2 {
        let answer = house
            .post(
                &ada,
                "List-Unsubscribe=One-Click",
                &[("origin", ""), ("accept", "*/*")],
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    assert_eq!(house.deliver().await, 0);
    house
        .get(&emmy)
        .await
        .assert_says(r#"name="button" value="pressed""#);
    for _ in 0..2 {
        house
            .post(&emmy, "button=pressed", &[])
            .await
            .assert_says("You’re unsubscribed");
    }
    assert_eq!(house.deliver().await, 1, "one goodbye");
    let goodbye = house.last_letter();
    assert!(goodbye.contains("Subject: You have unsubscribed") && goodbye.contains("/preferences/"));
    // Its link turns it on again: who left by a slip has lost nothing.
    let back = format!("/preferences/{}", token(&goodbye, "/preferences/"));
    house
        .post(
            &back,
            "day=Monday&hour=8&zone=Europe/Paris&papers=10&pause=&do=resume",
            &[],
        )
        .await
        .assert_says("subscribed again");
    house.get(&preferences).await.assert_says("Trending this week");
}

#[tokio::test]
async fn a_reader_whose_mail_came_back_is_told_why_and_may_try_once_more() {
    let house = House::with_the_sample().await;
    reader_of(&house, "ada@example.org", "").await;
    let letters = house.letters.lock().expect("letters").clone();
    let letter = String::from_utf8_lossy(letters.last().expect("a letter")).into_owned();
    let id = letter
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
    house
        .state
        .mail
        .record_bounce(&report, house.clock.now())
        .await
        .expect("an answer");
    let told = house
        .post(
            "/fn/subscribe",
            "email=ada@example.org&view=%3Fq%3Ddiffusion",
            &[],
        )
        .await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    // In our words: what a mail server writes is not for everybody who types the address.
    told.assert_says("the mailbox does not exist");
    assert!(!told.says("is unknown"));
    told.assert_says("Send a test email");
    told.assert_says(r#"value="?q=diffusion""#);
    told.assert_safe();
    let script = house
        .post_as_script("/fn/subscribe", "email=ada@example.org", &[])
        .await;
    assert_eq!(script.status, StatusCode::UNPROCESSABLE_ENTITY);
    script.assert_says("an email bounced");
    let again = house
        .post("/fn/subscribe", "email=ada@example.org&again=yes", &[])
        .await;
    assert_eq!(again.location(), "/subscribe?sent");
    assert_eq!(house.deliver().await, 1);
}
