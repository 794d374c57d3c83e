//! One run of a job, as `/about/sources` shows it.

/// A run of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRun {
    /// Name of the job.
    pub job: String,
    /// When it began, in Unix seconds.
    pub started_at: i64,
    /// When it ended, in Unix seconds. `None` while it runs, and also if the program was killed during the run.
    pub ended_at: Option<i64>,
    /// Number of requests sent.
    pub requests: i64,
    /// Number of new papers.
    pub imported: i64,
    /// Number of papers that changed.
    pub updated: i64,
    /// Number of records that could not be read.
    pub set_aside: i64,
    /// The error, if the run failed.
    pub error: Option<String>,
}
