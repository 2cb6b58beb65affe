//! Steps of an execution as rows, requests and views.

use crate::petition::parts::Part;
use crate::platform::db::schema::execution;
use crate::platform::db::types::{Id, Time};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// How far an execution is.
    pub enum ExecutionStatus {
        /// It is being carried out.
        InProgress = "in_progress",
        /// It is carried out.
        Done = "done",
    }
}

/// Recording how far it is.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "done", "note": "住院费用18,640元已报销到账。", "proof": "银行到账凭证2026-06-17"}))]
pub struct RecordExecution {
    /// How far it is.
    pub status: ExecutionStatus,
    /// What was done.
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub note: String,
    /// What proves it; required when done.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub proof: Option<String>,
}

/// A step of an execution.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = execution, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Execution {
    pub id: Id,
    pub petition_id: Id,
    pub status: ExecutionStatus,
    pub note: String,
    pub proof: Option<String>,
    pub unit_id: Id,
    pub recorded_at: Time,
    pub recorded_by: Id,
}

impl Part for Execution {
    fn id(&self) -> Id {
        self.id
    }
}

/// A step of an execution as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExecutionView {
    /// Its id.
    pub id: Id,
    /// How far it was.
    pub status: ExecutionStatus,
    /// What was done.
    pub note: String,
    /// What proves it.
    pub proof: Option<String>,
    /// The unit that did it.
    pub unit_id: Id,
    /// When it was recorded.
    pub recorded_at: Time,
    /// By whose account.
    pub recorded_by: Id,
}

impl From<Execution> for ExecutionView {
    fn from(e: Execution) -> Self {
        Self {
            id: e.id,
            status: e.status,
            note: e.note,
            proof: e.proof,
            unit_id: e.unit_id,
            recorded_at: e.recorded_at,
            recorded_by: e.recorded_by,
        }
    }
}
