//! The rank job: reads the signals, computes heat for each window, and stores the order as a new epoch.

mod compute;
mod medians;
mod run;

pub use run::{RankRun, rank};
