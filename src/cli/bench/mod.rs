//! `xinfang bench`: rehearsals on databases of samples.

mod run;
mod seed;

use clap::{Args, Subcommand};
use std::process::ExitCode;

/// Rehearse.
#[derive(Debug, Args)]
pub(super) struct BenchCommand {
    #[command(subcommand)]
    act: BenchAct,
}

#[derive(Debug, Subcommand)]
enum BenchAct {
    /// Fill an empty database with the sample office and as many petitions as asked for.
    ///
    /// For rehearsals only: every account has a password known to all. However it ends, the database is filled or as it was.
    Seed(seed::SeedCommand),
    /// Measure a fixed list of work, each figure beside the limit taken in the same run.
    ///
    /// Starts a server of its own on the database, which must hold the sample office (`bench seed`, or `serve --demo`), and adds petitions
    /// to it. Ends with 1 when a call failed that may not fail.
    Run(run::RunCommand),
    /// Compare runs on databases of several sizes: does time grow with the number of petitions?
    Growth(run::GrowthCommand),
}

/// Runs the command.
pub(super) fn run(command: &BenchCommand) -> Result<ExitCode, String> {
    match &command.act {
        BenchAct::Seed(command) => seed::fill(command).map(|()| ExitCode::SUCCESS),
        BenchAct::Run(command) => run::measure(command),
        BenchAct::Growth(command) => run::compare(command),
    }
}
