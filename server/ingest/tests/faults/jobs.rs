//! Jobs beside each other.

use ingest::SourceJob;
use testing::upstream::Reply;

use crate::fixture::{Fixture, feed, ids, two_pages};

#[tokio::test]
async fn a_job_of_another_process_does_not_delay_the_other_jobs_of_its_lane() {
    let fixture = Fixture::with_upstream(|asked, _| match asked.path.starts_with("/rss") {
        true => Reply::ok(feed("Tue, 24 Nov 2026", &[("2611.00009", "new")])),
        false => Reply::Silence,
    })
    .await;
    // Another process holds the lease of the harvest for hours.
    let lease = fixture.clock.now().as_second() + 9 * 3_600;
    let mut beside = fixture.library.beside().await;
    sqlx::query("insert into jobs (name, due_at, lease_until, lease_owner) values ('arxiv-oai', 0, ?, 77)")
        .bind(lease)
        .execute(&mut beside)
        .await
        .expect("a lease");
    let (_keep, stop) = tokio::sync::watch::channel(false);
    let until = fixture
        .clock
        .now()
        .checked_add(jiff::SignedDuration::from_mins(10))
        .expect("a moment");
    let jobs = [SourceJob::ArxivOai, SourceJob::ArxivRss].map(|job| fixture.sources.job(job, None));
    fixture.scheduler.follow(&jobs, Some(until), stop).await;
    assert_eq!(fixture.papers().await, ["2611.00009"]);
}

#[tokio::test]
async fn a_failing_source_does_not_stop_the_others() {
    let fixture = Fixture::with_upstream(|asked, _| {
        if asked.path.starts_with("/api/daily_papers") {
            Reply::status(500)
        } else {
            two_pages(asked)
        }
    })
    .await;
    fixture.run(SourceJob::HuggingFace).await.expect("an error");
    assert_eq!(fixture.run(SourceJob::ArxivOai).await, None);
    assert_eq!(fixture.papers().await, ids(1..6));
}
