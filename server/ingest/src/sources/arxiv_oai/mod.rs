//! arXiv by OAI-PMH: every record that changed since the last complete harvest, and the backfill.

mod harvest;
mod record;
mod set;
mod url;
pub mod wire;

pub use harvest::ArxivOai;
