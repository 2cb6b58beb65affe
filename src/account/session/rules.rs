//! How long failures keep the door shut, and how long a used token still opens it.

use chrono::{DateTime, TimeDelta, Utc};

/// How long a refresh token can be used.
pub const LIFETIME: TimeDelta = TimeDelta::days(30);
/// How long a used-up refresh token still gives the same successor to the same client: its answer may have been lost on the way.
pub const GRACE: TimeDelta = TimeDelta::seconds(60);
/// Failures are forgotten so long after the last.
pub const FORGOTTEN: TimeDelta = TimeDelta::hours(1);

/// How patient a door is.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Failures before the first pause.
    pub free: u32,
    /// The longest pause.
    pub longest: TimeDelta,
}

/// For a user name: short pauses, or a stranger could keep its owner out.
pub const USERNAME: Patience = Patience { free: 5, longest: TimeDelta::seconds(60) };
/// For an address: an office may share one, so it may fail more often; a machine that goes on is held off for longer.
pub const ADDRESS: Patience = Patience { free: 20, longest: TimeDelta::minutes(15) };

/// The failures at one door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// When the last was.
    pub last: DateTime<Utc>,
}

impl Patience {
    /// The pause after so many failures: 1 s after the last free one, then twice as long each time.
    pub fn pause(self, failures: u32) -> TimeDelta {
        let Some(beyond) = failures.checked_sub(self.free) else { return TimeDelta::zero() };
        TimeDelta::seconds(1_i64 << beyond.min(30)).min(self.longest)
    }

    /// How long the door stays shut.
    pub fn wait(self, failures: Failures, now: DateTime<Utc>) -> Option<TimeDelta> {
        let left = failures.last + self.pause(failures.count) - now;
        (left > TimeDelta::zero()).then_some(left)
    }
}

impl Failures {
    /// One more, after those not forgotten yet.
    pub fn another(before: Option<Self>, now: DateTime<Utc>) -> Self {
        let before = before.filter(|f| !f.is_forgotten(now)).map_or(0, |f| f.count);
        Self { count: before.saturating_add(1), last: now }
    }

    /// Whether they no longer count.
    pub fn is_forgotten(self, now: DateTime<Utc>) -> bool {
        now - self.last >= FORGOTTEN
    }
}

/// Whether a used-up token still gives its successor.
pub fn in_grace(replaced_at: DateTime<Utc>, now: DateTime<Utc>, same_client: bool) -> bool {
    same_client && now - replaced_at <= GRACE
}

/// The part of an address that one subscriber holds: all of IPv4, the first 64 bits of IPv6.
pub fn network(address: std::net::IpAddr) -> String {
    match address.to_canonical() {
        std::net::IpAddr::V4(v4) => v4.to_string(),
        std::net::IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        for (failures, seconds) in [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (10, 32), (11, 60), (40, 60), (u32::MAX, 60)] {
            assert_eq!(USERNAME.pause(failures), TimeDelta::seconds(seconds), "{failures}");
        }
        assert_eq!(ADDRESS.pause(19), TimeDelta::zero());
        assert_eq!(ADDRESS.pause(100), TimeDelta::minutes(15));
    }

    #[test]
    fn the_door_opens_when_the_pause_is_over() {
        let failures = Failures { count: 7, last: at(0) };
        for (now, left) in [(0, Some(4)), (3, Some(1)), (4, None), (5, None)] {
            assert_eq!(USERNAME.wait(failures, at(now)), left.map(TimeDelta::seconds), "{now}");
        }
    }

    #[test]
    fn failures_are_forgotten() {
        let failures = Failures { count: 7, last: at(0) };
        assert_eq!(Failures::another(Some(failures), at(10)), Failures { count: 8, last: at(10) });
        assert_eq!(Failures::another(Some(failures), at(3600)), Failures { count: 1, last: at(3600) });
        assert_eq!(Failures::another(None, at(0)), Failures { count: 1, last: at(0) });
    }

    #[test]
    fn grace_is_short_and_for_the_same_client() {
        for (now, same, holds) in [(0, true, true), (60, true, true), (61, true, false), (0, false, false)] {
            assert_eq!(in_grace(at(0), at(now), same), holds, "{now} {same}");
        }
    }

    #[test]
    fn networks() {
        for (address, network_) in
            [("10.0.0.7", "10.0.0.7"), ("::ffff:10.0.0.7", "10.0.0.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
        {
            assert_eq!(network(address.parse().unwrap()), network_);
        }
    }
}
