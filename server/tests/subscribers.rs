//! Requesting, confirming, changing and ending a subscription, over HTTP.

mod common;

use axum::http::{Method, StatusCode, header};
use common::{Broadsheet, noon, request};
use ingest::ranking;
use jiff::SignedDuration;

/// The state of the subscriber with this unsubscribe token.
async fn state_of(broadsheet: &Broadsheet, unsubscribe: &str) -> &'static str {
    let token = store::tokens::Token::read(unsubscribe).expect("a token");
    broadsheet
        .state
        .store
        .subscriber_by_unsubscribe(&token.hash())
        .await
        .expect("an answer")
        .expect("a subscriber")
        .state
        .code()
}

#[tokio::test]
async fn a_subscription_is_requested_confirmed_used_and_ended() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let asked = broadsheet
        .post("/fn/subscribe", "email=ada@example.org&zone=Europe/Paris", &[])
        .await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    assert_eq!(asked.location(), "/subscribe?sent");
    assert!(asked.header(header::SET_COOKIE).starts_with("banner=off;"));
    broadsheet
        .get("/subscribe?sent")
        .await
        .assert_says("Check your inbox");
    assert_eq!(broadsheet.deliver().await, 1);
    let email = broadsheet.last_email();
    let confirm = common::token(&email, "/confirm/");
    let unsubscribe = common::token(&email, "/unsubscribe/");

    // Opening the link, as mail scanners do, changes nothing.
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let page = broadsheet
            .ask(request(method, &format!("/confirm/{confirm}"), &[], ""))
            .await;
        assert_eq!(page.status, StatusCode::OK);
    }
    assert_eq!(state_of(&broadsheet, &unsubscribe).await, "pending");
    let page = broadsheet.get(&format!("/confirm/{confirm}")).await;
    page.assert_says("ada@example.org");
    page.assert_says(&format!(r#"action="/confirm/{confirm}""#));
    page.assert_safe();

    let done = broadsheet.post(&format!("/confirm/{confirm}"), "", &[]).await;
    assert_eq!(done.status, StatusCode::OK);
    done.assert_says("You are subscribed");
    done.assert_safe();
    assert_eq!(state_of(&broadsheet, &unsubscribe).await, "active");
    let twice = broadsheet.post(&format!("/confirm/{confirm}"), "", &[]).await;
    assert_eq!(twice.status, StatusCode::OK);
    twice.assert_says("Already confirmed");

    assert_digest_is_sent_and_ends_the_subscription(&broadsheet, &confirm, &unsubscribe).await;
}

/// A digest is sent. Its unsubscribe link ends the subscription for good.
async fn assert_digest_is_sent_and_ends_the_subscription(
    broadsheet: &Broadsheet,
    confirm: &str,
    unsubscribe: &str,
) {
    assert_eq!(
        broadsheet
            .state
            .mail
            .queue_due(broadsheet.clock.now())
            .await
            .expect("queued"),
        1
    );
    assert_eq!(broadsheet.deliver().await, 1);
    let digest = broadsheet.last_email();
    assert!(digest.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    let from_digest = common::token(&digest, "/unsubscribe/");

    // Opening the link does not end the subscription. One click does, without cookie and origin, and is idempotent.
    let look = broadsheet.get(&format!("/unsubscribe/{from_digest}")).await;
    look.assert_says("from all emails?");
    look.assert_safe();
    assert_eq!(state_of(broadsheet, unsubscribe).await, "active");
    for _ in 0..3 {
        let answer = broadsheet
            .post(
                &format!("/unsubscribe/{from_digest}"),
                "List-Unsubscribe=One-Click",
                &[("origin", ""), ("accept", ""), ("host", "")],
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.assert_says("You’re unsubscribed");
        answer.assert_safe();
        assert_eq!(state_of(broadsheet, unsubscribe).await, "stopped");
    }
    // The old link does not subscribe again.
    let again = broadsheet.post(&format!("/confirm/{confirm}"), "", &[]).await;
    again.assert_says("This link isn’t valid");
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert_eq!(state_of(broadsheet, unsubscribe).await, "stopped");
    broadsheet.clock.advance(SignedDuration::from_hours(48));
    assert_eq!(
        broadsheet
            .state
            .mail
            .queue_due(broadsheet.clock.now())
            .await
            .expect("queued"),
        0
    );
}

#[tokio::test]
async fn the_answer_does_not_depend_on_whether_an_address_is_known() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let (confirm, _) = broadsheet.subscribe("ada@example.org").await;
    broadsheet.post(&format!("/confirm/{confirm}"), "", &[]).await;
    let stranger = broadsheet
        .post("/fn/subscribe", "email=emmy@example.org", &[])
        .await;
    let known = broadsheet
        .post("/fn/subscribe", "email=ADA@example.org", &[])
        .await;
    let asked_again = broadsheet
        .post("/fn/subscribe", "email=emmy@example.org", &[])
        .await;
    for answer in [&known, &asked_again] {
        assert_eq!(answer.status, stranger.status);
        assert_eq!(answer.location(), stranger.location());
        assert_eq!(answer.body, stranger.body);
        assert_eq!(
            answer.header(header::SET_COOKIE),
            stranger.header(header::SET_COOKIE)
        );
    }
    assert_eq!(broadsheet.deliver().await, 1, "one email to the stranger");
}

#[tokio::test]
async fn an_expired_or_unknown_link_says_so_and_changes_nothing() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let (confirm, unsubscribe) = broadsheet.subscribe("ada@example.org").await;
    let unknown = "A".repeat(43);
    for token in [
        unknown.as_str(),
        &confirm[1..],
        &unsubscribe,
        "x",
        "%00",
        "%ff",
        &"A".repeat(5_000),
        "a%0d%0aSet-Cookie:x=y",
    ] {
        for method in [Method::GET, Method::POST] {
            let answer = broadsheet
                .ask(request(method, &format!("/confirm/{token}"), &[], ""))
                .await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{token}: {}", answer.body);
            answer.assert_says("This link isn’t valid");
            answer.assert_safe();
        }
    }
    for token in [unknown.as_str(), confirm.as_str(), "%ff", "x"] {
        for method in [Method::GET, Method::POST] {
            let answer = broadsheet
                .ask(request(method, &format!("/unsubscribe/{token}"), &[], ""))
                .await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{token}");
            answer.assert_says("This link isn’t valid");
        }
    }
    assert_eq!(state_of(&broadsheet, &unsubscribe).await, "pending");
    broadsheet.clock.advance(SignedDuration::from_hours(7 * 24 + 1));
    for method in [Method::GET, Method::POST] {
        let answer = broadsheet
            .ask(request(method, &format!("/confirm/{confirm}"), &[], ""))
            .await;
        assert_eq!(answer.status, StatusCode::GONE);
        answer.assert_says("This link has expired");
    }
    assert_eq!(state_of(&broadsheet, &unsubscribe).await, "pending");
}

#[tokio::test]
async fn another_site_cannot_confirm_or_subscribe() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let (confirm, unsubscribe) = broadsheet.subscribe("ada@example.org").await;
    let evil = [("origin", "https://evil.example")];
    for (path, body) in [
        (format!("/confirm/{confirm}"), ""),
        ("/fn/subscribe".to_owned(), "email=emmy@example.org"),
        ("/fn/dismiss_banner".to_owned(), ""),
    ] {
        let answer = broadsheet.post(&path, body, &evil).await;
        answer.assert_error(StatusCode::FORBIDDEN, "nothing was changed");
        assert!(answer.header(header::SET_COOKIE).is_empty());
    }
    assert_eq!(state_of(&broadsheet, &unsubscribe).await, "pending");
    assert_eq!(broadsheet.deliver().await, 0);
}

#[tokio::test]
async fn the_banner_closes_for_good() {
    let broadsheet = Broadsheet::with_the_sample().await;
    broadsheet
        .get("/")
        .await
        .assert_says("Get trending papers in your email inbox once a day!");
    let closed = broadsheet
        .post(
            "/fn/dismiss_banner",
            "",
            &[("referer", "http://localhost:3000/?sort=new")],
        )
        .await;
    assert_eq!(
        (closed.status, closed.location()),
        (StatusCode::SEE_OTHER, "/?sort=new")
    );
    let cookie = closed.cookie("banner").expect("a cookie");
    assert!(
        !broadsheet
            .get_with("/", &[("cookie", &cookie)])
            .await
            .says("class=\"banner\"")
    );
}

#[tokio::test]
async fn a_client_that_sends_too_many_requests_must_wait_and_can_still_unsubscribe() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let (confirm, unsubscribe) = broadsheet.subscribe("ada@example.org").await;
    broadsheet.post(&format!("/confirm/{confirm}"), "", &[]).await;
    let mut refused = None;
    for n in 0..30 {
        let answer = broadsheet
            .post("/fn/subscribe", &format!("email=a{n}@example.org"), &[])
            .await;
        if answer.status != StatusCode::SEE_OTHER {
            refused = Some((n, answer));
            break;
        }
    }
    let (n, answer) = refused.expect("a limit");
    assert!(n >= 5, "enough for any person: {n}");
    answer.assert_error(
        StatusCode::TOO_MANY_REQUESTS,
        "Nothing was changed. Please try again in",
    );
    let wait: u64 = answer.header(header::RETRY_AFTER).parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    answer.assert_safe();
    broadsheet
        .post_as_script("/fn/subscribe", "email=z@example.org", &[])
        .await
        .assert_problem(
            StatusCode::TOO_MANY_REQUESTS,
            "Nothing was changed. Please try again in",
        );
    // Behind a proxy on this machine, another reader has another address. What a client itself puts into the header
    // is ignored.
    let neighbour = broadsheet
        .post(
            "/fn/subscribe",
            "email=neighbour@example.org",
            &[("x-forwarded-for", "127.0.0.1, 203.0.113.9")],
        )
        .await;
    assert_eq!(neighbour.status, StatusCode::SEE_OTHER);
    let mut spoofed = Vec::new();
    for n in 0..20 {
        let forged = format!("192.0.2.{n}, 203.0.113.9");
        let headers = [("x-forwarded-for", forged.as_str())];
        let answer = broadsheet
            .post("/fn/subscribe", "email=z@example.org", &headers)
            .await;
        spoofed.push(answer.status);
    }
    assert_eq!(
        spoofed.last(),
        Some(&StatusCode::TOO_MANY_REQUESTS),
        "{spoofed:?}"
    );
    // Reading and unsubscribing still work.
    assert_eq!(broadsheet.get("/").await.status, StatusCode::OK);
    for _ in 0..80 {
        let gone = broadsheet
            .post(
                &format!("/unsubscribe/{unsubscribe}"),
                "List-Unsubscribe=One-Click",
                &[("origin", "")],
            )
            .await;
        assert_eq!(gone.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn the_preview_shows_what_a_new_subscriber_gets() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let page = broadsheet.get("/subscribe").await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_says("Preview");
    let first = &broadsheet.get("/").await.cards()[0];
    page.assert_says(&format!("/papers/{first}"));
    assert!(
        broadsheet
            .state
            .mail
            .preview(noon())
            .await
            .expect("a preview")
            .len()
            == 1
    );
}

#[tokio::test]
async fn the_bookmarks_of_a_confirmed_address_count_in_heat_as_one_vote() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let name = broadsheet.get("/").await.cards().remove(0);
    let heat = async || {
        ranking::rank(&broadsheet.state.store, broadsheet.clock.now())
            .await
            .expect("a rank run");
        let key = name.parse().expect("a name");
        let page = broadsheet
            .state
            .store
            .paper(&key, None)
            .await
            .expect("read")
            .expect("there");
        page.card.heat.map_or(0.0, |report| report.heat.local)
    };
    let first = broadsheet.reader_with(&name).await;
    assert_eq!(heat().await, 0.0, "an unconfirmed reader has no vote");
    let (confirm, _) = broadsheet.subscribe("ada@example.org").await;
    let path = format!("/confirm/{confirm}");
    broadsheet.post(&path, "", &[("cookie", &first)]).await;
    let one = heat().await;
    assert!(one > 0.0);
    // A second browser of the same person, which got its cookie from the confirmation, adds nothing.
    let answer = broadsheet.post(&path, "", &[]).await;
    let second = answer.cookie("reader").expect("a cookie");
    broadsheet
        .post(
            "/fn/bookmark",
            &format!("paper={name}&bookmarked=true"),
            &[("cookie", &second)],
        )
        .await;
    assert_eq!(heat().await, one);
}
