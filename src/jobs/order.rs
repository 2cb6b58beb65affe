//! The sequencer: events get their positions in the global order within half a second.

use crate::audit::order;
use crate::platform::Platform;
use crate::platform::error::Result;
use std::time::Duration;

/// Between two looks when nothing waits.
const EVERY: Duration = Duration::from_millis(500);
/// Events of one transaction: the desk waits behind it.
const BATCH: i64 = 200;

/// Runs until its task is aborted.
pub async fn run(platform: Platform) {
    loop {
        if let Err(e) = sequence(&platform).await {
            tracing::warn!(error = %e, "events could not be put in order yet");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Gives all events that wait their positions, batch by batch; says how many.
///
/// # Errors
/// When the machine is busy; what is left is done the next time.
pub async fn sequence(platform: &Platform) -> Result<usize> {
    let mut done = 0;
    // mostly nothing waits: looking takes no writer
    while let Some(oldest) = platform.db.read(order::oldest_waiting).await? {
        let lag = (platform.clock.now() - oldest.0).num_milliseconds();
        metrics::gauge!("xinfang_order_lag_seconds").set(lag as f64 / 1000.0);
        let batch = platform.db.write_background(|c| order::sequence(c, BATCH)).await?;
        metrics::counter!("xinfang_events_ordered_total").increment(batch as u64);
        done += batch;
        if batch == 0 {
            return Ok(done);
        }
    }
    metrics::gauge!("xinfang_order_lag_seconds").set(0.0);
    Ok(done)
}
