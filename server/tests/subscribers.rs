//! Asking for the daily mail, confirming it and ending it, over HTTP.

mod common;

use axum::http::{Method, StatusCode, header};
use common::{House, noon, request};
use ingest::ranking;
use jiff::SignedDuration;

async fn state_of(house: &House, unsubscribe: &str) -> String {
    let token = store::tokens::Token::read(unsubscribe).expect("a token");
    house
        .state
        .store
        .subscriber_by_unsubscribe(&token.hash())
        .await
        .expect("an answer")
        .expect("a subscriber")
        .state
}

#[tokio::test]
async fn a_subscription_is_asked_for_confirmed_used_and_ended() {
    let house = House::with_the_sample().await;
    let asked = house
        .post("/fn/subscribe", "email=ada@example.org&zone=Europe/Paris", &[])
        .await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    assert_eq!(asked.location(), "/subscribe?sent");
    assert!(asked.header(header::SET_COOKIE).starts_with("banner=off;"));
    house.get("/subscribe?sent").await.assert_says("Check your inbox");
    assert_eq!(house.deliver().await, 1);
    let letter = house.last_letter();
    let confirm = common::token(&letter, "/confirm/");
    let unsubscribe = common::token(&letter, "/unsubscribe/");

    // Opening the link, as a scanner of mail does, changes nothing.
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let page = house
            .ask(request(method, &format!("/confirm/{confirm}"), &[], ""))
            .await;
        assert_eq!(page.status, StatusCode::OK);
    }
    assert_eq!(state_of(&house, &unsubscribe).await, "pending");
    let page = house.get(&format!("/confirm/{confirm}")).await;
    page.assert_says("ada@example.org");
    page.assert_says(&format!(r#"action="/confirm/{confirm}""#));
    page.assert_safe();

    let done = house.post(&format!("/confirm/{confirm}"), "", &[]).await;
    assert_eq!(done.status, StatusCode::OK);
    done.assert_says("You are subscribed");
    done.assert_safe();
    assert_eq!(state_of(&house, &unsubscribe).await, "active");
    let twice = house.post(&format!("/confirm/{confirm}"), "", &[]).await;
    assert_eq!(twice.status, StatusCode::OK);
    twice.assert_says("Already confirmed");

    assert_eq!(
        house
            .state
            .mail
            .queue_due(house.clock.now())
            .await
            .expect("queued"),
        1
    );
    assert_eq!(house.deliver().await, 1);
    let digest = house.last_letter();
    assert!(digest.contains("List-Unsubscribe-MailService: List-Unsubscribe=One-Click"));
    let from_digest = common::token(&digest, "/unsubscribe/");

    // Looking does not end it; one click does, without cookie and origin, as often as it likes.
    let look = house.get(&format!("/unsubscribe/{from_digest}")).await;
    look.assert_says("Stop the mail?");
    look.assert_safe();
    assert_eq!(state_of(&house, &unsubscribe).await, "active");
    for _ in 0..3 {
        let answer = house
            .post(
                &format!("/unsubscribe/{from_digest}"),
                "List-Unsubscribe=One-Click",
                &[("origin", ""), ("accept", ""), ("host", "")],
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.assert_says("The mail has stopped");
        answer.assert_safe();
        assert_eq!(state_of(&house, &unsubscribe).await, "stopped");
    }
    // The old link does not turn it on again.
    let again = house.post(&format!("/confirm/{confirm}"), "", &[]).await;
    again.assert_says("This link does not work");
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert_eq!(state_of(&house, &unsubscribe).await, "stopped");
    house.clock.advance(SignedDuration::from_hours(48));
    assert_eq!(
        house
            .state
            .mail
            .queue_due(house.clock.now())
            .await
            .expect("queued"),
        0
    );
}

#[tokio::test]
async fn the_answer_does_not_tell_whether_an_address_is_known() {
    let house = House::with_the_sample().await;
    let (confirm, _) = house.subscribe("ada@example.org").await;
    house.post(&format!("/confirm/{confirm}"), "", &[]).await;
    let stranger = house.post("/fn/subscribe", "email=emmy@example.org", &[]).await;
    let known = house.post("/fn/subscribe", "email=ADA@example.org", &[]).await;
    let asked_again = house.post("/fn/subscribe", "email=emmy@example.org", &[]).await;
    for answer in [&known, &asked_again] {
        assert_eq!(answer.status, stranger.status);
        assert_eq!(answer.location(), stranger.location());
        assert_eq!(answer.body, stranger.body);
        assert_eq!(
            answer.header(header::SET_COOKIE),
            stranger.header(header::SET_COOKIE)
        );
    }
    assert_eq!(house.deliver().await, 1, "one letter: to the stranger, once");
}

#[tokio::test]
async fn an_address_that_is_none_is_given_back_with_what_is_wrong() {
    let house = House::with_the_sample().await;
    for (network, (email, words)) in [
        ("", "Enter your email address."),
        ("ada", "needs exactly one “@”"),
        (
            "ada@example.org%0D%0ABcc:everyone@example.org",
            "cannot contain spaces or line breaks",
        ),
        (
            "ada@example.org%0A",
            "cannot contain spaces or line breaks",
        ),
        (
            "ada%00@example.org",
            "cannot contain spaces or line breaks",
        ),
        ("%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "needs exactly one “@”"),
        ("%ff%fe@example.org", "is not valid"),
    ]
    .into_iter()
    .enumerate()
    {
        let from = format!("203.0.113.{network}");
        let from = [("x-forwarded-for", from.as_str())];
        let page = house
            .post("/fn/subscribe", &format!("email={email}"), &from)
            .await;
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{email}: {}",
            page.body
        );
        page.assert_says(words);
        page.assert_says(r#"aria-invalid="true""#);
        assert!(!page.says("<script>alert"), "{email}");
        page.assert_safe();
        assert!(page.header(header::SET_COOKIE).is_empty(), "the banner stays");
        let script = house
            .post_as_script("/fn/subscribe", &format!("email={email}"), &from)
            .await;
        script.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, words);
    }
    assert_eq!(house.deliver().await, 0);
}

#[tokio::test]
async fn a_form_without_an_address_is_answered_in_words() {
    let house = House::with_the_sample().await;
    for body in [
        "",
        "zone=UTC",
        "email[a]=b",
        "email=a@example.org&email=b@example.org",
    ] {
        let page = house.post("/fn/subscribe", body, &[]).await;
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{body}: {}",
            page.body
        );
        page.assert_says("The form was not understood");
        page.assert_safe();
    }
}

#[tokio::test]
async fn a_zone_that_is_none_is_read_as_utc() {
    let house = House::with_the_sample().await;
    house
        .post(
            "/fn/subscribe",
            "email=ada@example.org&zone=../../etc/passwd%0d%0a",
            &[],
        )
        .await;
    assert_eq!(house.deliver().await, 1);
    let confirm = common::token(&house.last_letter(), "/confirm/");
    house
        .get(&format!("/confirm/{confirm}"))
        .await
        .assert_says("at 08:00, Monday to Friday (UTC)");
}

#[tokio::test]
async fn a_link_that_is_old_or_none_says_so_and_changes_nothing() {
    let house = House::with_the_sample().await;
    let (confirm, unsubscribe) = house.subscribe("ada@example.org").await;
    let nobody = "A".repeat(43);
    for token in [
        nobody.as_str(),
        &confirm[1..],
        &unsubscribe,
        "x",
        "%00",
        "%ff",
        &"A".repeat(5_000),
        "a%0d%0aSet-Cookie:x=y",
    ] {
        for method in [Method::GET, Method::POST] {
            let answer = house
                .ask(request(method, &format!("/confirm/{token}"), &[], ""))
                .await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{token}: {}", answer.body);
            answer.assert_says("This link does not work");
            answer.assert_safe();
        }
    }
    for token in [nobody.as_str(), confirm.as_str(), "%ff", "x"] {
        for method in [Method::GET, Method::POST] {
            let answer = house
                .ask(request(method, &format!("/unsubscribe/{token}"), &[], ""))
                .await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{token}");
            answer.assert_says("This link does not work");
        }
    }
    assert_eq!(state_of(&house, &unsubscribe).await, "pending");
    house.clock.advance(SignedDuration::from_hours(7 * 24 + 1));
    for method in [Method::GET, Method::POST] {
        let answer = house
            .ask(request(method, &format!("/confirm/{confirm}"), &[], ""))
            .await;
        assert_eq!(answer.status, StatusCode::GONE);
        answer.assert_says("This link is too old");
    }
    assert_eq!(state_of(&house, &unsubscribe).await, "pending");
}

#[tokio::test]
async fn another_site_cannot_confirm_or_subscribe() {
    let house = House::with_the_sample().await;
    let (confirm, unsubscribe) = house.subscribe("ada@example.org").await;
    let evil = [("origin", "https://evil.example")];
    for (path, body) in [
        (format!("/confirm/{confirm}"), ""),
        ("/fn/subscribe".to_owned(), "email=emmy@example.org"),
        ("/fn/dismiss_banner".to_owned(), ""),
    ] {
        let answer = house.post(&path, body, &evil).await;
        answer.assert_error(StatusCode::FORBIDDEN, "nothing was changed");
        assert!(answer.header(header::SET_COOKIE).is_empty());
    }
    assert_eq!(state_of(&house, &unsubscribe).await, "pending");
    assert_eq!(house.deliver().await, 0);
}

#[tokio::test]
async fn the_banner_closes_for_good() {
    let house = House::with_the_sample().await;
    house
        .get("/")
        .await
        .assert_says("Get trending papers in your email inbox once a day!");
    let closed = house
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
        !house
            .get_with("/", &[("cookie", &cookie)])
            .await
            .says("class=\"banner\"")
    );
}

#[tokio::test]
async fn whoever_floods_is_told_to_wait_and_may_still_unsubscribe() {
    let house = House::with_the_sample().await;
    let (confirm, unsubscribe) = house.subscribe("ada@example.org").await;
    house.post(&format!("/confirm/{confirm}"), "", &[]).await;
    let mut refused = None;
    for n in 0..30 {
        let answer = house
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
        "Nothing was changed; please try again in",
    );
    let wait: u64 = answer.header(header::RETRY_AFTER).parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    answer.assert_safe();
    house
        .post_as_script("/fn/subscribe", "email=z@example.org", &[])
        .await
        .assert_problem(StatusCode::TOO_MANY_REQUESTS, "That was a lot at once.");
    // Behind a proxy on this machine, another reader is another network; what the flooder claims in front does not count.
    let neighbour = house
        .post(
            "/fn/subscribe",
            "email=neighbour@example.org",
            &[("x-forwarded-for", "127.0.0.1, 203.0.113.9")],
        )
        .await;
    assert_eq!(neighbour.status, StatusCode::SEE_OTHER);
    let spoofed = house
        .post(
            "/fn/subscribe",
            "email=z@example.org",
            &[("x-forwarded-for", "203.0.113.77, 127.0.0.1")],
        )
        .await;
    assert_eq!(spoofed.status, StatusCode::TOO_MANY_REQUESTS);
    // Reading goes on, and so does leaving.
    assert_eq!(house.get("/").await.status, StatusCode::OK);
    for _ in 0..80 {
        let gone = house
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
    let house = House::with_the_sample().await;
    let page = house.get("/subscribe").await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_says("The next mail");
    let first = &house.get("/").await.cards()[0];
    page.assert_says(&format!("/papers/{first}"));
    assert!(house.state.mail.preview(noon()).await.expect("a preview").len() == 1);
}

#[tokio::test]
async fn the_bookmarks_of_one_who_confirmed_count_in_heat_as_one_voice() {
    let house = House::with_the_sample().await;
    let name = house.get("/").await.cards().remove(0);
    let heat = async || {
        ranking::rank(&house.state.store, house.clock.now())
            .await
            .expect("a rank run");
        let key = name.parse().expect("a name");
        let page = house
            .state
            .store
            .paper(&key, None)
            .await
            .expect("read")
            .expect("there");
        page.card.heat.map_or(0.0, |report| report.heat.local)
    };
    let first = house.reader_with(&name).await;
    assert_eq!(heat().await, 0.0, "a stranger has no voice");
    let (confirm, _) = house.subscribe("ada@example.org").await;
    let path = format!("/confirm/{confirm}");
    house.post(&path, "", &[("cookie", &first)]).await;
    let one = heat().await;
    assert!(one > 0.0);
    // A second browser of the same person, which got its cookie from the button, adds nothing.
    let answer = house.post(&path, "", &[]).await;
    let second = answer.cookie("reader").expect("a cookie");
    house
        .post(
            "/fn/bookmark",
            &format!("paper={name}&bookmarked=true"),
            &[("cookie", &second)],
        )
        .await;
    assert_eq!(heat().await, one);
}

/// Subscribes, confirms, and answers the preferences token of the first mail.
async fn preferring(house: &House) -> String {
    let (confirm, _) = house.subscribe("ada@example.org").await;
    house.post(&format!("/confirm/{confirm}"), "", &[]).await;
    assert_eq!(
        house
            .state
            .mail
            .queue_due(house.clock.now())
            .await
            .expect("queued"),
        1
    );
    assert_eq!(house.deliver().await, 1);
    common::token(&house.last_letter(), "/preferences/")
}

async fn subscriber(house: &House, token: &str) -> store::Subscriber {
    let token = store::tokens::Token::read(token).expect("a token");
    house
        .state
        .store
        .subscriber_by_preferences(&token.hash())
        .await
        .expect("an answer")
        .expect("a subscriber")
}

/// Something new, so that there is news at all.
async fn something_new(house: &House) {
    let news = domain::Paper {
        source: domain::paper::Source::HuggingFace,
        arxiv_id: "2611.00001".parse().ok(),
        title: "News".to_owned(),
        hf_submitted_at: Some(noon()),
        upvotes: Some(domain::paper::CounterReading {
            at: noon(),
            total: 50,
        }),
        published: "2026-11-24".parse().ok(),
        ..domain::Paper::default()
    };
    house
        .state
        .store
        .save_papers(&[news], noon())
        .await
        .expect("told");
    ranking::rank(&house.state.store, noon())
        .await
        .expect("a rank run");
}

#[tokio::test]
async fn days_hour_zone_and_number_are_changed_by_a_link_in_the_mail() {
    let house = House::with_the_sample().await;
    let token = preferring(&house).await;
    let path = format!("/preferences/{token}");
    let before = subscriber(&house, &token).await;
    let page = house.get(&path).await;
    page.assert_says("ada@example.org");
    page.assert_says("at 08:00, Monday to Friday (Paris time)");
    assert_eq!(
        subscriber(&house, &token).await,
        before,
        "opening changes nothing"
    );
    let saved = house
        .post(
            &path,
            "day=Wednesday&day=Sunday&hour=18&zone=America/New_York&papers=5&pause=&do=save",
            &[],
        )
        .await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
    saved.assert_says("at 18:00, on Wed, Sun (America/New_York)");
    let after = subscriber(&house, &token).await;
    // Wednesday the 25th, 18:00 in New York.
    assert_eq!(
        after.due_at,
        Some(
            "2026-11-25T23:00:00Z"
                .parse::<jiff::Timestamp>()
                .expect("a moment")
                .as_second()
        )
    );
    assert_eq!(after.papers, 5);
}

#[tokio::test]
async fn what_cannot_be_is_said_in_words_and_changes_nothing() {
    let house = House::with_the_sample().await;
    let token = preferring(&house).await;
    let before = subscriber(&house, &token).await;
    for (form, words) in [
        ("hour=8&zone=UTC&papers=10&do=save", "at least one day"),
        ("day=Monday&hour=25&zone=UTC&papers=10&do=save", "from 0 to 23"),
        (
            "day=Monday&hour=8&zone=Mars/Olympus&papers=10&do=save",
            "Mars/Olympus",
        ),
        ("day=Monday&hour=8&zone=UTC&papers=7&do=save", "5, 10 or 20"),
        (
            "day=Monday&hour=8&zone=UTC&papers=10&pause=soon&do=save",
            "2026-12-31",
        ),
        ("", "cut on its way"),
    ] {
        let answer = house.post(&format!("/preferences/{token}"), form, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        answer.assert_says(words);
        assert_eq!(subscriber(&house, &token).await, before, "{form}");
    }
    let foreign = house
        .post(
            &format!("/preferences/{token}"),
            "do=delete",
            &[("origin", "https://evil.example")],
        )
        .await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    for path in ["/preferences/nonsense", "/preferences/nonsense/data.json"] {
        assert_eq!(house.get(path).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_pause_sends_nothing_until_its_day_and_then_goes_on() {
    let house = House::with_the_sample().await;
    let token = preferring(&house).await;
    let path = format!("/preferences/{token}");
    house
        .post(&path, "day=Monday&day=Tuesday&day=Wednesday&day=Thursday&day=Friday&hour=8&zone=UTC&papers=10&pause=2026-12-02&do=save", &[])
        .await;
    let paused = subscriber(&house, &token).await;
    assert_eq!(
        paused.due_at,
        Some(
            "2026-12-02T08:00:00Z"
                .parse::<jiff::Timestamp>()
                .expect("a moment")
                .as_second()
        )
    );
    house.clock.advance(SignedDuration::from_hours(48));
    assert_eq!(
        house
            .state
            .mail
            .queue_due(house.clock.now())
            .await
            .expect("queued"),
        0
    );
}

#[tokio::test]
async fn what_is_stored_is_seen_taken_along_and_deleted_at_once() {
    let house = House::with_the_sample().await;
    let token = preferring(&house).await;
    let path = format!("/preferences/{token}");
    let data = house.get(&format!("{path}/data.json")).await;
    let stored: serde_json::Value = serde_json::from_str(&data.body).expect("json");
    assert_eq!(stored["email"], "ada@example.org");
    assert_eq!(stored["letters"].as_array().map(Vec::len), Some(2));
    assert_eq!(stored["letters"][1]["papers"].as_array().map(Vec::len), Some(10));
    // Out and in again.
    house
        .post(&path, "do=stop", &[])
        .await
        .assert_says("unsubscribed");
    assert_eq!(subscriber(&house, &token).await.state, "stopped");
    // Saving turns nothing on; a button of its own does.
    for (action, state) in [("save", "stopped"), ("resume", "active")] {
        house
            .post(
                &path,
                &format!("day=Monday&hour=8&zone=UTC&papers=10&do={action}"),
                &[],
            )
            .await;
        assert_eq!(subscriber(&house, &token).await.state, state);
    }
    let gone = house.post(&path, "do=delete", &[]).await;
    gone.assert_says("are gone");
    assert_eq!(house.get(&path).await.status, StatusCode::NOT_FOUND);
    house.clock.advance(SignedDuration::from_hours(24 * 7));
    assert_eq!(
        house
            .state
            .mail
            .queue_due(house.clock.now())
            .await
            .expect("queued"),
        0
    );
}

#[tokio::test]
async fn a_mail_missed_by_less_than_six_hours_is_sent_and_by_more_is_part_of_the_next() {
    for (late, queued) in [(5, 1), (7, 0)] {
        let house = House::with_the_sample().await;
        let token = preferring(&house).await;
        let id = subscriber(&house, &token).await.id;
        let due = subscriber(&house, &token).await.due_at.expect("due");
        something_new(&house).await;
        let up_again = jiff::Timestamp::from_second(due + late * 3_600).expect("a moment");
        assert_eq!(
            house.state.mail.queue_due(up_again).await.expect("queued"),
            queued,
            "{late} h late"
        );
        let next = subscriber(&house, &token).await.due_at.expect("due");
        assert_eq!((id > 0, next - due), (true, 86_400));
    }
}

#[tokio::test]
async fn a_mail_handed_over_after_midnight_is_of_the_day_it_was_due() {
    let house = House::with_the_sample().await;
    let token = preferring(&house).await;
    let path = format!("/preferences/{token}");
    house
        .post(
            &path,
            "day=Tuesday&day=Wednesday&day=Thursday&hour=23&zone=UTC&papers=10&do=save",
            &[],
        )
        .await;
    // Today has had its mail; the next is tomorrow's.
    let due = subscriber(&house, &token).await.due_at.expect("due");
    assert_eq!(
        due,
        "2026-11-25T23:00:00Z"
            .parse::<jiff::Timestamp>()
            .expect("a moment")
            .as_second()
    );
    something_new(&house).await;
    let late = jiff::Timestamp::from_second(due + 2 * 3_600).expect("a moment");
    assert_eq!(house.state.mail.queue_due(late).await.expect("queued"), 1);
    let letters = house
        .state
        .store
        .emails_of(subscriber(&house, &token).await.id)
        .await
        .expect("letters");
    assert_eq!(letters.last().expect("a letter").period, "2026-11-25");
    assert_eq!(subscriber(&house, &token).await.due_at, Some(due + 86_400));
}
