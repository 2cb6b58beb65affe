//! `xinfang bench seed`: databases to rehearse on.

use crate::bench::seed::{Leftovers, Order, Progress, Seeded, seed};
use crate::cli::announce;
use crate::cli::options::{Database, in_words};
use crate::cli::serve::introduce;
use clap::{Args, value_parser};
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

#[derive(Debug, Args)]
pub(super) struct SeedCommand {
    /// How many petitions.
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..=100_000_000))]
    petitions: u64,
    /// The same seed on the same day gives the same data but for secrets.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    database: Database,
}

/// Fills.
pub(super) fn fill(command: &SeedCommand) -> Result<(), String> {
    let (config, _) = command.database.settings()?;
    let order = Order { petitions: command.petitions, seed: command.seed };
    eprintln!("Seeding {} with {} petitions.", config.database, HumanCount(order.petitions));
    // drawn on the standard error, and only where that is a terminal
    let bar = ProgressBar::new(order.petitions);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} petitions, {per_sec}, {eta} left {msg}") {
        bar.set_style(style);
    }
    let mut tell = |progress: Progress<'_>| match progress {
        Progress::Sampling => bar.set_message("making the sample office"),
        Progress::Written(more) => {
            bar.set_message("");
            bar.inc(more);
        }
        Progress::Making(what) => bar.set_message(format!("making {what}")),
    };
    let leftovers = Leftovers::default();
    leftovers.on_signals()?;
    let done = seed(&config, order, &leftovers, &mut tell).map_err(|e| in_words(&e));
    bar.finish_and_clear();
    let Seeded { rows, events, originals, writing, total, bytes } = done?;
    let rate = |n: u64, seconds: f64| HumanCount((n as f64 / seconds.max(0.001)) as u64);
    let size = bytes.map(|b| format!(", {}, {} a petition", HumanBytes(b), HumanBytes(b / order.petitions))).unwrap_or_default();
    eprintln!(
        "{} petitions copied from {originals}, {} events, {} rows{size}: {total:.1} s, {} petitions/s; rows written after {writing:.1} s, {} rows/s.",
        HumanCount(order.petitions),
        HumanCount(events),
        HumanCount(rows),
        rate(order.petitions, total),
        rate(rows, writing),
    );
    announce("A database to rehearse on: what is in it never happened, and its passwords are known to all.");
    introduce()
}
