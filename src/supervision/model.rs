//! Supervisions as requests and views.

use crate::deadline::ClockKind;
use crate::petition::supervised::{Supervision, SupervisionState};
use crate::platform::db::types::{Id, Time};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Opening a supervision.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "老同志多次来电催问，请说明办理进展。", "due_on": "2026-04-10"}))]
pub struct Supervise {
    /// Why; required.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: Option<String>,
    /// The last day of the unit's answer, after today.
    pub due_on: NaiveDate,
}

crate::text_enum! {
    /// What those above say to a supervision.
    pub enum SupervisionStatus {
        /// A proposed one is confirmed.
        Open = "open",
        /// A proposed one is not needed.
        Dismissed = "dismissed",
        /// It is over.
        Lifted = "lifted",
    }
}

/// Deciding on a supervision, or answering it; one of both.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "open", "due_on": "2026-04-10"}))]
pub struct UpdateSupervision {
    /// What those above say.
    #[serde(default)]
    pub status: Option<SupervisionStatus>,
    /// The last day of the unit's answer, after today; with `open` only, and required there.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
    /// Why it is confirmed, dismissed or lifted; required to dismiss it, and to lift it without an answer.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: Option<String>,
    /// What the supervised unit says.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub answer: Option<String>,
}

/// A supervision as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SupervisionView {
    /// Its id.
    pub id: Id,
    /// The unit that is supervised, or is to be.
    pub unit_id: Id,
    /// Why: `not_closed_in_time`, `result_not_fed_back`, `procedure_not_followed`, `opinion_not_executed`, `supervision_not_answered`,
    /// `shifting` where the product proposed it; `ordered` where those above opened it themselves.
    #[schema(example = "not_closed_in_time")]
    pub reason: String,
    /// `proposed` until those above decide.
    #[schema(example = "proposed")]
    pub state: SupervisionState,
    /// The clock that was broken.
    pub clock_id: Option<Id>,
    /// What was due.
    pub clock_kind: Option<ClockKind>,
    /// The due instant from which it is proposed; of one that was not proposed, when it was opened.
    pub proposed_at: Time,
    /// When it was dismissed or lifted.
    pub settled_at: Option<Time>,
    /// Whose account did that; null where the breach turned out to be none.
    pub settled_by: Option<Id>,
    /// Why it was dismissed or lifted.
    pub settled_words: Option<String>,
    /// The unit that supervises.
    pub by_unit: Option<Id>,
    /// Why, in the words of those above.
    pub words: Option<String>,
    /// The last day of the answer.
    pub due_on: Option<NaiveDate>,
    /// When it was opened.
    pub opened_at: Option<Time>,
    /// By whose account.
    pub opened_by: Option<Id>,
    /// What the unit says.
    pub answer: Option<String>,
    /// When it said so.
    pub answered_at: Option<Time>,
    /// By whose account.
    pub answered_by: Option<Id>,
}

impl From<Supervision> for SupervisionView {
    fn from(s: Supervision) -> Self {
        Self {
            id: s.id,
            unit_id: s.unit_id,
            reason: s.reason,
            state: s.state,
            clock_id: s.clock_id,
            clock_kind: s.clock_kind,
            proposed_at: s.proposed_at,
            settled_at: s.settled_at,
            settled_by: s.settled_by,
            settled_words: s.settled_words,
            by_unit: s.by_unit,
            words: s.words,
            due_on: s.due_on,
            opened_at: s.opened_at,
            opened_by: s.opened_by,
            answer: s.answer,
            answered_at: s.answered_at,
            answered_by: s.answered_by,
        }
    }
}
