//! Digests: at most one a day for each subscriber, whatever happens in between.

mod common;

use std::collections::HashSet;

use common::{Steps, hot_on, hot_today, minutes, papers_in, parsed};
use ingest::ranking::rank;
use jiff::SignedDuration;
use mail::{MailService, delivery::Step, subscriptions::ConfirmOutcome};
use store::{EmailTokens, SubscriptionRequest};
use testing::{
    PaperBuilder, a_paper, at,
    mailing::{MailTest, address, hot_papers},
    now,
};

#[tokio::test]
async fn subscribers_in_two_zones_get_the_same_papers_at_eight_local_time() {
    let test = MailTest::with(&hot_today(3)).await;
    let confirmed = at("2026-11-24T21:00:00Z");
    let paris = test.subscribe_number(1, "Europe/Paris", confirmed).await;
    let kolkata = test.subscribe_number(2, "Asia/Kolkata", confirmed).await;
    // In Kolkata it is 02:30 on the 25th: due at 08:00, which is 02:30 UTC. In Paris 08:00 of the 24th has passed:
    // due at once.
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
    assert_eq!(test.queue(now()).await + test.queue(now() + minutes(1)).await, 0);
    let (first, second) = tokio::join!(test.steps(now()), async {
        let mut steps = Vec::new();
        while let step @ (Step::Sent(_) | Step::Deferred(_) | Step::Ended(_)) =
            other.deliver_one(now()).await.expect("a step")
        {
            steps.push(step);
        }
        steps
    });
    assert_eq!((first.len() + second.len(), test.server.received().len()), (1, 1));
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
    let noon = at("2026-11-28T12:00:00Z");
    let papers = hot_on(2, "2026-11-28", "2612");
    test.library
        .store
        .save_papers(&papers, noon)
        .await
        .expect("saved");
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
async fn a_subscriber_who_leaves_gets_no_more_emails() {
    let test = MailTest::with(&hot_today(3)).await;
    let queued = test.subscribe_number(1, "UTC", now()).await;
    let taken = test.subscribe_number(2, "UTC", now()).await;
    assert_eq!(test.queue(now()).await, 2);
    let store = &test.mail.store;
    // The first leaves while the email waits, the second while a sender (which then dies) has leased it.
    assert_eq!(
        test.unsubscribe(&[101; 32], now()).await.map(|left| left.id),
        Some(queued)
    );
    let email = store
        .lease_emails(1, &[], now())
        .await
        .expect("answer")
        .pop()
        .expect("an email");
    assert_eq!(email.subscriber.id, taken);
    test.unsubscribe(&[102; 32], now()).await.expect("left");
    assert_eq!(test.steps(now() + minutes(20)).await, [Step::Ended(taken)]);
    assert_eq!(test.queue(at("2026-11-25T08:00:00Z")).await, 0);
    assert_eq!(test.server.received().len(), 0);
    assert_eq!(
        test.library
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
    test.unsubscribe(&[101; 32], now()).await.expect("left");
    let tokens = EmailTokens {
        nonce: [50; 16],
        confirm: [50; 32],
        unsubscribe: [51; 32],
        preferences: [51; 32],
    };
    let again = now() + minutes(20);
    let address = address("reader1@example.org");
    assert!(
        test.mail
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
    test.unsubscribe(&[101; 32], now()).await.expect("left");
    assert_eq!(
        test.mail
            .store
            .sent_among(1, &HashSet::from([1, 2, 3]))
            .await
            .expect("papers"),
        Vec::<i64>::new()
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
        test.library
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
async fn a_trending_digest_says_when_no_source_has_sent_anything_for_days() {
    let test = MailTest::with(&hot_papers(20, "cs.LG", 100, "2026-11-24")).await;
    test.subscribe("ada@example.org", &[""], now()).await;
    let today = test.send(now()).await.remove(0);
    assert!(!today.text.contains("No source"), "{}", today.text);
    let later = now() + SignedDuration::from_hours(24 * 6);
    rank(&test.library.store, later).await.expect("ranked");
    let outdated = test.send(later).await.remove(0);
    let says = "No source has sent anything since Tuesday 24 November 2026. These papers were trending then.";
    let words: Vec<&str> = outdated.text.split_whitespace().collect();
    assert!(words.join(" ").contains(says), "{}", outdated.text);
}

#[tokio::test]
async fn subscribers_get_their_digests_on_time_after_a_clock_that_was_ahead_is_right_again() {
    let test = MailTest::with(&hot_today(30)).await;
    test.subscribe_number(1, "UTC", now()).await;
    let paused = test.subscribe_number(2, "UTC", now()).await;
    assert_eq!((test.queue(now()).await, test.steps(now()).await.len()), (2, 2));
    // The clock is in 2031 for a moment.
    let ahead = at("2031-01-01T08:01:00Z");
    assert_eq!(test.queue(ahead).await, 2);
    let mut beside = test.library.beside().await;
    // Digests of both wait, and one of these subscribers has a pause until Christmas.
    let christmas = at("2026-12-25T00:00:00Z");
    sqlx::query("update subscribers set paused_until = $1, due_at = $2 where id = $3")
        .bind(christmas.as_second())
        .bind(at("2026-12-25T08:00:00Z").as_second())
        .bind(paused)
        .execute(&mut beside)
        .await
        .expect("paused");
    let tomorrow = at("2026-11-25T08:00:00Z");
    assert_eq!(test.queue(tomorrow - minutes(30)).await, 0);
    let due = "select due_at from subscribers order by id limit 1";
    assert_eq!(test.library.number(due).await, tomorrow.as_second());
    assert_eq!(test.queue(tomorrow).await, 1);
    let before = test.server.received().len();
    test.steps(tomorrow).await;
    let received = test.server.received();
    let to: Vec<_> = received[before..]
        .iter()
        .flat_map(|email| email.recipients())
        .collect();
    assert_eq!(to, ["reader1@example.org"]);
    let due = "select due_at from subscribers order by id desc limit 1";
    assert_eq!(
        test.library.number(due).await,
        at("2026-12-25T08:00:00Z").as_second()
    );
}

#[tokio::test]
async fn a_subscriber_who_chooses_a_later_hour_after_the_digest_of_the_day_is_due_tomorrow() {
    let test = MailTest::with(&hot_today(30)).await;
    let id = test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    let tomorrow_evening = at("2026-11-25T20:00:00Z");
    let mut beside = test.library.beside().await;
    sqlx::query("update subscribers set hour = 20, due_at = $1 where id = $2")
        .bind(tomorrow_evening.as_second())
        .bind(id)
        .execute(&mut beside)
        .await
        .expect("changed");
    assert_eq!(test.queue(now() + minutes(1)).await, 0);
    assert_eq!(
        test.library.number("select due_at from subscribers").await,
        tomorrow_evening.as_second()
    );
}

#[tokio::test]
async fn a_confirmation_email_from_a_clock_that_was_ahead_is_sent_once_it_is_right() {
    let test = MailTest::with(&hot_today(3)).await;
    let ahead = at("2031-01-01T08:00:00Z");
    test.request("ada@example.org", "", ahead).await;
    assert_eq!(test.queue(now()).await, 0);
    assert_eq!(test.deliver(now()).await.len(), 1);
    // A new request is not too early because of the one in the future.
    test.request("ada@example.org", "", now()).await;
    assert_eq!(test.deliver(now()).await.len(), 1);
}

#[tokio::test]
async fn subscribers_whose_digest_fails_do_not_hold_up_those_behind_them() {
    let test = MailTest::with(&hot_today(3)).await;
    let mut beside = test.library.beside().await;
    // More than are read at a time. What is written about them fails.
    sqlx::query(
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 520)
         insert into subscribers (email, email_key, zone, state, created_at, due_at)
         select 'broken' || i || '@example.org', 'broken' || i || '@example.org', 'UTC', 'active', 0, 1 from n",
    )
    .execute(&mut beside)
    .await
    .expect("added");
    sqlx::query(
        "create trigger broken before update of due_at on subscribers when old.email like 'broken%'
         begin select raise(abort, 'broken'); end",
    )
    .execute(&mut beside)
    .await
    .expect("added");
    test.subscribe_number(1, "UTC", now()).await;
    assert_eq!(test.queue(now()).await, 1);
}
