//! The rules of confirming and unsubscribing, without HTTP.

use domain::{DigestSchedule, listing_query::NamedListing};
use jiff::{SignedDuration, Timestamp};
use mail::subscriptions::{
    BrowserReader, ConfirmOutcome, Confirmation, ConfirmationPage, UnsubscribedBy, schedule_and_length,
};
use store::{Subscriber, SubscriptionRequest};
use testing::{
    Library, PaperBuilder, a_paper,
    mailing::{MailTest, address, hot_papers, search},
    now,
};

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

/// Requests a subscription and answers the token of its confirmation link.
async fn requested(test: &MailTest, email: &str, query: &str, when: Timestamp) -> [u8; 32] {
    test.request(email, query, when).await;
    test.deliver(when).await[0].token("confirm")
}

async fn waiting(test: &MailTest, token: &[u8; 32], when: Timestamp) -> (Subscriber, Vec<i64>) {
    match test.mail.confirmation_page(token, when).await.expect("a page") {
        ConfirmationPage::Waiting { subscriber, searches } => {
            let ids = searches.iter().map(|search| search.view_id).collect();
            (subscriber, ids)
        }
        page => panic!("{page:?}"),
    }
}

async fn linked_readers(library: &Library) -> i64 {
    library
        .number("select count(*) from readers where subscriber_id is not null")
        .await
}

#[tokio::test]
async fn the_page_of_a_link_shows_what_waits_until_it_is_confirmed_or_expires() {
    let test = MailTest::with(&[]).await;
    let token = requested(&test, "ada@example.org", "?q=diffusion", now()).await;
    let page = async |when| test.mail.confirmation_page(&token, when).await.expect("a page");
    let (subscriber, ids) = waiting(&test, &token, now()).await;
    assert_eq!((subscriber.email.as_str(), ids.len()), ("ada@example.org", 1));
    let week_later = now() + SignedDuration::from_hours(7 * 24 + 1);
    assert_eq!(page(week_later).await, ConfirmationPage::Expired);
    assert!(matches!(
        test.confirm(&token, None, later(1)).await,
        ConfirmOutcome::Confirmed(_)
    ));
    assert!(matches!(page(week_later).await, ConfirmationPage::Confirmed(_)));
    assert_eq!(
        test.mail
            .confirmation_page(&[7; 32], now())
            .await
            .expect("a page"),
        ConfirmationPage::Unknown
    );
}

#[tokio::test]
async fn confirming_links_a_known_reader_or_adds_a_new_one() {
    let test = MailTest::with(&[]).await;
    let token = requested(&test, "ada@example.org", "", now()).await;
    let by = |reader| Confirmation {
        reader: Some(reader),
        ..Confirmation::of_all(&token)
    };
    // The link is expired, so nothing may change.
    let week_later = now() + SignedDuration::from_hours(7 * 24 + 1);
    let new = BrowserReader::New { token_hash: [9; 32] };
    assert_eq!(
        test.mail.confirm(&by(new), week_later).await.expect("an answer"),
        ConfirmOutcome::Expired
    );
    assert_eq!(test.library.number("select count(*) from readers").await, 0);

    let known = BrowserReader::Known(test.library.reader(1).await);
    assert!(matches!(
        test.mail.confirm(&by(known), later(1)).await.expect("an answer"),
        ConfirmOutcome::Confirmed(_)
    ));
    assert_eq!(linked_readers(&test.library).await, 1);
    assert!(matches!(
        test.mail.confirm(&by(new), later(2)).await.expect("an answer"),
        ConfirmOutcome::AlreadyConfirmed(_)
    ));
    assert_eq!(linked_readers(&test.library).await, 2);
    assert!(
        test.mail
            .store
            .reader(&[9; 32])
            .await
            .expect("an answer")
            .is_some()
    );
}

#[tokio::test]
async fn a_request_that_changed_after_its_page_was_shown_is_not_confirmed() {
    let test = MailTest::with(&[]).await;
    let token = requested(&test, "ada@example.org", "", now()).await;
    let (subscriber, ids) = waiting(&test, &token, now()).await;
    let shown = schedule_and_length(&subscriber);
    let confirmation = Confirmation {
        chosen: Some(&ids),
        shown: Some(&shown),
        ..Confirmation::of_all(&token)
    };
    let request = SubscriptionRequest {
        papers: 20,
        ..SubscriptionRequest::usual("Asia/Tokyo")
    };
    test.mail
        .subscribe(&address("ada@example.org"), &request, false, later(1))
        .await
        .expect("accepted");
    assert_eq!(
        test.mail
            .confirm(&confirmation, later(2))
            .await
            .expect("an answer"),
        ConfirmOutcome::RequestChanged
    );
    let (subscriber, _) = waiting(&test, &token, later(2)).await;
    let shown = schedule_and_length(&subscriber);
    let confirmation = Confirmation {
        shown: Some(&shown),
        ..confirmation
    };
    assert!(matches!(
        test.mail
            .confirm(&confirmation, later(2))
            .await
            .expect("an answer"),
        ConfirmOutcome::Confirmed(_)
    ));
}

#[tokio::test]
async fn only_chosen_searches_are_confirmed_and_the_others_are_removed() {
    let test = MailTest::with(&[]).await;
    let token = requested(&test, "ada@example.org", "?q=one", now()).await;
    test.request("ada@example.org", "?q=two", later(1)).await;
    let (subscriber, ids) = waiting(&test, &token, later(1)).await;
    assert_eq!(ids.len(), 2);
    assert_eq!(
        test.confirm(&token, Some(&[]), later(2)).await,
        ConfirmOutcome::NothingChosen
    );
    assert_eq!(waiting(&test, &token, later(2)).await.1, ids);
    test.confirm(&token, Some(&ids[1..]), later(2)).await;
    let searches = test
        .mail
        .store
        .searches_of(subscriber.id)
        .await
        .expect("searches");
    assert_eq!(searches.len(), 1);
    assert_eq!(searches[0].view, search("?q=two"));
    assert!(!searches[0].is_pending);
}

#[tokio::test]
async fn an_unsubscribe_by_the_page_sends_a_goodbye_and_one_by_a_mail_program_does_not() {
    for (by, goodbyes) in [(UnsubscribedBy::Page, 1), (UnsubscribedBy::MailProgram, 0)] {
        let test = MailTest::with(&[a_paper("2611.00001").published("2026-11-24")]).await;
        test.subscribe("ada@example.org", &[""], now()).await;
        let token = test.send(now()).await[0].token("unsubscribe");
        for _ in 0..2 {
            let stopped = test
                .mail
                .unsubscribe(&token, by, later(1))
                .await
                .expect("an answer")
                .expect("a subscriber");
            assert!(!stopped.is_active());
        }
        let emails = test.deliver(later(1)).await;
        assert_eq!(emails.len(), goodbyes, "{by:?}");
        assert!(
            emails
                .iter()
                .all(|email| email.subject == "You have unsubscribed")
        );
    }
}

#[tokio::test]
async fn unsubscribing_takes_back_pending_searches_and_waiting_emails() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = test.subscribe("ada@example.org", &[""], now()).await;
    let token = test.send(now()).await[0].token("preferences");
    test.request("ada@example.org", "?q=diffusion", later(1)).await;
    let stopped = test
        .mail
        .unsubscribe_by_preferences(&token, later(2))
        .await
        .expect("an answer")
        .expect("a subscriber");
    assert_eq!(stopped.id, ada);
    assert_eq!(test.labels_of(ada).await, ["Trending this week"]);
    let emails = test.deliver(later(3)).await;
    assert_eq!(emails.len(), 1, "the goodbye, but no confirmation email");
    assert_eq!(emails[0].subject, "You have unsubscribed");
    assert!(
        test.mail
            .unsubscribe_by_preferences(&[7; 32], later(3))
            .await
            .expect("an answer")
            .is_none()
    );
}

#[tokio::test]
async fn searches_requested_after_the_email_are_on_its_confirmation_page() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    // Another person requests junk in her name. Within ten minutes no second email is sent.
    for n in 0..20 {
        test.request("ada@example.org", &format!("?q=junk{n}"), now())
            .await;
    }
    test.request("ada@example.org", "?category=cs.LG", later(1)).await;
    let emails = test.send(later(2)).await;
    assert_eq!(emails.len(), 1);
    let confirm = emails[0].token("confirm");
    let subscriber = test
        .mail
        .store
        .subscriber_by_confirm(&confirm)
        .await
        .expect("answer")
        .expect("a subscriber");
    let waiting = test
        .mail
        .store
        .searches_of(subscriber.id)
        .await
        .expect("searches");
    assert_eq!(waiting.len(), 6, "the newest push out the oldest");
    assert!(
        !emails[0].text.contains("junk"),
        "no text that a stranger typed: {}",
        emails[0].text
    );
    assert!(matches!(
        test.confirm(&confirm, Some(&[]), later(3)).await,
        ConfirmOutcome::NothingChosen
    ));
    let wanted = [waiting[5].view_id, 12_345];
    assert!(matches!(
        test.confirm(&confirm, Some(&wanted), later(3)).await,
        ConfirmOutcome::Confirmed(_)
    ));
    assert_eq!(
        test.labels_of(subscriber.id).await,
        ["Trending this week in cs.LG"]
    );
    assert!(matches!(
        test.confirm(&confirm, None, later(4)).await,
        ConfirmOutcome::AlreadyConfirmed(_)
    ));
}

#[tokio::test]
async fn a_further_search_must_be_confirmed_and_changes_nothing_else() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = test.subscribe("ada@example.org", &[""], now()).await;
    // A request cannot change her schedule.
    let request = SubscriptionRequest {
        view: search("?category=cs.LG"),
        schedule: DigestSchedule {
            hour: 3,
            ..DigestSchedule::usual("Asia/Tokyo")
        },
        papers: 20,
    };
    test.mail
        .subscribe(&address("Ada@Example.org"), &request, false, later(1))
        .await
        .expect("taken");
    let email = test.send(later(1)).await;
    let asking = email
        .iter()
        .find(|mail| mail.subject.contains("add a search"))
        .expect("a confirmation email");
    assert!(asking.text.contains("Trending this week in cs.LG") && !asking.text.contains("Asia/Tokyo"));
    let before = test
        .mail
        .store
        .subscriber_by_confirm(&asking.token("confirm"))
        .await;
    let before = before.expect("answer").expect("a subscriber");
    assert_eq!((before.zone.as_str(), before.hour, before.papers), ("UTC", 8, 10));
    test.confirm(&asking.token("confirm"), None, later(2)).await;
    assert_eq!(
        test.labels_of(ada).await,
        ["Trending this week", "Trending this week in cs.LG"]
    );
    // A second request for the same search needs no confirmation.
    test.request("ada@example.org", "?category=cs.LG", later(30))
        .await;
    assert_eq!(test.send(later(30)).await.len(), 0);
}

#[tokio::test]
async fn no_more_searches_can_be_confirmed_than_one_email_holds() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = test.subscribe("ada@example.org", &[""], now()).await;
    let searches: Vec<NamedListing> = (0..12)
        .map(|n| NamedListing {
            view: search(&format!("?q=word{n}")),
            name: None,
        })
        .collect();
    test.set_searches(ada, &searches, now()).await;
    test.request("ada@example.org", "?q=one+more", later(1)).await;
    let confirm = test.send(later(1)).await[0].token("confirm");
    assert!(matches!(
        test.confirm(&confirm, None, later(2)).await,
        ConfirmOutcome::TooManySearches
    ));
    assert_eq!(
        test.mail.store.searches_of(ada).await.expect("searches").len(),
        13
    );
}

#[tokio::test]
async fn an_unconfirmed_address_that_unsubscribes_gets_no_confirmation_email_for_a_week() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    test.request("ada@example.org", "", now()).await;
    let leave = test.send(now()).await[0].token("unsubscribe");
    test.unsubscribe(&leave, now()).await.expect("left");
    for hours in [1, 30, 100] {
        let when = now() + SignedDuration::from_hours(hours);
        test.request("ada@example.org", "", when).await;
        assert_eq!(test.send(when).await.len(), 0, "after {hours} hours");
    }
    let much_later = now() + SignedDuration::from_hours(24 * 8);
    test.request("ada@example.org", "", much_later).await;
    assert_eq!(test.send(much_later).await.len(), 1);
}

#[tokio::test]
async fn a_subscriber_who_comes_back_gets_the_new_searches_and_not_the_old_ones() {
    let test = MailTest::with(&hot_papers(3, "cs.LG", 100, "2026-11-24")).await;
    let ada = test
        .subscribe("ada@example.org", &["", "?q=diffusion"], now())
        .await;
    let unsubscribe = test.send(now()).await[0].token("unsubscribe");
    test.unsubscribe(&unsubscribe, now()).await.expect("a subscriber");
    test.subscribe("ada@example.org", &["?category=cs.LG"], later(30))
        .await;
    assert_eq!(test.labels_of(ada).await, ["Trending this week in cs.LG"]);
}
