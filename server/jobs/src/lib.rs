//! The scheduler: decides when each job runs, and runs it.
//!
//! Every job can run again at any time without harm. No job overlaps itself, not even in another process: a run holds
//! a lease in the database. A missed run is made up for. Each run is a row of `job_runs`. A panic ends one run and
//! nothing else.
//!
//! The packages that know what a job does (`ingest`, `mail`) each give a list of [`Job`]s; `server` joins the lists.

mod job;
mod scheduler;

pub use job::{Ending, Failure, FollowUp, Job, Outcome, Run, Schedule, later};
pub use scheduler::{Scheduler, lanes};
