//! Sending: leases, refusals, and tries that fail.

mod common;

use common::{Steps, hot_on, hot_today, minutes, parsed};
use ingest::ranking::rank;
use jiff::SignedDuration;
use mail::{delivery::Step, transport::Outbox};
use store::EmailKind;
use testing::{
    at,
    mailing::{MailTest, mail_service},
    now,
    smtp::{MailServer, Next, Received},
};

#[tokio::test]
async fn an_email_whose_sender_died_is_sent_by_another_after_its_lease() {
    let test = MailTest::with(&hot_today(3)).await;
    let reader = test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    let email = test
        .mail
        .store
        .lease_emails(1, &[], now())
        .await
        .expect("answer")
        .pop()
        .expect("an email");
    assert_eq!(
        (email.kind, email.attempts, email.papers.len()),
        (EmailKind::Digest, 1, 3)
    );
    // The program dies here and starts again.
    drop(email);
    let library = test.library.reopened().await;
    let mail = mail_service(
        &library,
        Outbox::smtp(&test.server.url(), None).expect("a transport"),
    );
    assert_eq!(mail.queue_due(now()).await.expect("queued"), 0);
    assert_eq!(
        mail.deliver_one(now() + minutes(14)).await.expect("a step"),
        Step::NothingDue
    );
    assert_eq!(
        mail.deliver_one(now() + minutes(15)).await.expect("a step"),
        Step::Sent(reader)
    );
    assert_eq!(
        mail.deliver_one(now() + minutes(50)).await.expect("a step"),
        Step::NothingDue
    );
    assert_eq!(test.server.received().len(), 1);
}

#[tokio::test]
async fn an_email_that_may_have_arrived_is_repeated_unchanged() {
    let test = MailTest::with(&hot_today(3)).await;
    let reader = test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    test.server.then(&[Next::HangUpAfterEmail]);
    assert_eq!(test.steps(now()).await, [Step::Deferred(reader)]);
    assert_eq!(test.steps(now() + minutes(1)).await, [Step::Sent(reader)]);
    let received = test.server.received();
    let id = |received: &Received| parsed(received).message_id().expect("an id").to_owned();
    assert_eq!(received.len(), 2);
    assert_eq!(id(&received[0]), id(&received[1]));
    let unsubscribe = |received: &Received| {
        parsed(received)
            .header_raw("List-Unsubscribe")
            .expect("a link")
            .to_owned()
    };
    assert_eq!(unsubscribe(&received[0]), unsubscribe(&received[1]));
}

#[tokio::test]
async fn a_temporary_refusal_is_tried_again_after_growing_pauses() {
    let test = MailTest::with(&hot_today(3)).await;
    let reader = test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    test.server.then(&[
        Next::RefuseRecipient(450),
        Next::RefuseEmail(421),
        Next::HangUpInEmail,
        Next::Take,
    ]);
    let mut when = now();
    for pause in [1, 4, 16] {
        assert_eq!(test.steps(when).await, [Step::Deferred(reader)]);
        assert_eq!(
            test.step(when + minutes(pause) - SignedDuration::from_secs(1))
                .await,
            Step::NothingDue,
            "not before {pause} minutes"
        );
        when += minutes(pause);
    }
    assert_eq!(test.steps(when).await, [Step::Sent(reader)]);
    assert_eq!(test.server.received().len(), 1);
    assert_eq!(
        test.library
            .number("select attempts from deliveries where kind = 'digest'")
            .await,
        4
    );
}

#[tokio::test]
async fn an_email_is_given_up_after_two_days_without_a_mail_server() {
    let test = MailTest::with(&hot_today(3)).await;
    let reader = test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    let nowhere = {
        let gone = MailServer::start().await;
        gone.url()
    };
    let mail = mail_service(&test.library, Outbox::smtp(&nowhere, None).expect("a transport"));
    let (mut when, mut tries) = (now(), 0);
    let end = loop {
        match mail.deliver_one(when).await.expect("a step") {
            Step::Deferred(_) => tries += 1,
            Step::NothingDue => when += minutes(30),
            step => break step,
        }
    };
    assert_eq!((end, tries), (Step::Ended(reader), 8));
    let waited = (when - now()).as_hours();
    assert!((40..60).contains(&waited), "{waited} hours");
    assert_eq!(
        test.library
            .number("select count(*) from deliveries where state = 'failed' and last_error is not null")
            .await,
        1
    );
}

#[tokio::test]
async fn a_wrong_password_loses_no_email() {
    let test = MailTest::with(&hot_today(3)).await;
    let reader = test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    let wrong =
        Outbox::smtp(&test.server.url().replace("smtp://", "smtp://news:wrong@"), None).expect("a transport");
    assert_eq!(
        mail_service(&test.library, wrong)
            .deliver_one(now())
            .await
            .expect("a step"),
        Step::Deferred(reader)
    );
    assert_eq!(test.steps(now() + minutes(1)).await, [Step::Sent(reader)]);
}

#[tokio::test]
async fn an_email_that_kills_its_senders_is_given_up() {
    let test = MailTest::with(&hot_today(3)).await;
    let reader = test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    let mut when = now();
    for _ in 0..9 {
        test.mail
            .store
            .lease_emails(1, &[], when)
            .await
            .expect("answer")
            .pop()
            .expect("an email");
        when += minutes(15);
    }
    assert_eq!(test.steps(when).await, [Step::Ended(reader)]);
    assert_eq!(test.server.received().len(), 0);
}

#[tokio::test]
async fn a_permanent_refusal_ends_the_email_and_does_not_hold_back_others() {
    let test = MailTest::with(&hot_today(3)).await;
    let first = test.subscribe_number(1, "UTC", now()).await;
    let second = test.subscribe_number(2, "UTC", now()).await;
    assert_eq!(test.queue(now()).await, 2);
    test.server.then(&[Next::RefuseRecipient(550)]);
    assert_eq!(test.steps(now()).await, [Step::Ended(first), Step::Sent(second)]);
    assert_eq!(test.steps(now() + minutes(10_000)).await, []);
    // The next day has a new email.
    test.library.save_papers(&hot_on(1, "2026-11-25", "2612")).await;
    rank(&test.library.store, at("2026-11-25T07:00:00Z"))
        .await
        .expect("ranked");
    assert_eq!(test.queue(at("2026-11-25T08:00:00Z")).await, 2);
}

#[tokio::test]
async fn the_outbox_says_whether_the_mail_server_is_reachable() {
    let server = MailServer::start().await;
    let there = Outbox::smtp(&server.url(), None).expect("a transport");
    assert_eq!(there.reachable().await, Ok(()));
    drop(server);
    let gone = Outbox::smtp("smtp://127.0.0.1:1", None).expect("a transport");
    assert!(gone.reachable().await.is_err());
    assert!(Outbox::smtp("banana", None).is_err());
}
