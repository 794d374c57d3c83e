//! The counters of a paper: upvotes and stars.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A counter that says how much attention a paper gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// Upvotes on Hugging Face.
    Upvotes,
    /// Stars of its code.
    Stars,
}

impl Signal {
    /// Its text in tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Upvotes => "hf",
            Self::Stars => "gh",
        }
    }
}

/// The totals of one signal over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The signal.
    pub signal: Signal,
    /// Moment (Unix seconds) and total, oldest first; at least two.
    pub points: Vec<(i64, i64)>,
}

/// A total of upvotes or stars at one moment, as a source reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterReading {
    /// When the source reported it.
    pub at: Timestamp,
    /// The total at that moment.
    pub total: u32,
}
