//! Figures as shown.

use crate::care::VisitReason;
use crate::petition::{Channel, Kind};
use crate::platform::db::types::{Id, Time};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which petitions are counted; all members narrow.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct StatisticsFilter {
    /// First office day, included; 1 January of this office year unless said.
    pub from: Option<NaiveDate>,
    /// Last office day, included; today unless said.
    pub to: Option<NaiveDate>,
    /// The unit that handles them, or one below it; before anybody does, the one that registered them.
    pub unit: Option<Id>,
    /// What they are.
    pub kind: Option<Kind>,
    /// Code of a category; those below it are included.
    #[param(max_length = 64)]
    pub category: Option<String>,
    /// How they reached the office.
    pub channel: Option<Channel>,
}

/// Petitions, visits, and the people who came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    /// Petitions of every channel (件次).
    pub cases: i64,
    /// Those by visit (批次).
    pub batches: i64,
    /// The people who came in them (人次).
    pub persons: i64,
    /// New to this office.
    pub first_time: i64,
    /// Repeats.
    pub repeat: i64,
}

/// A rate with what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Rate {
    /// What counts.
    pub numerator: i64,
    /// What could count.
    pub denominator: i64,
    /// Numerator ÷ denominator; null of nothing.
    pub value: Option<f64>,
}

/// Duties done in time, with their parts: `on_time + late + open_overdue + not_yet_due = denominator`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Timeliness {
    /// Done in time.
    pub numerator: i64,
    /// All that are due in the window.
    pub denominator: i64,
    /// Numerator ÷ denominator; null of nothing.
    pub value: Option<f64>,
    /// Done in time.
    pub on_time: i64,
    /// Done late, or no longer owed only after the limit was broken.
    pub late: i64,
    /// Not done, and the limit is over.
    pub open_overdue: i64,
    /// Not done, and there is still time.
    pub not_yet_due: i64,
}

/// Timely notices of the office and of the units (Art. 23).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct NoticeParts {
    /// That a petition has arrived and who handles it.
    pub triage: Timeliness,
    /// By the unit a petition was referred to.
    pub unit: Timeliness,
}

/// Timely notices, with their parts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct TimelyNotice {
    /// Of both kinds together.
    #[serde(flatten)]
    pub whole: Timeliness,
    /// Of each kind.
    pub parts: NoticeParts,
}

/// A rate of each object of an evaluation.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ByObject {
    /// Of the office that received the petition.
    pub office: Rate,
    /// Of the unit that handled it.
    pub unit: Rate,
}

/// Participation, with its parts.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Participation {
    /// Evaluations given.
    pub numerator: i64,
    /// Evaluations given or expired.
    pub denominator: i64,
    /// Numerator ÷ denominator; null of nothing.
    pub value: Option<f64>,
    /// Evaluations that were not given in time.
    pub expired: i64,
    /// Of each object.
    pub parts: ByObject,
}

/// The figures.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Measures {
    /// Registered in the window.
    pub registered: Counts,
    /// Closed in the window.
    pub closed: Counts,
    /// Open at its end.
    pub open: Counts,
    /// Petitioners told in time, of those who had to be told by a day of the window (Art. 23).
    pub timely_notice_rate: TimelyNotice,
    /// Claims answered in time, of those due on a day of the window (Art. 34).
    pub on_time_closure_rate: Timeliness,
    /// Satisfied or basically satisfied, of those evaluated.
    pub satisfaction_rate: ByObject,
    /// Evaluated, of those that could be.
    pub participation_rate: Participation,
    /// Repeats, of those registered.
    pub repeat_rate: Rate,
}

/// A summary.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Summary {
    /// First office day, included.
    pub from: NaiveDate,
    /// Last office day, included.
    pub to: NaiveDate,
    /// When it was counted.
    pub as_of: Time,
    /// The place in the order of events it reflects; null as long as events have no order.
    pub position: Option<i64>,
    /// The version of the definitions.
    pub definitions_version: u32,
    /// The figures.
    pub measures: Measures,
}

/// Which visits are counted; all members narrow.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct VisitFilter {
    /// First last day, included; 1 January of this office year unless said.
    pub from: Option<NaiveDate>,
    /// Last last day, included; today unless said.
    pub to: Option<NaiveDate>,
    /// The unit that sees to them, or one below it.
    pub unit: Option<Id>,
}

/// Duties to visit, with what became of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VisitFigures {
    /// Why; null for all together.
    pub reason: Option<VisitReason>,
    /// Visited in time ÷ all that were owed.
    #[serde(flatten)]
    pub made: Timeliness,
    /// Taken back; in no other figure.
    pub cancelled: i64,
}

/// Visits of a window, by the last day on which they are owed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VisitSummary {
    /// First day of the window.
    pub from: NaiveDate,
    /// Last day of it.
    pub to: NaiveDate,
    /// The instant as of which it holds.
    pub as_of: Time,
    /// Version of the definitions.
    pub definitions_version: u32,
    /// All together.
    pub total: VisitFigures,
    /// Those of each reason.
    pub by_reason: Vec<VisitFigures>,
}
