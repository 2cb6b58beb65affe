//! Questions to other units as rows, requests and views.

use crate::petition::parts::Part;
use crate::platform::db::schema::assistance;
use crate::platform::db::types::{Id, Time};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// Where a question to another unit stands.
    pub enum AssistanceState {
        /// The unit has not answered yet.
        Open = "open",
        /// It answered.
        Answered = "answered",
        /// The question was taken back, or the opinion, a recall or the end of the petition came first.
        Cancelled = "cancelled",
    }
}

/// Asking another unit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "unit_id": "0198c0de-7b1e-7c1a-9d0c-2f6a1f3f8f10", "question": "请核对2025年10月该同志住院费用的垫付和报销情况。", "mandatory": true,
    "due_on": "2026-04-10"
}))]
pub struct AskAssistance {
    /// The unit.
    pub unit_id: Id,
    /// What it is asked.
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub question: String,
    /// Whether there is no opinion without its answer.
    pub mandatory: bool,
    /// The last day for the answer: after today, and no later than the lead's own last day as long as that leaves one.
    pub due_on: NaiveDate,
}

/// What the unit that was asked says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answer": "经核对，该笔住院费用12640元已由个人垫付，尚未报销，票据齐全。"}))]
pub struct AnswerAssistance {
    /// The answer.
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub answer: String,
}

/// Why a unit need not answer any more.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "已从银行回单查明支付情况，不再需要核对。"}))]
pub struct CancelAssistance {
    /// The reason.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub reason: Option<String>,
}

/// A question to another unit.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = assistance, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Assistance {
    pub id: Id,
    pub petition_id: Id,
    pub unit_id: Id,
    pub mandatory: bool,
    pub question: String,
    pub due_on: Option<NaiveDate>,
    pub asked_at: Time,
    pub asked_by: Id,
    pub state: AssistanceState,
    pub answer: Option<String>,
    pub closed_at: Option<Time>,
    pub closed_by: Option<Id>,
}

impl Part for Assistance {
    fn id(&self) -> Id {
        self.id
    }
}

/// A question to another unit as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AssistanceView {
    /// Its id.
    pub id: Id,
    /// The unit that is asked; of a dissolved one the successor answers.
    pub unit_id: Id,
    /// Whether there is no opinion without its answer.
    pub mandatory: bool,
    /// What it is asked.
    pub question: String,
    /// The last day for the answer.
    pub due_on: Option<NaiveDate>,
    /// When it was asked.
    pub asked_at: Time,
    /// By whose account.
    pub asked_by: Id,
    /// Where it stands.
    pub state: AssistanceState,
    /// The answer.
    pub answer: Option<String>,
    /// When it was answered, or ended otherwise.
    pub closed_at: Option<Time>,
    /// By whose account; null where it ended with something else.
    pub closed_by: Option<Id>,
}

impl From<Assistance> for AssistanceView {
    fn from(a: Assistance) -> Self {
        Self {
            id: a.id,
            unit_id: a.unit_id,
            mandatory: a.mandatory,
            question: a.question,
            due_on: a.due_on,
            asked_at: a.asked_at,
            asked_by: a.asked_by,
            state: a.state,
            answer: a.answer,
            closed_at: a.closed_at,
            closed_by: a.closed_by,
        }
    }
}
