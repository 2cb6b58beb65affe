//! Closings as rows, requests and views.

use crate::petition::model::Closure;
use crate::petition::{ClosureBasis, ClosureReason, Stage};
use crate::platform::db::types::{Id, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Closing a petition.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "answered_on_the_spot", "note": "取暖补贴将于本月25日随养老金发放，已当面说明。"}))]
pub struct ClosePetition {
    /// Why.
    pub reason: ClosureReason,
    /// The answer, the other organ, or what was a mistake; required where the notice needs it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub note: Option<String>,
    /// Route of Art. 31, with `diverted`.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5)]
    pub route: Option<i16>,
}

/// Withdrawing a petition, written down for the petitioners.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "补贴已到账，本人电话要求撤回"}))]
pub struct WithdrawPetition {
    /// The people who said so: all whose petition it is. May be left out where that is one person, without a proxy.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 50)]
    pub party_ids: Option<Vec<Id>>,
    /// What they said.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub note: Option<String>,
}

/// Reopening a petition.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "信访人称并未同意办结，经核实属实。"}))]
pub struct ReopenPetition {
    /// Why; required.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: Option<String>,
}

/// A closing as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClosureView {
    /// Its id.
    pub id: Id,
    /// Why.
    pub reason: ClosureReason,
    /// What a final closing rests on.
    pub basis: Option<ClosureBasis>,
    /// The stage before.
    pub closed_from: Stage,
    /// Route of Art. 31.
    pub route: Option<i16>,
    /// The answer, the other organ, or what was a mistake.
    pub note: Option<String>,
    /// When.
    pub closed_at: Time,
    /// By whose account; null when the product closed it.
    pub closed_by: Option<Id>,
}

impl From<Closure> for ClosureView {
    fn from(c: Closure) -> Self {
        Self {
            id: c.id,
            reason: c.reason,
            basis: c.basis,
            closed_from: c.closed_from,
            route: c.route,
            note: c.note,
            closed_at: c.closed_at,
            closed_by: c.closed_by,
        }
    }
}
