//! What the calculator is asked, and what it answers.

use crate::deadline::profile::Roll;
use crate::deadline::rules::LedgerDay;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

crate::text_enum! {
    /// What an amount of days is counted in.
    pub enum CountedIn {
        /// Calendar days.
        Calendar = "calendar",
        /// Working days; make-up Saturdays and Sundays count.
        Working = "working",
    }
}

/// From when, and how long.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DueQuestion {
    /// The day of the event, 1900 to 2199; it is not counted.
    #[param(pattern = "^(19|20|21)", example = "2026-02-13")]
    pub start: NaiveDate,
    /// How many days.
    #[param(minimum = 1, maximum = 3660, example = 5)]
    pub amount: u32,
    /// Of which kind: calendar days, unless said.
    #[param(default = "calendar")]
    pub unit: Option<CountedIn>,
    /// Whether a last day on which the office rests moves on: not, unless said.
    #[param(default = "none")]
    pub roll: Option<Roll>,
}

/// The last day, and how it was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DueAnswer {
    /// The day of the event; it is not counted.
    pub start: NaiveDate,
    /// How many days.
    pub amount: u32,
    /// What they are counted in.
    pub unit: CountedIn,
    /// Whether a last day on which the office rests moves on.
    pub roll: Roll,
    /// The last day.
    pub last_day: NaiveDate,
    /// The instant it ends, exclusive: midnight in the office's zone.
    pub due_at: DateTime<Utc>,
    /// Whether it rests on a year that is not published yet.
    pub provisional: bool,
    /// The calendar it was counted by.
    #[schema(example = "cn")]
    pub calendar: String,
    /// Which version of it.
    pub calendar_version: i32,
    /// Day by day, from the day of the event to the last day.
    pub days: Vec<LedgerDay>,
}
