//! What several tests of this package share.
#![allow(
    dead_code,
    reason = "each test file is a program of its own and uses a part of this"
)]

use domain::Paper;
use jiff::{SignedDuration, Timestamp};
use mail::{delivery::Step, subscriptions::ConfirmOutcome};
use mail_parser::{Message, MessageParser};
use store::{EmailTokens, SubscriptionRequest};
use testing::{
    PaperBuilder, a_paper, at,
    mailing::{MailTest, SITE, address},
    smtp::Received,
};

/// The steps of these tests.
pub trait Steps {
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
pub fn hot_today(count: u32) -> Vec<Paper> {
    hot_on(count, "2026-11-24", "2611")
}

pub fn hot_on(count: u32, day: &str, month: &str) -> Vec<Paper> {
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

pub fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

pub fn parsed(received: &Received) -> Message<'_> {
    MessageParser::default().parse(&received.bytes).expect("a mail")
}

/// The papers to which an email links, in order.
pub fn papers_in(received: &Received) -> Vec<String> {
    let mail = parsed(received);
    let text = mail.body_text(0).expect("text").into_owned();
    text.split(&format!("{SITE}/papers/"))
        .skip(1)
        .map(|rest| rest.split_whitespace().next().unwrap_or_default().to_owned())
        .collect()
}
