//! Jobs: when each is due, which process runs it, and what each run did.

use jiff::Timestamp;

use domain::JobRun;

use crate::{error::Result, json::to_json, store::Store, tally::Tally};

/// No lease is longer, in seconds.
const LONGEST_LEASE: i64 = 300;
/// Rows of `job_runs` that are kept for each job.
const MOST_RUNS: i64 = 5_000;

impl Store {
    /// When a job is due; `None` before its first run.
    pub async fn job_due(&self, name: &str) -> Result<Option<Timestamp>> {
        let due = sqlx::query_scalar!("select due_at from jobs where name = $1", name)
            .fetch_optional(&self.readers)
            .await?;
        Ok(due.and_then(|at| Timestamp::from_second(at).ok()))
    }

    /// Starts a run of a job and returns its row id; `None` when another process holds the lease.
    pub async fn begin_job(
        &self,
        name: &str,
        owner: i64,
        now: Timestamp,
        lease: Timestamp,
    ) -> Result<Option<i64>> {
        let (now, lease) = (now.as_second(), lease.as_second());
        // A lease that ends later than any is from a clock that was ahead.
        let latest = now + LONGEST_LEASE;
        let mut tx = self.begin().await?;
        let taken = sqlx::query!(
            "insert into jobs (name, due_at, lease_until, lease_owner) values ($1, $2, $3, $4)
             on conflict (name) do update set lease_until = $3, lease_owner = $4, hurried_at = null
             where jobs.lease_until is null or jobs.lease_until <= $2 or jobs.lease_until > $5",
            name,
            now,
            lease,
            owner,
            latest
        )
        .execute(&mut *tx)
        .await?
        .rows_affected();
        if taken == 0 {
            return Ok(None);
        }
        // A run without an end belongs to a process that died.
        sqlx::query!(
            "update job_runs set ended_at = started_at, error = 'interrupted' where job = $1 and ended_at is null",
            name
        )
        .execute(&mut *tx)
        .await?;
        let run = sqlx::query_scalar!(
            r#"insert into job_runs (job, started_at) values ($1, $2) returning id as "id!""#,
            name,
            now
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Some(run))
    }

    /// Extends the lease of a running job; false when another process has taken the job over.
    pub async fn renew_job(&self, name: &str, owner: i64, lease: Timestamp) -> Result<bool> {
        let lease = lease.as_second();
        let renewed = sqlx::query!(
            "update jobs set lease_until = $1 where name = $2 and lease_owner = $3 and lease_until is not null",
            lease,
            name,
            owner
        )
        .execute(&self.writer)
        .await?;
        Ok(renewed.rows_affected() > 0)
    }

    /// Ends the leases that an owner has on these jobs. The jobs stay due as before.
    pub async fn release_jobs(&self, owner: i64, names: &[&str]) -> Result<()> {
        let names = to_json(&names)?;
        sqlx::query!(
            "update jobs set lease_until = null, lease_owner = null
             where lease_owner = $1 and name in (select value from json_each($2))",
            owner,
            names
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Ends a run, and sets when the job is due next: earlier if it was hurried in the meantime. Does not touch the lease
    /// of another process that has taken the job over.
    #[expect(clippy::too_many_arguments, reason = "a row of a table has as many columns")]
    pub async fn end_job(
        &self,
        name: &str,
        owner: i64,
        run: i64,
        tally: &Tally,
        error: Option<&str>,
        now: Timestamp,
        due: Timestamp,
    ) -> Result<()> {
        let (now, due) = (now.as_second(), due.as_second());
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let (requests, imported, updated, unchanged, set_aside) = (
            number(tally.requests),
            number(tally.summary.imported),
            number(tally.summary.updated),
            number(tally.summary.unchanged),
            number(tally.summary.rejected),
        );
        let mut tx = self.begin().await?;
        sqlx::query!(
            "update job_runs set ended_at = $2, requests = $3, imported = $4, updated = $5, unchanged = $6, set_aside = $7,
                 error = $8
             where id = $1",
            run,
            now,
            requests,
            imported,
            updated,
            unchanged,
            set_aside,
            error
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            "update jobs set due_at = case when hurried_at < $2 then hurried_at else $2 end, lease_until = null, lease_owner = null, hurried_at = null
             where name = $1 and lease_owner = $3",
            name,
            due,
            owner
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes a job due at `at`, if it would be later.
    pub async fn hurry_job(&self, name: &str, at: Timestamp) -> Result<()> {
        let at = at.as_second();
        sqlx::query!(
            "insert into jobs (name, due_at) values ($1, $2)
             on conflict (name) do update set
                 due_at = case when jobs.due_at < $2 then jobs.due_at else $2 end,
                 hurried_at = case when jobs.hurried_at < $2 then jobs.hurried_at else $2 end",
            name,
            at
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// The last runs of the jobs that change the library, the latest first. The jobs that send email run every few
    /// seconds and would hide them.
    pub async fn job_runs(&self, most: i64) -> Result<Vec<JobRun>> {
        Ok(sqlx::query_as!(
            JobRun,
            "select job, started_at, ended_at, requests, imported, updated, set_aside, error
             from job_runs where job not like 'email-%' order by id desc limit $1",
            most
        )
        .fetch_all(&self.readers)
        .await?)
    }

    /// Whether the last run of a job sent fewer than ten requests.
    pub async fn last_run_asked_little(&self, name: &str) -> Result<bool> {
        let requests = sqlx::query_scalar!(
            "select requests from job_runs where job = $1 and ended_at is not null order by id desc limit 1",
            name
        )
        .fetch_optional(&self.readers)
        .await?;
        Ok(requests.is_some_and(|requests| requests < 10))
    }

    /// The number of stored runs by job and by whether they failed.
    pub async fn job_run_counts(&self) -> Result<Vec<(String, bool, i64)>> {
        let rows = sqlx::query!(
            r#"select job, error is not null as "failed!: bool", count(*) as "count!: i64" from job_runs
               where ended_at is not null group by job, error is not null"#
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.job, row.failed, row.count))
            .collect())
    }

    /// The latest skipped records: job, record, reason; the latest first.
    pub async fn set_aside(&self, most: i64) -> Result<Vec<(String, String, String)>> {
        let rows = sqlx::query!(
            "select r.job, s.record, s.reason from set_aside s join job_runs r on r.id = s.run_id
             order by s.run_id desc, s.position limit $1",
            most
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.job, row.record, row.reason))
            .collect())
    }

    /// Deletes runs that started before a moment, runs beyond the newest of each job, and HTTP validators not used since.
    pub async fn forget_runs(&self, before: Timestamp) -> Result<()> {
        let before = before.as_second();
        sqlx::query!("delete from job_runs where started_at < $1", before)
            .execute(&self.writer)
            .await?;
        sqlx::query!(
            "delete from job_runs where id in (
                 select id from (select id, row_number() over (partition by job order by id desc) as place from job_runs) r
                 where place > $1)",
            MOST_RUNS
        )
        .execute(&self.writer)
        .await?;
        sqlx::query!("delete from validators where seen_at < $1", before)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
