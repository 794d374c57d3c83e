//! An office with subscribers, a library and a mail server of its own: who asks, presses and reads.

use domain::{Days, DigestSchedule, EmailAddress, ListingQuery, Paper};
use ingest::ranking::rank;
use jiff::Timestamp;
use mail::digest::{MailService, SubscribeOutcome, first_due};
use mail::transport::{Mailer, Outbox};
use mail_parser::MessageParser;
use store::tokens::{Secret, Token};
use store::{Confirmed, SubscriptionRequest};

use super::{
    Library, PaperBuilder, a_paper, at, now,
    smtp::{MailServer, Manner, Tls},
};

pub const SITE: &str = "https://news.example.org";

pub struct Office {
    pub library: Library,
    pub server: MailServer,
    pub mail: MailService,
}

pub fn address(text: &str) -> EmailAddress {
    text.parse().expect(text)
}

pub fn view(query: &str) -> ListingQuery {
    ListingQuery::parse(query).expect(query)
}

/// A letter as its reader sees it.
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub size: usize,
}

impl Mail {
    /// The names of its papers, in order.
    pub fn papers(&self) -> Vec<&str> {
        self.text
            .split(&format!("{SITE}/papers/"))
            .skip(1)
            .map(|rest| rest.split_whitespace().next().unwrap_or_default())
            .collect()
    }

    /// What follows the first link that begins so.
    pub fn token(&self, path: &str) -> [u8; 32] {
        let (_, rest) = self
            .text
            .split_once(&format!("{SITE}/{path}/"))
            .unwrap_or_else(|| panic!("no {path} in {}", self.text));
        let token = rest.split_whitespace().next().unwrap_or_default();
        Token::read(token).expect("a token").hash()
    }
}

impl Office {
    pub async fn with(papers: &[Paper]) -> Self {
        Self::at(papers, Manner::default()).await
    }

    /// With a mail server of these manners.
    pub async fn at(papers: &[Paper], manner: Manner) -> Self {
        let library = Library::of(papers).await;
        rank(&library.store, now()).await.expect("ranked");
        let server = MailServer::start_with(manner).await;
        let authority = (manner.tls != Tls::None).then(|| server.authority_pem().to_owned());
        let outbox =
            Outbox::smtp(&server.url(), authority.as_deref().map(str::as_bytes)).expect("a transport");
        let mailer = Mailer::new(outbox, "Broadsheet <news@example.org>", None, SITE).expect("a mailer");
        let post = MailService::new(library.store.clone(), mailer, Secret::new(b"test"), SITE);
        Self {
            library,
            server,
            mail: post,
        }
    }

    pub async fn asks(&self, email: &str, query: &str, when: Timestamp) -> SubscribeOutcome {
        let wish = SubscriptionRequest {
            view: view(query),
            rhythm: DigestSchedule {
                days: Days::ALL,
                ..DigestSchedule::usual("UTC")
            },
            papers: 10,
        };
        self.mail
            .subscribe(&address(email), &wish, false, when)
            .await
            .expect("an answer")
    }

    /// Sends what is due; answers the letters.
    pub async fn send(&self, when: Timestamp) -> Vec<Mail> {
        self.mail.queue_due(when).await.expect("queued");
        while self.mail.deliver_some(when).await.expect("a step").is_some() {}
        self.server
            .take_received()
            .iter()
            .map(|received| {
                let mail = MessageParser::default().parse(&received.bytes).expect("a mail");
                Mail {
                    to: received.recipients().next().expect("a recipient").to_owned(),
                    subject: mail.subject().unwrap_or_default().to_owned(),
                    text: mail.body_text(0).expect("text").into_owned(),
                    size: received.bytes.len(),
                }
            })
            .collect()
    }

    pub async fn presses(&self, confirm: &[u8; 32], chosen: Option<&[i64]>, when: Timestamp) -> Confirmed {
        self.mail
            .store
            .confirm(confirm, chosen, when, |subscriber| first_due(when, subscriber))
            .await
            .expect("an answer")
    }

    /// Asks for these lists, one after the other, and confirms each.
    pub async fn subscriber(&self, email: &str, queries: &[&str], when: Timestamp) -> i64 {
        let mut id = 0;
        for query in queries {
            assert_eq!(self.asks(email, query, when).await, SubscribeOutcome::Taken);
            while self.mail.deliver_some(when).await.expect("a step").is_some() {}
            let letters = self.server.take_received();
            let letter = letters.last().expect("a letter that asks");
            let mail = MessageParser::default().parse(&letter.bytes).expect("a mail");
            let text = mail.body_text(0).expect("text");
            let (_, rest) = text.split_once("/confirm/").expect("a link");
            let token = Token::read(rest.split_whitespace().next().expect("a token")).expect("a token");
            match self.presses(&token.hash(), None, when).await {
                Confirmed::Now(subscriber) => id = subscriber.id,
                other => panic!("{other:?}"),
            }
        }
        id
    }

    pub async fn words_of(&self, subscriber: i64) -> Vec<String> {
        let sections = self.mail.store.searches_of(subscriber).await.expect("sections");
        sections.iter().map(|section| section.view.label()).collect()
    }
}

/// Hot papers in a category, hottest first, all with the same word in their titles.
pub fn hot(count: u32, category: &str, first: u32, day: &str) -> Vec<Paper> {
    (0..count)
        .map(|n| {
            let mut paper = a_paper(&format!("2611.{:05}", first + n))
                .titled(&format!("Paper {} on diffusion", first + n))
                .with_abstract("What it says.")
                .published(day)
                .with_upvotes(500 - 10 * n, &format!("{day}T06:00:00Z"));
            paper.hf_submitted_at = Some(at(&format!("{day}T00:00:00Z")));
            paper.primary_category = category.parse().ok();
            paper.categories = category.parse().into_iter().collect();
            paper
        })
        .collect()
}
