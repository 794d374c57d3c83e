//! One run of a background job, as `/about/sources` shows it.

/// A run of a job, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRun {
    /// Which job.
    pub job: String,
    /// When it began, Unix seconds.
    pub started_at: i64,
    /// When it ended; `None` while it runs, and for ever if the program died.
    pub ended_at: Option<i64>,
    /// Requests sent.
    pub requests: i64,
    /// New papers.
    pub imported: i64,
    /// Papers of which something was new.
    pub updated: i64,
    /// Records that could not be read.
    pub set_aside: i64,
    /// What went wrong, if anything.
    pub error: Option<String>,
}
