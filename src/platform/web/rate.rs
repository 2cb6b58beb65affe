//! Limits per caller, against runaways rather than for rationing.

use super::problem::Problem;
use actix_web::http::header::HeaderName;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// After so many checks, callers whose allowance is whole again are forgotten.
const CHECKS_UNTIL_SWEEP: u32 = 10_000;

/// A bucket per caller: so many calls at once, then at a steady pace.
pub struct RateLimits {
    limiter: Option<DefaultKeyedRateLimiter<String>>,
    burst: u32,
    /// Seconds after which a spent allowance is whole again.
    window: u64,
    checks: AtomicU32,
}

impl RateLimits {
    /// Limits for every key; a zero in either place switches them off.
    pub fn new(burst: u32, per_second: u32) -> Self {
        let quota = NonZeroU32::new(per_second).zip(NonZeroU32::new(burst)).map(|(rate, burst)| Quota::per_second(rate).allow_burst(burst));
        let window = u64::from(burst.div_ceil(per_second.max(1)));
        Self { limiter: quota.map(RateLimiter::keyed), burst, window, checks: AtomicU32::new(0) }
    }

    /// Limits for every key: `burst` calls at once, then one after each `interval`.
    pub fn spaced(burst: u32, interval: Duration) -> Self {
        let quota = NonZeroU32::new(burst).and_then(|burst| Some(Quota::with_period(interval)?.allow_burst(burst)));
        let window = u64::from(burst) * interval.as_secs();
        Self { limiter: quota.map(RateLimiter::keyed), burst, window, checks: AtomicU32::new(0) }
    }

    /// Counts a call of `key` (an account, else an address); a 429 that says when to come back once the allowance is spent.
    pub fn check(&self, key: &str) -> Result<(), Problem> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if self.checks.fetch_add(1, Ordering::Relaxed) % CHECKS_UNTIL_SWEEP == CHECKS_UNTIL_SWEEP - 1 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        limiter.check_key(&key.to_owned()).map_err(|refused| {
            let wait = refused.wait_time_from(DefaultClock::default().now());
            let policy = format!("\"caller\";q={};w={}", self.burst, self.window);
            Problem::too_many_requests(wait).header(HeaderName::from_static("ratelimit-policy"), &policy)
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_burst_is_per_caller() {
        let limits = RateLimits::new(3, 1);
        for _ in 0..3 {
            limits.check("a").unwrap();
        }
        assert_eq!(limits.check("a").unwrap_err().status().as_u16(), 429);
        limits.check("b").unwrap();
    }

    #[test]
    fn zero_is_off() {
        for limits in [RateLimits::new(0, 200), RateLimits::new(2000, 0)] {
            assert!((0..5000).all(|_| limits.check("a").is_ok()));
        }
    }
}
