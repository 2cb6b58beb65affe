//! `xinfang audit`: what an auditor runs on a database, theirs or a copy.

use super::options::{Database, in_words};
use crate::audit::verify::{Finding, Report, verify};
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::inspect;
use crate::platform::error::Error;
use crate::platform::key;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::Write;
use std::process::ExitCode;

/// Look into the trail.
#[derive(Debug, Args)]
pub(super) struct AuditCommand {
    #[command(subcommand)]
    act: AuditAct,
}

#[derive(Debug, Subcommand)]
enum AuditAct {
    /// Check that no event was changed, removed, put in or moved, and that every row is as its events left it.
    ///
    /// Changes nothing, and may run while the server does. One finding a line on the standard output, then a line of counts.
    /// Ends with 0 when nothing was found, with 1 when something was or the check could not be made.
    Verify(Database),
}

/// Runs the command.
pub(super) fn run(command: AuditCommand) -> Result<ExitCode, String> {
    let AuditAct::Verify(database) = command.act;
    let (config, _) = database.settings()?;
    verify_chains(&config).map_err(|e| in_words(&e))
}

fn verify_chains(config: &Config) -> Result<ExitCode, Error> {
    let mut c = inspect(&config.database)?;
    let keys = key::open_existing(&mut c, &config.key_file, Clock::System(config.clock_offset).now())?;
    // drawn on the standard error, and only where that is a terminal
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} events, {per_sec}, {eta} left") {
        bar.set_style(style);
    }
    let mut written = Ok(());
    let mut watch = |report: &Report, findings: &[Finding]| {
        bar.set_length(report.expected.max(report.events));
        bar.set_position(report.events);
        if !findings.is_empty() && written.is_ok() {
            written = bar.suspend(|| lines(findings));
        }
    };
    let report = verify(&mut c, &keys, &mut watch)?;
    bar.finish_and_clear();
    written.and_then(|()| lines(&[counts(&report)])).map_err(|e| Error::internal(format!("cannot write what was found: {e}")))?;
    Ok(if report.findings == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Unlike `println!`, without a panic when whoever reads has gone.
fn lines(what: &[impl std::fmt::Display]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    what.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    out.flush()
}

fn counts(report: &Report) -> String {
    let Report { subjects, events, erased, findings, .. } = report;
    format!("{subjects} subjects, {events} events, {erased} of them with erased content, {findings} findings")
}
