//! The sweep: warnings, breaches and lapses are found soon after their instant, oldest first, once each however many instances look.

use crate::auth::context::Origin;
use crate::deadline::repo::{self, Coming};
use crate::petition::clocks::due;
use crate::platform::Platform;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use std::time::Duration;

/// How often to look when nothing is known to come sooner: other instances start clocks too.
const EVERY: Duration = Duration::from_secs(20);
/// Between two looks, however soon the next instant comes.
const BREATH: Duration = Duration::from_millis(250);
/// Clocks of one transaction: the desk waits behind it.
const BATCH: i64 = 20;

/// Runs until its task is aborted.
pub async fn run(platform: Platform) {
    loop {
        match sweep(&platform).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "warnings, breaches and lapses found"),
            Err(e) => tracing::warn!(error = %e, "clocks could not be swept yet"),
        }
        tokio::time::sleep(until_next(&platform).await).await;
    }
}

/// Until the next instant comes; what came already and could not be done has time until the next look.
async fn until_next(platform: &Platform) -> Duration {
    let next = platform.db.read(repo::next_instant).await.ok().flatten();
    let wait = next.and_then(|at| (at.0 - platform.clock.now()).to_std().ok());
    wait.unwrap_or(EVERY).clamp(BREATH, EVERY)
}

/// Does all that has come by now, batch by batch; says of how many clocks.
///
/// # Errors
/// When the machine is busy; what is left is done the next time.
pub async fn sweep(platform: &Platform) -> Result<usize> {
    let now = Time(platform.clock.now());
    let oldest = platform.db.read(repo::next_instant).await?.filter(|at| *at <= now);
    let lag = oldest.map_or(0, |at| (now.0 - at.0).num_milliseconds());
    metrics::gauge!("xinfang_sweep_lag_seconds").set(lag as f64 / 1000.0);
    let (mut swept, mut after) = (0, oldest.map(|_| Coming::FIRST));
    while let Some(place) = after {
        let batch = batch(platform, now, place).await?;
        metrics::counter!("xinfang_clocks_swept_total").increment(batch.swept as u64);
        swept += batch.swept;
        // what could not be done does not come again before the next sweep: it must not stand before all the rest
        after = batch.last;
    }
    Ok(swept)
}

struct Batch {
    swept: usize,
    /// The last clock looked at; none when there was none.
    last: Option<Coming>,
}

/// What comes next after a place. A petition that can't be done does not keep the others from it.
async fn batch(platform: &Platform, now: Time, after: Coming) -> Result<Batch> {
    match reach(platform, now, after, BATCH).await {
        Err(Error::Internal(_)) => {}
        done => return done,
    }
    let cause = match reach(platform, now, after, 1).await {
        Err(Error::Internal(cause)) => cause,
        done => return done,
    };
    // nothing is written: only to see which it is
    let last = platform.db.write_background(move |c| Ok(repo::take_come(c, now, after, 1)?.pop())).await?;
    tracing::error!(petition = ?last.map(|come| come.subject_id.to_string()), error = %cause, "clocks can't be swept");
    Ok(Batch { swept: 0, last })
}

async fn reach(platform: &Platform, now: Time, after: Coming, most: i64) -> Result<Batch> {
    let origin = Origin::system(platform, "sweep");
    let reach = move |c: &mut _| {
        let mut cx = origin.context();
        let come = repo::take_come(c, now, after, most)?;
        let mut petitions: Vec<Id> = Vec::with_capacity(come.len());
        for clock in &come {
            // the first of a petition's clocks brings them all to now
            if !petitions.contains(&clock.subject_id) && repo::take_in_hand(c, clock.subject_id)? {
                due::sweep(c, &mut cx, clock.subject_id)?;
                petitions.push(clock.subject_id);
            }
        }
        Ok(Batch { swept: come.len(), last: come.last().copied() })
    };
    platform.db.write_background(reach).await
}
