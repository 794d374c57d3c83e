//! Subscribers: asking, confirming, leaving.

use std::sync::{Arc, Mutex};

use domain::EmailAddress;
use jiff::{SignedDuration, Timestamp};
use mail::digest::{MailService, Step, first_due};
use mail::transport::{Mailer, Outbox};
use mail_parser::MessageParser;
use store::tokens::{Secret, Token};
use store::{Confirmed, Subscriber, SubscriptionRequest};
use testing::{Library, at, now};

const SITE: &str = "https://news.example.org";

struct Office {
    library: Library,
    mail: MailService,
    letters: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Office {
    async fn new() -> Self {
        let (library, letters) = (Library::new().await, Arc::default());
        let mailer = Mailer::new(
            Outbox::Memory(Arc::clone(&letters)),
            "Broadsheet <news@example.org>",
            None,
            SITE,
        )
        .expect("a mailer");
        let post = MailService::new(library.store.clone(), mailer, Secret::new(b"test"), SITE);
        Self {
            library,
            mail: post,
            letters,
        }
    }

    async fn asks(&self, address: &str, when: Timestamp) {
        self.mail
            .subscribe(
                &address.parse::<EmailAddress>().expect(address),
                &SubscriptionRequest::usual("Europe/Paris"),
                false,
                when,
            )
            .await
            .expect("taken");
    }

    /// Sends all that is due; answers how many letters went out.
    async fn send(&self, when: Timestamp) -> usize {
        let before = self.letters.lock().expect("letters").len();
        while self.mail.deliver_one(when).await.expect("a step") != Step::NothingDue {}
        self.letters.lock().expect("letters").len() - before
    }

    /// The token of the last letter's link that begins so.
    fn token(&self, path: &str) -> [u8; 32] {
        let letters = self.letters.lock().expect("letters");
        let mail = MessageParser::default()
            .parse(letters.last().expect("a letter"))
            .expect("a mail");
        let text =
            mail.body_text(0).expect("text").into_owned() + &String::from_utf8_lossy(mail.raw_message());
        let (_, rest) = text.split_once(&format!("{SITE}/{path}/")).expect("a link");
        let token: String = rest
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .collect();
        Token::read(&token).expect("a token").hash()
    }

    async fn confirms(&self, hash: &[u8; 32], when: Timestamp) -> Confirmed {
        self.mail
            .store
            .confirm(hash, None, when, |zone| first_due(when, zone))
            .await
            .expect("an answer")
    }

    async fn subscriber(&self, hash: &[u8; 32]) -> Subscriber {
        self.mail
            .store
            .subscriber_by_unsubscribe(hash)
            .await
            .expect("answer")
            .expect("a subscriber")
    }
}

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

#[tokio::test]
async fn an_address_is_subscribed_by_the_button_behind_the_mail_and_not_before() {
    let office = Office::new().await;
    office.asks("Ada@Example.org", now()).await;
    assert_eq!(office.send(now()).await, 1);
    let (confirm, leave) = (office.token("confirm"), office.token("unsubscribe"));
    assert_eq!(
        office
            .mail
            .store
            .subscriber_by_confirm(&confirm)
            .await
            .expect("answer")
            .expect("somebody")
            .state,
        "pending",
        "looking changes nothing"
    );
    assert_eq!(office.subscriber(&leave).await.due_at, None);
    let Confirmed::Now(subscriber) = office.confirms(&confirm, later(5)).await else {
        panic!("the first press")
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
        "eight in Paris has passed today, so at once"
    );
    assert!(matches!(
        office.confirms(&confirm, later(6)).await,
        Confirmed::Before(_)
    ));
    // Years later the old link still says that it was used, and changes nothing.
    assert!(matches!(
        office.confirms(&confirm, at("2028-01-01T00:00:00Z")).await,
        Confirmed::Before(_)
    ));
    assert_eq!(office.subscriber(&leave).await.due_at, subscriber.due_at);
}

#[tokio::test]
async fn a_link_nobody_sent_and_a_link_too_old_confirm_nothing() {
    let office = Office::new().await;
    office.asks("ada@example.org", now()).await;
    office.send(now()).await;
    let (confirm, week) = (office.token("confirm"), SignedDuration::from_hours(7 * 24));
    assert_eq!(office.confirms(&[7; 32], now()).await, Confirmed::Unknown);
    assert_eq!(
        office.confirms(&office.token("unsubscribe"), now()).await,
        Confirmed::Unknown,
        "the other link of the letter"
    );
    assert_eq!(
        office
            .confirms(&confirm, now() + week + SignedDuration::from_secs(1))
            .await,
        Confirmed::Expired
    );
    assert!(matches!(
        office.confirms(&confirm, now() + week).await,
        Confirmed::Now(_)
    ));
}

#[tokio::test]
async fn asking_again_within_ten_minutes_sends_nothing_and_afterwards_once_more() {
    let office = Office::new().await;
    for (minute, address, sent) in [
        (0, "ada@example.org", 1),
        (1, "ADA@example.org", 0),
        (9, "ada@example.org", 0),
        (10, "ada@example.org", 1),
        (11, "ada@example.org", 0),
        (11, "emmy@example.org", 1),
    ] {
        office.asks(address, later(minute)).await;
        assert_eq!(
            office.send(later(minute)).await,
            sent,
            "{address} at minute {minute}"
        );
    }
    assert_eq!(office.library.number("select count(*) from subscribers").await, 2);
}

#[tokio::test]
async fn an_active_subscriber_who_asks_again_gets_no_mail_and_stays() {
    let office = Office::new().await;
    office.asks("ada@example.org", now()).await;
    office.send(now()).await;
    office.confirms(&office.token("confirm"), now()).await;
    office.asks("ada@example.org", later(60)).await;
    assert_eq!(office.send(later(60)).await, 0);
    assert!(office.subscriber(&office.token("unsubscribe")).await.is_active());
}

#[tokio::test]
async fn leaving_twice_is_leaving_once_and_the_old_confirmation_is_dead() {
    let office = Office::new().await;
    office.asks("ada@example.org", now()).await;
    office.send(now()).await;
    let (confirm, leave) = (office.token("confirm"), office.token("unsubscribe"));
    office.confirms(&confirm, now()).await;
    for _ in 0..2 {
        let left = office
            .mail
            .store
            .unsubscribe(&leave, now())
            .await
            .expect("answer")
            .expect("somebody");
        assert_eq!((left.state.as_str(), left.due_at), ("stopped", None));
    }
    assert_eq!(office.confirms(&confirm, later(1)).await, Confirmed::Unknown);
    assert_eq!(
        office
            .mail
            .store
            .unsubscribe(&confirm, now())
            .await
            .expect("answer"),
        None
    );
    // A new request is a new subscription of the same person; the old way out keeps working.
    office.asks("ada@example.org", later(11)).await;
    assert_eq!(office.send(later(11)).await, 1);
    assert!(matches!(
        office.confirms(&office.token("confirm"), later(12)).await,
        Confirmed::Now(_)
    ));
    assert!(
        office
            .mail
            .store
            .unsubscribe(&leave, now())
            .await
            .expect("answer")
            .is_some()
    );
    assert_eq!(office.library.number("select count(*) from subscribers").await, 1);
}

#[tokio::test]
async fn one_can_leave_before_confirming() {
    let office = Office::new().await;
    office.asks("ada@example.org", now()).await;
    office.send(now()).await;
    let (confirm, leave) = (office.token("confirm"), office.token("unsubscribe"));
    assert!(
        office
            .mail
            .store
            .unsubscribe(&leave, now())
            .await
            .expect("answer")
            .is_some()
    );
    assert_eq!(office.confirms(&confirm, later(1)).await, Confirmed::Unknown);
}

#[tokio::test]
async fn the_link_of_an_earlier_mail_still_confirms_after_a_second_was_asked_for() {
    let office = Office::new().await;
    office.asks("ada@example.org", now()).await;
    office.send(now()).await;
    let first = office.token("confirm");
    office.asks("ada@example.org", later(15)).await;
    office.send(later(15)).await;
    let second = office.token("confirm");
    assert!(
        matches!(office.confirms(&first, later(16)).await, Confirmed::Now(_)),
        "the first mail may be the one that is opened"
    );
    assert!(matches!(
        office.confirms(&second, later(17)).await,
        Confirmed::Before(_)
    ));
    assert!(
        office
            .mail
            .store
            .unsubscribe(&office.token("unsubscribe"), now())
            .await
            .expect("answer")
            .is_some()
    );
}

#[tokio::test]
async fn a_zone_that_is_none_becomes_utc() {
    let office = Office::new().await;
    office
        .mail
        .subscribe(
            &"ada@example.org".parse().expect("address"),
            &SubscriptionRequest::usual("Mars/Olympus\r\nX: y"),
            false,
            now(),
        )
        .await
        .expect("taken");
    assert_eq!(
        office
            .library
            .number("select count(*) from subscribers where zone = 'UTC'")
            .await,
        1
    );
}

#[tokio::test]
async fn no_token_lies_in_the_database() {
    let office = Office::new().await;
    office.asks("ada@example.org", now()).await;
    office.send(now()).await;
    let letter = office.letters.lock().expect("letters")[0].clone();
    let mail = MessageParser::default().parse(&letter).expect("a mail");
    let text = mail.body_text(0).expect("text");
    let token = text
        .split("/confirm/")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next())
        .expect("a link")
        .to_owned();
    office.library.store.close().await;
    let file = std::fs::read(&office.library.path).expect("the file");
    assert!(!file.windows(token.len()).any(|part| part == token.as_bytes()));
}
