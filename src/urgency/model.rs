//! Urgent reports as rows, requests and views.

use crate::petition::parts::Part;
use crate::platform::db::schema::urgent_report;
use crate::platform::db::types::{Id, Time};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Recording that it was reported.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reported_to": "县老干部局值班领导", "note": "老人住院急需用药，已电话报告并同时联系医保窗口。"}))]
pub struct RecordUrgentReport {
    /// To whom.
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    pub reported_to: String,
    /// What was said.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub note: Option<String>,
}

/// Marking a petition as one that cannot wait, or as one that can after all.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "老人已断药两天，家属再次来电。"}))]
pub struct MarkUrgency {
    /// Why; required.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: Option<String>,
}

/// An urgent report.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = urgent_report, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct UrgentReport {
    pub id: Id,
    pub petition_id: Id,
    pub reported_to: String,
    pub note: Option<String>,
    pub unit_id: Id,
    pub reported_at: Time,
    pub reported_by: Id,
}

impl Part for UrgentReport {
    fn id(&self) -> Id {
        self.id
    }
}

/// An urgent report as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UrgentReportView {
    /// Its id.
    pub id: Id,
    /// To whom it was reported.
    pub reported_to: String,
    /// What was said.
    pub note: Option<String>,
    /// The unit that reported.
    pub unit_id: Id,
    /// When.
    pub reported_at: Time,
    /// By whose account.
    pub reported_by: Id,
}

impl From<UrgentReport> for UrgentReportView {
    fn from(r: UrgentReport) -> Self {
        Self {
            id: r.id,
            reported_to: r.reported_to,
            note: r.note,
            unit_id: r.unit_id,
            reported_at: r.reported_at,
            reported_by: r.reported_by,
        }
    }
}
