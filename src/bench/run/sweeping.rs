//! The sweep: what comes of itself, of a thousand clocks among all that run.

use super::raw::Scratch;
use super::report::{Row, Wanted};
use super::{Run, repo};
use crate::jobs::sweep;
use crate::platform::Platform;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::connect;
use crate::platform::error::{Error, Result};
use crate::platform::ids::Ids;
use std::time::Instant;

/// Clocks of which something comes.
const COME: i64 = 1_000;

impl Run<'_> {
    /// Sweeps in this process, on a copy, with the clock moved to the instant at which the thousandth comes. Why it was not measured is
    /// told, and no reason to fail.
    pub(super) async fn sweeps(&mut self, spoil: bool) {
        match self.sweep_once(spoil).await {
            Ok(row) => self.rows.push(row),
            Err(e) => {
                let why = if let Error::Internal(cause) = &e { cause.to_string() } else { e.to_string() };
                self.notes.push(format!("the sweep was not measured: {why}"));
            }
        }
    }

    async fn sweep_once(&self, spoil: bool) -> Result<Row> {
        let url = &self.config.database;
        let place = if spoil { Scratch::itself(url) } else { Scratch::copy(url).await? };
        let (running, instant) = repo::come_by(&mut connect(&place.url, true)?, COME)?;
        let instant = instant.ok_or_else(|| Error::internal(format!("only {running} clocks run, {COME} are wanted")))?;
        let config = Config { database: place.url.clone(), ..self.config.clone() };
        let platform = Platform::open(config, Clock::set(instant.0), Ids::Random)?;
        let began = Instant::now();
        let swept = sweep::sweep(&platform).await?;
        let took = began.elapsed();
        // nothing has come any more: what looking alone costs
        let again = Instant::now();
        sweep::sweep(&platform).await?;
        let idle = again.elapsed();
        platform.db.close();
        let each = took.as_secs_f64() * 1e6 / swept.max(1) as f64;
        let row = Row::told("sweep").detail(format!("{swept} come of {running} running"));
        Ok(row.figure("a clock", each, "µs", None).figure("all", took.as_secs_f64() * 1e3, "ms", Some(Wanted::AtMost(60_000.0))).figure(
            "when nothing has come",
            idle.as_secs_f64() * 1e3,
            "ms",
            None,
        ))
    }
}
