//! Mail servers that refuse, that ask for patience, that want a login; and letters that come back.

use std::num::NonZeroU32;

use jiff::{SignedDuration, Timestamp};
use mail::bounces;
use mail::digest::{BounceOutcome, Pace, Rates, Step, SubscribeOutcome};
use store::Confirmed;
use testing::{
    at, now,
    office::{Office, address, hot, view},
    smtp::{Manner, Next, Received, Tls},
};

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

fn morning(day: i8) -> Timestamp {
    at(&format!("2026-11-{day}T08:00:00Z"))
}

/// What a mail server reports of a letter it could not deliver (RFC 3464), sent to the letter's return path.
fn report(letter: &Received, status: &str, words: &str) -> Vec<u8> {
    let path = letter.from.split(['<', '>']).nth(1).expect("a return path");
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

/// What a provider reports whose user called a letter spam (RFC 5965); only the letter's Message-ID tells whose it was.
fn complaint(letter: &Received) -> Vec<u8> {
    let id = letter.message_id().expect("an id");
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
    async fn letter(&self, when: Timestamp) -> Received;
    async fn news(&self, day: i8);
}

impl Returns for Office {
    async fn returned(&self, mail: &[u8], when: Timestamp) -> BounceOutcome {
        let report = bounces::read(mail).expect("a report");
        self.mail.record_bounce(&report, when).await.expect("an answer")
    }

    /// The one letter that is due.
    async fn letter(&self, when: Timestamp) -> Received {
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
            .save_papers(&hot(1, "cs.LG", first, &format!("2026-11-{day}")))
            .await;
        let before = morning(day) - minutes(30);
        ingest::ranking::rank(&self.library.store, before)
            .await
            .expect("ranked");
    }
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_written_to_once() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = office.subscriber("ada@example.org", &[""], now()).await;
    office.mail.queue_due(now()).await.expect("queued");
    office
        .server
        .then(&[Next::RefuseRecipientWith(550, "5.1.1 no such user")]);
    assert_eq!(
        office.mail.deliver_one(now()).await.expect("a step"),
        Step::Ended(ada)
    );
    office.news(25).await;
    assert_eq!(office.send(morning(25)).await.len(), 0);
    // Who asks again is told why; nothing is sent.
    let asked = office.asks("Ada@example.org", "", morning(25)).await;
    let SubscribeOutcome::Suppressed(suppression) = asked else {
        panic!("{asked:?}")
    };
    assert!(suppression.words.contains("5.1.1 no such user") && !suppression.is_complaint);
    assert_eq!(office.send(morning(25)).await.len(), 0);
}

#[tokio::test]
async fn other_refusals_for_good_end_in_silence_after_the_third_letter() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = office.subscriber("ada@example.org", &[""], now()).await;
    for (day, active) in [(24, true), (25, true), (26, false)] {
        office.news(day).await;
        let when = morning(day).max(now());
        office.mail.queue_due(when).await.expect("queued");
        office.server.then(&[Next::RefuseLetter(550)]);
        assert_eq!(
            office.mail.deliver_one(when).await.expect("a step"),
            Step::Ended(ada)
        );
        let subscriber = office
            .mail
            .store
            .due_subscribers(morning(30), 9)
            .await
            .expect("answer");
        assert_eq!(subscriber.len() == 1, active, "on the {day}th");
    }
    assert_eq!(
        office
            .library
            .number("select count(*) from deliveries where kind = 'digest' and state = 'bounced'")
            .await,
        3
    );
}

#[tokio::test]
async fn a_refusal_as_a_matter_of_policy_is_not_the_readers_fault() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    office.subscriber("ada@example.org", &[""], now()).await;
    for day in 24..29 {
        office.news(day).await;
        office
            .mail
            .queue_due(morning(day).max(now()))
            .await
            .expect("queued");
        office.server.then(&[Next::RefuseRecipientWith(
            550,
            if day % 2 == 0 {
                "5.7.1 your address is on a list"
            } else {
                "5.1.8 no such sender"
            },
        )]);
        office
            .mail
            .deliver_one(morning(day).max(now()))
            .await
            .expect("a step");
    }
    office.news(29).await;
    assert_eq!(office.send(morning(29)).await.len(), 1);
}

#[tokio::test]
async fn a_letter_that_comes_back_counts_as_one_that_was_refused() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    office.subscriber("ada@example.org", &[""], now()).await;
    let letter = office.letter(now()).await;
    let full = report(&letter, "5.2.2", "552 mailbox full");
    assert!(matches!(
        office.returned(&full, now()).await,
        BounceOutcome::Counted(_)
    ));
    // SaveOutcome of the same letter again and again, it counts once.
    for _ in 0..5 {
        assert!(matches!(
            office.returned(&full, now()).await,
            BounceOutcome::Nothing(_)
        ));
    }
    // What came back has not been read: it comes again.
    office.news(25).await;
    let letter = office.letter(morning(25)).await;
    assert!(String::from_utf8_lossy(&letter.bytes).contains("2611.00100"));
    let gone = report(&letter, "5.1.1", "550 5.1.1 user unknown");
    let BounceOutcome::Suppressed(back) = office.returned(&gone, morning(25)).await else {
        panic!("not suppressed")
    };
    assert_eq!(
        (back.email.as_str(), back.words.as_str()),
        ("ada@example.org", "550 5.1.1 user unknown")
    );
    office.news(26).await;
    assert_eq!(office.send(morning(26)).await.len(), 0);
}

#[tokio::test]
async fn a_report_without_our_mark_silences_nobody() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    office.subscriber("ada@example.org", &[""], now()).await;
    let letter = office.letter(now()).await;
    for forged in [
        "broadsheet+bounce.2.00000000000000000000@example.org",
        "broadsheet+bounce.99999.0123456789abcdef0123@example.org",
        "news@example.org",
    ] {
        let mut fake = letter.clone();
        fake.from = format!("MAIL FROM:<{forged}>");
        let mail = report(&fake, "5.1.1", "550 5.1.1 user unknown");
        assert_eq!(
            office.returned(&mail, now()).await,
            BounceOutcome::NotOurs,
            "{forged}"
        );
    }
    office.news(25).await;
    assert_eq!(office.send(morning(25)).await.len(), 1);
}

#[tokio::test]
async fn whoever_calls_it_spam_is_left_alone_and_cannot_be_signed_up_again_by_others() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    office.subscriber("ada@example.org", &[""], now()).await;
    let letter = office.letter(now()).await;
    assert!(matches!(
        office.returned(&complaint(&letter), now()).await,
        BounceOutcome::Suppressed(_)
    ));
    office.news(25).await;
    assert_eq!(office.send(morning(25)).await.len(), 0);
    let wish = store::SubscriptionRequest {
        view: view(""),
        ..store::SubscriptionRequest::usual("UTC")
    };
    for _ in 0..3 {
        let asked = office
            .mail
            .subscribe(&address("ada@example.org"), &wish, true, morning(26))
            .await
            .expect("an answer");
        assert!(matches!(asked, SubscribeOutcome::Suppressed(suppression) if suppression.is_complaint));
    }
    assert_eq!(office.send(morning(26)).await.len(), 0);
}

#[tokio::test]
async fn an_address_that_works_again_is_tried_once_a_day_and_put_right_by_its_button() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    office.subscriber("ada@example.org", &[""], now()).await;
    let letter = office.letter(now()).await;
    office
        .returned(&report(&letter, "5.1.1", "550 5.1.1 user unknown"), now())
        .await;
    let wish = store::SubscriptionRequest::usual("UTC");
    let insists = async |when| {
        office
            .mail
            .subscribe(&address("ada@example.org"), &wish, true, when)
            .await
            .expect("an answer")
    };
    let later = now() + minutes(60);
    assert_eq!(insists(later).await, SubscribeOutcome::Taken);
    assert!(matches!(
        insists(later + minutes(30)).await,
        SubscribeOutcome::Suppressed(_)
    ));
    let old = report(&letter, "5.1.1", "550 5.1.1 user unknown");
    let asking = office.send(later).await.remove(0);
    let Confirmed::Now(subscriber) = office.presses(&asking.token("confirm"), None, later).await else {
        panic!("confirmed")
    };
    office.mail.reached(&subscriber).await.expect("lifted");
    // The report still lies in its folder, and is read again every hour.
    assert_eq!(office.returned(&old, later).await, BounceOutcome::NotOurs);
    assert_eq!(
        office.asks("ada@example.org", "", later).await,
        SubscribeOutcome::Taken
    );
    // Today has had its mail, though it came back.
    assert_eq!(office.send(later).await.len(), 0);
    office.news(25).await;
    assert_eq!(office.send(morning(25)).await.len(), 1);
}

#[tokio::test]
async fn what_is_known_against_an_address_outlasts_its_deletion_without_the_address() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = office.subscriber("ada@example.org", &[""], now()).await;
    let letter = office.letter(now()).await;
    office.returned(&complaint(&letter), now()).await;
    office.mail.store.forget_subscriber(ada).await.expect("forgotten");
    assert!(matches!(
        office.asks("ada@example.org", "", now()).await,
        SubscribeOutcome::Suppressed(_)
    ));
    // Of the address itself nothing is left.
    assert_eq!(
        office
            .library
            .number(
                "select (select count(*) from subscribers) + (select count(*) from deliveries)
                     + (select count(*) from suppressions where instr(words, 'ada') > 0)"
            )
            .await,
        0
    );
}

#[tokio::test]
async fn letters_to_one_domain_keep_its_pace_and_hold_up_nobody_else() {
    let mut office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    for n in 0..12 {
        office
            .subscriber(&format!("reader{n}@busy.example"), &[""], now())
            .await;
    }
    office.subscriber("ada@quiet.example", &[""], now()).await;
    office.mail.pace = Pace::new(Rates {
        overall: None,
        per_domain: NonZeroU32::new(6),
    });
    office.mail.queue_due(now()).await.expect("queued");
    let mut arrived = Vec::new();
    for second in 0..=120 {
        let when = now() + SignedDuration::from_secs(second);
        while office.mail.deliver_some(when).await.expect("a step").is_some() {}
        arrived.extend(
            office
                .server
                .take_received()
                .iter()
                .map(|letter| (second, letter.recipients().next().expect("one").to_owned())),
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
    // Waiting for its turn is no try.
    assert_eq!(
        office
            .library
            .number("select max(attempts) from deliveries where kind = 'digest'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_domain_that_asks_for_patience_gets_it() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    for n in 0..3 {
        office
            .subscriber(&format!("reader{n}@busy.example"), &[""], now())
            .await;
    }
    office.mail.queue_due(now()).await.expect("queued");
    office.server.then(&[Next::RefuseRecipient(421)]);
    assert!(matches!(
        office.mail.deliver_one(now()).await.expect("a step"),
        Step::Deferred(_)
    ));
    assert_eq!(
        office.mail.deliver_one(now()).await.expect("a step"),
        Step::NothingDue
    );
    assert_eq!(office.send(now() + minutes(1)).await.len(), 3);
}

#[tokio::test]
async fn while_the_mail_server_is_gone_letters_wait_without_using_up_their_tries() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    for n in 0..40 {
        office
            .subscriber(&format!("reader{n}@example.org"), &[""], now())
            .await;
    }
    office.mail.queue_due(now()).await.expect("queued");
    // Whoever is asked hangs up: for three hours nothing works.
    office.server.then(&[Next::Goodbye; 2_000]);
    let mut when = now();
    while when < now() + minutes(180) {
        while office.mail.deliver_some(when).await.expect("a step").is_some() {}
        when += SignedDuration::from_secs(15);
    }
    let tries = office
        .library
        .number("select max(attempts) from deliveries where kind = 'digest'")
        .await;
    assert!(tries < 9, "{tries}");
    assert_eq!(
        office
            .library
            .number(
                "select count(*) from deliveries where kind = 'digest' and state in ('queued', 'deferred')"
            )
            .await,
        40
    );
}

#[tokio::test]
async fn connections_are_used_again() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    for n in 0..60 {
        office
            .subscriber(&format!("reader{n}@example.org"), &[""], now())
            .await;
    }
    let before = office.server.connections();
    assert_eq!(office.send(now()).await.len(), 60);
    let opened = office.server.connections() - before;
    assert!(opened <= 20, "{opened} connections for 60 letters");
}

#[tokio::test]
async fn letters_go_over_tls_with_a_login_however_the_server_secures_it() {
    for tls in [Tls::Upgraded, Tls::Implicit] {
        let manner = Manner {
            tls,
            login: Some(("news", "p@ss word/ü")),
        };
        let office = Office::at(&hot(3, "cs.LG", 100, "2026-11-24"), manner).await;
        office.subscriber("ada@example.org", &[""], now()).await;
        assert_eq!(office.send(now()).await.len(), 1, "{tls:?}");
        // Whoever does not trust the authority sends nothing.
        let stranger = mail::transport::Outbox::smtp(&office.server.url(), None).expect("a transport");
        assert!(stranger.reachable().await.is_err());
    }
}
