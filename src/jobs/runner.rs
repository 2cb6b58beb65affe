//! Doing the long work that was asked for, step by step.

use crate::import;
use crate::job::{Job, JobKind, JobState, service as job};
use crate::platform::Platform;
use crate::platform::error::{Error, Result};
use crate::platform::web::codes;
use crate::replay;
use std::time::Duration;

/// How often to look for what other instances were asked, or left in the middle.
const EVERY: Duration = Duration::from_secs(5);

/// Steps of a file between two looks at the job.
const STEPS: usize = 32;

/// Runs until its task is aborted: does every job as soon as it is asked for.
pub async fn run(platform: Platform) {
    loop {
        if let Err(e) = run_all(&platform).await {
            tracing::warn!(error = %e, "a job must wait");
        }
        let _ = tokio::time::timeout(EVERY, job::announced()).await;
    }
}

/// Does all jobs that wait or were left in the middle, one after the other; says how many came to their end.
///
/// # Errors
/// When the machine is busy: what was begun goes on once its lease is over.
pub async fn run_all(platform: &Platform) -> Result<usize> {
    let mut ended = 0;
    while let Some(taken) = take(platform).await? {
        ended += usize::from(work(platform, taken).await?);
    }
    Ok(ended)
}

/// Takes up the next job.
///
/// # Errors
/// Database only.
pub async fn take(platform: &Platform) -> Result<Option<Job>> {
    let now = platform.clock.now();
    // there is hardly ever one: looking takes no writer
    if !platform.db.read(move |c| job::any_free(c, now)).await? {
        return Ok(None);
    }
    platform.db.write_background(move |c| job::take(c, now)).await
}

/// Does the next step of a job in hand: at most 200 rows and 20 ms of the writer, stored together with how far it is now.
///
/// # Errors
/// What the step returns.
pub async fn step(platform: &Platform, job: &Job) -> Result<Job> {
    match job.kind {
        JobKind::Replay => replay::moving::step(platform, job).await,
        JobKind::Roster | JobKind::Ledger => {
            let mut job = job.clone();
            import::course::advance(platform, &mut job, 1).await?;
            Ok(job)
        }
    }
}

/// Does some next steps; of a file, what comes next is looked at while a part is written.
async fn steps(platform: &Platform, job: &mut Job) -> Result<()> {
    match job.kind {
        JobKind::Replay => *job = step(platform, job).await?,
        JobKind::Roster | JobKind::Ledger => import::course::advance(platform, job, STEPS).await?,
    }
    Ok(())
}

/// Removes what nobody needs of a job that has ended.
async fn clear(platform: &Platform, job: &Job) {
    if matches!(job.kind, JobKind::Roster | JobKind::Ledger)
        && let Err(e) = import::service::clear(&platform.db, job.id).await
    {
        tracing::warn!(job = %job.id, error = %e, "what was read of a file is removed later");
    }
}

/// Works on a job until it ends; false when it is in other hands meanwhile.
async fn work(platform: &Platform, mut taken: Job) -> Result<bool> {
    let id = taken.id;
    loop {
        match steps(platform, &mut taken).await {
            Ok(()) if taken.state == JobState::Running => {}
            Ok(()) => {
                tracing::info!(job = %id, "a job is done");
                clear(platform, &taken).await;
                return Ok(true);
            }
            Err(Error::Stale { .. }) => return Ok(false),
            Err(e @ (Error::Busy | Error::Again)) => return Err(e),
            Err(e) => {
                tracing::error!(job = %id, error = %e, "a job failed");
                let now = platform.clock.now();
                let failed = platform.db.write_background(move |c| job::fail(c, &taken, now, codes::INTERNAL.name)).await?;
                clear(platform, &failed).await;
                return Ok(true);
            }
        }
    }
}
