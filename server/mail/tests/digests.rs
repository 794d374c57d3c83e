//! Digests: at most one a day for each subscriber, whatever happens in between.

use std::collections::HashSet;

use domain::Paper;
use ingest::ranking::rank;
use jiff::{SignedDuration, Timestamp};
use mail::{MailService, delivery::Step, subscriptions::ConfirmOutcome, transport::Outbox};
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};
use store::{EmailKind, EmailTokens, SubscriptionRequest};
use testing::{
    PaperBuilder, a_paper, at,
    mailing::{MailTest, SITE, address, mail_service},
    now,
    smtp::{MailServer, Next, Received},
};

/// The steps of these tests.
trait Steps {
    async fn subscribe_number(&self, number: u8, zone: &str, when: Timestamp) -> i64;
    async fn queue(&self, when: Timestamp) -> usize;
    async fn step(&self, when: Timestamp) -> Step;
    async fn steps(&self, when: Timestamp) -> Vec<Step>;
}

impl Steps for MailTest {
    /// A subscriber who confirmed at that moment. Their unsubscribe token has the hash `[100 + number; 32]`.
    async fn subscribe_number(&self, number: u8, zone: &str, when: Timestamp) -> i64 {
        let tokens = EmailTokens {
            nonce: [number; 16],
            confirm: [number; 32],
            unsubscribe: [100 + number; 32],
            preferences: [100 + number; 32],
        };
        self.mail
            .request_with_tokens(
                &address(&format!("reader{number}@example.org")),
                &SubscriptionRequest::usual(zone),
                &tokens,
                when,
            )
            .await
            .expect("requested");
        let ConfirmOutcome::Confirmed(subscriber) = self.confirm(&[number; 32], None, when).await else {
            panic!("not confirmed")
        };
        // The confirmation email is no longer wanted and ends here.
        assert_eq!(
            self.mail.deliver_one(when).await.expect("a step"),
            Step::Ended(subscriber.id)
        );
        subscriber.id
    }

    async fn queue(&self, when: Timestamp) -> usize {
        self.mail.queue_due(when).await.expect("queued")
    }

    async fn step(&self, when: Timestamp) -> Step {
        self.mail.deliver_one(when).await.expect("a step")
    }

    async fn steps(&self, when: Timestamp) -> Vec<Step> {
        let mut steps = Vec::new();
        loop {
            match self.step(when).await {
                Step::NothingDue => return steps,
                step => steps.push(step),
            }
        }
    }
}

/// Papers with many upvotes today, the hottest first.
fn hot_today(count: u32) -> Vec<Paper> {
    hot_on(count, "2026-11-24", "2611")
}

fn hot_on(count: u32, day: &str, month: &str) -> Vec<Paper> {
    (0..count)
        .map(|n| {
            Paper {
                hf_submitted_at: Some(at(&format!("{day}T00:00:00Z"))),
                ..a_paper(&format!("{month}.{n:05}"))
            }
            .titled(&format!("Hot paper {n} of {day}"))
            .with_abstract(&format!(
                "What number {n} says. {}",
                "Many words follow one another here. ".repeat(30)
            ))
            .by(&["Ada Lovelace", "Emmy Noether", "Sofia K", "A. Fourth"])
            .published(day)
            .with_upvotes(500 - 10 * n, &format!("{day}T06:00:00Z"))
        })
        .collect()
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

fn parsed(received: &Received) -> Message<'_> {
    MessageParser::default().parse(&received.bytes).expect("a mail")
}

/// The papers to which an email links, in order.
fn papers_in(received: &Received) -> Vec<String> {
    let mail = parsed(received);
    let text = mail.body_text(0).expect("text").into_owned();
    text.split(&format!("{SITE}/papers/"))
        .skip(1)
        .map(|rest| rest.split_whitespace().next().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn subscribers_in_two_zones_get_the_same_papers_at_eight_local_time() {
    let test = MailTest::with(&hot_today(3)).await;
    let confirmed = at("2026-11-24T21:00:00Z");
    let paris = test.subscribe_number(1, "Europe/Paris", confirmed).await;
    let kolkata = test.subscribe_number(2, "Asia/Kolkata", confirmed).await;
    // In Kolkata it is 02:30 on the 25th: due at 08:00, which is 02:30 UTC. In Paris 08:00 of the 24th has passed: due at once.
    assert_eq!(test.queue(confirmed).await, 1);
    assert_eq!(test.steps(confirmed).await, [Step::Sent(paris)]);
    assert_eq!(test.queue(at("2026-11-25T02:29:59Z")).await, 0);
    assert_eq!(test.queue(at("2026-11-25T02:30:00Z")).await, 1);
    assert_eq!(
        test.steps(at("2026-11-25T02:30:00Z")).await,
        [Step::Sent(kolkata)]
    );
    let received = test.server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(
        papers_in(&received[0]),
        ["2611.00000", "2611.00001", "2611.00002"]
    );
    assert_eq!(papers_in(&received[0]), papers_in(&received[1]));
    assert!(
        received[0].to[0].contains("<reader1@example.org>")
            && received[1].to[0].contains("<reader2@example.org>"),
        "{:?}",
        received[0].to
    );
    assert!(
        received.iter().all(|email| email.to.len() == 1),
        "nobody sees the other address"
    );
}

#[tokio::test]
async fn queueing_twice_or_from_two_processes_queues_once() {
    let test = MailTest::with(&hot_today(3)).await;
    test.subscribe_number(1, "UTC", now()).await;
    let second = store::Store::open(&test.library.path)
        .await
        .expect("a second process");
    let other = MailService {
        store: second,
        ..test.mail.clone()
    };
    let (first, second) = tokio::join!(test.mail.queue_due(now()), other.queue_due(now()));
    assert_eq!(first.expect("queued") + second.expect("queued"), 1);
    assert_eq!(
        test.queue(now()).await + test.queue(now() + minutes(1)).await,
        0
    );
    let (first, second) = tokio::join!(test.steps(now()), async {
        let mut steps = Vec::new();
        while let step @ (Step::Sent(_) | Step::Deferred(_) | Step::Ended(_)) =
            other.deliver_one(now()).await.expect("a step")
        {
            steps.push(step);
        }
        steps
    });
    assert_eq!(
        (first.len() + second.len(), test.server.received().len()),
        (1, 1)
    );
}

#[tokio::test]
async fn no_paper_is_sent_twice_and_a_day_without_news_has_no_digest() {
    let test = MailTest::with(&hot_today(23)).await;
    test.subscribe_number(1, "UTC", at("2026-11-24T07:00:00Z")).await;
    let mut sent = Vec::new();
    let mut lengths = Vec::new();
    for day in 24..=28 {
        let eight = at(&format!("2026-11-{day}T08:00:00Z"));
        let before = test.server.received().len();
        test.queue(eight).await;
        test.steps(eight).await;
        let received = test.server.received();
        lengths.push(
            received[before..]
                .iter()
                .map(|email| papers_in(email).len())
                .collect::<Vec<_>>(),
        );
        sent.extend(received[before..].iter().flat_map(papers_in));
    }
    assert_eq!(lengths, [vec![10], vec![10], vec![3], vec![], vec![]]);
    assert_eq!(sent.iter().collect::<HashSet<_>>().len(), 23, "{sent:?}");
    // There is news again, so a digest is sent.
    test.library.save_papers(&hot_on(2, "2026-11-28", "2612")).await;
    rank(&test.library.store, at("2026-11-28T12:00:00Z"))
        .await
        .expect("ranked");
    // On Monday: the usual schedule has no weekends.
    assert_eq!(test.queue(at("2026-11-29T08:00:00Z")).await, 0);
    assert_eq!(test.queue(at("2026-11-30T08:00:00Z")).await, 1);
    test.steps(at("2026-11-30T08:00:00Z")).await;
    assert_eq!(
        papers_in(test.server.received().last().expect("an email")),
        ["2612.00000", "2612.00001"]
    );
}

#[tokio::test]
async fn a_first_digest_is_full_even_if_few_papers_are_hot_and_an_empty_library_sends_none() {
    let mut papers = hot_today(2);
    papers.extend((0..20).map(|n| a_paper(&format!("2001.{n:05}")).published("2020-01-01")));
    let test = MailTest::with(&papers).await;
    test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    test.steps(now()).await;
    assert_eq!(papers_in(&test.server.received()[0]).len(), 10);
    let empty = MailTest::with(&[]).await;
    empty.subscribe_number(1, "UTC", now()).await;
    assert_eq!((empty.queue(now()).await, empty.steps(now()).await), (0, vec![]));
}

#[tokio::test]
async fn days_missed_while_broadsheet_was_not_running_are_not_made_up() {
    let test = MailTest::with(&hot_today(25)).await;
    test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    test.steps(now()).await;
    // The digest of Wednesday is three hours late. It is queued once.
    let back = at("2026-11-25T11:00:00Z");
    assert_eq!((test.queue(back).await, test.queue(back).await), (1, 0));
    // Then not running until Friday night: digests more than six hours late are part of that of Monday.
    assert_eq!(test.queue(at("2026-11-27T23:00:00Z")).await, 0);
    assert_eq!(test.queue(at("2026-11-28T08:00:00Z")).await, 0, "a Saturday");
    assert_eq!(test.queue(at("2026-11-30T08:00:00Z")).await, 1);
}

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
            test
                .step(when + minutes(pause) - SignedDuration::from_secs(1))
                .await,
            Step::NothingDue,
            "not before {pause} minutes"
        );
        when += minutes(pause);
    }
    assert_eq!(test.steps(when).await, [Step::Sent(reader)]);
    assert_eq!(test.server.received().len(), 1);
    assert_eq!(
        test
            .library
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
    let mail = mail_service(
        &test.library,
        Outbox::smtp(&nowhere, None).expect("a transport"),
    );
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
        test
            .library
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
    let wrong = Outbox::smtp(
        &test.server.url().replace("smtp://", "smtp://news:wrong@"),
        None,
    )
    .expect("a transport");
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
        test
            .mail
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
    assert_eq!(
        test.steps(now()).await,
        [Step::Ended(first), Step::Sent(second)]
    );
    assert_eq!(test.steps(now() + minutes(10_000)).await, []);
    // The next day has a new email.
    test.library.save_papers(&hot_on(1, "2026-11-25", "2612")).await;
    rank(&test.library.store, at("2026-11-25T07:00:00Z"))
        .await
        .expect("ranked");
    assert_eq!(test.queue(at("2026-11-25T08:00:00Z")).await, 2);
}

#[tokio::test]
async fn a_subscriber_who_leaves_gets_no_more_emails() {
    let test = MailTest::with(&hot_today(3)).await;
    let queued = test.subscribe_number(1, "UTC", now()).await;
    let taken = test.subscribe_number(2, "UTC", now()).await;
    assert_eq!(test.queue(now()).await, 2);
    let store = &test.mail.store;
    // The first leaves while the email waits, the second while a sender (which then dies) has leased it.
    assert_eq!(
        test.unsubscribe(&[101; 32], now()).await
            .map(|left| left.id),
        Some(queued)
    );
    let email = store
        .lease_emails(1, &[], now())
        .await
        .expect("answer")
        .pop()
        .expect("an email");
    assert_eq!(email.subscriber.id, taken);
    test.unsubscribe(&[102; 32], now()).await
        .expect("left");
    assert_eq!(test.steps(now() + minutes(20)).await, [Step::Ended(taken)]);
    assert_eq!(test.queue(at("2026-11-25T08:00:00Z")).await, 0);
    assert_eq!(test.server.received().len(), 0);
    assert_eq!(
        test
            .library
            .number("select count(*) from deliveries where kind = 'digest' and state = 'dropped'")
            .await,
        1,
        "the leased one; the row of the waiting one is deleted"
    );
}

#[tokio::test]
async fn a_subscriber_who_leaves_and_comes_back_on_one_day_gets_no_second_digest_and_no_old_papers() {
    let test = MailTest::with(&hot_today(15)).await;
    test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    test.steps(now()).await;
    test
        .unsubscribe(&[101; 32], now()).await
        .expect("left");
    let tokens = EmailTokens {
        nonce: [50; 16],
        confirm: [50; 32],
        unsubscribe: [51; 32],
        preferences: [51; 32],
    };
    let again = now() + minutes(20);
    let address = address("reader1@example.org");
    assert!(
        test
            .mail
            .request_with_tokens(&address, &SubscriptionRequest::usual("UTC"), &tokens, again)
            .await
            .expect("requested")
    );
    assert!(matches!(
        test.confirm(&[50; 32], None, again).await,
        ConfirmOutcome::Confirmed(_)
    ));
    test.steps(again).await;
    assert_eq!(test.queue(again).await, 0, "the digest of today was sent");
    assert_eq!(test.queue(at("2026-11-25T08:00:00Z")).await, 1);
    test.steps(at("2026-11-25T08:00:00Z")).await;
    let received = test.server.received();
    assert_eq!(
        received.iter().flat_map(papers_in).collect::<HashSet<_>>().len(),
        15,
        "ten papers, then the other five"
    );
}

#[tokio::test]
async fn papers_of_a_dropped_email_are_sent_another_day() {
    let test = MailTest::with(&hot_today(3)).await;
    test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    test
        .unsubscribe(&[101; 32], now()).await
        .expect("left");
    assert_eq!(
        test.mail.store.sent_among(1, &[1, 2, 3]).await.expect("papers"),
        Vec::<i64>::new()
    );
}

/// Checks what every email must have: RFC 5322 lines, RFC 2046 structure, RFC 8058 headers.
fn assert_well_formed(received: &Received) {
    let bytes = &received.bytes;
    let text = std::str::from_utf8(bytes).expect("ascii");
    assert!(text.is_ascii());
    for line in text.split("\r\n") {
        assert!(
            line.len() <= 998,
            "a line of {} bytes: {}…",
            line.len(),
            &line[..80]
        );
        assert!(!line.contains(['\r', '\n']), "a bare line break in {line:?}");
    }
    let mail = parsed(received);
    let root = mail.root_part();
    assert!(root.is_content_type("multipart", "alternative"));
    let PartType::Multipart(parts) = &root.body else {
        panic!("parts")
    };
    let kinds: Vec<&str> = parts
        .iter()
        .map(|part| {
            mail.part(*part)
                .and_then(|part| part.content_type()?.subtype())
                .unwrap_or_default()
        })
        .collect();
    assert_eq!(kinds, ["plain", "html"]);
    let header = |name: &'static str| {
        let values: Vec<&str> = mail
            .headers_raw()
            .filter(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .collect();
        assert_eq!(values.len(), 1, "{name} once, not {values:?}");
        values[0].to_owned()
    };
    let unsubscribe = header("List-Unsubscribe");
    assert!(
        unsubscribe.starts_with(&format!("<{SITE}/unsubscribe/"))
            && unsubscribe.ends_with('>')
            && !unsubscribe.contains(char::is_whitespace),
        "{unsubscribe}"
    );
    assert_eq!(
        header("List-Unsubscribe-Post"),
        "List-Unsubscribe=One-Click"
    );
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("Precedence"), "bulk");
    assert!(header("List-Id").contains("<daily.news.example.org>"));
    for name in ["Date", "From", "To", "Subject", "Message-ID", "MIME-Version"] {
        header(name);
    }
    assert!(!mail.headers_raw().any(|(name, _)| {
        ["bcc", "cc", "reply-to", "x-injected"].contains(&name.to_ascii_lowercase().as_str())
    }));
    let html = mail.body_html(0).expect("html");
    // The XML namespaces of the frame contain http, too; they are not links.
    for forbidden in [
        "<img",
        "<script",
        "javascript:",
        "\"http://local",
        "href=\"http://",
        "src=",
        "url(",
        "<link",
    ] {
        assert!(
            !html.to_ascii_lowercase().contains(forbidden),
            "{forbidden} in\n{html}"
        );
    }
    let link = unsubscribe.trim_matches(['<', '>']);
    assert!(
        html.contains(link) && mail.body_text(0).expect("text").contains(link),
        "both parts have the unsubscribe link"
    );
    // People read the text part: only links may be longer than a line.
    for line in mail.body_text(0).expect("text").lines() {
        assert!(
            line.chars().count() <= 76 || line.contains("https://") || !line.trim().contains(' '),
            "{line}"
        );
    }
}

#[tokio::test]
async fn a_digest_reads_back_as_it_was_written() {
    let mut papers = hot_today(12);
    papers[0].title = "Größe & <Menge> von $\\alpha_1$: “quotes”, 深層学習 🦀".to_owned();
    papers[1].title = format!("A title {}", "that goes on and on ".repeat(90))
        .trim()
        .to_owned();
    papers[2].abstract_text = format!(
        "{}\u{2028}.\r\n.\r\nEnd & <b>bold</b> {{{{ braces }}}}",
        "unbroken".repeat(200)
    );
    papers[3].authors = vec![
        "<script>alert(1)</script>".to_owned(),
        "O'Neil \"Q\" & Sons".to_owned(),
    ];
    papers[4].code_url = Some("https://github.com/a/b".to_owned());
    let test = MailTest::with(&papers).await;
    test.subscribe_number(1, "Europe/Berlin", now()).await;
    test.queue(now()).await;
    assert_eq!(test.steps(now()).await.len(), 1);
    let received = &test.server.received()[0];
    assert!(
        received.from.contains("<news+bounce.") && received.from.contains("@example.org>"),
        "{}",
        received.from
    );
    assert_well_formed(received);
    let mail = parsed(received);
    let subject = mail.subject().expect("a subject");
    assert!(
        subject.starts_with("Größe & <Menge> von α₁: “quotes”, 深層学習 🦀")
            && subject.ends_with(" + 9 more papers"),
        "{subject}"
    );
    let id = mail.message_id().expect("an id");
    assert!(
        id.starts_with("digest.2026-11-24.") && id.ends_with("@news.example.org"),
        "{id}"
    );
    assert_eq!(
        mail.date().map(|date| date.to_timestamp()),
        Some(now().as_second())
    );
    let html = mail.body_html(0).expect("html");
    assert!(
        html.contains("&lt;Menge&gt;") || html.contains("&#60;Menge&#62;"),
        "escaped: {html}"
    );
    assert!(html.contains("https://github.com/a/b"));
    let text = mail.body_text(0).expect("text");
    assert!(
        text.contains("Tuesday 24 November 2026") && text.contains("10 papers") && text.contains("<Menge>"),
        "{text}"
    );
    assert!(
        text.contains("Ada Lovelace, Emmy Noether, Sofia K and 1 more"),
        "{text}"
    );
}

#[tokio::test]
async fn the_confirmation_email_is_well_formed() {
    let test = MailTest::with(&[]).await;
    test
        .mail
        .subscribe(
            &"o'neil+papers@cs.example.org".parse().expect("address"),
            &SubscriptionRequest::usual("UTC"),
            false,
            now(),
        )
        .await
        .expect("taken");
    assert_eq!(test.steps(now()).await.len(), 1);
    let received = &test.server.received()[0];
    let mail = parsed(received);
    assert_eq!(
        mail.subject(),
        Some("Please confirm your Broadsheet subscription")
    );
    for body in [mail.body_text(0), mail.body_html(0)] {
        assert!(body.expect("a body").contains(&format!("{SITE}/confirm/")));
    }
    assert!(
        mail.header_raw("Auto-Submitted").is_some()
            && received.to[0].contains("<o'neil+papers@cs.example.org>")
    );
}

#[tokio::test]
async fn no_title_can_add_a_header_or_a_recipient() {
    let mut papers = hot_today(1);
    papers[0].title = "Innocent\r\nBcc: everyone@example.org\r\nX-Injected: yes\r\n\r\nBody".to_owned();
    papers[0].abstract_text = "A line\r\n.\r\nMAIL FROM:<evil@example.org>\r\n".to_owned();
    let test = MailTest::with(&papers).await;
    test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    assert_eq!(test.steps(now()).await.len(), 1);
    let received = test.server.received();
    assert_eq!((received.len(), received[0].to.len()), (1, 1));
    assert_well_formed(&received[0]);
    assert!(
        parsed(&received[0])
            .subject()
            .expect("a subject")
            .starts_with("Innocent Bcc:")
    );
    for address in [
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org>, <b@example.org",
        "a b@example.org",
        "\"a\r\n\"@example.org",
    ] {
        assert!(address.parse::<domain::EmailAddress>().is_err(), "{address:?}");
    }
}

#[tokio::test]
async fn without_a_mail_server_emails_are_written_as_files() {
    let test = MailTest::with(&hot_today(2)).await;
    let folder = tempfile::tempdir().expect("a folder");
    let outbox = folder.path().join("outbox");
    let reader = test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    let mail = mail_service(&test.library, Outbox::Folder(outbox.clone()));
    assert_eq!(mail.deliver_one(now()).await.expect("a step"), Step::Sent(reader));
    let names: Vec<String> = std::fs::read_dir(&outbox)
        .expect("a folder")
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 1);
    assert!(
        names[0].starts_with("digest.2026-11-24.") && names[0].ends_with(".eml"),
        "{names:?}"
    );
    let bytes = std::fs::read(outbox.join(&names[0])).expect("an email");
    assert_well_formed(&Received {
        from: String::new(),
        to: vec![],
        bytes,
    });
    // A folder that cannot be created is a reason to try again.
    let blocked = mail_service(
        &test.library,
        Outbox::Folder(test.library.path.join("not-a-folder")),
    );
    let emmy = test.subscribe_number(2, "UTC", now()).await;
    test.queue(now()).await;
    assert_eq!(
        blocked.deliver_one(now()).await.expect("a step"),
        Step::Deferred(emmy)
    );
}

#[tokio::test]
async fn a_preview_shows_the_next_digests_and_changes_nothing() {
    let test = MailTest::with(&hot_today(3)).await;
    let example = test.mail.preview(now()).await.expect("a preview");
    assert_eq!((example.len(), example[0].subscriber.as_ref()), (1, None));
    test.subscribe_number(1, "UTC", now()).await;
    let previews = test.mail.preview(now()).await.expect("a preview");
    assert_eq!(
        (previews.len(), previews[0].draft.to.as_str()),
        (1, "reader1@example.org")
    );
    assert_eq!(
        test
            .library
            .number("select count(*) from deliveries where kind = 'digest'")
            .await,
        0
    );
    assert_eq!(test.queue(now()).await, 1);
    test.steps(now()).await;
    let mail = test.server.received();
    assert_eq!(
        parsed(&mail[0]).subject(),
        Some(previews[0].draft.subject.as_str())
    );
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
