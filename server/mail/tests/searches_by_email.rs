//! Searches by email: several searches in one digest, the same issue for all subscribers, and what is news.

use std::collections::HashSet;

use domain::{Paper, listing_query::NamedListing};
use ingest::ranking::rank;
use jiff::{SignedDuration, Timestamp, ToSpan};
use mail::{delivery::Step, schedule::issue_day};
use mail_parser::MessageParser;
use testing::{
    PaperBuilder, a_paper, at,
    mailing::{MailTest, hot_papers, search},
    now,
};

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

#[tokio::test]
async fn several_searches_arrive_as_one_email_with_a_section_each_and_without_repeated_papers() {
    let mut papers = hot_papers(6, "cs.LG", 100, "2026-11-24");
    papers.extend(hot_papers(6, "math.OC", 200, "2026-11-24"));
    let test = MailTest::with(&papers).await;
    test.subscribe(
        "ada@example.org",
        &["?category=math.OC", "?category=cs.LG&sort=new", ""],
        now(),
    )
    .await;
    let emails = test.send(now()).await;
    assert_eq!(emails.len(), 1);
    let found = emails[0].papers();
    assert_eq!(found.len(), 12, "{}", emails[0].text);
    assert_eq!(found.iter().collect::<HashSet<_>>().len(), 12);
    assert!(
        found[..6].iter().all(|id| id.starts_with("2611.002")),
        "{found:?}"
    );
    let heading = |words: &str| emails[0].text.find(words).expect(words);
    assert!(heading("Trending this week in math.OC") < heading("Newest first in cs.LG"));
    // All papers of the front page are in the searches above.
    assert!(
        !emails[0].text.contains("Trending this week\n"),
        "{}",
        emails[0].text
    );
    assert_eq!(emails[0].subject, "Paper 200 on diffusion + 11 more papers");
}

#[tokio::test]
async fn all_subscribers_get_the_same_issue_even_if_the_order_has_changed() {
    let test = MailTest::with(&hot_papers(30, "cs.LG", 100, "2026-11-24")).await;
    test.subscribe("ada@example.org", &["?category=cs.LG"], now())
        .await;
    let first = test.send(now()).await.remove(0);
    // An hour later another paper is the hottest.
    test.library
        .save_papers(&hot_papers(1, "cs.LG", 900, "2026-11-24"))
        .await;
    rank(&test.library.store, later(60)).await.expect("ranked");
    test.subscribe("emmy@example.org", &["?category=cs.LG"], later(60))
        .await;
    let second = test.send(later(60)).await.remove(0);
    assert_eq!(second.to, "emmy@example.org");
    assert_eq!(first.papers(), second.papers());
    // The issue on the web has all papers, with the reasons that they had then.
    let (id, _) = test
        .mail
        .store
        .known_search(&search("?category=cs.LG"))
        .await
        .expect("answer")
        .expect("the search");
    let papers_of_issue = test
        .mail
        .issue_papers(id, issue_day(now()))
        .await
        .expect("answer")
        .expect("the issue");
    assert_eq!(papers_of_issue.len(), 30);
    let ids: Vec<String> = papers_of_issue
        .iter()
        .map(|(card, _)| card.key.to_string())
        .collect();
    assert_eq!(ids[..10], first.papers()[..]);
    assert!(
        papers_of_issue
            .iter()
            .all(|(_, why)| first.text.contains(why) || !first.papers().contains(&why.as_str()))
    );
    assert_eq!(
        test.mail
            .issue_papers(id, issue_day(now()) - 1.day())
            .await
            .expect("answer"),
        None
    );
    // The next day has a new issue.
    let tomorrow = now() + SignedDuration::from_hours(24);
    assert!(test.send(tomorrow).await[0].papers().contains(&"2611.00900"));
}

#[tokio::test]
async fn in_a_listing_by_date_recently_announced_papers_are_news() {
    let mut papers: Vec<Paper> = (0..30)
        .map(|n| {
            a_paper(&format!("2001.{n:05}"))
                .titled(&format!("Old {n} on diffusion"))
                .published("2020-01-01")
        })
        .collect();
    papers.extend(hot_papers(2, "cs.LG", 100, "2026-11-23"));
    let test = MailTest::with(&papers).await;
    test.subscribe("ada@example.org", &["?q=diffusion&sort=new"], now())
        .await;
    let first = test.send(now()).await.remove(0);
    assert_eq!(first.papers(), ["2611.00101", "2611.00100"]);
    // A day without new papers has no email.
    let day = |n: i64| now() + SignedDuration::from_hours(24 * n);
    assert_eq!(test.send(day(1)).await.len(), 0);
    let papers = hot_papers(1, "cs.LG", 300, "2026-11-26");
    test.library
        .store
        .save_papers(&papers, day(2))
        .await
        .expect("saved");
    let third = test.send(day(2)).await.remove(0);
    assert_eq!(third.papers(), ["2611.00300"]);
    assert_eq!(third.subject, "Paper 300 on diffusion");
}

#[tokio::test]
async fn emails_of_a_search_hold_what_was_announced_since_the_last_one() {
    let mut papers = hot_papers(12, "cs.LG", 100, "2026-11-23");
    papers.extend(hot_papers(1, "cs.LG", 200, "2026-11-20"));
    // The best match, but not news.
    papers.push(
        a_paper("9711.00001")
            .titled("Diffusion of diffusion by diffusion")
            .published("1997-11-21"),
    );
    let test = MailTest::with(&papers).await;
    test.subscribe("ada@example.org", &["?q=diffusion"], now()).await;
    let preview = test.mail.next_papers(&search("?q=diffusion"), 20, now()).await;
    let preview: Vec<String> = preview
        .expect("papers")
        .iter()
        .map(|card| card.key.to_string())
        .collect();
    assert_eq!(preview.len(), 13);
    let first = test.send(now()).await.remove(0);
    assert_eq!(first.papers().len(), 10);
    assert_eq!(first.papers(), preview[..10]);
    // The three older papers had no room in the first email. They are not news any more.
    let tomorrow = now() + SignedDuration::from_hours(24);
    let new = hot_papers(1, "cs.LG", 300, "2026-11-25");
    test.library
        .store
        .save_papers(&new, tomorrow)
        .await
        .expect("saved");
    assert_eq!(test.send(tomorrow).await[0].papers(), ["2611.00300"]);
    // A paper that was announced earlier but arrives late is news.
    let late = hot_papers(1, "cs.LG", 400, "2026-11-24");
    let next_day = now() + SignedDuration::from_hours(48);
    test.library
        .store
        .save_papers(&late, next_day)
        .await
        .expect("saved");
    assert_eq!(test.send(next_day).await[0].papers(), ["2611.00400"]);
}

#[tokio::test]
async fn the_first_email_of_a_search_holds_papers_of_one_week() {
    let mut papers = hot_papers(1, "cs.LG", 100, "2026-11-23");
    papers.extend(hot_papers(1, "cs.LG", 200, "2026-11-18"));
    papers.extend(hot_papers(1, "cs.LG", 300, "2026-11-16"));
    let test = MailTest::with(&papers).await;
    test.subscribe("ada@example.org", &["?q=diffusion"], now()).await;
    assert_eq!(test.send(now()).await[0].papers(), ["2611.00100", "2611.00200"]);
}

#[tokio::test]
async fn a_digest_that_is_a_little_late_is_sent_even_if_the_day_before_was_missed() {
    let test = MailTest::with(&hot_papers(30, "cs.LG", 100, "2026-11-24")).await;
    test.subscribe("ada@example.org", &[""], now()).await;
    test.send(now()).await;
    // Not running from Wednesday until Thursday, 08:30.
    let emails = test.send(at("2026-11-26T08:30:00Z")).await;
    assert_eq!(emails.len(), 1);
    assert!(
        emails[0].text.contains("Thursday 26 November"),
        "{}",
        emails[0].text
    );
    assert_eq!(test.send(at("2026-11-26T08:31:00Z")).await.len(), 0);
    assert_eq!(test.send(at("2026-11-27T08:00:00Z")).await.len(), 1);
}

#[tokio::test]
async fn the_result_of_one_email_is_never_recorded_for_another() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = test.subscribe("ada@example.org", &[""], now()).await;
    test.mail.queue_due(now()).await.expect("queued");
    let store = &test.mail.store;
    let email = store
        .lease_emails(1, &[], now())
        .await
        .expect("answer")
        .pop()
        .expect("an email");
    // Its subscriber is deleted while it is being sent. The next email belongs to another subscriber.
    let mut tx = store.write_transaction().await.expect("a transaction");
    tx.delete_subscriber(ada).await.expect("deleted");
    tx.commit().await.expect("deleted");
    test.request("emmy@example.org", "", now()).await;
    store
        .emails_sent(&[(email.id, email.attempts)], now())
        .await
        .expect("recorded");
    assert_eq!(test.send(now()).await.len(), 1);
    // A sender whose lease has expired changes nothing.
    test.subscribe("olga@example.org", &[""], later(1)).await;
    test.mail.queue_due(later(1)).await.expect("queued");
    let slow = store
        .lease_emails(1, &[], later(1))
        .await
        .expect("answer")
        .pop()
        .expect("an email");
    assert_eq!(test.send(later(17)).await.len(), 1, "another sender took it");
    store
        .email_deferred(&slow, later(18), "no connection")
        .await
        .expect("recorded");
    assert_eq!(test.send(later(60)).await.len(), 0);
}

#[tokio::test]
async fn a_name_or_query_cannot_add_a_header_or_a_line() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    let hostile = "?q=diffusion%0d%0aBcc:%20b@example.org%0d%0a%0d%0a<script>alert(1)</script>";
    let ada = test.subscribe("ada@example.org", &[""], now()).await;
    let name = domain::listing_query::search_name("Mine\r\nBcc: c@example.org\r\n<img src=x>");
    let searches = [
        NamedListing {
            view: search("?category=cs.LG"),
            name,
        },
        NamedListing {
            view: search(hostile),
            name: None,
        },
    ];
    test.set_searches(ada, &searches, now()).await;
    test.mail.queue_due(now()).await.expect("queued");
    while test.mail.deliver_some(now()).await.expect("a step").is_some() {}
    let received = test.server.take_received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].recipients().collect::<Vec<_>>(), ["ada@example.org"]);
    let mail = MessageParser::default()
        .parse(&received[0].bytes)
        .expect("a mail");
    assert!(
        mail.headers_raw()
            .all(|(name, _)| !name.eq_ignore_ascii_case("bcc"))
    );
    assert!(
        mail.body_text(0)
            .expect("text")
            .contains("Mine Bcc: c@example.org <img src=x>")
    );
    let html = mail.body_html(0).expect("html");
    assert!(!html.contains("<img") && !html.contains("<script"), "{html}");
}

#[tokio::test]
async fn the_largest_email_is_below_the_size_that_mail_programs_clip() {
    let mut papers = Vec::new();
    for (n, category) in ["cs.LG", "cs.CL", "cs.CV", "math.OC", "stat.ML", "cs.AI"]
        .into_iter()
        .enumerate()
    {
        let first = 1_000 * u32::try_from(n + 1).expect("small");
        papers.extend(hot_papers(20, category, first, "2026-11-24"));
    }
    for paper in &mut papers {
        paper.title = format!(
            "{} {}",
            paper.title,
            "ein sehr langer Titel über Größen ".repeat(6)
        );
        paper.abstract_text = "Überlänge mit Ümlauten — und “Zeichen”. ".repeat(40);
        paper.authors = vec!["Müller-Lüdenscheidt, Ömer Çağrı".into(); 12];
        paper.code_url = Some(format!(
            "https://github.com/somebody-with-a-long-name/{}",
            "x".repeat(60)
        ));
    }
    let test = MailTest::with(&papers).await;
    let ada = test.subscribe("ada@example.org", &[""], now()).await;
    let searches: Vec<NamedListing> = ["cs.LG", "cs.CL", "cs.CV", "math.OC", "stat.ML", "cs.AI"]
        .into_iter()
        .map(|category| NamedListing {
            view: search(&format!("?category={category}")),
            name: domain::listing_query::search_name(&"Ü".repeat(60)),
        })
        .collect();
    test.set_searches(ada, &searches, now()).await;
    let emails = test.send(now()).await;
    assert!(
        (30..=40).contains(&emails[0].papers().len()),
        "{}",
        emails[0].papers().len()
    );
    assert!(emails[0].size < 100_000, "{} bytes", emails[0].size);
}

#[tokio::test]
async fn the_papers_of_a_digest_that_still_waits_are_part_of_the_next() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    test.subscribe("ada@example.org", &[""], now()).await;
    test.server.always(|_| Some((450, "4.2.1 greylisted".to_owned())));
    assert_eq!(test.send(now()).await.len(), 0);
    // It is deferred until the next morning.
    for hours in [1, 6, 12] {
        assert_eq!(
            test.send(now() + SignedDuration::from_hours(hours)).await.len(),
            0
        );
    }
    test.server.always(|_| None);
    test.library
        .save_papers(&hot_papers(2, "cs.LG", 300, "2026-11-25"))
        .await;
    let eight = at("2026-11-25T08:00:00Z");
    rank(&test.library.store, eight).await.expect("ranked");
    let emails = test.send(eight).await;
    assert_eq!(emails.len(), 1);
    assert_eq!(emails[0].papers().len(), 5, "{:?}", emails[0].papers());
    assert_eq!(test.send(at("2026-11-25T23:00:00Z")).await.len(), 0);
}

#[tokio::test]
async fn a_digest_queued_before_a_stop_of_hours_is_not_sent_afterwards() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = test.subscribe("ada@example.org", &[""], now()).await;
    assert_eq!(test.mail.queue_due(now()).await.expect("queued"), 1);
    let much_later = now() + SignedDuration::from_hours(7);
    assert_eq!(
        test.mail.deliver_one(much_later).await.expect("a step"),
        Step::Ended(ada)
    );
    assert_eq!(test.send(at("2026-11-25T08:00:00Z")).await[0].papers().len(), 3);
}
