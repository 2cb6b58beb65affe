//! The time, handed in. Truncated to microseconds: both engines keep no more, and what is hashed must survive the round trip.

use chrono::{DateTime, Duration, NaiveDate, SubsecRound, Utc};
use chrono_tz::Tz;
use std::sync::{Arc, Mutex, PoisonError};

/// Where the time comes from. Cheap to clone; clones share a set clock.
#[derive(Clone)]
pub enum Clock {
    /// The machine's time, moved by an offset (rehearsals; zero otherwise).
    System(Duration),
    /// A time that stands until it is set (tests, simulation).
    Set(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// A clock that stands at `at`.
    pub fn set(at: DateTime<Utc>) -> Self {
        Self::Set(Arc::new(Mutex::new(at)))
    }

    /// Now, UTC, in whole microseconds.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System(offset) => (Utc::now() + *offset).trunc_subsecs(6),
            Self::Set(at) => at.lock().unwrap_or_else(PoisonError::into_inner).trunc_subsecs(6),
        }
    }

    /// Moves a set clock to `to`; the machine's time can't be set.
    pub fn move_to(&self, to: DateTime<Utc>) {
        if let Self::Set(at) = self {
            *at.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }
}

/// The calendar day of an instant in the office's zone: "day" in this product always means this one.
pub fn office_day(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}
