//! Tasks as rows, and whom they are about.

use crate::platform::db::schema::visit_task;
use crate::platform::db::types::{Id, Time};
use chrono::NaiveDate;
use diesel::prelude::*;

crate::text_enum! {
    /// Why somebody must be visited (六必访).
    pub enum VisitReason {
        /// 春节
        SpringFestival = "spring_festival",
        /// 中秋节
        MidAutumn = "mid_autumn",
        /// 重阳节
        DoubleNinth = "double_ninth",
        /// 生病住院
        Hospital = "hospital",
        /// 家庭变故
        Disaster = "disaster",
        /// 电话要求: they asked for it.
        TelephoneRequest = "telephone_request",
        /// 逢五逢十寿辰
        Birthday = "birthday",
        /// 去世: the family is visited.
        Death = "death",
        /// 不满意回访: they said that they are dissatisfied with how a petition was handled.
        Dissatisfied = "dissatisfied",
    }
}

crate::text_enum! {
    /// Where a task stands.
    pub enum TaskState {
        /// To be done, once its first day has come.
        Open = "open",
        /// The visit was made.
        Done = "done",
        /// No longer owed.
        Cancelled = "cancelled",
    }
}

crate::text_enum! {
    /// Why a visit is no longer owed.
    pub enum CancelReason {
        /// They died.
        Deceased = "deceased",
        /// They don't want it.
        Declined = "declined",
        /// They are away, or have moved away for good.
        Away = "away",
        /// Another task is about the same.
        Duplicate = "duplicate",
        /// It was opened by mistake.
        Mistaken = "mistaken",
        /// The profile was merged into one with a task for the same occasion.
        Merged = "merged",
        /// Their date of birth was corrected: it was another day's.
        BirthDateCorrected = "birth_date_corrected",
    }
}

/// A visit that is owed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = visit_task, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the glossary and the view say what they are
pub struct VisitTask {
    pub id: Id,
    /// None for somebody of whom no profile is kept.
    pub retiree_id: Option<Id>,
    pub name: String,
    pub reason: VisitReason,
    /// What tells two tasks of one reason apart: a year, an age, the petition or the task itself.
    pub occasion: String,
    pub petition_id: Option<Id>,
    /// The first day on which a visit counts for it.
    pub opens_on: NaiveDate,
    /// The last one.
    pub due_on: NaiveDate,
    /// The instant it ends, exclusive.
    pub due_at: Time,
    /// Rests on a year of the calendar that is not published yet.
    pub provisional: bool,
    pub unit_id: Option<Id>,
    /// Who is to make the visit; else anybody of the unit.
    pub assignee: Option<Id>,
    pub state: TaskState,
    /// The visit was made, but after the end.
    pub late: bool,
    /// When its end passed without a visit on record.
    pub breached_at: Option<Time>,
    pub note: Option<Vec<u8>>,
    pub opened_at: Time,
    /// None where it was planned or followed from something else.
    pub opened_by: Option<Id>,
    pub ended_at: Option<Time>,
    pub ended_by: Option<Id>,
    pub cancelled_for: Option<CancelReason>,
    pub version: i64,
    pub event_n: i64,
    pub event_hash: Vec<u8>,
    /// Whose it was before profiles were merged.
    pub merged_from: Option<Id>,
}

/// Somebody to be visited, and who looks after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whom {
    /// Their profile, where one is kept.
    pub retiree: Option<Id>,
    /// Their name.
    pub name: String,
    /// The unit that sees to it.
    pub unit: Option<Id>,
    /// The member of staff who looks after them.
    pub liaison: Option<Id>,
}
