//! What runs by itself: the sweep over the clocks, the long work that somebody asked for, the order of all events and the search that
//! follows it, planning visits, spelling names, forgetting what has expired.
//! Each is idempotent, works in small batches in the background lane, and may run in any number of instances on one database.

pub mod order;
pub mod retention;
pub mod runner;
pub mod search;
pub mod spellings;
pub mod sweep;
pub mod visits;

use crate::platform::Platform;
use tokio::task::JoinSet;

/// Starts all of them, the search's following only if wanted; they end when what is returned is dropped.
#[must_use]
pub fn start(platform: &Platform, follow: bool) -> JoinSet<()> {
    let mut running = JoinSet::new();
    running.spawn(order::run(platform.clone()));
    if follow {
        running.spawn(search::run(platform.clone()));
    }
    running.spawn(sweep::run(platform.clone()));
    running.spawn(runner::run(platform.clone()));
    running.spawn(retention::run(platform.clone()));
    running.spawn(visits::run(platform.clone()));
    running.spawn(spellings::run(platform.clone()));
    running
}
