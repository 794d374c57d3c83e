//! A library, a mail service and a mail server, for tests of subscriptions and emails.

use domain::{Days, DigestSchedule, EmailAddress, ListingQuery, Paper, listing_query::NamedListing};
use ingest::ranking::rank;
use jiff::Timestamp;
use mail::{
    MailService,
    subscriptions::{ConfirmOutcome, Confirmation, SubscribeOutcome, UnsubscribedBy},
    transport::{Mailer, Outbox},
};
use mail_parser::MessageParser;
use store::{
    Subscriber, SubscriptionRequest,
    tokens::{Secret, Token},
};

use super::{
    library::Library,
    papers::{PaperBuilder, a_paper},
    smtp::{MailServer, Received, ServerOptions, Tls},
    values::{at, now},
};

/// The public URL of the site in these tests.
pub const SITE: &str = "https://news.example.org";

/// A mail service over a library and a mail server of its own.
pub struct MailTest {
    /// The library.
    pub library: Library,
    /// The mail server.
    pub server: MailServer,
    /// The mail service.
    pub mail: MailService,
}

/// An address.
pub fn address(text: &str) -> EmailAddress {
    text.parse().expect(text)
}

/// The search with this query.
pub fn search(query: &str) -> ListingQuery {
    ListingQuery::parse(query).expect(query)
}

/// A mail service that sends to this outbox.
pub fn mail_service(library: &Library, outbox: Outbox) -> MailService {
    let mailer = Mailer::new(outbox, "Broadsheet <news@example.org>", None, SITE).expect("a mailer");
    MailService::new(library.store.clone(), mailer, Secret::new(b"test"), SITE)
}

/// An email that the mail server has received.
pub struct ReceivedEmail {
    /// The address of its recipient.
    pub to: String,
    /// The subject, decoded.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// Bytes of the whole email.
    pub size: usize,
}

impl ReceivedEmail {
    fn parse(received: &Received) -> Self {
        let email = MessageParser::default().parse(&received.bytes).expect("an email");
        Self {
            to: received.recipients().next().expect("a recipient").to_owned(),
            subject: email.subject().unwrap_or_default().to_owned(),
            text: email.body_text(0).expect("text").into_owned(),
            size: received.bytes.len(),
        }
    }

    /// The keys of its papers, in order.
    pub fn papers(&self) -> Vec<&str> {
        self.text
            .split(&format!("{SITE}/papers/"))
            .skip(1)
            .map(|rest| rest.split_whitespace().next().unwrap_or_default())
            .collect()
    }

    /// The hash of the token in the first link to this path, such as `confirm`.
    pub fn token(&self, path: &str) -> [u8; 32] {
        let (_, rest) = self
            .text
            .split_once(&format!("{SITE}/{path}/"))
            .unwrap_or_else(|| panic!("no {path} in {}", self.text));
        let token = rest.split_whitespace().next().unwrap_or_default();
        Token::read(token).expect("a token").hash()
    }
}

impl MailTest {
    /// With these papers, ranked at noon.
    pub async fn with(papers: &[Paper]) -> Self {
        Self::with_server(papers, ServerOptions::default()).await
    }

    /// With these papers and such a mail server.
    pub async fn with_server(papers: &[Paper], options: ServerOptions) -> Self {
        let library = Library::of(papers).await;
        rank(&library.store, now()).await.expect("ranked");
        let server = MailServer::start_with(options).await;
        let authority = (options.tls != Tls::None).then(|| server.authority_pem().to_owned());
        let outbox =
            Outbox::smtp(&server.url(), authority.as_deref().map(str::as_bytes)).expect("a transport");
        let mail = mail_service(&library, outbox);
        Self {
            library,
            server,
            mail,
        }
    }

    /// Requests a search every day at 08:00 UTC.
    pub async fn request(&self, email: &str, query: &str, when: Timestamp) -> SubscribeOutcome {
        let request = SubscriptionRequest {
            view: search(query),
            schedule: DigestSchedule {
                days: Days::ALL,
                ..DigestSchedule::usual("UTC")
            },
            papers: 10,
        };
        self.mail
            .subscribe(&address(email), &request, false, when)
            .await
            .expect("an answer")
    }

    /// Queues and sends what is due. Answers the emails that were received.
    pub async fn send(&self, when: Timestamp) -> Vec<ReceivedEmail> {
        self.mail.queue_due(when).await.expect("queued");
        self.deliver(when).await
    }

    /// Sends what is queued. Answers the emails that were received.
    pub async fn deliver(&self, when: Timestamp) -> Vec<ReceivedEmail> {
        while self.mail.deliver_some(when).await.expect("a step").is_some() {}
        self.server
            .take_received()
            .iter()
            .map(ReceivedEmail::parse)
            .collect()
    }

    /// Confirms the chosen searches, or all that wait.
    pub async fn confirm(&self, token: &[u8; 32], chosen: Option<&[i64]>, when: Timestamp) -> ConfirmOutcome {
        let confirmation = Confirmation {
            chosen,
            ..Confirmation::of_all(token)
        };
        self.mail.confirm(&confirmation, when).await.expect("an answer")
    }

    /// Requests and confirms these searches, one after the other. Answers the row id of the subscriber.
    pub async fn subscribe(&self, email: &str, queries: &[&str], when: Timestamp) -> i64 {
        let mut id = 0;
        for query in queries {
            assert_eq!(self.request(email, query, when).await, SubscribeOutcome::Accepted);
            let emails = self.deliver(when).await;
            let token = emails.last().expect("a confirmation email").token("confirm");
            match self.confirm(&token, None, when).await {
                ConfirmOutcome::Confirmed(subscriber) => id = subscriber.id,
                other => panic!("{other:?}"),
            }
        }
        id
    }

    /// Unsubscribes by a mail program. `None` if there is no such link.
    pub async fn unsubscribe(&self, token: &[u8; 32], when: Timestamp) -> Option<Subscriber> {
        self.mail
            .unsubscribe(token, UnsubscribedBy::MailProgram, when)
            .await
            .expect("an answer")
    }

    /// Replaces all searches of a subscriber.
    pub async fn set_searches(&self, subscriber: i64, searches: &[NamedListing], when: Timestamp) {
        let mut tx = self.mail.store.write_transaction().await.expect("a transaction");
        tx.replace_searches(subscriber, None, searches, when)
            .await
            .expect("saved");
        tx.commit().await.expect("saved");
    }

    /// The labels of all searches of a subscriber.
    pub async fn labels_of(&self, subscriber: i64) -> Vec<String> {
        let searches = self.mail.store.searches_of(subscriber).await.expect("searches");
        searches.iter().map(|search| search.view.label()).collect()
    }
}

/// Hot papers in a category, the hottest first. All have the same word in their titles.
pub fn hot_papers(count: u32, category: &str, first: u32, day: &str) -> Vec<Paper> {
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
