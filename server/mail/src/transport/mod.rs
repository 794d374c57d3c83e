//! Writing emails and sending them: over SMTP, into files, or into memory for tests.

mod draft;
mod error;
mod mailer;
mod outbox;

pub use draft::Draft;
pub use error::SendError;
pub use mailer::Mailer;
pub use outbox::Outbox;
