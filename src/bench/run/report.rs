//! What a run found, as a table for people and as JSON for later.

use super::machine::Machine;
use super::tally::Tally;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// A run on one database.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// The version of this form.
    pub format: u32,
    /// The program's version.
    pub version: String,
    /// Whether it was compiled without optimisation: then the figures say nothing.
    pub debug: bool,
    /// When the run began.
    pub began_at: DateTime<Utc>,
    /// The engine with its version.
    pub engine: String,
    /// Settings of the engine that decide how fast and how durable it is.
    pub settings: BTreeMap<String, String>,
    /// Petitions before the run.
    pub petitions: i64,
    /// Petitions the run added.
    pub added: i64,
    /// Seconds each load lasted.
    pub seconds: f64,
    /// What it ran on.
    pub machine: Machine,
    /// The figures.
    pub rows: Vec<Row>,
    /// What could not be measured and why.
    pub notes: Vec<String>,
}

/// One piece of work under one load.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    /// What was done; the same in every run.
    pub work: String,
    /// More of it, as far as it depends on the data.
    pub detail: Option<String>,
    /// How it was asked for and what came; none for what is no load (memory, start).
    pub load: Option<Load>,
    /// What it is held against.
    pub limits: Vec<Limit>,
    /// What that means.
    pub figures: Vec<Figure>,
    /// Whether its time may not grow with the number of petitions.
    pub constant: bool,
}

/// A load and what the clients saw.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Load {
    /// Calls a second that were due, in an open loop; none in a closed one.
    pub due_per_second: Option<f64>,
    /// Connections.
    pub connections: usize,
    /// Calls answered as expected.
    pub calls: u64,
    /// Those, a second.
    pub per_second: f64,
    /// Milliseconds, half of the calls took less; in an open loop from when the call was due.
    pub p50_ms: f64,
    /// Milliseconds, 99 % took less.
    pub p99_ms: f64,
    /// Milliseconds, 99.9 % took less.
    pub p999_ms: f64,
    /// The longest, in milliseconds.
    pub max_ms: f64,
    /// Calls that failed.
    pub failures: u64,
    /// Those, by why: a status or some words.
    pub failed_with: BTreeMap<String, u64>,
    /// Calls due and never made: no connection was free.
    pub unsent: u64,
    /// Processor time of the server for a call, in µs.
    pub server_cpu_us: Option<f64>,
}

impl Load {
    /// What a tally says.
    pub fn of(tally: &Tally, connections: usize, due_per_second: Option<f64>, server_cpu_us: Option<f64>) -> Self {
        Self {
            due_per_second,
            connections,
            calls: tally.done(),
            per_second: tally.rate(),
            p50_ms: tally.quantile_ms(0.5),
            p99_ms: tally.quantile_ms(0.99),
            p999_ms: tally.quantile_ms(0.999),
            max_ms: tally.quantile_ms(1.0),
            failures: tally.failed(),
            failed_with: tally.failures.iter().map(|(failure, n)| (failure.to_string(), *n)).collect(),
            unsent: tally.unsent,
            server_cpu_us,
        }
    }
}

/// What the machine or the engine does without the product, in the same run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Limit {
    /// What was measured.
    pub what: String,
    /// Times a second.
    pub per_second: Option<f64>,
    /// Milliseconds, 99 % took less.
    pub p99_ms: Option<f64>,
    /// Processor time for each, in µs.
    pub cpu_us: Option<f64>,
}

/// A figure, perhaps with what is wanted of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Figure {
    /// What it says.
    pub what: String,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: String,
    /// What is wanted; none when it is only told.
    pub wanted: Option<Wanted>,
}

/// What is wanted of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
}

impl Wanted {
    /// Whether it is reached.
    pub fn reached(self, value: f64) -> bool {
        match self {
            Self::AtLeast(wanted) => value >= wanted,
            Self::AtMost(wanted) => value <= wanted,
        }
    }

    /// By how much it is missed (or more than reached, below zero), in percent of what is wanted.
    pub fn missed_by(self, value: f64) -> f64 {
        match self {
            Self::AtLeast(wanted) => 100.0 * (1.0 - value / wanted),
            Self::AtMost(wanted) => 100.0 * (value / wanted - 1.0),
        }
    }
}

impl Row {
    /// Work under a load.
    pub fn load(work: &str, load: Load) -> Self {
        Self { load: Some(load), ..Self::told(work) }
    }

    /// Work that is no load.
    pub fn told(work: &str) -> Self {
        Self { work: work.to_owned(), detail: None, load: None, limits: Vec::new(), figures: Vec::new(), constant: false }
    }

    /// Says more of it.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Its time may not grow with the number of petitions.
    #[must_use]
    pub fn constant(mut self) -> Self {
        self.constant = true;
        self
    }

    /// Holds it against something.
    #[must_use]
    pub fn limit(mut self, limit: Limit) -> Self {
        self.limits.push(limit);
        self
    }

    /// Adds a figure.
    #[must_use]
    pub fn figure(mut self, what: &str, value: f64, unit: &str, wanted: Option<Wanted>) -> Self {
        self.figures.push(Figure { what: what.to_owned(), value, unit: unit.to_owned(), wanted });
        self
    }
}

impl Report {
    /// Calls that failed or were never sent where none may; what overload turns away is wanted.
    pub fn failures(&self) -> u64 {
        self.rows.iter().filter_map(|row| row.load.as_ref()).map(|load| load.failures + load.unsent).sum()
    }

    /// The rows as a Markdown table, with what it was seen on above and what failed below.
    pub fn table(&self) -> String {
        let mut out = String::new();
        // writing to a text never fails
        let _ = self.write_table(&mut out);
        out
    }

    fn write_table(&self, out: &mut String) -> fmt::Result {
        let Machine { processor, processors, memory_gib, kernel, load_before, flushes_per_second } = &self.machine;
        let settings: Vec<String> = self.settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
        write!(out, "{}, {} petitions, {} s a load; xinfang {}", self.engine, self.petitions, self.seconds, self.version)?;
        write!(out, "{} on {processors} × {processor}, {memory_gib:.0} GiB, Linux {kernel}", if self.debug { " (debug)" } else { "" })?;
        write!(out, ", load average before {}", load_before.map_or("unknown".to_owned(), |l| l.to_string()))?;
        if let Some(flushes) = flushes_per_second {
            write!(out, ", {flushes:.0} flushes/s of 8 KiB")?;
        }
        writeln!(out, "; {}. The load runs on the same processors.\n", settings.join(", "))?;
        out.push_str("| work | engine | petitions | load | calls/s | p50 ms | p99 ms | p99.9 ms | max ms | failed | server CPU µs | limit, same run | figures and what is wanted |\n");
        out.push_str("|---|---|--:|---|--:|--:|--:|--:|--:|--:|--:|---|---|\n");
        let engine = self.engine.split(' ').next().unwrap_or_default();
        for row in &self.rows {
            let detail = row.detail.as_ref().map(|d| format!(" ({d})")).unwrap_or_default();
            write!(out, "| {}{detail} | {engine} | {} |", row.work, self.petitions)?;
            match &row.load {
                Some(load) => write!(out, "{load}")?,
                None => out.push_str(" – | – | – | – | – | – | – | – |"),
            }
            let limits: Vec<String> = row.limits.iter().map(ToString::to_string).collect();
            let figures: Vec<String> = row.figures.iter().map(ToString::to_string).collect();
            writeln!(out, " {} | {} |", dash(&limits.join("; ")), dash(&figures.join("; ")))?;
        }
        writeln!(out, "\nThe run added {} petitions.", self.added)?;
        for note in &self.notes {
            writeln!(out, "Note: {note}")?;
        }
        for row in &self.rows {
            if let Some(load) = row.load.as_ref().filter(|load| load.failures > 0) {
                let why: Vec<String> = load.failed_with.iter().map(|(why, n)| format!("{n} × {why}")).collect();
                writeln!(out, "FAILED: {}: {} of {} calls: {}", row.work, load.failures, load.failures + load.calls, why.join(", "))?;
            }
        }
        Ok(())
    }
}

fn dash(text: &str) -> &str {
    if text.is_empty() { "–" } else { text }
}

/// As many digits as a figure deserves.
pub(super) fn short(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        v if v >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// Its cells of the table.
impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.due_per_second {
            Some(due) => write!(f, " open, {} due/s |", short(due))?,
            None => write!(f, " closed, {} |", self.connections)?,
        }
        write!(f, " {} |", short(self.per_second))?;
        for ms in [self.p50_ms, self.p99_ms, self.p999_ms, self.max_ms] {
            write!(f, " {} |", if self.calls == 0 { "–".to_owned() } else { short(ms) })?;
        }
        let unsent = if self.unsent > 0 { format!(", {} never sent", self.unsent) } else { String::new() };
        write!(f, " {}{unsent} | {} |", self.failures, self.server_cpu_us.map_or("–".to_owned(), |us| format!("{us:.0}")))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        let rate = self.per_second.map(|rate| format!("{}/s", short(rate)));
        let p99 = self.p99_ms.map(|ms| format!("p99 {} ms", short(ms)));
        let cpu = self.cpu_us.map(|us| format!("{us:.0} µs CPU"));
        let all: Vec<String> = [rate, p99, cpu].into_iter().flatten().collect();
        if all.is_empty() { Ok(()) } else { write!(f, ": {}", all.join(", ")) }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, value, unit, wanted } = self;
        write!(f, "{what} {} {unit}", short(*value))?;
        let Some(wanted) = *wanted else { return Ok(()) };
        let (sign, bound) = match wanted {
            Wanted::AtLeast(bound) => ("≥", bound),
            Wanted::AtMost(bound) => ("≤", bound),
        };
        match wanted.reached(*value) {
            true => write!(f, " (wanted {sign} {bound}: reached)"),
            false => write!(f, " (wanted {sign} {bound}: **missed by {} %**)", short(wanted.missed_by(*value))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_says_whether_it_is_reached_and_by_how_much_not() {
        let shown = |value, wanted| Figure { what: "raw".into(), value, unit: "%".into(), wanted }.to_string();
        assert_eq!(shown(32.0, Some(Wanted::AtLeast(40.0))), "raw 32.0 % (wanted ≥ 40: **missed by 20.0 %**)");
        assert_eq!(shown(40.0, Some(Wanted::AtLeast(40.0))), "raw 40.0 % (wanted ≥ 40: reached)");
        assert_eq!(shown(6.0, Some(Wanted::AtMost(3.0))), "raw 6.00 % (wanted ≤ 3: **missed by 100 %**)");
        assert_eq!(shown(0.5, None), "raw 0.500 %");
    }
}
