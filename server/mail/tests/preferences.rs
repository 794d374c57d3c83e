//! The rules of saving preferences and resuming a subscription, without HTTP.

use domain::{Days, DigestSchedule, listing_query::NamedListing};
use jiff::{SignedDuration, Timestamp, civil::Weekday};
use mail::subscriptions::{ChosenSearches, ConfirmOutcome, PreferencesChange, PreferencesOutcome};
use store::{Preferences, Subscriber};
use testing::{
    at,
    mailing::{MailTest, hot_papers, search},
    now,
    smtp::Next,
};

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

/// Every day at this hour UTC, ten papers, no pause, the searches unchanged.
fn every_day_at(hour: i8) -> PreferencesChange {
    PreferencesChange {
        preferences: Preferences {
            schedule: DigestSchedule {
                hour,
                days: Days::ALL,
                ..DigestSchedule::usual("UTC")
            },
            papers: 10,
            paused_until: None,
        },
        searches: None,
        resume: false,
    }
}

fn searches(queries: &[&str]) -> Vec<NamedListing> {
    queries
        .iter()
        .map(|query| NamedListing {
            view: search(query),
            name: None,
        })
        .collect()
}

/// A test with a subscriber of the front page who got the digest of the 24th at noon, and the token of their
/// preferences.
async fn with_subscriber() -> (MailTest, i64, [u8; 32]) {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = test.subscribe("ada@example.org", &[""], now()).await;
    let token = test.send(now()).await[0].token("preferences");
    (test, ada, token)
}

async fn save(test: &MailTest, token: &[u8; 32], change: &PreferencesChange, when: Timestamp) -> Subscriber {
    assert_eq!(
        test.mail
            .save_preferences(token, change, when)
            .await
            .expect("an answer"),
        PreferencesOutcome::Saved
    );
    subscriber(test, token).await
}

async fn subscriber(test: &MailTest, token: &[u8; 32]) -> Subscriber {
    test.mail
        .store
        .subscriber_by_preferences(token)
        .await
        .expect("an answer")
        .expect("a subscriber")
}

/// The row ids of the active searches, as the form shows them.
async fn shown(test: &MailTest, subscriber: i64) -> Vec<i64> {
    test.mail
        .store
        .active_searches_of(subscriber)
        .await
        .expect("searches")
        .iter()
        .map(|search| search.view_id)
        .collect()
}

#[tokio::test]
async fn a_search_confirmed_between_showing_and_saving_the_form_stays() {
    let (test, ada, token) = with_subscriber().await;
    let on_the_form = shown(&test, ada).await;
    // While the form is open, another search is confirmed.
    test.request("ada@example.org", "?q=diffusion", later(20)).await;
    let confirm = test.deliver(later(20)).await[0].token("confirm");
    assert!(matches!(
        test.confirm(&confirm, None, later(21)).await,
        ConfirmOutcome::Confirmed(_)
    ));
    let change = PreferencesChange {
        searches: Some(ChosenSearches {
            searches: searches(&["?category=cs.LG"]),
            shown: Some(on_the_form),
        }),
        ..every_day_at(8)
    };
    save(&test, &token, &change, later(22)).await;
    assert_eq!(
        test.labels_of(ada).await,
        ["Trending this week in cs.LG", "Results for “diffusion”"],
        "the front page is replaced; the new search stays, after the replacement"
    );
}

#[tokio::test]
async fn a_search_that_waits_for_confirmation_is_not_removed_by_saving() {
    let (test, ada, token) = with_subscriber().await;
    test.request("ada@example.org", "?q=diffusion", later(1)).await;
    for shown in [Some(shown(&test, ada).await), None] {
        let change = PreferencesChange {
            searches: Some(ChosenSearches {
                searches: searches(&["?category=cs.LG"]),
                shown,
            }),
            ..every_day_at(8)
        };
        save(&test, &token, &change, later(2)).await;
        let pending = test.mail.store.pending_searches_of(ada).await.expect("searches");
        assert_eq!(pending.len(), 1);
    }
}

#[tokio::test]
async fn a_form_that_does_not_say_what_it_showed_replaces_all_searches() {
    let (test, ada, token) = with_subscriber().await;
    let change = PreferencesChange {
        searches: Some(ChosenSearches {
            searches: searches(&["?q=two", "?q=one"]),
            shown: None,
        }),
        ..every_day_at(8)
    };
    save(&test, &token, &change, later(1)).await;
    assert_eq!(
        test.labels_of(ada).await,
        ["Results for “two”", "Results for “one”"]
    );
    // Without searches in the form they stay.
    save(&test, &token, &every_day_at(9), later(2)).await;
    assert_eq!(test.labels_of(ada).await.len(), 2);
}

#[tokio::test]
async fn a_day_that_has_had_its_digest_does_not_get_a_second_one() {
    let (test, _, token) = with_subscriber().await;
    // It is noon, and the digest of the 24th was sent. 18:00 of the 24th is skipped.
    let saved = save(&test, &token, &every_day_at(18), later(1)).await;
    assert_eq!(saved.due_at, Some(at("2026-11-25T18:00:00Z").as_second()));
}

#[tokio::test]
async fn a_digest_that_is_due_now_is_still_sent_after_saving() {
    let (test, _, token) = with_subscriber().await;
    // The digest of the 25th is due, but not queued yet.
    let just_due = at("2026-11-25T08:00:10Z");
    let saved = save(&test, &token, &every_day_at(20), just_due).await;
    assert_eq!(saved.due_at, Some(at("2026-11-25T08:00:00Z").as_second()));
    // On a day that is not in the new schedule it is not sent.
    let mut sundays = every_day_at(20);
    sundays.preferences.schedule.days = Days::of([Weekday::Sunday]).expect("a day");
    let saved = save(&test, &token, &sundays, just_due).await;
    assert_eq!(saved.due_at, Some(at("2026-11-29T20:00:00Z").as_second()));
}

#[tokio::test]
async fn a_pause_moves_the_next_digest_to_its_end() {
    let (test, _, token) = with_subscriber().await;
    let mut paused = every_day_at(0);
    paused.preferences.paused_until = Some(at("2026-12-02T00:00:00Z").as_second());
    let saved = save(&test, &token, &paused, later(1)).await;
    assert_eq!(saved.due_at, Some(at("2026-12-02T00:00:00Z").as_second()));
}

#[tokio::test]
async fn saving_does_not_resume_a_subscription_and_resuming_does() {
    let (test, _, token) = with_subscriber().await;
    test.mail
        .unsubscribe_by_preferences(&token, later(1))
        .await
        .expect("an answer");
    let saved = save(&test, &token, &every_day_at(9), later(2)).await;
    assert_eq!((saved.is_active(), saved.due_at, saved.hour), (false, None, 9));
    let resume = PreferencesChange {
        resume: true,
        ..every_day_at(9)
    };
    let resumed = save(&test, &token, &resume, later(3)).await;
    assert_eq!(
        (resumed.is_active(), resumed.due_at),
        (true, Some(at("2026-11-25T09:00:00Z").as_second()))
    );
}

#[tokio::test]
async fn resuming_lifts_the_suppression_of_the_address() {
    let (test, ada, token) = with_subscriber().await;
    test.library
        .save_papers(&hot_papers(1, "cs.LG", 300, "2026-11-25"))
        .await;
    let eight = at("2026-11-25T08:00:00Z");
    ingest::ranking::rank(&test.library.store, eight)
        .await
        .expect("ranked");
    test.server
        .then(&[Next::RefuseRecipientWith(550, "5.1.1 no such user")]);
    assert_eq!(test.send(eight).await.len(), 0);
    let stopped = subscriber(&test, &token).await;
    assert_eq!((stopped.id, stopped.is_active()), (ada, false));
    let suppression = async || test.mail.suppression_of(&stopped).await.expect("an answer");
    assert!(suppression().await.is_some());
    // Saving alone does not lift it.
    save(&test, &token, &every_day_at(9), eight).await;
    assert!(suppression().await.is_some());
    let resume = PreferencesChange {
        resume: true,
        ..every_day_at(9)
    };
    save(&test, &token, &resume, eight).await;
    assert!(suppression().await.is_none());
}

#[tokio::test]
async fn nothing_is_saved_for_an_unknown_link_or_an_unconfirmed_address() {
    let (test, _, token) = with_subscriber().await;
    let before = subscriber(&test, &token).await;
    assert_eq!(
        test.mail
            .save_preferences(&[7; 32], &every_day_at(9), later(1))
            .await
            .expect("an answer"),
        PreferencesOutcome::Unknown
    );
    assert_eq!(subscriber(&test, &token).await, before);
    // A subscriber who unsubscribed and subscribes again is pending.
    test.mail
        .unsubscribe_by_preferences(&token, later(2))
        .await
        .expect("an answer");
    test.request("ada@example.org", "", later(20)).await;
    let before = subscriber(&test, &token).await;
    assert_eq!(
        test.mail
            .save_preferences(&token, &every_day_at(9), later(21))
            .await
            .expect("an answer"),
        PreferencesOutcome::Unconfirmed
    );
    assert_eq!(subscriber(&test, &token).await, before);
}
