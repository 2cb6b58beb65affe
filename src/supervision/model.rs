//! Supervisions as shown.

use crate::deadline::ClockKind;
use crate::petition::model::Proposal;
use crate::petition::parts::Part;
use crate::platform::db::types::{Id, Time};
use serde::Serialize;
use utoipa::ToSchema;

impl Part for Proposal {
    fn id(&self) -> Id {
        self.id
    }
}

/// A supervision as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SupervisionView {
    /// Its id.
    pub id: Id,
    /// The unit that is to be supervised.
    pub unit_id: Id,
    /// Why: `not_closed_in_time`, `result_not_fed_back`, `procedure_not_followed`, `opinion_not_executed`.
    #[schema(example = "not_closed_in_time")]
    pub reason: String,
    /// `proposed` until those above decide.
    #[schema(example = "proposed")]
    pub state: String,
    /// The clock that was broken.
    pub clock_id: Option<Id>,
    /// What was due.
    pub clock_kind: Option<ClockKind>,
    /// The due instant from which it is proposed.
    pub proposed_at: Time,
    /// When those above decided.
    pub settled_at: Option<Time>,
    /// Whose account decided.
    pub settled_by: Option<Id>,
}

impl From<Proposal> for SupervisionView {
    fn from(s: Proposal) -> Self {
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
        }
    }
}
