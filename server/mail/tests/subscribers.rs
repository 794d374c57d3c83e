//! Subscribers: requesting, confirming, unsubscribing.

use domain::SubscriberState;
use jiff::{SignedDuration, Timestamp};
use mail::subscriptions::{ConfirmOutcome, SubscribeOutcome};
use store::{EmailTokens, Subscriber, SubscriptionRequest, tokens::Purpose};
use testing::{
    at,
    mailing::{MailTest, ReceivedEmail, address},
    now,
};

/// The steps of these tests.
trait Steps {
    async fn ask(&self, address: &str, when: Timestamp);
    async fn send_one(&self, when: Timestamp) -> ReceivedEmail;
    async fn confirm_all(&self, token: &[u8; 32], when: Timestamp) -> ConfirmOutcome;
    async fn subscriber_of(&self, unsubscribe: &[u8; 32]) -> Subscriber;
}

impl Steps for MailTest {
    /// Requests the front page on working days.
    async fn ask(&self, email: &str, when: Timestamp) {
        self.mail
            .subscribe(
                &address(email),
                &SubscriptionRequest::usual("Europe/Paris"),
                false,
                when,
            )
            .await
            .expect("accepted");
    }

    /// The only email that is due.
    async fn send_one(&self, when: Timestamp) -> ReceivedEmail {
        let mut emails = self.deliver(when).await;
        assert_eq!(emails.len(), 1);
        emails.remove(0)
    }

    async fn confirm_all(&self, token: &[u8; 32], when: Timestamp) -> ConfirmOutcome {
        self.confirm(token, None, when).await
    }

    async fn subscriber_of(&self, unsubscribe: &[u8; 32]) -> Subscriber {
        self.mail
            .store
            .subscriber_by_unsubscribe(unsubscribe)
            .await
            .expect("answer")
            .expect("a subscriber")
    }
}

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

#[tokio::test]
async fn an_address_is_subscribed_when_it_is_confirmed_and_not_before() {
    let test = MailTest::with(&[]).await;
    test.ask("Ada@Example.org", now()).await;
    let email = test.send_one(now()).await;
    let (confirm, leave) = (email.token("confirm"), email.token("unsubscribe"));
    assert_eq!(
        test.mail
            .store
            .subscriber_by_confirm(&confirm)
            .await
            .expect("answer")
            .expect("a subscriber")
            .state,
        SubscriberState::Pending,
        "reading changes nothing"
    );
    assert_eq!(test.subscriber_of(&leave).await.due_at, None);
    let ConfirmOutcome::Confirmed(subscriber) = test.confirm_all(&confirm, later(5)).await else {
        panic!("not confirmed")
    };
    assert_eq!(
        (
            subscriber.email.as_str(),
            subscriber.zone.as_str(),
            subscriber.is_active()
        ),
        ("Ada@example.org", "Europe/Paris", true)
    );
    assert_eq!(
        subscriber.due_at,
        Some(later(5).as_second()),
        "08:00 in Paris has passed today, so at once"
    );
    assert!(matches!(
        test.confirm_all(&confirm, later(6)).await,
        ConfirmOutcome::AlreadyConfirmed(_)
    ));
    // Years later the link still answers that it was used, and changes nothing.
    assert!(matches!(
        test.confirm_all(&confirm, at("2028-01-01T00:00:00Z")).await,
        ConfirmOutcome::AlreadyConfirmed(_)
    ));
    assert_eq!(test.subscriber_of(&leave).await.due_at, subscriber.due_at);
}

#[tokio::test]
async fn an_unknown_link_and_an_expired_link_confirm_nothing() {
    let test = MailTest::with(&[]).await;
    test.ask("ada@example.org", now()).await;
    let email = test.send_one(now()).await;
    let (confirm, week) = (email.token("confirm"), SignedDuration::from_hours(7 * 24));
    assert_eq!(test.confirm_all(&[7; 32], now()).await, ConfirmOutcome::Unknown);
    assert_eq!(
        test.confirm_all(&email.token("unsubscribe"), now()).await,
        ConfirmOutcome::Unknown,
        "the other link of the email"
    );
    assert_eq!(
        test.confirm_all(&confirm, now() + week + SignedDuration::from_secs(1))
            .await,
        ConfirmOutcome::Expired
    );
    assert!(matches!(
        test.confirm_all(&confirm, now() + week).await,
        ConfirmOutcome::Confirmed(_)
    ));
}

#[tokio::test]
async fn a_second_request_sends_an_email_only_after_ten_minutes() {
    let test = MailTest::with(&[]).await;
    for (minute, address, sent) in [
        (0, "ada@example.org", 1),
        (1, "ADA@example.org", 0),
        (9, "ada@example.org", 0),
        (10, "ada@example.org", 1),
        (11, "ada@example.org", 0),
        (11, "emmy@example.org", 1),
    ] {
        test.ask(address, later(minute)).await;
        assert_eq!(
            test.deliver(later(minute)).await.len(),
            sent,
            "{address} at minute {minute}"
        );
    }
    assert_eq!(test.library.number("select count(*) from subscribers").await, 2);
}

#[tokio::test]
async fn an_active_subscriber_who_makes_the_same_request_gets_no_email_and_stays_active() {
    let test = MailTest::with(&[]).await;
    test.ask("ada@example.org", now()).await;
    let email = test.send_one(now()).await;
    test.confirm_all(&email.token("confirm"), now()).await;
    test.ask("ada@example.org", later(60)).await;
    assert_eq!(test.deliver(later(60)).await.len(), 0);
    assert!(test.subscriber_of(&email.token("unsubscribe")).await.is_active());
}

#[tokio::test]
async fn unsubscribing_is_idempotent_and_ends_the_confirmation_link() {
    let test = MailTest::with(&[]).await;
    test.ask("ada@example.org", now()).await;
    let email = test.send_one(now()).await;
    let (confirm, leave) = (email.token("confirm"), email.token("unsubscribe"));
    test.confirm_all(&confirm, now()).await;
    for _ in 0..2 {
        let left = test.unsubscribe(&leave, now()).await.expect("a subscriber");
        assert_eq!((left.state, left.due_at), (SubscriberState::Stopped, None));
    }
    assert_eq!(
        test.confirm_all(&confirm, later(1)).await,
        ConfirmOutcome::Unknown
    );
    assert_eq!(test.unsubscribe(&confirm, now()).await, None);
    // A new request renews the subscription of the same person. The old unsubscribe link keeps working.
    test.ask("ada@example.org", later(11)).await;
    let email = test.send_one(later(11)).await;
    assert!(matches!(
        test.confirm_all(&email.token("confirm"), later(12)).await,
        ConfirmOutcome::Confirmed(_)
    ));
    assert!(test.unsubscribe(&leave, now()).await.is_some());
    assert_eq!(test.library.number("select count(*) from subscribers").await, 1);
}

#[tokio::test]
async fn an_unconfirmed_address_can_unsubscribe() {
    let test = MailTest::with(&[]).await;
    test.ask("ada@example.org", now()).await;
    let email = test.send_one(now()).await;
    let (confirm, leave) = (email.token("confirm"), email.token("unsubscribe"));
    assert!(test.unsubscribe(&leave, now()).await.is_some());
    assert_eq!(
        test.confirm_all(&confirm, later(1)).await,
        ConfirmOutcome::Unknown
    );
}

#[tokio::test]
async fn the_link_of_an_earlier_email_still_confirms_after_a_second_request() {
    let test = MailTest::with(&[]).await;
    test.ask("ada@example.org", now()).await;
    let first = test.send_one(now()).await.token("confirm");
    test.ask("ada@example.org", later(15)).await;
    let email = test.send_one(later(15)).await;
    let second = email.token("confirm");
    assert!(
        matches!(
            test.confirm_all(&first, later(16)).await,
            ConfirmOutcome::Confirmed(_)
        ),
        "the first email may be the one that is opened"
    );
    assert!(matches!(
        test.confirm_all(&second, later(17)).await,
        ConfirmOutcome::AlreadyConfirmed(_)
    ));
    assert!(
        test.unsubscribe(&email.token("unsubscribe"), now())
            .await
            .is_some()
    );
}

#[tokio::test]
async fn an_unknown_zone_becomes_utc() {
    let test = MailTest::with(&[]).await;
    test.mail
        .subscribe(
            &"ada@example.org".parse().expect("address"),
            &SubscriptionRequest::usual("Mars/Olympus\r\nX: y"),
            false,
            now(),
        )
        .await
        .expect("accepted");
    assert_eq!(
        test.library
            .number("select count(*) from subscribers where zone = 'UTC'")
            .await,
        1
    );
}

#[tokio::test]
async fn no_token_is_stored_in_the_database() {
    let test = MailTest::with(&[]).await;
    test.ask("ada@example.org", now()).await;
    let email = test.send_one(now()).await;
    let token = email
        .text
        .split("/confirm/")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next())
        .expect("a link")
        .to_owned();
    test.library.store.close().await;
    let file = std::fs::read(&test.library.path).expect("the file");
    assert!(!file.windows(token.len()).any(|part| part == token.as_bytes()));
}

#[tokio::test]
async fn an_email_queued_before_the_keys_were_derived_keeps_its_links() {
    let test = MailTest::with(&[]).await;
    let (secret, nonce) = (&test.mail.secret, [7; 16]);
    let old = |purpose| secret.old_token(purpose, &nonce).hash();
    let tokens = EmailTokens {
        nonce,
        confirm: old(Purpose::Confirm),
        unsubscribe: old(Purpose::Unsubscribe),
        preferences: old(Purpose::Preferences),
    };
    let request = SubscriptionRequest::usual("UTC");
    test.mail
        .request_with_tokens(&address("ada@example.org"), &request, &tokens, now())
        .await
        .expect("requested");
    let email = test.send_one(now()).await;
    assert_eq!(email.token("confirm"), tokens.confirm);
    assert!(matches!(
        test.confirm_all(&tokens.confirm, now()).await,
        ConfirmOutcome::Confirmed(_)
    ));
    // A new email has tokens of the derived keys.
    test.ask("emmy@example.org", now()).await;
    let new = test.send_one(now()).await.token("confirm");
    let nonces = test
        .library
        .number("select count(distinct nonce) from deliveries")
        .await;
    assert_eq!(nonces, 2);
    assert_ne!(new, tokens.confirm);
}

#[tokio::test]
async fn an_address_suppressed_by_an_earlier_release_stays_suppressed() {
    let test = MailTest::with(&[]).await;
    let old = test
        .mail
        .secret
        .old_token(Purpose::Address, b"ada@example.org")
        .hash();
    let mut beside = test.library.beside().await;
    sqlx::query("insert into suppressions (address_hash, reason, words, at) values ($1, 'bounced', 'no such user', 0)")
        .bind(old.as_slice())
        .execute(&mut beside)
        .await
        .expect("suppressed");
    assert!(matches!(
        test.request("ada@example.org", "", now()).await,
        SubscribeOutcome::Suppressed(_)
    ));
}
