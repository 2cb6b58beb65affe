//! Reports of deaths and inquiries with heirs as rows, requests and views.

use crate::petition::facts::HeirsAnswer;
use crate::petition::parts::Part;
use crate::petition::party::NewParty;
use crate::platform::db::schema::heirs_inquiry;
use crate::platform::db::types::{Id, Time};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// What became of a person.
    pub enum Fate {
        /// They died.
        Deceased = "deceased",
        /// They can no longer act for themselves.
        Incapacitated = "incapacitated",
    }
}

/// Reporting that a person died or can no longer act.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "deceased", "since": "2026-02-28", "note": "女儿来电告知，户口已注销。"}))]
pub struct ReportFate {
    /// What became of them.
    pub status: Fate,
    /// The day it happened; today unless said.
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// From whom the office knows.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub note: Option<String>,
}

/// What the heirs want.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answer": "continue", "party": {"role": "petitioner", "name": "张敏", "sex": "female", "phone": "13800000002", "relation": "女儿"}, "note": "愿意代父亲继续办理。"}))]
pub struct AnswerHeirs {
    /// Their answer.
    pub answer: HeirsAnswer,
    /// Who goes on, unless they were added before.
    #[serde(default)]
    pub party: Option<NewParty>,
    /// Who was asked, and what they said.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub note: Option<String>,
}

/// An inquiry with the heirs.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = heirs_inquiry, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct HeirsInquiry {
    pub id: Id,
    pub petition_id: Id,
    pub party_id: Id,
    pub since: NaiveDate,
    pub opened_at: Time,
    pub opened_by: Id,
    pub answer: Option<HeirsAnswer>,
    pub note: Option<String>,
    pub answered_at: Option<Time>,
    pub answered_by: Option<Id>,
}

/// An inquiry with the heirs as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HeirsInquiryView {
    /// Its id.
    pub id: Id,
    /// The person after whose death, or incapacity, nobody was left.
    pub party_id: Id,
    /// The day of it; limits stand still from then on.
    pub since: NaiveDate,
    /// When it was reported.
    pub opened_at: Time,
    /// By whose account.
    pub opened_by: Id,
    /// What the heirs answered; null as long as they are asked.
    pub answer: Option<HeirsAnswer>,
    /// Who was asked, and what they said.
    pub note: Option<String>,
    /// When the answer was recorded.
    pub answered_at: Option<Time>,
    /// By whose account.
    pub answered_by: Option<Id>,
}

impl Part for HeirsInquiry {
    fn id(&self) -> Id {
        self.id
    }
}

impl From<HeirsInquiry> for HeirsInquiryView {
    fn from(i: HeirsInquiry) -> Self {
        Self {
            id: i.id,
            party_id: i.party_id,
            since: i.since,
            opened_at: i.opened_at,
            opened_by: i.opened_by,
            answer: i.answer,
            note: i.note,
            answered_at: i.answered_at,
            answered_by: i.answered_by,
        }
    }
}
