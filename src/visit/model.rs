//! Visits as rows, and what is sent of them.

use crate::care::VisitReason;
use crate::care::model::CancelReason;
use crate::petition::registration::RegisterPetition;
use crate::platform::db::schema::{visit, visit_petition};
use crate::platform::db::types::{Id, Time};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

crate::text_enum! {
    /// Where somebody was visited.
    pub enum VisitPlace {
        /// At home.
        Home = "home",
        /// In hospital.
        Hospital = "hospital",
        /// In a home for the elderly.
        Institution = "institution",
        /// Elsewhere.
        Other = "other",
    }
}

crate::text_enum! {
    /// Where a task stands today.
    pub enum TaskStatus {
        /// Its first day is still to come.
        Planned = "planned",
        /// To be done.
        Open = "open",
        /// The visit was made.
        Done = "done",
        /// No longer owed.
        Cancelled = "cancelled",
    }
}

crate::text_enum! {
    /// What became of a duty to visit.
    pub enum Outcome {
        /// Visited in time.
        OnTime = "on_time",
        /// Visited after the end.
        Late = "late",
        /// Not visited, and the end is over.
        OpenOverdue = "open_overdue",
        /// Not visited, and there is time.
        NotYetDue = "not_yet_due",
    }
}

crate::text_enum! {
    /// What a person opens a task for; all other tasks are planned or follow from something else.
    pub enum OpenedFor {
        /// 生病住院
        Hospital = "hospital",
        /// 家庭变故
        Disaster = "disaster",
        /// 电话要求: they asked for it.
        TelephoneRequest = "telephone_request",
    }
}

impl From<OpenedFor> for VisitReason {
    fn from(reason: OpenedFor) -> Self {
        match reason {
            OpenedFor::Hospital => Self::Hospital,
            OpenedFor::Disaster => Self::Disaster,
            OpenedFor::TelephoneRequest => Self::TelephoneRequest,
        }
    }
}

/// A visit that was made.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = visit, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the request says what they are
pub struct Visit {
    pub id: Id,
    pub task_id: Id,
    pub made_at: Time,
    pub made_by: Id,
    pub place: VisitPlace,
    /// [`Report`], encrypted.
    pub report: Vec<u8>,
    pub captured_at: Option<Time>,
    pub recorded_at: Time,
    pub recorded_by: Id,
}

/// A petition taken down on a visit.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = visit_petition)]
#[allow(missing_docs)]
pub struct VisitPetition {
    pub visit_id: Id,
    pub n: i32,
    pub petition_id: Id,
}

/// The words of a visit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// What was found.
    pub found: String,
    /// What they need.
    pub needs: Vec<String>,
}

/// Which tasks; all members narrow.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct VisitTaskFilter {
    /// Only those given to the caller.
    pub mine: Option<bool>,
    /// Where they stand; what is planned or open unless said.
    #[param(inline)]
    pub state: Option<TaskStatus>,
    /// What became of the duty; instead of `state`.
    #[param(inline)]
    pub outcome: Option<Outcome>,
    /// Why.
    #[param(inline)]
    pub reason: Option<VisitReason>,
    /// The unit that sees to it, or one below it.
    pub unit: Option<Id>,
    /// Whom they are about.
    pub retiree_id: Option<Id>,
    /// The last day is before this one.
    pub due_before: Option<NaiveDate>,
    /// The last day is this one or later.
    pub due_from: Option<NaiveDate>,
    /// The last day is this one or earlier.
    pub due_to: Option<NaiveDate>,
    /// Items a page, 1 to 200, 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1000)]
    pub cursor: Option<String>,
}

/// A visit that has become necessary.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"retiree_id": "01a017b9-aec0-7001-901a-2117ec990fc5", "reason": "hospital", "note": "县医院心内科12床，女儿陪护"}))]
pub struct OpenVisitTask {
    /// A UUIDv7 made by the client: sending the same again is answered as the first time.
    #[serde(default)]
    pub id: Option<Id>,
    /// Whom it is about.
    pub retiree_id: Id,
    /// Why.
    pub reason: OpenedFor,
    /// When it happened, or was asked for; now when left out.
    #[serde(default)]
    pub happened_at: Option<DateTime<Utc>>,
    /// Who is to make the visit; whoever looks after them when left out.
    #[serde(default)]
    pub assignee: Option<Id>,
    /// A word for whoever makes the visit; kept encrypted.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    pub note: Option<String>,
}

/// Who is to make a visit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"staff_id": "01a203e1-a23b-700d-868b-f39c3037f5f2"}))]
pub struct AssignVisitTask {
    /// The member of staff; anybody of the unit when left out.
    #[serde(default)]
    pub staff_id: Option<Id>,
}

/// Why a visit is no longer owed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "declined", "note": "本人来电表示感谢，身体很好，不必上门"}))]
pub struct CancelVisitTask {
    /// Why.
    pub reason: CancelReason,
    /// A word more; kept encrypted.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    pub note: Option<String>,
}

/// A visit that was made. The first ends its task.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"made_at": "2026-03-03T07:30:00Z", "place": "home", "found": "老人精神尚好，左腿行动不便，家中暖气不热。",
    "needs": ["联系物业检修暖气"]}))]
pub struct RecordVisit {
    /// A UUIDv7 made by the client: sending the same again is answered as the first time.
    #[serde(default)]
    pub id: Option<Id>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When a device took it down, perhaps offline.
    #[serde(default)]
    pub captured_at: Option<DateTime<Utc>>,
    /// Who made it; the caller when left out.
    #[serde(default)]
    pub made_by: Option<Id>,
    /// Where.
    pub place: VisitPlace,
    /// What was found; kept encrypted.
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub found: String,
    /// What they need, each by itself; kept encrypted.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub needs: Vec<Need>,
    /// Petitions taken down on the visit (channel `home_visit`); received when it was made unless they say otherwise.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub petitions: Vec<RegisterPetition>,
}

/// What somebody needs, in words.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(min_length = 1, max_length = 500, pattern = "\\S")]
pub struct Need(pub String);
