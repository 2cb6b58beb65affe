//! What is asked of clocks, and how they are shown.

use crate::codes;
use crate::deadline::model::LimitUnit;
use crate::deadline::rules::LedgerDay;
use crate::deadline::{Clock, ClockKind, ClockState};
use crate::petition::view::ClockView;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::unit::UnitRef;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which clocks; all members narrow.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ClockFilter {
    /// States, separated by commas; unless said all that is open: running, paused, or breached and not done yet.
    #[param(style = Form, explode = false, example = json!(["running", "breached"]))]
    pub state: Option<Vec<ClockState>>,
    /// What is due.
    pub kind: Option<ClockKind>,
    /// The unit that answers for it, or one below it.
    pub unit: Option<Id>,
    /// Whose last day is this day or later.
    pub due_from: Option<NaiveDate>,
    /// Whose last day is before this day.
    pub due_before: Option<NaiveDate>,
    /// Items a page, 1 to 200, 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1000)]
    pub cursor: Option<String>,
}

impl ClockFilter {
    /// Refuses readable parameters that contradict each other.
    ///
    /// # Errors
    /// Invalid.
    pub fn check(&self) -> Result<()> {
        match (self.due_from, self.due_before) {
            (Some(from), Some(before)) if from > before => Err(Error::fault("/due_from", codes::FROM_AFTER_TO)),
            _ => Ok(()),
        }
    }
}

/// Where a page of clocks ends, and when its first page was read.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct ClockPlace {
    /// When the last clock shown ends.
    pub due: Time,
    /// The clock.
    pub id: Id,
    /// When the first page was read.
    pub as_of: Time,
}

/// A clock with its petition.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClockItem {
    /// The clock.
    #[serde(flatten)]
    pub clock: ClockView,
    /// The petition it belongs to.
    pub petition_id: Id,
    /// That petition's number.
    #[schema(example = "XF-20260302-V000123-K")]
    pub number: String,
    /// The profile whose rule it runs by.
    #[schema(example = "cn-2022")]
    pub profile: String,
    /// Which version of it.
    pub profile_version: i32,
    /// The calendar it is counted by.
    #[schema(example = "cn")]
    pub calendar: String,
    /// Which version of it.
    pub calendar_version: i32,
}

impl ClockItem {
    /// As of an instant.
    pub fn of(clock: Clock, number: String, unit: Option<UnitRef>, as_of: DateTime<Utc>) -> Self {
        Self {
            clock: ClockView::of(&clock, unit, as_of),
            petition_id: clock.subject_id,
            number,
            profile: clock.profile,
            profile_version: clock.profile_version,
            calendar: clock.calendar,
            calendar_version: clock.calendar_version,
        }
    }
}

/// A page of clocks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClockPage {
    /// The clocks.
    pub items: Vec<ClockItem>,
    /// Give this as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
    /// When the first page was read: the lights of all pages are those of that instant.
    pub as_of: Time,
}

/// A limit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LimitView {
    /// How much of the unit, without what it was extended by; null where a person set the day.
    pub amount: Option<i32>,
    /// What it is counted in.
    pub unit: LimitUnit,
    /// The days it was extended by.
    pub extended_days: i32,
}

/// Why a clock ends when it does: the count day by day, by the versions the clock was counted by.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Explanation {
    /// The clock.
    pub id: Id,
    /// What is due.
    pub kind: ClockKind,
    /// Where it stands.
    pub state: ClockState,
    /// The profile whose rule it runs by.
    #[schema(example = "cn-2022")]
    pub profile: String,
    /// Which version of it.
    pub profile_version: i32,
    /// Where the rule stands written.
    pub article: String,
    /// The calendar it is counted by.
    #[schema(example = "cn")]
    pub calendar: String,
    /// Which version of it.
    pub calendar_version: i32,
    /// Whether it rests on a year whose holidays are not published yet.
    pub provisional: bool,
    /// When it began.
    pub started_at: Time,
    /// How long it is.
    pub limit: LimitView,
    /// When the light turns yellow.
    pub yellow_at: Time,
    /// The last day.
    pub due_on: NaiveDate,
    /// The instant it ends, exclusive.
    pub due_at: Time,
    /// The count in one sentence, in the language asked for.
    #[schema(example = "自2026-03-02起15个自然日，当日不计：最后一日为2026-03-17。")]
    pub why: String,
    /// Day by day, from the day of the event to the last day; empty for limits in hours.
    pub days: Vec<LedgerDay>,
}
