//! Clocks and profiles as rows.

use super::kind::ClockKind;
use super::rules::{Light, Limit, Pause};
use crate::json_text;
use crate::platform::db::schema::{clock, profile, profile_version};
use crate::platform::db::types::{Id, Time};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

crate::text_enum! {
    /// Where a clock stands.
    pub enum ClockState {
        /// It runs.
        Running = "running",
        /// The count stands.
        Paused = "paused",
        /// Done in time.
        Met = "met",
        /// Done, but after its end.
        MetLate = "met_late",
        /// A duty whose end passed.
        Breached = "breached",
        /// A right or an offer that ran out; nobody is at fault.
        Lapsed = "lapsed",
        /// No longer owed.
        Cancelled = "cancelled",
    }
}

crate::text_enum! {
    /// What a limit is counted in.
    pub enum LimitUnit {
        /// Calendar days.
        Calendar = "calendar",
        /// Working days.
        Working = "working",
        /// Hours.
        Hour = "hour",
        /// A day somebody set.
        Date = "date",
    }
}

/// The pauses of a clock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, diesel::AsExpression, diesel::FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[serde(transparent)]
pub struct Pauses(pub Vec<Pause>);

json_text!(Pauses);

impl Pauses {
    /// Place of the pause for a reason that is not over.
    pub fn lasting(&self, reason: &str) -> Option<usize> {
        self.0.iter().position(|pause| pause.reason == reason && pause.until.is_none())
    }
}

/// A clock.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = clock, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the glossary and the view say what they are
pub struct Clock {
    pub id: Id,
    /// `petition`, later also `visit_task`.
    pub subject_kind: String,
    pub subject_id: Id,
    pub kind: ClockKind,
    /// The unit that answers for it.
    pub unit_id: Option<Id>,
    pub state: ClockState,
    /// Why it was cancelled.
    pub cause: Option<String>,
    pub profile: String,
    pub profile_version: i32,
    pub calendar: String,
    pub calendar_version: i32,
    /// Rests on a year that is not published yet.
    pub provisional: bool,
    pub limit_amount: i32,
    pub limit_unit: LimitUnit,
    pub extended_days: i32,
    pub pauses: Pauses,
    pub started_at: Time,
    /// Place of the event that started it in its subject's trail.
    pub started_n: i64,
    pub yellow_at: Time,
    /// Warnings given.
    pub warned: i16,
    /// When the sweep has to look at it.
    pub next_at: Option<Time>,
    /// The last day.
    pub due_on: NaiveDate,
    /// The instant it ends, exclusive.
    pub due_at: Time,
    /// Internal target, never later than the law.
    pub target_at: Option<Time>,
    /// When its end passed unmet, however it ended afterwards.
    pub breached_at: Option<Time>,
    pub stopped_at: Option<Time>,
    /// Place of the event that stopped it.
    pub stopped_n: Option<i64>,
    pub restored_from: Option<Id>,
}

impl Clock {
    /// Whether something may still come of it: running, paused, or breached and not done.
    pub fn is_open(&self) -> bool {
        self.stopped_at.is_none() && matches!(self.state, ClockState::Running | ClockState::Paused | ClockState::Breached)
    }

    /// Its light now, or when it ended; green while it stands still.
    pub fn light(&self, now: DateTime<Utc>) -> Light {
        if self.state == ClockState::Paused {
            return Light::Green;
        }
        Light::at(self.stopped_at.map_or(now, |at| at.0.min(now)), self.yellow_at.0, self.due_at.0)
    }

    /// The limit it is counted by, extension included.
    pub fn limit(&self) -> Limit {
        let amount = u32::try_from(self.limit_amount + self.extended_days).unwrap_or(0);
        match self.limit_unit {
            LimitUnit::Calendar => Limit::Days(amount),
            LimitUnit::Working => Limit::WorkingDays(amount),
            LimitUnit::Hour => Limit::Hours(amount),
            LimitUnit::Date => Limit::Until(self.due_on),
        }
    }
}

/// A profile as a row, by its newest version.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = profile)]
#[allow(missing_docs)] // the migration says what the columns are
pub struct ProfileRow {
    pub id: Id,
    pub code: String,
    pub name: String,
    pub newest: i32,
    pub version: i64,
    pub event_n: i64,
    pub event_hash: Vec<u8>,
}

/// A version of a profile as a row.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = profile_version, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct ProfileVersionRow {
    pub profile_id: Id,
    pub n: i32,
    pub valid_from: NaiveDate,
    pub document: String,
    pub digest: Vec<u8>,
    pub published_at: Time,
    pub published_by: Option<Id>,
}
