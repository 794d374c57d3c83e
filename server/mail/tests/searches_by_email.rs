//! Views by mail: several lists as one mail, the same list for everybody, what is news in each, and who chooses.

use std::collections::HashSet;

use domain::{DigestSchedule, Paper, listing_query::NamedListing};
use ingest::ranking::rank;
use jiff::{SignedDuration, Timestamp, ToSpan};
use mail::digest::{Step, issue_day};
use mail_parser::MessageParser;
use store::{Confirmed, SubscriptionRequest};
use testing::{
    PaperBuilder, a_paper, at, now,
    office::{Office, address, hot, view},
};

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

#[tokio::test]
async fn several_views_come_as_one_mail_with_a_section_each_and_no_paper_twice() {
    let mut papers = hot(6, "cs.LG", 100, "2026-11-24");
    papers.extend(hot(6, "math.OC", 200, "2026-11-24"));
    let office = Office::with(&papers).await;
    office
        .subscriber(
            "ada@example.org",
            &["?category=math.OC", "?category=cs.LG&sort=new", ""],
            now(),
        )
        .await;
    let mails = office.send(now()).await;
    assert_eq!(mails.len(), 1);
    let found = mails[0].papers();
    assert_eq!(found.len(), 12, "{}", mails[0].text);
    assert_eq!(found.iter().collect::<HashSet<_>>().len(), 12);
    assert!(
        found[..6].iter().all(|id| id.starts_with("2611.002")),
        "{found:?}"
    );
    let heading = |words: &str| mails[0].text.find(words).expect(words);
    assert!(heading("Trending this week in math.OC") < heading("Newest first in cs.LG"));
    // The front page has nothing left that is not above.
    assert!(
        !mails[0].text.contains("Trending this week\n"),
        "{}",
        mails[0].text
    );
    assert_eq!(mails[0].subject, "Paper 200 on diffusion, and 11 more");
}

#[tokio::test]
async fn everybody_gets_the_list_of_the_first_who_got_it_though_the_order_has_moved() {
    let office = Office::with(&hot(30, "cs.LG", 100, "2026-11-24")).await;
    office
        .subscriber("ada@example.org", &["?category=cs.LG"], now())
        .await;
    let first = office.send(now()).await.remove(0);
    // A new hottest paper, and a rank run, an hour later.
    office
        .library
        .save_papers(&hot(1, "cs.LG", 900, "2026-11-24"))
        .await;
    rank(&office.library.store, later(60)).await.expect("ranked");
    office
        .subscriber("emmy@example.org", &["?category=cs.LG"], later(60))
        .await;
    let second = office.send(later(60)).await.remove(0);
    assert_eq!(second.to, "emmy@example.org");
    assert_eq!(first.papers(), second.papers());
    // It stands on the web, longer than any one mail, with the reasons of then.
    let (id, _) = office
        .mail
        .store
        .known_search(&view("?category=cs.LG"))
        .await
        .expect("answer")
        .expect("the view");
    let printed = office
        .mail
        .printed(id, issue_day(now()))
        .await
        .expect("answer")
        .expect("the issue");
    assert_eq!(printed.len(), 30);
    let ids: Vec<String> = printed.iter().map(|(card, _)| card.key.to_string()).collect();
    assert_eq!(ids[..10], first.papers()[..]);
    assert!(
        printed
            .iter()
            .all(|(_, why)| first.text.contains(why) || !first.papers().contains(&why.as_str()))
    );
    assert_eq!(
        office
            .mail
            .printed(id, issue_day(now()) - 1.day())
            .await
            .expect("answer"),
        None
    );
    // The next day's is new.
    let tomorrow = now() + SignedDuration::from_hours(24);
    assert!(office.send(tomorrow).await[0].papers().contains(&"2611.00900"));
}

#[tokio::test]
async fn in_a_list_by_date_news_is_what_was_announced_lately() {
    let mut papers: Vec<Paper> = (0..30)
        .map(|n| {
            a_paper(&format!("2001.{n:05}"))
                .titled(&format!("Old {n} on diffusion"))
                .published("2020-01-01")
        })
        .collect();
    papers.extend(hot(2, "cs.LG", 100, "2026-11-23"));
    let office = Office::with(&papers).await;
    office
        .subscriber("ada@example.org", &["?q=diffusion&sort=new"], now())
        .await;
    // The first mail is a full page.
    let first = office.send(now()).await.remove(0);
    assert_eq!(first.papers().len(), 10);
    assert_eq!(first.papers()[..2], ["2611.00101", "2611.00100"]);
    // Then only what is new, and nothing on a day without.
    let day = |n: i64| now() + SignedDuration::from_hours(24 * n);
    assert_eq!(office.send(day(1)).await.len(), 0);
    office
        .library
        .save_papers(&hot(1, "cs.LG", 300, "2026-11-26"))
        .await;
    let third = office.send(day(2)).await.remove(0);
    assert_eq!(third.papers(), ["2611.00300"]);
    assert_eq!(third.subject, "Paper 300 on diffusion");
}

#[tokio::test]
async fn what_is_asked_while_a_letter_is_under_way_is_chosen_from_behind_it() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    // Somebody else adds junk in her name, before and after; within ten minutes no second mail goes out.
    for n in 0..20 {
        office
            .asks("ada@example.org", &format!("?q=junk{n}"), now())
            .await;
    }
    office.asks("ada@example.org", "?category=cs.LG", later(1)).await;
    let letters = office.send(later(2)).await;
    assert_eq!(letters.len(), 1);
    let confirm = letters[0].token("confirm");
    let subscriber = office
        .mail
        .store
        .subscriber_by_confirm(&confirm)
        .await
        .expect("answer")
        .expect("a subscriber");
    let waiting = office
        .mail
        .store
        .searches_of(subscriber.id)
        .await
        .expect("sections");
    assert_eq!(waiting.len(), 6, "the newest push out the oldest");
    assert!(
        !letters[0].text.contains("junk"),
        "nothing a stranger typed: {}",
        letters[0].text
    );
    assert!(matches!(
        office.presses(&confirm, Some(&[]), later(3)).await,
        Confirmed::Nothing(_)
    ));
    let wanted = [waiting[5].view_id, 12_345];
    assert!(matches!(
        office.presses(&confirm, Some(&wanted), later(3)).await,
        Confirmed::Now(_)
    ));
    assert_eq!(
        office.words_of(subscriber.id).await,
        ["Trending this week in cs.LG"]
    );
    assert!(matches!(
        office.presses(&confirm, None, later(4)).await,
        Confirmed::Before(_)
    ));
}

#[tokio::test]
async fn a_further_list_needs_a_button_of_its_own_and_leaves_the_rest_as_it_is() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = office.subscriber("ada@example.org", &[""], now()).await;
    // From outside nobody changes her hour.
    let wish = SubscriptionRequest {
        view: view("?category=cs.LG"),
        rhythm: DigestSchedule {
            hour: 3,
            ..DigestSchedule::usual("Asia/Tokyo")
        },
        papers: 20,
    };
    office
        .mail
        .subscribe(&address("Ada@Example.org"), &wish, false, later(1))
        .await
        .expect("taken");
    let letter = office.send(later(1)).await;
    let asking = letter
        .iter()
        .find(|mail| mail.subject.contains("one more list"))
        .expect("a letter that asks");
    assert!(asking.text.contains("Trending this week in cs.LG") && !asking.text.contains("Asia/Tokyo"));
    let before = office
        .mail
        .store
        .subscriber_by_confirm(&asking.token("confirm"))
        .await;
    let before = before.expect("answer").expect("a subscriber");
    assert_eq!((before.zone.as_str(), before.hour, before.papers), ("UTC", 8, 10));
    office.presses(&asking.token("confirm"), None, later(2)).await;
    assert_eq!(
        office.words_of(ada).await,
        ["Trending this week", "Trending this week in cs.LG"]
    );
    // SubscribeOutcome for again, there is nothing to confirm.
    office.asks("ada@example.org", "?category=cs.LG", later(30)).await;
    assert_eq!(office.send(later(30)).await.len(), 0);
}

#[tokio::test]
async fn no_more_lists_are_confirmed_than_a_mail_can_hold() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = office.subscriber("ada@example.org", &[""], now()).await;
    let sections: Vec<NamedListing> = (0..12)
        .map(|n| NamedListing {
            view: view(&format!("?q=word{n}")),
            name: None,
        })
        .collect();
    office
        .mail
        .store
        .set_searches(ada, &sections, now())
        .await
        .expect("kept");
    office.asks("ada@example.org", "?q=one+more", later(1)).await;
    let confirm = office.send(later(1)).await[0].token("confirm");
    assert!(matches!(
        office.presses(&confirm, None, later(2)).await,
        Confirmed::TooMany(_)
    ));
    assert_eq!(
        office.mail.store.searches_of(ada).await.expect("sections").len(),
        13
    );
}

#[tokio::test]
async fn whoever_leaves_by_a_letter_they_did_not_ask_for_has_peace() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    office.asks("ada@example.org", "", now()).await;
    let leave = office.send(now()).await[0].token("unsubscribe");
    office
        .mail
        .store
        .unsubscribe(&leave, now())
        .await
        .expect("answer")
        .expect("left");
    for hours in [1, 30, 100] {
        let when = now() + SignedDuration::from_hours(hours);
        office.asks("ada@example.org", "", when).await;
        assert_eq!(office.send(when).await.len(), 0, "after {hours} hours");
    }
    let much_later = now() + SignedDuration::from_hours(24 * 8);
    office.asks("ada@example.org", "", much_later).await;
    assert_eq!(office.send(much_later).await.len(), 1);
}

#[tokio::test]
async fn a_mail_a_little_late_comes_though_the_day_before_was_missed_too() {
    let office = Office::with(&hot(30, "cs.LG", 100, "2026-11-24")).await;
    office.subscriber("ada@example.org", &[""], now()).await;
    office.send(now()).await;
    // Down from Wednesday until Thursday half past eight.
    let mails = office.send(at("2026-11-26T08:30:00Z")).await;
    assert_eq!(mails.len(), 1);
    assert!(
        mails[0].text.contains("Thursday 26 November"),
        "{}",
        mails[0].text
    );
    assert_eq!(office.send(at("2026-11-26T08:31:00Z")).await.len(), 0);
    assert_eq!(office.send(at("2026-11-27T08:00:00Z")).await.len(), 1);
}

#[tokio::test]
async fn what_becomes_of_a_letter_is_noted_of_no_other() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = office.subscriber("ada@example.org", &[""], now()).await;
    office.mail.queue_due(now()).await.expect("queued");
    let store = &office.mail.store;
    let letter = store
        .lease_emails(1, &[], now())
        .await
        .expect("answer")
        .pop()
        .expect("a letter");
    // Its reader deletes everything while it is under way; the next letter is somebody else's.
    store.forget_subscriber(ada).await.expect("forgotten");
    office.asks("emmy@example.org", "", now()).await;
    store
        .emails_sent(&[(letter.id, letter.attempts)], now())
        .await
        .expect("noted");
    assert_eq!(office.send(now()).await.len(), 1);
    // A sender that has overslept its lease overwrites nothing.
    office.subscriber("olga@example.org", &[""], later(1)).await;
    office.mail.queue_due(later(1)).await.expect("queued");
    let slow = store
        .lease_emails(1, &[], later(1))
        .await
        .expect("answer")
        .pop()
        .expect("a letter");
    assert_eq!(office.send(later(17)).await.len(), 1, "another took it up");
    store
        .email_deferred(&slow, later(18), "no connection")
        .await
        .expect("noted");
    assert_eq!(office.send(later(60)).await.len(), 0);
}

#[tokio::test]
async fn whoever_comes_back_has_what_they_asked_for_then_and_not_what_they_had_once() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = office
        .subscriber("ada@example.org", &["", "?q=diffusion"], now())
        .await;
    office.mail.store.stop(ada, now()).await.expect("stopped");
    office
        .subscriber("ada@example.org", &["?category=cs.LG"], later(30))
        .await;
    assert_eq!(office.words_of(ada).await, ["Trending this week in cs.LG"]);
}

#[tokio::test]
async fn a_name_or_a_query_adds_no_header_and_no_line() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    let hostile = "?q=diffusion%0d%0aBcc:%20b@example.org%0d%0a%0d%0a<script>alert(1)</script>";
    let ada = office.subscriber("ada@example.org", &[""], now()).await;
    let name = domain::listing_query::view_name("Mine\r\nBcc: c@example.org\r\n<img src=x>");
    let sections = [
        NamedListing {
            view: view("?category=cs.LG"),
            name,
        },
        NamedListing {
            view: view(hostile),
            name: None,
        },
    ];
    office
        .mail
        .store
        .set_searches(ada, &sections, now())
        .await
        .expect("kept");
    office.mail.queue_due(now()).await.expect("queued");
    while office.mail.deliver_some(now()).await.expect("a step").is_some() {}
    let received = office.server.take_received();
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
async fn the_largest_mail_stays_below_what_programs_clip() {
    let mut papers = Vec::new();
    for (n, category) in ["cs.LG", "cs.CL", "cs.CV", "math.OC", "stat.ML", "cs.AI"]
        .into_iter()
        .enumerate()
    {
        let first = 1_000 * u32::try_from(n + 1).expect("small");
        papers.extend(hot(20, category, first, "2026-11-24"));
    }
    for paper in &mut papers {
        paper.title = format!(
            "{} {}",
            paper.title,
            "ein sehr langer Titel über Größen ".repeat(6)
        );
        paper.abstract_text = "Überlänge mit Ümlauten — und “Zeichen”. ".repeat(40);
        paper.authors = vec!["Müller-Lüdenscheidt, Ömer Çağrı".to_owned(); 12];
        paper.code_url = Some(format!(
            "https://github.com/somebody-with-a-long-name/{}",
            "x".repeat(60)
        ));
    }
    let office = Office::with(&papers).await;
    let ada = office.subscriber("ada@example.org", &[""], now()).await;
    let sections: Vec<NamedListing> = ["cs.LG", "cs.CL", "cs.CV", "math.OC", "stat.ML", "cs.AI"]
        .into_iter()
        .map(|category| NamedListing {
            view: view(&format!("?category={category}")),
            name: domain::listing_query::view_name(&"Ü".repeat(60)),
        })
        .collect();
    office
        .mail
        .store
        .set_searches(ada, &sections, now())
        .await
        .expect("kept");
    let mails = office.send(now()).await;
    assert!(
        (30..=40).contains(&mails[0].papers().len()),
        "{}",
        mails[0].papers().len()
    );
    assert!(mails[0].size < 100_000, "{} bytes in all", mails[0].size);
}

#[tokio::test]
async fn a_digest_that_still_waits_gives_way_to_the_next_and_its_papers_come_with_it() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    office.subscriber("ada@example.org", &[""], now()).await;
    office
        .server
        .always(|_| Some((450, "4.2.1 greylisted".to_owned())));
    assert_eq!(office.send(now()).await.len(), 0);
    // It is deferred into the next morning.
    for hours in [1, 6, 12] {
        assert_eq!(
            office.send(now() + SignedDuration::from_hours(hours)).await.len(),
            0
        );
    }
    office.server.always(|_| None);
    office
        .library
        .save_papers(&hot(2, "cs.LG", 300, "2026-11-25"))
        .await;
    let eight = at("2026-11-25T08:00:00Z");
    rank(&office.library.store, eight).await.expect("ranked");
    let mails = office.send(eight).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].papers().len(), 5, "{:?}", mails[0].papers());
    assert_eq!(office.send(at("2026-11-25T23:00:00Z")).await.len(), 0);
}

#[tokio::test]
async fn a_digest_that_lay_here_while_the_program_stood_is_not_sent_late() {
    let office = Office::with(&hot(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = office.subscriber("ada@example.org", &[""], now()).await;
    assert_eq!(office.mail.queue_due(now()).await.expect("queued"), 1);
    let much_later = now() + SignedDuration::from_hours(7);
    assert_eq!(
        office.mail.deliver_one(much_later).await.expect("a step"),
        Step::Ended(ada)
    );
    assert_eq!(office.send(at("2026-11-25T08:00:00Z")).await[0].papers().len(), 3);
}
