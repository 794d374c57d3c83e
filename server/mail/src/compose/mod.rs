//! The content of all emails. The templates are in `templates/`; askama checks them at compile time and escapes the
//! text of papers in HTML.

mod confirmation;
mod content;
mod digest;
mod entries;
mod envelope;
mod frame;
mod goodbye;
mod render;

pub use digest::digest_subject;

pub(crate) use confirmation::confirmation;
pub(crate) use content::DigestContent;
pub(crate) use digest::digest;
pub(crate) use entries::why;
pub(crate) use envelope::Envelope;
pub(crate) use goodbye::goodbye;
