//! Referrals as rows, requests and views.

use crate::petition::parts::Part;
use crate::platform::db::schema::referral;
use crate::platform::db::types::{Id, Time};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// How a petition is handed over.
    pub enum Mode {
        /// 转送: the unit answers the petitioner.
        Refer = "refer",
        /// 交办: the unit also reports back.
        Assign = "assign",
    }
}

crate::text_enum! {
    /// What became of a referral.
    pub enum ReferralState {
        /// The unit has not answered yet.
        Open = "open",
        /// The unit accepted.
        Accepted = "accepted",
        /// The petition was closed meanwhile.
        Ended = "ended",
    }
}

/// To whom a petition is handed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": "0198c0de-7b1e-7c1a-9d0c-2f6a1f3f8f10", "mode": "refer", "note": "请核实异地就医备案情况"}))]
pub struct ReferPetition {
    /// The unit.
    pub unit_id: Id,
    /// `refer`: the unit answers the petitioner. `assign` is not taken yet.
    pub mode: Mode,
    /// The day the report back is due; for `assign` only.
    #[serde(default)]
    pub report_due: Option<NaiveDate>,
    /// What the unit should know.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub note: Option<String>,
}

/// A referral.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = referral, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Referral {
    pub id: Id,
    pub petition_id: Id,
    pub mode: Mode,
    pub from_unit: Id,
    pub unit_id: Id,
    pub report_due: Option<NaiveDate>,
    pub note: Option<String>,
    pub state: ReferralState,
    pub referred_at: Time,
    pub referred_by: Id,
    pub ended_at: Option<Time>,
}

impl Part for Referral {
    fn id(&self) -> Id {
        self.id
    }
}

/// A referral as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReferralView {
    /// Its id.
    pub id: Id,
    /// How it was handed over.
    pub mode: Mode,
    /// The unit that sent it.
    pub from_unit: Id,
    /// The unit that got it.
    pub unit_id: Id,
    /// The day the report back is due.
    pub report_due: Option<NaiveDate>,
    /// What the unit was told.
    pub note: Option<String>,
    /// What became of it.
    pub state: ReferralState,
    /// When it was sent: the unit's limits start here.
    pub referred_at: Time,
    /// By whose account.
    pub referred_by: Id,
    /// When the unit answered.
    pub ended_at: Option<Time>,
}

impl From<Referral> for ReferralView {
    fn from(r: Referral) -> Self {
        Self {
            id: r.id,
            mode: r.mode,
            from_unit: r.from_unit,
            unit_id: r.unit_id,
            report_due: r.report_due,
            note: r.note,
            state: r.state,
            referred_at: r.referred_at,
            referred_by: r.referred_by,
            ended_at: r.ended_at,
        }
    }
}
