//! Recusals as requests and views.

use crate::petition::model::Bar;
use crate::petition::parts::Part;
use crate::platform::db::types::{Id, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Recusing somebody: a person, or a unit with all below it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"staff_id": "01a203e1-a23b-702d-a8b5-f2e83ac232d0", "reason": "与信访人系近亲属"}))]
pub struct Recuse {
    /// The person.
    #[serde(default)]
    pub staff_id: Option<Id>,
    /// The unit.
    #[serde(default)]
    pub unit_id: Option<Id>,
    /// Why.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub reason: Option<String>,
}

/// Lifting a recusal.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "经核实并非近亲属"}))]
pub struct LiftRecusal {
    /// Why.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub reason: Option<String>,
}

impl Part for Bar {
    fn id(&self) -> Id {
        self.id
    }
}

/// A recusal as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecusalView {
    /// Its id.
    pub id: Id,
    /// The person who keeps out.
    pub staff_id: Option<Id>,
    /// The unit that does, with all below it.
    pub unit_id: Option<Id>,
    /// Why.
    pub reason: Option<String>,
    /// Since when.
    pub recused_at: Option<Time>,
    /// By whose account.
    pub recused_by: Option<Id>,
}

impl From<Bar> for RecusalView {
    fn from(bar: Bar) -> Self {
        Self {
            id: bar.id,
            staff_id: bar.account_id,
            unit_id: bar.unit_id,
            reason: bar.note,
            recused_at: bar.recused_at,
            recused_by: bar.recused_by,
        }
    }
}
