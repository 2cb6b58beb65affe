//! What the clients saw: latencies in an HDR histogram, failures by what they were.

use super::client::Failure;
use crate::platform::error::{Error, Result};
use hdrhistogram::Histogram;
use std::collections::BTreeMap;
use std::time::Duration;

/// Nanoseconds; a longer latency is counted as this one.
const LONGEST: u64 = 600_000_000_000;

/// Latencies and failures of a stretch of load.
#[derive(Debug, Clone)]
pub struct Tally {
    latencies: Histogram<u64>,
    /// Calls that failed, by why.
    pub failures: BTreeMap<Failure, u64>,
    /// How long the load lasted.
    pub over: Duration,
    /// Calls that were due and never made, because no connection came free in time.
    pub unsent: u64,
}

impl Tally {
    /// Nothing seen yet; three significant figures.
    ///
    /// # Errors
    /// Internal only.
    pub fn new() -> Result<Self> {
        let latencies = Histogram::new_with_bounds(1, LONGEST, 3).map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(Self { latencies, failures: BTreeMap::new(), over: Duration::ZERO, unsent: 0 })
    }

    /// Counts one call.
    pub fn record(&mut self, outcome: Result<(), Failure>, latency: Duration) {
        match outcome {
            Ok(()) => self.latencies.saturating_record(u64::try_from(latency.as_nanos()).unwrap_or(LONGEST)),
            Err(failure) => self.fail(failure, 1),
        }
    }

    /// Counts failures.
    pub fn fail(&mut self, failure: Failure, times: u64) {
        if times > 0 {
            *self.failures.entry(failure).or_default() += times;
        }
    }

    /// Calls answered as expected.
    pub fn done(&self) -> u64 {
        self.latencies.len()
    }

    /// Calls that failed.
    pub fn failed(&self) -> u64 {
        self.failures.values().sum()
    }

    /// Calls answered as expected, a second.
    pub fn rate(&self) -> f64 {
        self.done() as f64 / self.over.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    /// Milliseconds within which this share of the calls was answered.
    pub fn quantile_ms(&self, share: f64) -> f64 {
        self.latencies.value_at_quantile(share) as f64 / 1e6
    }
}
