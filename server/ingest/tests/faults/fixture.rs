//! A library, sources with a scripted upstream, and the responses of that upstream.

use std::time::Duration;

use domain::{Listing, upstream::SourceHealth};
use ingest::{
    SourceJob, Sources,
    fetch::{Fetcher, Limits},
    health,
    sources::{SourceSettings, SourceToken},
};
use jobs::{Outcome, Scheduler};
use store::{Clock, Store};
use testing::{
    Library, at,
    upstream::{ReceivedRequest, Reply, Upstream},
};

/// A Tuesday, after the daily feed has appeared.
pub const NOW: &str = "2026-11-24T12:00:00Z";

pub struct Fixture {
    pub library: Library,
    pub clock: Clock,
    pub upstream: Upstream,
    pub sources: Sources,
    pub scheduler: Scheduler,
}

pub fn sources(store: &Store, clock: &Clock, address: &str, token: Option<&str>) -> Sources {
    // Short limits, because the network uses real time and not the clock of the test.
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

impl Fixture {
    pub async fn with_upstream(
        script: impl Fn(&ReceivedRequest, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
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

    /// Runs a job. Returns the error, if the run failed.
    pub async fn run(&self, job: SourceJob) -> Option<String> {
        match self
            .scheduler
            .run(&self.sources.job(job, None))
            .await
            .expect("the database")
        {
            Outcome::Ran { failure, .. } => failure.map(|failure| failure.to_string()),
            Outcome::Elsewhere => panic!("no other process runs jobs"),
        }
    }

    pub async fn papers(&self) -> Vec<String> {
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

    pub async fn health(&self, of: domain::Upstream) -> SourceHealth {
        health::sources(&self.library.store, true, self.clock.now())
            .await
            .expect("health")
            .into_iter()
            .find(|source| source.upstream == of)
            .expect("the source")
    }

    pub async fn set_aside(&self) -> Vec<(String, String)> {
        self.library
            .store
            .set_aside(50)
            .await
            .expect("set aside")
            .into_iter()
            .map(|(_, record, reason)| (record, reason))
            .collect()
    }

    /// Seconds between the requests that the upstream received.
    pub fn pauses(&self) -> Vec<i64> {
        let asked = self.upstream.asked();
        asked
            .windows(2)
            .map(|pair| pair[1].at.as_second() - pair[0].at.as_second())
            .collect()
    }
}

pub fn record(id: &str) -> String {
    format!(
        "<record><header><identifier>oai:arXiv.org:{id}</identifier><datestamp>2026-11-24</datestamp></header><metadata><arXiv xmlns=\"http://arxiv.org/OAI/arXiv/\"><id>{id}</id><created>2026-11-23</created><authors><author><keyname>Noether</keyname><forenames>Emmy</forenames></author></authors><title>Paper {id}</title><categories>cs.LG</categories><abstract>Words.</abstract></arXiv></metadata></record>"
    )
}

pub fn oai(records: &[String], token: Option<&str>) -> String {
    let token = token.map_or(String::new(), |token| {
        format!("<resumptionToken>{token}</resumptionToken>")
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\"><responseDate>2026-11-24T12:00:00Z</responseDate><ListRecords>{}{token}</ListRecords></OAI-PMH>",
        records.concat()
    )
}

pub fn ids(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| format!("2611.{n:05}")).collect()
}

pub fn records(range: std::ops::Range<usize>) -> Vec<String> {
    ids(range).iter().map(|id| record(id)).collect()
}

/// A harvest of two pages; the token leads to the second.
pub fn two_pages(asked: &ReceivedRequest) -> Reply {
    match asked.parameter("resumptionToken").as_deref() {
        None => Reply::ok(oai(&records(1..4), Some("two"))),
        Some("two") => Reply::ok(oai(&records(4..6), None)),
        Some(other) => panic!("no such token: {other}"),
    }
}

pub fn feed(day: &str, items: &[(&str, &str)]) -> String {
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

pub fn with_code(id: &str, url: &str) -> domain::Paper {
    domain::Paper {
        code_url: Some(url.to_owned()),
        published: "2026-11-23".parse().ok(),
        ..testing::a_paper(id)
    }
}
