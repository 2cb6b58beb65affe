//! `xinfang bench`: rehearsals on databases of samples.

mod run;

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
    /// Measure a fixed list of work, each figure beside the limit taken in the same run.
    ///
    /// Starts a server of its own on the database, which must hold the sample office (`serve --demo` fills one), and adds petitions
    /// to it. Ends with 1 when a call failed that may not fail.
    Run(run::RunCommand),
    /// Compare runs on databases of several sizes: does time grow with the number of petitions?
    Growth(run::GrowthCommand),
}

/// Runs the command.
pub(super) fn run(command: &BenchCommand) -> Result<ExitCode, String> {
    match &command.act {
        BenchAct::Run(command) => run::measure(command),
        BenchAct::Growth(command) => run::compare(command),
    }
}
