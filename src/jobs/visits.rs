//! Visits: planning ahead once a day, and taking note of ends that passed.

use crate::auth::context::Origin;
use crate::care;
use crate::platform::Platform;
use crate::platform::clock::office_day;
use crate::platform::db::types::Time;
use crate::platform::error::Result;
use crate::visit::planning;
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

/// Plans what is left of today, batch by batch; says how many tasks that made.
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
        let origin = Origin::system(platform, "visits");
        match platform.db.write_background(move |c| planning::step(c, &mut origin.context(), day, PEOPLE)).await? {
            Some(planned) => made += planned,
            None => return Ok(made),
        }
    }
}

/// Takes note of every end that has passed, oldest first; says of how many.
///
/// # Errors
/// When the machine is busy; what is left is noted the next time.
pub async fn breach(platform: &Platform) -> Result<usize> {
    let (mut noted, now) = (0, platform.clock.now());
    while platform.db.read(move |c| care::repo::any_over(c, Time(now))).await? {
        let origin = Origin::system(platform, "visits");
        let batch = platform.db.write_background(move |c| care::service::breach(c, &mut origin.context(), now, TASKS)).await?;
        if batch == 0 {
            // in the hands of another instance
            break;
        }
        noted += batch;
    }
    Ok(noted)
}
