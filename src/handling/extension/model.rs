//! Extensions as rows, requests and views.

use crate::notice::NewNotice;
use crate::petition::parts::Part;
use crate::platform::db::schema::extension;
use crate::platform::db::types::{Id, Time};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// Where a request for more time stands.
    pub enum ExtensionState {
        /// It waits for a decision.
        Requested = "requested",
        /// The limit was moved.
        Approved = "approved",
        /// It was not.
        Refused = "refused",
        /// The opinion, or the end of the petition, came first.
        Lapsed = "lapsed",
    }
}

/// Asking for more time.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"days": 30, "reason": "需向省城医院调取住院病历，预计四周内取得。"}))]
pub struct RequestExtension {
    /// Days beyond the limit, 1 to what the profile of the limit allows.
    pub days: i32,
    /// Why; the petitioner is told.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: Option<String>,
}

/// Deciding on it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"approved": true, "notice": {"method": "post"}}))]
pub struct DecideExtension {
    /// Whether the limit is moved.
    pub approved: bool,
    /// Why not; required for a refusal.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub note: Option<String>,
    /// How the petitioner is told of an approval, and in what words; by telephone, else by post, in the usual words unless said.
    #[serde(default)]
    pub notice: Option<NewNotice>,
}

/// A request for more time with its decision.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = extension, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Extension {
    pub id: Id,
    pub petition_id: Id,
    pub clock_id: Id,
    pub days: i32,
    pub reason: String,
    pub state: ExtensionState,
    pub requested_at: Time,
    pub requested_by: Id,
    pub decided_at: Option<Time>,
    pub decided_by: Option<Id>,
    pub note: Option<String>,
}

impl Part for Extension {
    fn id(&self) -> Id {
        self.id
    }
}

/// A request for more time as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExtensionView {
    /// Its id.
    pub id: Id,
    /// The limit it is about.
    pub clock_id: Id,
    /// Days beyond the limit.
    pub days: i32,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: ExtensionState,
    /// When it was asked for.
    pub requested_at: Time,
    /// By whose account.
    pub requested_by: Id,
    /// When it was decided, or lapsed.
    pub decided_at: Option<Time>,
    /// By whose account; null while it waits and when it lapsed.
    pub decided_by: Option<Id>,
    /// What was said to the decision.
    pub note: Option<String>,
}

impl From<Extension> for ExtensionView {
    fn from(e: Extension) -> Self {
        Self {
            id: e.id,
            clock_id: e.clock_id,
            days: e.days,
            reason: e.reason,
            state: e.state,
            requested_at: e.requested_at,
            requested_by: e.requested_by,
            decided_at: e.decided_at,
            decided_by: e.decided_by,
            note: e.note,
        }
    }
}
