//! Mediations as rows, requests and views.

use crate::petition::parts::Part;
use crate::platform::db::schema::mediation;
use crate::platform::db::types::{Id, Time};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// What a mediation came to.
    pub enum MediationResult {
        /// The sides agreed.
        Agreed = "agreed",
        /// They did not.
        Failed = "failed",
    }
}

/// A mediation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "result": "agreed", "mediator": "社区调解委员会", "agreement": "双方同意按备案比例报销，差额12640元分两次于2026年7月15日前付清。",
    "execution_due": "2026-07-15"
}))]
pub struct Mediate {
    /// What it came to.
    pub result: MediationResult,
    /// When; now when left out.
    #[serde(default)]
    pub mediated_at: Option<DateTime<Utc>>,
    /// Who mediated, if not the unit itself.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub mediator: Option<String>,
    /// What the sides agreed on; required where they did.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub agreement: Option<String>,
    /// The day by which that is carried out, if it promises something.
    #[serde(default)]
    pub execution_due: Option<NaiveDate>,
    /// What else there is to say, or why they did not agree.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub note: Option<String>,
}

/// A mediation.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = mediation, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Mediation {
    pub id: Id,
    pub petition_id: Id,
    pub result: MediationResult,
    pub unit_id: Id,
    pub mediator: Option<String>,
    pub agreement: Option<String>,
    pub note: Option<String>,
    pub execution_due: Option<NaiveDate>,
    pub mediated_at: Time,
    pub recorded_at: Time,
    pub recorded_by: Id,
}

impl Part for Mediation {
    fn id(&self) -> Id {
        self.id
    }
}

/// A mediation as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MediationView {
    /// Its id.
    pub id: Id,
    /// What it came to.
    pub result: MediationResult,
    /// The unit that handles or reviews the petition.
    pub unit_id: Id,
    /// Who mediated, if not that unit.
    pub mediator: Option<String>,
    /// What the sides agreed on.
    pub agreement: Option<String>,
    /// What else there is to say, or why they did not agree.
    pub note: Option<String>,
    /// The day by which the agreement is carried out.
    pub execution_due: Option<NaiveDate>,
    /// When.
    pub mediated_at: Time,
    /// When it was recorded.
    pub recorded_at: Time,
    /// By whose account.
    pub recorded_by: Id,
}

impl From<Mediation> for MediationView {
    fn from(m: Mediation) -> Self {
        Self {
            id: m.id,
            result: m.result,
            unit_id: m.unit_id,
            mediator: m.mediator,
            agreement: m.agreement,
            note: m.note,
            execution_due: m.execution_due,
            mediated_at: m.mediated_at,
            recorded_at: m.recorded_at,
            recorded_by: m.recorded_by,
        }
    }
}
