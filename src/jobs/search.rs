//! The search follows what happens: its index is at most two seconds behind.

use crate::platform::Platform;
use crate::platform::error::Result;
use crate::search::follow;
use std::time::Duration;

/// Between two looks when nothing is new.
const EVERY: Duration = Duration::from_millis(500);

/// Runs until its task is aborted.
pub async fn run(platform: Platform) {
    loop {
        if let Err(e) = follow_up(&platform).await {
            tracing::warn!(error = %e, "the search could not follow yet");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Brings the index up to what has been put in order, batch by batch; says how many documents were written.
///
/// # Errors
/// When the machine is busy; what is left is done the next time.
pub async fn follow_up(platform: &Platform) -> Result<usize> {
    let mut written = 0;
    while let Some(step) = follow::step(platform).await? {
        // said also when nothing is new: another process may have built it meanwhile
        metrics::gauge!("xinfang_search_complete").set(if step.state.below.is_none() { 1.0 } else { 0.0 });
        if !step.moved {
            break;
        }
        written += step.documents;
        let lag = step.since.map_or(0, |at| (platform.clock.now() - at.0).num_milliseconds());
        metrics::gauge!("xinfang_search_lag_seconds").set(lag as f64 / 1000.0);
        metrics::counter!("xinfang_search_documents_total").increment(step.documents as u64);
    }
    metrics::gauge!("xinfang_search_lag_seconds").set(0.0);
    Ok(written)
}
