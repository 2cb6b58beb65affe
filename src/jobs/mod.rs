//! What runs by itself. Each job is idempotent and works in small batches in the background lane.

use crate::account::session;
use crate::platform::Platform;
use crate::platform::db::types::Time;
use crate::platform::web::idempotency;
use std::time::Duration;

/// How often what has expired is forgotten.
const EVERY: Duration = Duration::from_secs(600);

/// Runs until its task is aborted: kept answers after 45 days and refresh tokens after their time are forgotten.
pub async fn retention(platform: Platform) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        ticks.tick().await;
        let now = Time(platform.clock.now());
        let forgotten = platform
            .db
            .write_background(move |c| {
                idempotency::forget(c, now)?;
                session::repo::forget(c, now)
            })
            .await;
        if let Err(e) = forgotten {
            tracing::warn!(error = %e, "what has expired could not be forgotten yet");
        }
    }
}
