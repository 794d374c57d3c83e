//! The preferences of a subscriber, over HTTP.

mod common;

use axum::http::StatusCode;
use common::{Broadsheet, noon};
use ingest::ranking;
use jiff::SignedDuration;

/// Subscribes, confirms, and answers the preferences token of the first digest.
async fn preferences_of_a_subscriber(broadsheet: &Broadsheet) -> String {
    let (confirm, _) = broadsheet.subscribe("ada@example.org").await;
    broadsheet.post(&format!("/confirm/{confirm}"), "", &[]).await;
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
    common::token(&broadsheet.last_email(), "/preferences/")
}

async fn subscriber(broadsheet: &Broadsheet, token: &str) -> store::Subscriber {
    let token = store::tokens::Token::read(token).expect("a token");
    broadsheet
        .state
        .store
        .subscriber_by_preferences(&token.hash())
        .await
        .expect("an answer")
        .expect("a subscriber")
}

/// Saves a new paper, so that there is news.
async fn save_news(broadsheet: &Broadsheet) {
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
    broadsheet
        .state
        .store
        .save_papers(&[news], noon())
        .await
        .expect("saved");
    ranking::rank(&broadsheet.state.store, noon())
        .await
        .expect("a rank run");
}

#[tokio::test]
async fn days_hour_zone_and_length_are_changed_by_a_link_in_the_email() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let token = preferences_of_a_subscriber(&broadsheet).await;
    let path = format!("/preferences/{token}");
    let before = subscriber(&broadsheet, &token).await;
    let page = broadsheet.get(&path).await;
    page.assert_says("ada@example.org");
    page.assert_says("at 08:00, Monday to Friday (Paris time)");
    assert_eq!(
        subscriber(&broadsheet, &token).await,
        before,
        "opening changes nothing"
    );
    let saved = broadsheet
        .post(
            &path,
            "day=Wednesday&day=Sunday&hour=18&zone=America/New_York&papers=5&pause=&do=save",
            &[],
        )
        .await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
    saved.assert_says("at 18:00, on Wed, Sun (New York time)");
    let after = subscriber(&broadsheet, &token).await;
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
async fn an_invalid_form_is_answered_with_the_reason_and_changes_nothing() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let token = preferences_of_a_subscriber(&broadsheet).await;
    let before = subscriber(&broadsheet, &token).await;
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
        ("", "arrived incomplete"),
    ] {
        let answer = broadsheet.post(&format!("/preferences/{token}"), form, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        answer.assert_says(words);
        assert_eq!(subscriber(&broadsheet, &token).await, before, "{form}");
    }
    let foreign = broadsheet
        .post(
            &format!("/preferences/{token}"),
            "do=delete",
            &[("origin", "https://evil.example")],
        )
        .await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    for path in ["/preferences/nonsense", "/preferences/nonsense/data.json"] {
        assert_eq!(broadsheet.get(path).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_pause_sends_nothing_until_its_day() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let token = preferences_of_a_subscriber(&broadsheet).await;
    let path = format!("/preferences/{token}");
    broadsheet
        .post(&path, "day=Monday&day=Tuesday&day=Wednesday&day=Thursday&day=Friday&hour=8&zone=UTC&papers=10&pause=2026-12-02&do=save", &[])
        .await;
    let paused = subscriber(&broadsheet, &token).await;
    assert_eq!(
        paused.due_at,
        Some(
            "2026-12-02T08:00:00Z"
                .parse::<jiff::Timestamp>()
                .expect("a moment")
                .as_second()
        )
    );
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
async fn stored_data_can_be_downloaded_and_deleted() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let token = preferences_of_a_subscriber(&broadsheet).await;
    let path = format!("/preferences/{token}");
    let data = broadsheet.get(&format!("{path}/data.json")).await;
    let stored: serde_json::Value = serde_json::from_str(&data.body).expect("json");
    assert_eq!(stored["email"], "ada@example.org");
    assert_eq!(stored["emails"].as_array().map(Vec::len), Some(2));
    assert_eq!(stored["emails"][1]["papers"].as_array().map(Vec::len), Some(10));
    // Unsubscribing and coming back.
    broadsheet
        .post(&path, "do=stop", &[])
        .await
        .assert_says("unsubscribed");
    assert_eq!(subscriber(&broadsheet, &token).await.state.code(), "stopped");
    // Saving does not resubscribe; a button of its own does.
    for (action, state) in [("save", "stopped"), ("resume", "active")] {
        broadsheet
            .post(
                &path,
                &format!("day=Monday&hour=8&zone=UTC&papers=10&do={action}"),
                &[],
            )
            .await;
        assert_eq!(subscriber(&broadsheet, &token).await.state.code(), state);
    }
    let gone = broadsheet.post(&path, "do=delete", &[]).await;
    gone.assert_says("are gone");
    assert_eq!(broadsheet.get(&path).await.status, StatusCode::NOT_FOUND);
    broadsheet.clock.advance(SignedDuration::from_hours(24 * 7));
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
async fn a_digest_less_than_six_hours_late_is_sent_and_a_later_one_is_part_of_the_next() {
    for (late, queued) in [(5, 1), (7, 0)] {
        let broadsheet = Broadsheet::with_the_sample().await;
        let token = preferences_of_a_subscriber(&broadsheet).await;
        let id = subscriber(&broadsheet, &token).await.id;
        let due = subscriber(&broadsheet, &token).await.due_at.expect("due");
        save_news(&broadsheet).await;
        let up_again = jiff::Timestamp::from_second(due + late * 3_600).expect("a moment");
        assert_eq!(
            broadsheet.state.mail.queue_due(up_again).await.expect("queued"),
            queued,
            "{late} h late"
        );
        let next = subscriber(&broadsheet, &token).await.due_at.expect("due");
        assert_eq!((id > 0, next - due), (true, 86_400));
    }
}

#[tokio::test]
async fn a_digest_sent_after_midnight_belongs_to_the_day_on_which_it_was_due() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let token = preferences_of_a_subscriber(&broadsheet).await;
    let path = format!("/preferences/{token}");
    broadsheet
        .post(
            &path,
            "day=Tuesday&day=Wednesday&day=Thursday&hour=23&zone=UTC&papers=10&do=save",
            &[],
        )
        .await;
    // The digest of today was sent; the next one is due tomorrow.
    let due = subscriber(&broadsheet, &token).await.due_at.expect("due");
    assert_eq!(
        due,
        "2026-11-25T23:00:00Z"
            .parse::<jiff::Timestamp>()
            .expect("a moment")
            .as_second()
    );
    save_news(&broadsheet).await;
    let late = jiff::Timestamp::from_second(due + 2 * 3_600).expect("a moment");
    assert_eq!(broadsheet.state.mail.queue_due(late).await.expect("queued"), 1);
    let emails = broadsheet
        .state
        .store
        .emails_of(subscriber(&broadsheet, &token).await.id)
        .await
        .expect("emails");
    assert_eq!(emails.last().expect("a email").period, "2026-11-25");
    assert_eq!(subscriber(&broadsheet, &token).await.due_at, Some(due + 86_400));
}
