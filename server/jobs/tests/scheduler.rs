//! The scheduler on a fixed clock: sleeping moves the clock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::JobRun;
use jiff::{SignedDuration, Timestamp};
use jobs::{Failure, FollowUp, Job, Outcome, Schedule, Scheduler};
use store::{Clock, Store};
use tempfile::TempDir;
use tokio::sync::{Notify, watch};

const HOUR: Duration = Duration::from_secs(3_600);

struct Fixture {
    store: Store,
    clock: Clock,
    begin: Timestamp,
    _folder: TempDir,
}

impl Fixture {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let begin: Timestamp = "2026-11-24T12:00:00Z".parse().expect("a moment");
        Self {
            store: Store::open(&folder.path().join("library.db"))
                .await
                .expect("a new database"),
            clock: Clock::fixed(begin),
            begin,
            _folder: folder,
        }
    }

    fn scheduler(&self, owner: i64) -> Scheduler {
        Scheduler::new(self.store.clone(), self.clock.clone(), owner)
    }

    /// Runs these jobs for some hours of the fixed clock.
    async fn follow(&self, jobs: &[Job], hours: i64) {
        let (_stop, stopped) = watch::channel(false);
        let until = self.begin + SignedDuration::from_hours(hours);
        self.scheduler(1).follow(jobs, Some(until), stopped).await;
    }

    /// Every run, the first one first.
    async fn runs(&self) -> Vec<JobRun> {
        let mut runs = self.store.job_runs(1_000).await.expect("runs");
        runs.reverse();
        runs
    }

    fn seconds(&self, at: i64) -> i64 {
        at - self.begin.as_second()
    }
}

/// A job that counts its runs and then ends as `work` says.
fn counting(
    name: &'static str,
    work: impl Fn(usize) -> Result<(), Failure> + Clone + Send + Sync + 'static,
) -> (Job, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = runs.clone();
    let job = Job::new(name, "lane", Schedule::Every(HOUR), move |_| {
        let (work, runs) = (work.clone(), counted.clone());
        async move { work(runs.fetch_add(1, Ordering::SeqCst)) }
    });
    (job, runs)
}

#[tokio::test]
async fn a_job_runs_on_its_schedule() {
    let fixture = Fixture::new().await;
    let (job, runs) = counting("a", |_| Ok(()));
    fixture.follow(&[job], 3).await;
    assert_eq!(runs.load(Ordering::SeqCst), 4);
    let starts: Vec<i64> = fixture
        .runs()
        .await
        .iter()
        .map(|run| fixture.seconds(run.started_at))
        .collect();
    assert_eq!(starts, [0, 3_600, 7_200, 10_800]);
}

#[tokio::test]
async fn a_panic_ends_one_run_and_leaves_its_error() {
    let fixture = Fixture::new().await;
    let (panicking, _) = counting("panicking", |run| {
        assert!(run > 0, "the first run fails");
        Ok(())
    });
    let (other, others) = counting("other", |_| Ok(()));
    fixture.follow(&[panicking, other], 1).await;
    let runs = fixture.runs().await;
    let errors: Vec<Option<&str>> = runs
        .iter()
        .filter(|run| run.job == "panicking")
        .map(|run| run.error.as_deref())
        .collect();
    assert_eq!(errors, [Some("an internal error; the log has the details"), None]);
    assert!(
        runs.iter().all(|run| run.ended_at.is_some()),
        "every run has an end"
    );
    assert_eq!(others.load(Ordering::SeqCst), 2, "the other job runs on");
}

#[tokio::test]
async fn a_panic_in_the_work_after_a_run_does_not_stop_the_scheduler() {
    let fixture = Fixture::new().await;
    let (job, runs) = counting("a", |_| Ok(()));
    let job = job.followed_by(|_, _| async { panic!("after the run") });
    fixture.follow(&[job], 2).await;
    assert_eq!(runs.load(Ordering::SeqCst), 3);
    assert!(
        fixture
            .runs()
            .await
            .iter()
            .all(|run| run.ended_at.is_some() && run.error.is_none())
    );
}

#[tokio::test]
async fn a_job_with_nothing_to_do_leaves_no_row() {
    let fixture = Fixture::new().await;
    let (job, runs) = counting("a", |_| Ok(()));
    let checks = Arc::new(AtomicUsize::new(0));
    let checked = checks.clone();
    // There is something to do at every third check.
    let job = job.only_if(move || {
        let check = checked.fetch_add(1, Ordering::SeqCst);
        async move { Ok(check % 3 == 2) }
    });
    fixture.follow(&[job], 5).await;
    assert_eq!(checks.load(Ordering::SeqCst), 6);
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    assert_eq!(fixture.runs().await.len(), 2);
}

#[tokio::test]
async fn a_postponed_job_runs_again_at_its_moment() {
    let fixture = Fixture::new().await;
    let until = fixture.begin + SignedDuration::from_mins(7);
    let (job, runs) = counting("a", move |run| match run {
        0 => Err(Failure::Postponed {
            message: "the source rests".to_owned(),
            until,
        }),
        _ => Ok(()),
    });
    fixture.follow(&[job], 1).await;
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    let runs = fixture.runs().await;
    assert_eq!(fixture.seconds(runs[1].started_at), 7 * 60);
    assert_eq!(runs[0].error.as_deref(), Some("the source rests"));
}

#[tokio::test]
async fn a_failed_job_runs_again_when_its_follow_up_says() {
    let fixture = Fixture::new().await;
    let retry_at = fixture.begin + SignedDuration::from_mins(5);
    let (job, _) = counting("a", |run| match run {
        0 => Err(Failure::Failed("status 500".to_owned())),
        _ => Ok(()),
    });
    let job = job.followed_by(move |_, _| async move {
        Ok(FollowUp {
            retry_at: Some(retry_at),
            ..FollowUp::default()
        })
    });
    fixture.follow(&[job], 1).await;
    let runs = fixture.runs().await;
    assert_eq!(runs[0].error.as_deref(), Some("status 500"));
    assert_eq!(fixture.seconds(runs[1].started_at), 5 * 60);
    // The time of a retry does not count after a good run.
    assert_eq!(
        fixture.store.job_due("a").await.expect("answer"),
        Some(fixture.begin + SignedDuration::from_secs(3_900))
    );
}

#[tokio::test]
async fn a_follow_up_makes_another_job_run_soon() {
    let fixture = Fixture::new().await;
    let (first, _) = counting("first", |_| Ok(()));
    let first = first.followed_by(|_, _| async {
        Ok(FollowUp {
            hurry: vec![("second", Duration::from_secs(60))],
            ..FollowUp::default()
        })
    });
    let (second, _) = counting("second", |_| Ok(()));
    fixture
        .store
        .hurry_job("second", fixture.begin + SignedDuration::from_hours(40))
        .await
        .expect("due");
    fixture.follow(&[first, second], 0).await;
    let due = fixture.store.job_due("second").await.expect("answer");
    assert_eq!(due, Some(fixture.begin + SignedDuration::from_secs(60)));
}

#[tokio::test]
async fn the_lease_of_another_process_is_respected_until_it_ends() {
    let fixture = Fixture::new().await;
    let (job, runs) = counting("a", |_| Ok(()));
    let lease = fixture.begin + SignedDuration::from_secs(90);
    let other = fixture
        .store
        .begin_job("a", 2, fixture.begin, lease)
        .await
        .expect("answer");
    assert!(other.is_some());
    let refused = fixture.scheduler(1).run(&job).await.expect("answer");
    assert!(matches!(refused, Outcome::Elsewhere), "{refused:?}");
    assert_eq!(runs.load(Ordering::SeqCst), 0);
    // The other process has died: its lease is never renewed.
    fixture.follow(&[job], 1).await;
    let runs = fixture.runs().await;
    assert_eq!(runs[0].error.as_deref(), Some("interrupted"));
    assert_eq!(
        fixture.seconds(runs[1].started_at),
        100,
        "after tries every 20 seconds"
    );
}

#[tokio::test]
async fn a_released_lease_is_free_for_the_next_process() {
    let fixture = Fixture::new().await;
    let (job, _) = counting("a", |_| Ok(()));
    let lease = fixture.begin + SignedDuration::from_secs(90);
    fixture
        .store
        .begin_job("a", 2, fixture.begin, lease)
        .await
        .expect("answer");
    fixture.scheduler(2).release(std::slice::from_ref(&job)).await;
    let ran = fixture.scheduler(1).run(&job).await.expect("answer");
    assert!(matches!(ran, Outcome::Ran { failure: None, .. }), "{ran:?}");
}

#[tokio::test]
async fn a_stop_signal_ends_the_scheduler() {
    let fixture = Fixture::new().await;
    let (job, runs) = counting("a", |_| Ok(()));
    let (stop, stopped) = watch::channel(true);
    fixture.scheduler(1).follow(&[job], None, stopped).await;
    assert_eq!(runs.load(Ordering::SeqCst), 0);
    drop(stop);
}

/// A job that waits for a permit in its work, and then looks whether it should stop. It tells when its work began.
fn waiting(begun: Arc<Notify>, go_on: Arc<Notify>) -> Job {
    Job::new("a", "lane", Schedule::Every(HOUR), move |run| {
        let (begun, go_on) = (begun.clone(), go_on.clone());
        async move {
            begun.notify_one();
            go_on.notified().await;
            assert!(run.is_stopping());
            Ok(())
        }
    })
}

#[tokio::test]
async fn a_stop_signal_cuts_off_a_job_that_does_not_stop_by_itself() {
    let fixture = Fixture::new().await;
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let jobs = [waiting(begun.clone(), go_on)];
    let (stop, stopped) = watch::channel(false);
    let scheduler = fixture.scheduler(1);
    let stopping = async {
        begun.notified().await;
        stop.send_replace(true);
    };
    tokio::join!(scheduler.follow(&jobs, None, stopped), stopping);
    assert_eq!(fixture.runs().await[0].ended_at, None);
}

#[tokio::test]
async fn a_job_that_stops_by_itself_finishes_its_step_after_the_stop_signal() {
    let fixture = Fixture::new().await;
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let jobs = [waiting(begun.clone(), go_on.clone()).stopping_by_itself()];
    let (stop, stopped) = watch::channel(false);
    let scheduler = fixture.scheduler(1);
    let stopping = async {
        begun.notified().await;
        stop.send_replace(true);
        tokio::task::yield_now().await;
        go_on.notify_one();
    };
    tokio::join!(scheduler.follow(&jobs, None, stopped), stopping);
    let runs = fixture.runs().await;
    assert_eq!(runs.len(), 1);
    assert!(runs[0].ended_at.is_some() && runs[0].error.is_none(), "{runs:?}");
}

#[tokio::test]
async fn a_clock_that_was_ahead_does_not_stop_a_job_that_looks_every_few_seconds() {
    let fixture = Fixture::new().await;
    let (mut job, runs) = counting("a", |_| Ok(()));
    job.schedule = Schedule::Every(Duration::from_secs(30));
    let job = job.only_if(|| async { Ok(true) });
    let tomorrow = fixture.begin + SignedDuration::from_hours(24);
    fixture.store.hurry_job("a", tomorrow).await.expect("due");
    let (_stop, stopped) = watch::channel(false);
    let soon = fixture.begin + SignedDuration::from_secs(40);
    fixture.scheduler(1).follow(&[job], Some(soon), stopped).await;
    assert_eq!(runs.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_lease_of_a_clock_that_was_ahead_is_not_respected() {
    let fixture = Fixture::new().await;
    let (job, _) = counting("a", |_| Ok(()));
    let ahead = fixture.begin + SignedDuration::from_hours(24);
    let other = fixture
        .store
        .begin_job("a", 2, ahead, ahead + SignedDuration::from_secs(90))
        .await;
    assert!(other.expect("answer").is_some());
    let ran = fixture.scheduler(1).run(&job).await.expect("answer");
    assert!(matches!(ran, Outcome::Ran { failure: None, .. }), "{ran:?}");
}

#[tokio::test]
async fn a_failed_follow_up_does_not_leave_the_run_without_an_end() {
    let fixture = Fixture::new().await;
    let (job, _) = counting("a", |_| Ok(()));
    let job = job.followed_by(|_, _| async { Err(store::StoreError::Corrupt("a test".to_owned())) });
    let ran = fixture.scheduler(1).run(&job).await.expect("answer");
    assert!(matches!(ran, Outcome::Ran { failure: None, .. }), "{ran:?}");
    assert!(fixture.runs().await[0].ended_at.is_some());
}
