//! The digest: which papers a subscriber gets, and when it is queued.

mod choose;
mod issue;
mod preview;
mod queue;

pub use preview::Preview;

// Names that other packages still import from here.
pub use crate::{
    delivery::Step,
    pace::{Pace, Rates},
    returns::{BounceOutcome, ReturnedEmail},
    schedule::{first_due, issue_day, next_due, valid_zone},
    service::MailService,
    subscriptions::SubscribeOutcome,
};
