//! Everything that can go wrong with a source: what is stored all the same, what is asked again and when, and what a
//! reader is told.

use std::time::Duration;

use domain::{
    Listing,
    upstream::{Condition, SourceHealth},
};
use ingest::fetch::{Fetcher, Limits};
use ingest::health;
use ingest::sources::{SourceSettings, SourceToken, arxiv_api};
use ingest::{SourceJob, Sources};
use jobs::{Outcome, Run, Scheduler};
use store::Clock;
use store::Store;
use testing::{
    Library, at,
    upstream::{ReceivedRequest, Reply, Upstream},
};

/// A Tuesday, after the night's feed.
const NOW: &str = "2026-11-24T12:00:00Z";

struct House {
    library: Library,
    clock: Clock,
    upstream: Upstream,
    sources: Sources,
    scheduler: Scheduler,
}

fn sources(store: &Store, clock: &Clock, address: &str, token: Option<&str>) -> Sources {
    // Short by the machine's clock, which is the one that the network has.
    let limits = Limits {
        connect: Duration::from_millis(500),
        idle: Duration::from_millis(400),
        total: Duration::from_millis(1_500),
        body: 1 << 20,
    };
    let fetcher =
        Fetcher::new(store.clone(), clock.clone(), limits, Some("mailto:a@b.c"), 3).expect("a client");
    let settings = SourceSettings {
        arxiv_oai: format!("{address}/oai"),
        arxiv_rss: format!("{address}/rss"),
        arxiv_api: format!("{address}/api/query"),
        hugging_face: address.to_owned(),
        github_api: address.to_owned(),
        sets: vec!["cs".parse().expect("a set")],
        github_token: token.map(SourceToken::new),
    };
    Sources::new(store.clone(), clock.clone(), fetcher, settings)
}

impl House {
    async fn against(script: impl Fn(&ReceivedRequest, usize) -> Reply + Send + Sync + 'static) -> Self {
        let library = Library::new().await;
        let clock = Clock::fixed(at(NOW));
        let upstream = Upstream::play(&clock, script).await;
        let sources = sources(&library.store, &clock, &upstream.address, None);
        Self {
            scheduler: Scheduler::new(library.store.clone(), clock.clone(), 1),
            sources,
            library,
            clock,
            upstream,
        }
    }

    /// Runs a job. Answers what went wrong, in words, if anything.
    async fn run(&self, job: SourceJob) -> Option<String> {
        match self
            .scheduler
            .run(&self.sources.job(job, None))
            .await
            .expect("the database")
        {
            Outcome::Ran { failure, .. } => failure.map(|failure| failure.to_string()),
            Outcome::Elsewhere => panic!("nobody else is here"),
        }
    }

    async fn papers(&self) -> Vec<String> {
        let listing = Listing::read([("sort", "new")]).listing;
        let page = self
            .library
            .store
            .list(&listing, None, None, self.clock.now())
            .await
            .expect("a page");
        let mut keys: Vec<String> = page.cards.iter().map(|card| card.key.to_string()).collect();
        keys.sort();
        keys
    }

    async fn health(&self, of: domain::Upstream) -> SourceHealth {
        health::sources(&self.library.store, true, self.clock.now())
            .await
            .expect("health")
            .into_iter()
            .find(|source| source.upstream == of)
            .expect("the source")
    }

    async fn set_aside(&self) -> Vec<(String, String)> {
        self.library
            .store
            .set_aside(50)
            .await
            .expect("set aside")
            .into_iter()
            .map(|(_, record, reason)| (record, reason))
            .collect()
    }

    /// Seconds between the requests.
    fn pauses(&self) -> Vec<i64> {
        let asked = self.upstream.asked();
        asked
            .windows(2)
            .map(|pair| pair[1].at.as_second() - pair[0].at.as_second())
            .collect()
    }
}

fn record(id: &str) -> String {
    format!(
        "<record><header><identifier>oai:arXiv.org:{id}</identifier><datestamp>2026-11-24</datestamp></header><metadata><arXiv xmlns=\"http://arxiv.org/OAI/arXiv/\"><id>{id}</id><created>2026-11-23</created><authors><author><keyname>Noether</keyname><forenames>Emmy</forenames></author></authors><title>Paper {id}</title><categories>cs.LG</categories><abstract>Words.</abstract></arXiv></metadata></record>"
    )
}

fn oai(records: &[String], token: Option<&str>) -> String {
    let token = token.map_or(String::new(), |token| {
        format!("<resumptionToken>{token}</resumptionToken>")
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\"><responseDate>2026-11-24T12:00:00Z</responseDate><ListRecords>{}{token}</ListRecords></OAI-PMH>",
        records.concat()
    )
}

fn ids(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| format!("2611.{n:05}")).collect()
}

fn records(range: std::ops::Range<usize>) -> Vec<String> {
    ids(range).iter().map(|id| record(id)).collect()
}

/// Two pages: the second by its token.
fn two_pages(asked: &ReceivedRequest) -> Reply {
    match asked.parameter("resumptionToken").as_deref() {
        None => Reply::ok(oai(&records(1..4), Some("two"))),
        Some("two") => Reply::ok(oai(&records(4..6), None)),
        Some(other) => panic!("no such token: {other}"),
    }
}

#[tokio::test]
async fn a_short_retry_after_is_waited_for_and_the_pass_goes_on() {
    let house = House::against(|asked, before| match before {
        0 => Reply::status(429).with("retry-after", "30"),
        _ => two_pages(asked),
    })
    .await;
    assert_eq!(house.run(SourceJob::ArxivOai).await, None);
    assert_eq!(house.papers().await, ids(1..6));
    let pauses = house.pauses();
    assert!((30..40).contains(&pauses[0]), "{pauses:?}");
    assert!((3..6).contains(&pauses[1]), "{pauses:?}");
}

#[tokio::test]
async fn a_429_that_does_not_say_how_long_is_met_with_growing_patience_and_then_a_rest() {
    let house = House::against(|_, _| Reply::status(429)).await;
    let trouble = house.run(SourceJob::ArxivOai).await.expect("trouble");
    assert!(trouble.contains("429"), "{trouble}");
    let pauses = house.pauses();
    assert_eq!(pauses.len(), 3, "four tries");
    assert!(
        pauses[0] >= 5 && pauses[1] > pauses[0] && pauses[2] > pauses[1],
        "{pauses:?}"
    );
    let source = house.health(domain::Upstream::ArxivOai).await;
    assert_eq!(source.condition, Condition::Failing);
    let again = source.asked_again.expect("a moment");
    let rest = again.duration_since(house.clock.now()).as_secs();
    assert!((200..400).contains(&rest), "{rest} s");
    // While it rests nobody asks.
    let before = house.upstream.count();
    house.run(SourceJob::ArxivOai).await;
    assert_eq!(house.upstream.count(), before);
    // Each further failure rests longer, up to hours.
    let mut rests = Vec::new();
    for _ in 0..9 {
        let again = house
            .health(domain::Upstream::ArxivOai)
            .await
            .asked_again
            .expect("a moment");
        house.clock.sleep_until(again).await;
        house.run(SourceJob::ArxivOai).await;
        let again = house
            .health(domain::Upstream::ArxivOai)
            .await
            .asked_again
            .expect("a moment");
        rests.push(again.duration_since(house.clock.now()).as_secs());
    }
    assert!(rests[3] > 3 * rests[0], "{rests:?}");
    assert!(rests.iter().all(|rest| *rest <= 8 * 3_600), "{rests:?}");
    assert!(*rests.last().expect("one") > 4 * 3_600, "{rests:?}");
}

#[tokio::test]
async fn a_long_retry_after_silences_everything_behind_the_same_gate() {
    let house = House::against(|_, _| Reply::status(503).with("retry-after", "7200")).await;
    house.run(SourceJob::ArxivOai).await.expect("trouble");
    assert_eq!(house.upstream.count(), 1, "it is not asked again");
    // The daily feed is another address of the same arXiv.
    house.run(SourceJob::ArxivRss).await.expect("not yet");
    assert_eq!(house.upstream.count(), 1);
    house.clock.advance(jiff::SignedDuration::from_secs(7_205));
    house.run(SourceJob::ArxivRss).await;
    assert_eq!(house.upstream.count(), 2);
    assert!(house.pauses()[0] >= 7_200);
}

#[tokio::test]
async fn a_503_during_resumption_repeats_that_page_alone() {
    let house = House::against(|asked, before| match before {
        1 => Reply::status(503).with("retry-after", "10"),
        _ => two_pages(asked),
    })
    .await;
    assert_eq!(house.run(SourceJob::ArxivOai).await, None);
    assert_eq!(house.papers().await, ids(1..6));
    let first_pages = house
        .upstream
        .asked()
        .iter()
        .filter(|asked| asked.parameter("resumptionToken").is_none())
        .count();
    assert_eq!(first_pages, 1);
}

#[tokio::test]
async fn a_harvest_that_stopped_goes_on_where_it_was() {
    let house = House::against(|asked, before| {
        if (1..=4).contains(&before) {
            Reply::Silence
        } else {
            two_pages(asked)
        }
    })
    .await;
    let trouble = house.run(SourceJob::ArxivOai).await.expect("trouble");
    assert!(
        trouble.contains("broke off") || trouble.contains("reached"),
        "{trouble}"
    );
    assert_eq!(house.papers().await, ids(1..4), "what came is kept");
    let again = house
        .health(domain::Upstream::ArxivOai)
        .await
        .asked_again
        .expect("a moment");
    house.clock.sleep_until(again).await;
    assert_eq!(house.run(SourceJob::ArxivOai).await, None);
    assert_eq!(house.papers().await, ids(1..6));
    let last = house.upstream.asked().pop().expect("a request");
    assert_eq!(last.parameter("resumptionToken").as_deref(), Some("two"));
}

#[tokio::test]
async fn an_expired_token_begins_the_harvest_again_and_stores_nothing_twice() {
    let house = House::against(|asked, before| match (before, asked.parameter("resumptionToken")) {
        (1, Some(_)) => Reply::ok(
            "<OAI-PMH><responseDate>2026-11-24T12:00:00Z</responseDate><error code=\"badResumptionToken\">expired</error></OAI-PMH>",
        ),
        _ => two_pages(asked),
    })
    .await;
    assert_eq!(house.run(SourceJob::ArxivOai).await, None);
    assert_eq!(house.papers().await, ids(1..6));
    let from: Vec<_> = house
        .upstream
        .asked()
        .iter()
        .filter_map(|asked| asked.parameter("from"))
        .collect();
    assert_eq!(from, ["2026-11-21", "2026-11-21"]);
}

#[tokio::test]
async fn a_token_that_never_works_ends_in_words_and_not_in_a_loop() {
    let house = House::against(|asked, _| match asked.parameter("resumptionToken") {
        None => two_pages(asked),
        Some(_) => Reply::ok("<OAI-PMH><error code=\"badResumptionToken\">no</error></OAI-PMH>"),
    })
    .await;
    let trouble = house.run(SourceJob::ArxivOai).await.expect("trouble");
    assert!(trouble.contains("badResumptionToken"), "{trouble}");
    assert!(house.upstream.count() < 10);
    assert_eq!(house.papers().await, ids(1..4));
}

#[tokio::test]
async fn truncated_answers_are_asked_for_again() {
    let house = House::against(|asked, before| {
        let whole = oai(&records(1..4), None);
        match before {
            // An answer that is whole for HTTP and not for XML, and one that HTTP sees broken.
            0 => Reply::ok(&whole.as_bytes()[..whole.len() - 60]),
            1 => Reply::Cut(whole.as_bytes()[..whole.len() / 2].to_vec()),
            _ => {
                assert!(asked.parameter("resumptionToken").is_none());
                Reply::ok(whole)
            }
        }
    })
    .await;
    assert_eq!(house.run(SourceJob::ArxivOai).await, None);
    assert_eq!(house.papers().await, ids(1..4));
    assert_eq!(house.upstream.count(), 3);
}

#[tokio::test]
async fn bytes_that_do_not_fit_the_encoding_spoil_their_record_alone() {
    let house = House::against(|_, _| {
        let mut body = oai(&records(1..4), None).into_bytes();
        let spot = body.windows(4).position(|four| four == b"Emmy").expect("a name");
        body[spot] = 0xe9;
        Reply::ok(body)
    })
    .await;
    assert_eq!(house.run(SourceJob::ArxivOai).await, None);
    assert_eq!(house.papers().await, ids(2..4));
    let aside = house.set_aside().await;
    assert_eq!(aside.len(), 1);
    assert_eq!(aside[0].0, "oai:arXiv.org:2611.00001");
    assert!(aside[0].1.contains("encoding"), "{aside:?}");
}

#[tokio::test]
async fn another_encoding_is_read_when_it_is_declared() {
    let house = House::against(|_, _| {
        let text = oai(&records(1..2), None).replace("UTF-8", "ISO-8859-1");
        let mut body = text.into_bytes();
        let spot = body.windows(4).position(|four| four == b"Emmy").expect("a name");
        body[spot] = 0xc9;
        Reply::ok(body)
    })
    .await;
    assert_eq!(house.run(SourceJob::ArxivOai).await, None);
    let paper = house.library.paper("2611.00001").await;
    assert_eq!(paper.card.authors, ["Émmy Noether"]);
}

#[tokio::test]
async fn html_instead_of_xml_stores_nothing_and_says_what_came() {
    let house =
        House::against(|_, _| Reply::ok("<!DOCTYPE html><html><body>Down for maintenance</body></html>"))
            .await;
    for job in [SourceJob::ArxivOai, SourceJob::ArxivRss] {
        let trouble = house.run(job).await.expect("trouble");
        assert!(trouble.contains("<html>"), "{trouble}");
    }
    assert!(house.papers().await.is_empty());
    let source = house.health(domain::Upstream::ArxivRss).await;
    assert_eq!(source.condition, Condition::Failing);
    assert!(source.last_error.expect("an error").0.contains("<html>"));
}

fn feed(day: &str, items: &[(&str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(id, kind)| {
            format!(
                "<item><title>Paper {id}</title><description>arXiv:{id}v1 Announce Type: {kind} \nAbstract: Words.</description><guid isPermaLink=\"false\">oai:arXiv.org:{id}v1</guid><category>cs.LG</category><arxiv:announce_type>{kind}</arxiv:announce_type><dc:creator>Emmy Noether</dc:creator></item>"
            )
        })
        .collect();
    format!(
        "<rss xmlns:arxiv=\"http://arxiv.org/schemas/atom\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><pubDate>{day} 00:00:00 -0500</pubDate>{items}</channel></rss>"
    )
}

#[tokio::test]
async fn a_feed_of_no_items_is_a_day_without_announcements_and_not_a_fault() {
    let house = House::against(|_, _| Reply::ok(feed("Tue, 24 Nov 2026", &[]))).await;
    assert_eq!(house.run(SourceJob::ArxivRss).await, None);
    // In the morning it may only be late; what it says at noon is believed.
    house.clock.advance(jiff::SignedDuration::from_hours(6));
    assert_eq!(house.run(SourceJob::ArxivRss).await, None);
    assert_eq!(house.upstream.count(), 2);
    assert_eq!(house.run(SourceJob::ArxivRss).await, None);
    assert_eq!(house.upstream.count(), 2, "that is enough for the day");
    let source = house.health(domain::Upstream::ArxivRss).await;
    assert_eq!(source.condition, Condition::Well);
    assert_eq!(source.next_expected, Some(at("2026-11-25T05:00:00Z")));
}

#[tokio::test]
async fn yesterdays_batch_under_todays_date_is_noticed_and_not_taken() {
    let house = House::against(|asked, _| {
        let day = if asked.at < at("2026-11-24T00:00:00Z") {
            "Mon, 23 Nov 2026"
        } else {
            "Tue, 24 Nov 2026"
        };
        let items: &[_] = if asked.at < at("2026-11-24T20:00:00Z") {
            &[
                ("2611.00001", "new"),
                ("2611.00002", "new"),
                ("2611.00003", "replace"),
            ]
        } else {
            &[("2611.00004", "new"), ("2611.00003", "replace")]
        };
        Reply::ok(feed(day, items))
    })
    .await;
    house.clock.advance(jiff::SignedDuration::from_hours(-24));
    assert_eq!(house.run(SourceJob::ArxivRss).await, None);
    house.clock.advance(jiff::SignedDuration::from_hours(24));
    assert_eq!(house.run(SourceJob::ArxivRss).await, None);
    let source = house.health(domain::Upstream::ArxivRss).await;
    assert_eq!(source.condition, Condition::Repeating);
    assert_eq!(source.last_batch.expect("a batch").0, "2026-11-23".parse().ok());
    let paper = house.library.paper("2611.00001").await;
    assert_eq!(paper.announcements.len(), 1, "{:?}", paper.announcements);
    // When the true batch comes, it is taken and all is well again.
    house.clock.advance(jiff::SignedDuration::from_hours(9));
    assert_eq!(house.run(SourceJob::ArxivRss).await, None);
    assert_eq!(house.papers().await, ids(1..5));
    assert_eq!(
        house.health(domain::Upstream::ArxivRss).await.condition,
        Condition::Well
    );
}

#[tokio::test]
async fn the_error_entry_of_the_query_api_is_never_stored_as_a_paper() {
    let error = "<?xml version='1.0'?><feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id><title>Error</title><summary>incorrect id format</summary><author><name>arXiv api core</name></author></entry></feed>";
    let house = House::against(move |_, before| match before {
        0 => Reply::Whole(400, vec![], error.into()),
        1 => Reply::ok(error),
        _ => Reply::ok("<feed xmlns=\"http://www.w3.org/2005/Atom\"></feed>"),
    })
    .await;
    let id = "2611.00001".parse().expect("an identifier");
    for _ in 0..3 {
        let found = arxiv_api::fetch_paper(&house.sources.context(Run::default()), &id)
            .await
            .expect("an answer");
        assert!(!found);
    }
    assert!(house.papers().await.is_empty());
}

#[tokio::test]
async fn a_record_that_comes_twice_is_one_paper() {
    let house = House::against(|_, _| {
        let twice = [record("2611.00001"), record("2611.00001"), record("2611.00002")];
        Reply::ok(oai(&twice, None))
    })
    .await;
    assert_eq!(house.run(SourceJob::ArxivOai).await, None);
    assert_eq!(house.papers().await, ids(1..3));
}

#[tokio::test]
async fn a_body_without_end_is_left_after_a_bound() {
    let house = House::against(|_, _| Reply::Endless).await;
    let trouble = house.run(SourceJob::HuggingFace).await.expect("trouble");
    assert!(trouble.contains("more than 1 MB"), "{trouble}");
    assert_eq!(
        house.upstream.count(),
        1,
        "asking again would not make it smaller"
    );
}

#[tokio::test]
async fn redirects_in_a_circle_are_left() {
    let house = House::against(|asked, _| Reply::status(302).with("location", asked.path.clone())).await;
    let trouble = house.run(SourceJob::HuggingFace).await.expect("trouble");
    assert!(trouble.contains("circles"), "{trouble}");
    assert!(house.upstream.count() <= 6);
    assert!(
        house.pauses().iter().all(|pause| *pause >= 1),
        "each step keeps its distance"
    );
}

#[tokio::test]
async fn a_renamed_repository_is_followed_and_a_blocked_or_spoilt_one_stops_no_other() {
    let house = House::against(|asked, _| match asked.path.as_str() {
        "/repos/a/old" => Reply::status(301).with("location", "/repositories/77"),
        "/repositories/77" => Reply::ok(r#"{"full_name":"a/new","stargazers_count":12}"#),
        "/repos/b/blocked" => Reply::status(403),
        "/repos/c/spoilt" => Reply::ok("{\"message\":\"?\"}"),
        _ => Reply::ok(r#"{"full_name":"d/fine","stargazers_count":5,"archived":true}"#),
    })
    .await;
    for (id, name) in [
        ("1", "a/old"),
        ("2", "b/blocked"),
        ("3", "c/spoilt"),
        ("4", "d/fine"),
    ] {
        let paper = with_code(&format!("2611.0000{id}"), &format!("https://github.com/{name}"));
        house.library.save_papers(&[paper]).await;
    }
    assert_eq!(house.run(SourceJob::GitHub).await, None);
    let mut found = Vec::new();
    for id in 1..=4 {
        let paper = house.library.paper(&format!("2611.0000{id}")).await;
        found.push((
            paper.card.stars,
            paper.card.code.map(|code| code.state),
            paper.moved_to,
        ));
    }
    use domain::paper::CodeState;
    assert_eq!(
        found,
        [
            (
                Some(12),
                Some(CodeState::Reachable),
                Some("https://github.com/a/new".to_owned())
            ),
            (None, Some(CodeState::Gone), None),
            (None, Some(CodeState::Unknown), None),
            (Some(5), Some(CodeState::Archived), None),
        ]
    );
    assert!(house.pauses().iter().all(|pause| *pause >= 1));
}

#[tokio::test]
async fn a_job_that_another_process_is_at_does_not_keep_the_others_of_its_lane_waiting() {
    let house = House::against(|asked, _| match asked.path.starts_with("/rss") {
        true => Reply::ok(feed("Tue, 24 Nov 2026", &[("2611.00009", "new")])),
        false => Reply::Silence,
    })
    .await;
    // Another process has the harvest, for hours.
    let lease = house.clock.now().as_second() + 9 * 3_600;
    let mut beside = house.library.beside().await;
    sqlx::query("insert into jobs (name, due_at, lease_until, lease_owner) values ('arxiv-oai', 0, ?, 77)")
        .bind(lease)
        .execute(&mut beside)
        .await
        .expect("a lease");
    let (_keep, stop) = tokio::sync::watch::channel(false);
    let until = house
        .clock
        .now()
        .checked_add(jiff::SignedDuration::from_mins(10))
        .expect("a moment");
    let jobs = [SourceJob::ArxivOai, SourceJob::ArxivRss].map(|job| house.sources.job(job, None));
    house.scheduler.follow(&jobs, Some(until), stop).await;
    assert_eq!(house.papers().await, ["2611.00009"]);
}

#[tokio::test]
async fn an_empty_feed_of_yesterday_does_not_speak_for_today() {
    let house = House::against(|_, before| match before {
        0 => Reply::ok(feed("Mon, 23 Nov 2026", &[])),
        _ => Reply::ok(feed("Tue, 24 Nov 2026", &[("2611.00001", "new")])),
    })
    .await;
    assert_eq!(house.run(SourceJob::ArxivRss).await, None);
    assert_eq!(house.run(SourceJob::ArxivRss).await, None);
    assert_eq!(house.papers().await, ids(1..2));
}

#[tokio::test]
async fn a_day_that_cannot_be_is_not_believed_and_the_paper_is_kept() {
    let house = House::against(|_, before| {
        Reply::ok(match before {
            // To come; and long before the paper was submitted.
            0 => feed("Fri, 24 Nov 2062", &[("2611.00001", "new")]),
            _ => feed(
                "Tue, 25 Nov 2025",
                &[("2611.00002", "new"), ("2511.00003", "new")],
            ),
        })
    })
    .await;
    assert_eq!(house.run(SourceJob::ArxivRss).await, None);
    // The day is still open.
    assert_eq!(house.run(SourceJob::ArxivRss).await, None);
    assert_eq!(house.upstream.count(), 2);
    assert_eq!(house.papers().await, ["2511.00003", "2611.00001", "2611.00002"]);
    let announced = house.library.number("select count(*) from announcements").await;
    assert_eq!(announced, 1, "of last year's paper alone");
    assert_eq!(
        house
            .library
            .number("select count(*) from papers where announced_on is not null")
            .await,
        1
    );
}

#[tokio::test]
async fn a_missed_batch_under_the_next_date_is_known_by_when_its_papers_were_submitted() {
    let house = House::against(|_, _| {
        let items: Vec<String> = ids(1..8);
        let items: Vec<(&str, &str)> = items.iter().map(|id| (id.as_str(), "new")).collect();
        Reply::ok(feed("Tue, 24 Nov 2026", &items))
    })
    .await;
    // The harvest knows: all of them came before Friday's closing, and so belong to Monday's listing.
    let papers: Vec<_> = ids(1..8)
        .iter()
        .map(|id| domain::Paper {
            source: domain::paper::Source::Arxiv,
            published: "2026-11-20T12:00:00Z".parse().ok(),
            ..testing::a_paper(id)
        })
        .collect();
    house.library.save_papers(&papers).await;
    assert_eq!(house.run(SourceJob::ArxivRss).await, None);
    assert_eq!(
        house.health(domain::Upstream::ArxivRss).await.condition,
        Condition::Repeating
    );
    assert_eq!(
        house.library.number("select count(*) from announcements").await,
        0
    );
}

#[tokio::test]
async fn a_paper_cross_listed_years_later_is_not_new_again() {
    let house = House::against(|_, _| Reply::ok(feed("Tue, 24 Nov 2026", &[("2401.00001", "cross")]))).await;
    assert_eq!(house.run(SourceJob::ArxivRss).await, None);
    let paper = house.library.paper("2401.00001").await;
    assert!(paper.card.announced < at("2024-02-01T00:00:00Z").as_second());
    assert_eq!(paper.announcements.len(), 1);
}

#[tokio::test]
async fn a_token_that_leads_to_itself_is_left() {
    let house = House::against(|_, _| Reply::ok(oai(&records(1..2), Some("again")))).await;
    let trouble = house.run(SourceJob::ArxivOai).await.expect("trouble");
    assert!(trouble.contains("same again"), "{trouble}");
    assert_eq!(house.upstream.count(), 2);
    assert_eq!(house.papers().await, ids(1..2), "what came is kept");
    // Twice in a row is no accident, and a reader is told; the next harvest begins from the front.
    house.run(SourceJob::ArxivOai).await;
    assert_eq!(
        house.health(domain::Upstream::ArxivOai).await.condition,
        Condition::Failing
    );
    assert_eq!(house.upstream.asked()[2].parameter("resumptionToken"), None);
}

#[tokio::test]
async fn a_harvest_that_is_refused_in_protocol_is_not_well() {
    let house = House::against(|_, _| {
        Reply::ok("<OAI-PMH><error code=\"badArgument\">no such set</error></OAI-PMH>")
    })
    .await;
    house.run(SourceJob::ArxivOai).await.expect("trouble");
    let source = house.health(domain::Upstream::ArxivOai).await;
    assert_eq!(source.condition, Condition::Failing);
    assert!(source.last_error.expect("an error").0.contains("no such set"));
}

#[tokio::test]
async fn a_long_wish_of_the_query_service_rests_it_and_not_the_harvest() {
    let house = House::against(|asked, _| match asked.path.starts_with("/api/query") {
        true => Reply::status(429).with("retry-after", "1000000000000"),
        false => two_pages(asked),
    })
    .await;
    let id = "2510.01234".parse().expect("an identifier");
    arxiv_api::fetch_paper(&house.sources.context(Run::default()), &id)
        .await
        .expect_err("not now");
    arxiv_api::fetch_paper(&house.sources.context(Run::default()), &id)
        .await
        .expect_err("it rests");
    assert_eq!(house.upstream.count(), 1);
    assert_eq!(house.run(SourceJob::ArxivOai).await, None);
    assert_eq!(house.papers().await, ids(1..6));
}

#[tokio::test]
async fn what_is_too_long_or_dated_wrongly_is_set_aside_or_not_said() {
    let long = "x".repeat(40_000);
    let house = House::against(move |asked, _| {
        if asked.path.starts_with("/rss") {
            return Reply::ok(feed("Tue, 25 Nov 2025", &[("2611.00009", "new")]));
        }
        Reply::ok(format!(
            r#"[{{"paper":{{"id":"2611.00001","title":"Long","summary":"{long}"}}}},
               {{"paper":{{"id":"2611.00002","title":"Early","upvotes":500,"submittedOnDailyAt":"2027-12-01T00:00:00Z"}}}}]"#
        ))
    })
    .await;
    house.run(SourceJob::HuggingFace).await;
    house.run(SourceJob::ArxivRss).await;
    assert_eq!(house.papers().await, ["2611.00002", "2611.00009"]);
    let reasons: String = house
        .set_aside()
        .await
        .into_iter()
        .map(|(_, reason)| reason)
        .collect();
    assert!(reasons.contains("longer than"), "{reasons}");
    assert_eq!(
        house.library.number("select count(*) from announcements").await,
        0
    );
    let paper = house.library.paper("2611.00002").await;
    assert_eq!(paper.hf_submitted_at, None);
}

#[tokio::test]
async fn a_token_is_not_taken_along_to_another_address() {
    let elsewhere = {
        let clock = Clock::fixed(at(NOW));
        Upstream::play(&clock, |asked, _| {
            assert_eq!(asked.header("authorization"), None);
            Reply::ok(r#"{"data":{}}"#)
        })
        .await
    };
    let library = Library::new().await;
    let clock = Clock::fixed(at(NOW));
    let there = elsewhere.address.clone();
    let upstream = Upstream::play(&clock, move |asked, _| {
        assert_eq!(asked.header("authorization"), Some("Bearer secret"));
        Reply::status(302).with("location", format!("{there}/graphql"))
    })
    .await;
    library
        .save_papers(&[with_code("2611.00001", "https://github.com/a/b")])
        .await;
    let sources = sources(&library.store, &clock, &upstream.address, Some("secret"));
    Scheduler::new(library.store.clone(), clock.clone(), 1)
        .run(&sources.job(SourceJob::GitHub, None))
        .await
        .expect("a run");
    assert_eq!(elsewhere.count(), 1);
}

#[tokio::test]
async fn an_answer_that_drips_is_given_up_in_time() {
    let house = House::against(|_, _| Reply::Drip(vec![b' '; 5_000])).await;
    let trouble = house.run(SourceJob::HuggingFace).await.expect("trouble");
    assert!(trouble.contains("in time"), "{trouble}");
}

#[tokio::test]
async fn a_spoilt_element_of_a_day_is_set_aside_and_what_is_no_list_is_a_fault() {
    let house = House::against(|asked, _| match asked.parameter("date").as_deref() {
        Some("2026-11-24") => Reply::ok(
            r#"[{"paper":{"id":"2611.00001","title":"One","upvotes":3}},{"paper":{"id":2611.2,"title":"Two"}},{"paper":{"id":"2611.00003"}},7]"#,
        ),
        _ => Reply::ok(r#"{"error":"Sorry"}"#),
    })
    .await;
    let trouble = house.run(SourceJob::HuggingFace).await.expect("the second day");
    assert!(trouble.contains("not a list"), "{trouble}");
    assert_eq!(house.papers().await, ids(1..2));
    assert_eq!(house.set_aside().await.len(), 3);
}

#[tokio::test]
async fn a_used_up_quota_of_github_is_waited_out() {
    let house = House::against(|_, before| match before {
        0 => Reply::status(403).with("x-ratelimit-remaining", "0").with(
            "x-ratelimit-reset",
            at("2026-11-24T12:40:00Z").as_second().to_string(),
        ),
        _ => Reply::ok(r#"{"full_name":"a/b","stargazers_count":12}"#),
    })
    .await;
    house
        .library
        .save_papers(&[with_code("2611.00001", "https://github.com/a/b")])
        .await;
    house.run(SourceJob::GitHub).await.expect("not now");
    assert_eq!(house.upstream.count(), 1);
    house.clock.advance(jiff::SignedDuration::from_mins(41));
    assert_eq!(house.run(SourceJob::GitHub).await, None);
    let paper = house.library.paper("2611.00001").await;
    assert_eq!(paper.card.stars, Some(12));
}

fn with_code(id: &str, url: &str) -> domain::Paper {
    domain::Paper {
        code_url: Some(url.to_owned()),
        published: "2026-11-23".parse().ok(),
        ..testing::a_paper(id)
    }
}

#[tokio::test]
async fn with_a_token_many_repositories_are_asked_for_at_once_and_told_apart() {
    let library = Library::new().await;
    let clock = Clock::fixed(at(NOW));
    let upstream = Upstream::play(&clock, |asked, _| {
        assert_eq!(asked.path, "/graphql");
        assert_eq!(asked.header("authorization"), Some("Bearer secret"));
        assert!(asked.body.contains("r0: repository(owner: \\\"a\\\", name: \\\"gone\\\")"), "{}", asked.body);
        Reply::ok(
            r#"{"data":{"r0":null,"r1":{"nameWithOwner":"b/new-name","stargazerCount":40,"isArchived":true,"createdAt":"2026-11-20T00:00:00Z","pushedAt":null},"r2":{"nameWithOwner":"c/unlucky","stargazerCount":-5}},
                "errors":[{"type":"NOT_FOUND","path":["r0"],"message":"Could not resolve"},{"type":"SOMETHING","path":["r2"],"message":"try later"}]}"#,
        )
    })
    .await;
    library
        .save_papers(&[
            with_code("2611.00001", "https://github.com/a/gone"),
            with_code("2611.00002", "https://github.com/b/old-name"),
            with_code("2611.00003", "https://github.com/c/unlucky"),
        ])
        .await;
    let sources = sources(&library.store, &clock, &upstream.address, Some("secret"));
    Scheduler::new(library.store.clone(), clock.clone(), 1)
        .run(&sources.job(SourceJob::GitHub, None))
        .await
        .expect("a run");
    use domain::paper::CodeState;
    let state = |paper: &domain::PaperPage| paper.card.code.as_ref().map(|code| code.state);
    assert_eq!(state(&library.paper("2611.00001").await), Some(CodeState::Gone));
    let moved = library.paper("2611.00002").await;
    assert_eq!(state(&moved), Some(CodeState::Archived));
    assert_eq!(moved.moved_to.as_deref(), Some("https://github.com/b/new-name"));
    assert_eq!(moved.card.stars, Some(40));
    // A fault of today says nothing about the repository.
    assert_eq!(
        state(&library.paper("2611.00003").await),
        Some(CodeState::Unknown)
    );
    assert_eq!(upstream.count(), 1);
}

#[tokio::test]
async fn a_deleted_record_leaves_every_list_and_stays_with_those_who_kept_it() {
    let house = House::against(|_, before| {
        let deleted = "<record><header status=\"deleted\"><identifier>oai:arXiv.org:2611.00001</identifier><datestamp>2026-11-24</datestamp></header></record>".to_owned();
        Reply::ok(match before {
            0 => oai(&records(1..3), None),
            1 => oai(&[deleted], None),
            _ => oai(&records(1..2), None),
        })
    })
    .await;
    assert_eq!(house.run(SourceJob::ArxivOai).await, None);
    let search = async |words: &str| {
        let listing = Listing::read([("q", words)]).listing;
        let page = house
            .library
            .store
            .list(&listing, None, None, house.clock.now())
            .await
            .expect("a page");
        page.cards.len()
    };
    assert_eq!(search("Noether").await, 2);
    assert_eq!(house.run(SourceJob::ArxivOai).await, None);
    assert_eq!(house.papers().await, ids(2..3));
    assert_eq!(search("Noether").await, 1);
    let paper = house.library.paper("2611.00001").await;
    assert!(paper.removed);
    // And when arXiv has it again, so have we.
    assert_eq!(house.run(SourceJob::ArxivOai).await, None);
    assert_eq!(house.papers().await, ids(1..3));
    house.library.assert_sound().await;
}

#[tokio::test]
async fn one_failing_source_stops_no_other() {
    let house = House::against(|asked, _| {
        if asked.path.starts_with("/api/daily_papers") {
            Reply::status(500)
        } else {
            two_pages(asked)
        }
    })
    .await;
    house.run(SourceJob::HuggingFace).await.expect("trouble");
    assert_eq!(house.run(SourceJob::ArxivOai).await, None);
    assert_eq!(house.papers().await, ids(1..6));
}

#[tokio::test]
async fn every_request_says_who_asks_and_how_to_reach_them() {
    let house = House::against(|asked, _| two_pages(asked)).await;
    house.run(SourceJob::ArxivOai).await;
    for asked in house.upstream.asked() {
        let agent = asked.header("user-agent").expect("a user agent");
        assert!(
            agent.starts_with("Broadsheet/") && agent.contains("mailto:a@b.c"),
            "{agent}"
        );
    }
}
