//! Names that were on file before they had spellings, or had others, get theirs.

use crate::person::SPELLINGS;
use crate::platform::Platform;
use crate::platform::error::Result;
use crate::retiree::repo::spelling;
use std::time::Duration;

/// Before another attempt, when the machine was busy.
const PAUSE: Duration = Duration::from_secs(20);
/// People of one transaction: the desk waits behind it.
const PEOPLE: i64 = 50;

/// Runs until all are written.
pub async fn run(platform: Platform) {
    while let Err(e) = write(&platform).await {
        tracing::warn!(error = %e, "names could not be spelled yet");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Writes what is left, batch by batch; whoever comes next goes on where it was broken off.
///
/// # Errors
/// When the machine is busy.
pub async fn write(platform: &Platform) -> Result<()> {
    // once they are written, looking takes no writer
    if platform.db.read(|c| spelling::left(c, SPELLINGS)).await?.is_none() {
        return Ok(());
    }
    while platform.db.write_background(|c| spelling::step(c, SPELLINGS, PEOPLE)).await? {}
    Ok(())
}
