//! Rate limits, a mail server that is slow or down, and TLS.

use std::num::NonZeroU32;

use jiff::SignedDuration;
use mail::{Pace, Rates, delivery::Step};
use testing::{
    mailing::{MailTest, hot_papers},
    now,
    smtp::{Next, ServerOptions, Tls},
};

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

#[tokio::test]
async fn emails_to_one_domain_keep_its_rate_and_do_not_hold_back_others() {
    let mut test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    for n in 0..12 {
        test.subscribe(&format!("reader{n}@busy.example"), &[""], now())
            .await;
    }
    test.subscribe("ada@quiet.example", &[""], now()).await;
    test.mail.pace = Pace::new(Rates {
        overall: None,
        per_domain: NonZeroU32::new(6),
    });
    test.mail.queue_due(now()).await.expect("queued");
    let mut arrived = Vec::new();
    for second in 0..=120 {
        let when = now() + SignedDuration::from_secs(second);
        while test.mail.deliver_some(when).await.expect("a step").is_some() {}
        arrived.extend(
            test.server
                .take_received()
                .iter()
                .map(|email| (second, email.recipients().next().expect("one").to_owned())),
        );
    }
    assert_eq!(arrived.len(), 13);
    assert!(arrived.contains(&(0, "ada@quiet.example".to_owned())));
    let busy: Vec<i64> = arrived
        .iter()
        .filter(|(_, to)| to.ends_with("busy.example"))
        .map(|(second, _)| *second)
        .collect();
    assert!(busy.windows(2).all(|pair| pair[1] - pair[0] >= 10), "{busy:?}");
    // Waiting under a rate limit does not count as a try.
    assert_eq!(
        test.library
            .number("select max(attempts) from deliveries where kind = 'digest'")
            .await,
        1
    );
}

#[tokio::test]
async fn emails_wait_when_the_server_of_a_domain_asks_to_slow_down() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    for n in 0..3 {
        test.subscribe(&format!("reader{n}@busy.example"), &[""], now())
            .await;
    }
    test.mail.queue_due(now()).await.expect("queued");
    test.server.then(&[Next::RefuseRecipient(421)]);
    assert!(matches!(
        test.mail.deliver_one(now()).await.expect("a step"),
        Step::Deferred(_)
    ));
    assert_eq!(
        test.mail.deliver_one(now()).await.expect("a step"),
        Step::NothingDue
    );
    assert_eq!(test.send(now() + minutes(1)).await.len(), 3);
}

#[tokio::test]
async fn while_the_mail_server_is_down_emails_wait_without_using_up_their_tries() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    for n in 0..40 {
        test.subscribe(&format!("reader{n}@example.org"), &[""], now())
            .await;
    }
    test.mail.queue_due(now()).await.expect("queued");
    // Every connection is closed: for three hours nothing works.
    test.server.then(&[Next::Goodbye; 2_000]);
    let mut when = now();
    while when < now() + minutes(180) {
        while test.mail.deliver_some(when).await.expect("a step").is_some() {}
        when += SignedDuration::from_secs(15);
    }
    let tries = test
        .library
        .number("select max(attempts) from deliveries where kind = 'digest'")
        .await;
    assert!(tries < 9, "{tries}");
    assert_eq!(
        test.library
            .number(
                "select count(*) from deliveries where kind = 'digest' and state in ('queued', 'deferred')"
            )
            .await,
        40
    );
}

#[tokio::test]
async fn connections_are_reused() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    for n in 0..60 {
        test.subscribe(&format!("reader{n}@example.org"), &[""], now())
            .await;
    }
    let before = test.server.connections();
    assert_eq!(test.send(now()).await.len(), 60);
    let opened = test.server.connections() - before;
    assert!(opened <= 20, "{opened} connections for 60 emails");
}

#[tokio::test]
async fn emails_are_sent_over_tls_with_a_login_by_starttls_or_implicit_tls() {
    for tls in [Tls::Upgraded, Tls::Implicit] {
        let options = ServerOptions {
            tls,
            login: Some(("news", "p@ss word/ü")),
        };
        let test = MailTest::with_server(&hot_papers(3, "cs.LG", 100, "2026-11-24"), options).await;
        test.subscribe("ada@example.org", &[""], now()).await;
        assert_eq!(test.send(now()).await.len(), 1, "{tls:?}");
        // Without trust in the authority nothing is sent.
        let stranger = mail::transport::Outbox::smtp(&test.server.url(), None).expect("a transport");
        assert!(stranger.reachable().await.is_err());
    }
}
