//! Refused and returned emails, and the suppression of addresses.

use jiff::{SignedDuration, Timestamp};
use mail::{
    bounces,
    delivery::Step,
    returns::BounceOutcome,
    subscriptions::{ConfirmOutcome, SubscribeOutcome},
};
use testing::{
    at,
    mailing::{MailTest, address, hot_papers, search},
    now,
    smtp::{Next, Received},
};

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

fn morning(day: i8) -> Timestamp {
    at(&format!("2026-11-{day}T08:00:00Z"))
}

/// The report of a mail server that could not deliver an email (RFC 3464), sent to the return path of the email.
fn report(email: &Received, status: &str, words: &str) -> Vec<u8> {
    let path = email.from.split(['<', '>']).nth(1).expect("a return path");
    format!(
        "From: MAILER-DAEMON@mx.example.org\r\nTo: {path}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n\
         Final-Recipient: rfc822; somebody@example.org\r\nAction: failed\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; {words}\r\n\r\n--b--\r\n"
    )
    .into_bytes()
}

/// The report of a provider whose user reported an email as spam (RFC 5965). Only the Message-ID says which email it
/// was.
fn complaint(email: &Received) -> Vec<u8> {
    let id = email.message_id().expect("an id");
    format!(
        "From: feedback@provider.example\r\nTo: abuse@example.org\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n\
         --b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {id}\r\n\r\n--b--\r\n"
    )
    .into_bytes()
}

trait Returns {
    async fn returned(&self, mail: &[u8], when: Timestamp) -> BounceOutcome;
    async fn next_email(&self, when: Timestamp) -> Received;
    async fn news(&self, day: i8);
}

impl Returns for MailTest {
    async fn returned(&self, mail: &[u8], when: Timestamp) -> BounceOutcome {
        let report = bounces::read(mail).expect("a report");
        self.mail.record_bounce(&report, when).await.expect("an answer")
    }

    /// The one email that is due.
    async fn next_email(&self, when: Timestamp) -> Received {
        self.mail.queue_due(when).await.expect("queued");
        while self.mail.deliver_some(when).await.expect("a step").is_some() {}
        let mut received = self.server.take_received();
        assert_eq!(received.len(), 1);
        received.remove(0)
    }

    /// One new hot paper on that day of November.
    async fn news(&self, day: i8) {
        let first = 1_000 + u32::from(day.unsigned_abs());
        self.library
            .save_papers(&hot_papers(1, "cs.LG", first, &format!("2026-11-{day}")))
            .await;
        let before = morning(day) - minutes(30);
        ingest::ranking::rank(&self.library.store, before)
            .await
            .expect("ranked");
    }
}

#[tokio::test]
async fn an_address_that_does_not_exist_gets_one_email() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = test.subscribe("ada@example.org", &[""], now()).await;
    test.mail.queue_due(now()).await.expect("queued");
    test.server
        .then(&[Next::RefuseRecipientWith(550, "5.1.1 no such user")]);
    assert_eq!(
        test.mail.deliver_one(now()).await.expect("a step"),
        Step::Ended(ada)
    );
    test.news(25).await;
    assert_eq!(test.send(morning(25)).await.len(), 0);
    // A new request is answered with the reason; nothing is sent.
    let asked = test.request("Ada@example.org", "", morning(25)).await;
    let SubscribeOutcome::Suppressed(suppression) = asked else {
        panic!("{asked:?}")
    };
    assert!(suppression.words.contains("5.1.1 no such user") && !suppression.is_complaint);
    assert_eq!(test.send(morning(25)).await.len(), 0);
}

#[tokio::test]
async fn other_permanent_refusals_suppress_the_address_after_the_third_email() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = test.subscribe("ada@example.org", &[""], now()).await;
    for (day, active) in [(24, true), (25, true), (26, false)] {
        test.news(day).await;
        let when = morning(day).max(now());
        test.mail.queue_due(when).await.expect("queued");
        test.server.then(&[Next::RefuseEmail(550)]);
        assert_eq!(
            test.mail.deliver_one(when).await.expect("a step"),
            Step::Ended(ada)
        );
        let subscriber = test
            .mail
            .store
            .due_subscribers(morning(30), None, 9)
            .await
            .expect("answer");
        assert_eq!(subscriber.len() == 1, active, "on the {day}th");
    }
    assert_eq!(
        test.library
            .number("select count(*) from deliveries where kind = 'digest' and state = 'bounced'")
            .await,
        3
    );
}

#[tokio::test]
async fn a_refusal_because_of_a_policy_does_not_count_against_the_address() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    test.subscribe("ada@example.org", &[""], now()).await;
    for day in 24..29 {
        test.news(day).await;
        test.mail
            .queue_due(morning(day).max(now()))
            .await
            .expect("queued");
        test.server.then(&[Next::RefuseRecipientWith(
            550,
            if day % 2 == 0 {
                "5.7.1 your address is on a list"
            } else {
                "5.1.8 no such sender"
            },
        )]);
        test.mail
            .deliver_one(morning(day).max(now()))
            .await
            .expect("a step");
    }
    test.news(29).await;
    assert_eq!(test.send(morning(29)).await.len(), 1);
}

#[tokio::test]
async fn a_returned_email_counts_like_a_refused_one() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    test.subscribe("ada@example.org", &[""], now()).await;
    let email = test.next_email(now()).await;
    let full = report(&email, "5.2.2", "552 mailbox full");
    assert!(matches!(
        test.returned(&full, now()).await,
        BounceOutcome::Counted(_)
    ));
    // Several reports about one email count once.
    for _ in 0..5 {
        assert!(matches!(
            test.returned(&full, now()).await,
            BounceOutcome::Nothing(_)
        ));
    }
    // The papers of a returned email have not been read, so they are sent again.
    test.news(25).await;
    let email = test.next_email(morning(25)).await;
    assert!(String::from_utf8_lossy(&email.bytes).contains("2611.00100"));
    let gone = report(&email, "5.1.1", "550 5.1.1 user unknown");
    let BounceOutcome::Suppressed(back) = test.returned(&gone, morning(25)).await else {
        panic!("not suppressed")
    };
    assert_eq!(
        (back.email.as_str(), back.words.as_str()),
        ("ada@example.org", "550 5.1.1 user unknown")
    );
    test.news(26).await;
    assert_eq!(test.send(morning(26)).await.len(), 0);
}

#[tokio::test]
async fn a_report_without_our_mark_suppresses_no_address() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    test.subscribe("ada@example.org", &[""], now()).await;
    let email = test.next_email(now()).await;
    for forged in [
        "broadsheet+bounce.2.00000000000000000000@example.org",
        "broadsheet+bounce.99999.0123456789abcdef0123@example.org",
        "news@example.org",
    ] {
        let mut fake = email.clone();
        fake.from = format!("MAIL FROM:<{forged}>");
        let mail = report(&fake, "5.1.1", "550 5.1.1 user unknown");
        assert_eq!(
            test.returned(&mail, now()).await,
            BounceOutcome::NotOurs,
            "{forged}"
        );
    }
    test.news(25).await;
    assert_eq!(test.send(morning(25)).await.len(), 1);
}

#[tokio::test]
async fn an_address_that_reported_spam_gets_no_email_whoever_requests_it() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    test.subscribe("ada@example.org", &[""], now()).await;
    let email = test.next_email(now()).await;
    assert!(matches!(
        test.returned(&complaint(&email), now()).await,
        BounceOutcome::Suppressed(_)
    ));
    test.news(25).await;
    assert_eq!(test.send(morning(25)).await.len(), 0);
    let request = store::SubscriptionRequest {
        view: search(""),
        ..store::SubscriptionRequest::usual("UTC")
    };
    for _ in 0..3 {
        let asked = test
            .mail
            .subscribe(&address("ada@example.org"), &request, true, morning(26))
            .await
            .expect("an answer");
        assert!(matches!(asked, SubscribeOutcome::Suppressed(suppression) if suppression.is_complaint));
    }
    assert_eq!(test.send(morning(26)).await.len(), 0);
}

#[tokio::test]
async fn a_suppressed_address_can_be_tried_once_a_day_and_confirming_lifts_the_suppression() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    test.subscribe("ada@example.org", &[""], now()).await;
    let email = test.next_email(now()).await;
    test.returned(&report(&email, "5.1.1", "550 5.1.1 user unknown"), now())
        .await;
    let request = store::SubscriptionRequest::usual("UTC");
    let try_again = async |when| {
        test.mail
            .subscribe(&address("ada@example.org"), &request, true, when)
            .await
            .expect("an answer")
    };
    let later = now() + minutes(60);
    assert_eq!(try_again(later).await, SubscribeOutcome::Accepted);
    assert!(matches!(
        try_again(later + minutes(30)).await,
        SubscribeOutcome::Suppressed(_)
    ));
    let old = report(&email, "5.1.1", "550 5.1.1 user unknown");
    let asking = test.send(later).await.remove(0);
    assert!(matches!(
        test.confirm(&asking.token("confirm"), None, later).await,
        ConfirmOutcome::Confirmed(_)
    ));
    // The report is still in its folder, and is read again every hour.
    assert_eq!(test.returned(&old, later).await, BounceOutcome::NotOurs);
    assert_eq!(
        test.request("ada@example.org", "", later).await,
        SubscribeOutcome::Accepted
    );
    // The digest of today was sent, although it was returned.
    assert_eq!(test.send(later).await.len(), 0);
    test.news(25).await;
    assert_eq!(test.send(morning(25)).await.len(), 1);
}

#[tokio::test]
async fn a_suppression_outlasts_the_deletion_of_the_subscriber_without_the_address() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = test.subscribe("ada@example.org", &[""], now()).await;
    let email = test.next_email(now()).await;
    test.returned(&complaint(&email), now()).await;
    let mut tx = test.mail.store.write_transaction().await.expect("a transaction");
    tx.delete_subscriber(ada).await.expect("deleted");
    tx.commit().await.expect("deleted");
    assert!(matches!(
        test.request("ada@example.org", "", now()).await,
        SubscribeOutcome::Suppressed(_)
    ));
    // The address itself is gone.
    assert_eq!(
        test.library
            .number(
                "select (select count(*) from subscribers) + (select count(*) from deliveries)
                     + (select count(*) from suppressions where instr(words, 'ada') > 0)"
            )
            .await,
        0
    );
}
