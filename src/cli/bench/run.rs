//! `xinfang bench run`: measuring the program on a database of samples, and `bench growth`: comparing such runs.

use crate::bench::run::{self, Report, Work, growth, growth_table};
use crate::cli::options::{Database, in_words};
use clap::{Args, ValueEnum};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// How long the end waits for a copy of the database that was being made: by then it removes itself.
const UNTIL_DONE: Duration = Duration::from_secs(600);

#[derive(Debug, Args)]
pub(super) struct RunCommand {
    #[command(flatten)]
    database: Database,
    /// How long each load lasts, in seconds
    #[arg(long, default_value = "5", value_name = "SECONDS", value_parser = seconds)]
    seconds: Duration,
    /// Measure only this, separated by commas
    #[arg(long, value_name = "WORK", value_delimiter = ',', value_enum)]
    only: Vec<Work>,
    /// Take the raw limit of registering in this very database instead of a copy: it is of no use afterwards
    #[arg(long)]
    spoil: bool,
    /// Write all figures to this file too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct GrowthCommand {
    /// What `bench run --json` wrote, at least two sizes an engine
    #[arg(required = true, num_args = 2.., value_name = "FILE")]
    runs: Vec<PathBuf>,
}

/// Measures.
pub(super) fn measure(command: &RunCommand) -> Result<ExitCode, String> {
    let (config, _) = command.database.settings()?;
    let works = if command.only.is_empty() { Work::value_variants() } else { &command.only };
    if let Some(path) = &command.json {
        // better now than after all the measuring; what is there stays until then
        File::options().create(true).append(true).open(path).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    let stop = |kind| signal(kind).map_err(|e| e.to_string());
    let measured = runtime.block_on(async {
        let (mut terminate, mut interrupt) = (stop(SignalKind::terminate())?, stop(SignalKind::interrupt())?);
        // dropped in the middle, a run ends its server
        Ok::<_, String>(tokio::select! {
            report = run::run(&config, command.seconds, works, command.spoil, |what| eprintln!("xinfang: {what}")) => Some(report),
            _ = terminate.recv() => None,
            _ = interrupt.recv() => None,
        })
    });
    // a thread may be in the middle of a raw statement, or of a copy that it removes when it is done
    runtime.shutdown_timeout(UNTIL_DONE);
    let Some(report) = measured? else {
        eprintln!("xinfang: interrupted; the measured server is stopped");
        return Ok(ExitCode::from(130));
    };
    let report = report.map_err(|e| in_words(&e))?;
    say(&report.table())?;
    if let Some(path) = &command.json {
        let text = serde_json::to_string_pretty(&report).map_err(|e| e.to_string())?;
        std::fs::write(path, text + "\n").map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    }
    Ok(if report.failures() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Compares.
pub(super) fn compare(command: &GrowthCommand) -> Result<ExitCode, String> {
    let runs = command.runs.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    say(&growth_table(&growth(&runs)?))?;
    Ok(ExitCode::SUCCESS)
}

/// Unlike `print!`, without a panic when whoever reads has gone.
fn say(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|e| format!("cannot write what was found: {e}"))
}

fn read(path: &Path) -> Result<Report, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
    serde_json::from_str(&text).map_err(|e| format!("{} is nothing `bench run --json` wrote: {e}", path.display()))
}

/// More than nothing, and not so long that the tokens of a load expire.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "no number".to_owned())?;
    if (0.05..=120.0).contains(&seconds) { Ok(Duration::from_secs_f64(seconds)) } else { Err("from 0.05 to 120".to_owned()) }
}
