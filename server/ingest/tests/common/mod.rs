//! What tests of the background jobs share.

use jobs::Scheduler;
use store::Clock;
use testing::{Library, now, upstream::following};

/// Runs the job that computes what papers of an earlier release lack.
pub async fn run_the_job(library: &Library) {
    let clock = Clock::fixed(now());
    let sources = following(&library.store, &clock, "http://127.0.0.1:9");
    let jobs = sources.jobs(false);
    let job = jobs
        .iter()
        .find(|job| job.name == "plain-texts")
        .expect("the job");
    Scheduler::new(library.store.clone(), clock, 1)
        .run(job)
        .await
        .expect("a run");
}
