//! Visits: planning ahead once a day, and taking note of ends that passed.

use crate::auth::context::Origin;
use crate::care;
use crate::care::repo::Over;
use crate::platform::Platform;
use crate::platform::clock::office_day;
use crate::platform::db::types::Time;
use crate::platform::error::{Error, Result};
use crate::visit::planning;
use chrono::{DateTime, NaiveDate, Utc};
use std::time::Duration;

/// How often to look.
const EVERY: Duration = Duration::from_secs(20);
/// People of one transaction: the desk waits behind it.
const PEOPLE: i64 = 50;
/// Tasks of one transaction.
const TASKS: i64 = 20;

/// Runs until its task is aborted.
pub async fn run(platform: Platform) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        ticks.tick().await;
        match plan(&platform).await {
            Ok(0) => {}
            Ok(planned) => tracing::info!(planned, "visits planned ahead"),
            Err(e) => tracing::warn!(error = %e, "visits could not be planned yet"),
        }
        if let Err(e) = breach(&platform).await {
            tracing::warn!(error = %e, "ends of visits could not be noted yet");
        }
    }
}

/// Plans what is left of today, batch by batch; says how many tasks that made. Somebody for whom nothing can be planned does not keep the
/// others from it.
///
/// # Errors
/// When the machine is busy; what is left is planned the next time.
pub async fn plan(platform: &Platform) -> Result<usize> {
    let mut made = 0;
    loop {
        let day = office_day(platform.clock.now(), platform.config.zone);
        // once a day there is something to do: looking takes no writer
        if platform.db.read(move |c| care::repo::planning(c, day)).await?.1 {
            return Ok(made);
        }
        match planned(platform, day).await? {
            Some(planned) => made += planned,
            None => return Ok(made),
        }
    }
}

async fn planned(platform: &Platform, day: NaiveDate) -> Result<Option<usize>> {
    let step = async |most| {
        let origin = Origin::system(platform, "visits");
        platform.db.write_background(move |c| planning::step(c, &mut origin.context(), day, most)).await
    };
    match step(PEOPLE).await {
        Err(e) if is_broken(&e) => {}
        done => return done,
    }
    let cause = match step(1).await {
        Err(e) if is_broken(&e) => e,
        done => return done,
    };
    let passed = platform.db.write_background(move |c| planning::pass_over(c, day)).await?;
    tracing::error!(retiree = ?passed.map(|id| id.to_string()), error = %cause, "visits can't be planned");
    // nobody to pass over: it is not one person that fails
    if passed.is_some() { Ok(Some(0)) } else { Err(cause) }
}

/// Takes note of every end that has passed, oldest first; says of how many. One that can't be noted does not keep the others from it.
///
/// # Errors
/// When the machine is busy; what is left is noted the next time.
pub async fn breach(platform: &Platform) -> Result<usize> {
    let (mut noted, now) = (0, platform.clock.now());
    if !platform.db.read(move |c| care::repo::any_over(c, Time(now))).await? {
        return Ok(0);
    }
    let mut after = Some(Over::FIRST);
    while let Some(place) = after {
        let (batch, last) = breached(platform, now, place).await?;
        noted += batch;
        // what could not be noted does not come again before the next look
        after = last;
    }
    Ok(noted)
}

async fn breached(platform: &Platform, now: DateTime<Utc>, after: Over) -> Result<(usize, Option<Over>)> {
    let reach = async |most| {
        let origin = Origin::system(platform, "visits");
        platform.db.write_background(move |c| care::service::breach(c, &mut origin.context(), now, after, most)).await
    };
    match reach(TASKS).await {
        Err(e) if is_broken(&e) => {}
        done => return done,
    }
    let cause = match reach(1).await {
        Err(e) if is_broken(&e) => e,
        done => return done,
    };
    // nothing is written: only to see which it is, among those that no other instance holds
    let last = platform.db.write_background(move |c| care::repo::next_over(c, Time(now), after)).await?;
    tracing::error!(task = ?last.map(|over| over.id.to_string()), error = %cause, "the end of a visit can't be noted");
    Ok((0, last))
}

/// Whether it will fail again: a defect, or a race that is never won, as a chain is whose next place is taken already.
fn is_broken(e: &Error) -> bool {
    matches!(e, Error::Internal(_) | Error::Again)
}
