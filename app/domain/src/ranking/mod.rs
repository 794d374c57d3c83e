//! Heat: how much attention a paper gets lately. `/about/ranking` shows the formula with the current medians, and
//! `server/docs/ranking.md` gives the reasons.

mod constants;
mod gain;
mod heat;
mod median;

pub use constants::*;
pub use gain::{Snapshot, decay, decay_evenly, decayed_gain};
pub use heat::{Gains, Heat, HeatReport, Medians, heat};
pub use median::median;
