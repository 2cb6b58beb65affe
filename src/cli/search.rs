//! `xinfang search`: the index of the search.

use super::announce;
use super::options::{Database, in_words};
use crate::platform::Platform;
use crate::platform::error::Result;
use crate::search::follow;
use clap::{Args, Subcommand};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};

/// The index of the search.
#[derive(Debug, Args)]
pub(super) struct SearchCommand {
    #[command(subcommand)]
    act: SearchAct,
    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Subcommand)]
enum SearchAct {
    /// Throw the index away and build it from the petitions; the program may be serving meanwhile.
    Rebuild,
}

/// Opens the database and runs the command.
///
/// # Errors
/// In words.
pub(super) fn run(command: &SearchCommand) -> std::result::Result<(), String> {
    let SearchAct::Rebuild = command.act;
    let platform = command.database.open()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    let done = runtime.block_on(rebuild(&platform)).map_err(|e| in_words(&e));
    platform.db.close();
    announce(&format!("the search holds {} petitions", HumanCount(done?)));
    Ok(())
}

async fn rebuild(platform: &Platform) -> Result<u64> {
    // drawn on the standard error, and only where that is a terminal
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} petitions, {per_sec}") {
        bar.set_style(style);
    }
    follow::forget(platform).await?;
    loop {
        // none while a server that follows has it in hand
        let Some(step) = follow::step(platform).await? else {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            continue;
        };
        bar.inc(step.documents as u64);
        if step.state.below.is_none() {
            bar.finish_and_clear();
            return Ok(bar.position());
        }
    }
}
