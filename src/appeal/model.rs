//! Reviews as rows, requests and views.

use crate::handling::model::Outcome;
use crate::petition::parts::Part;
use crate::platform::db::schema::review;
use crate::platform::db::types::{Id, Time};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// Where a review stands.
    pub enum ReviewState {
        /// It waits for a decision.
        Open = "open",
        /// It was decided.
        Decided = "decided",
        /// The petition was closed before: it was withdrawn, or the parties came to terms.
        Ended = "ended",
    }
}

crate::text_enum! {
    /// What a review decides.
    pub enum Decision {
        /// 维持: the answer stands.
        Uphold = "uphold",
        /// 变更: another answer takes its place.
        Change = "change",
        /// 撤销: it is handled anew, by somebody else.
        Revoke = "revoke",
    }
}

/// Asking for a review, written down for the petitioner.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"grounds": "急诊住院来不及备案，不应自付全部费用，请求按规定比例报销。"}))]
pub struct RequestReview {
    /// What the petitioner finds wrong with the answer and what they ask for.
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub grounds: String,
    /// When they asked, by the paper; now when left out.
    #[serde(default)]
    pub requested_at: Option<DateTime<Utc>>,
}

/// Deciding a review.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "decision": "change", "outcome": "supported", "opinion": "变更原处理意见：急诊住院视同已备案，按规定比例报销。",
    "legal_basis": "《社会保险法》第二十八条"
}))]
pub struct DecideReview {
    /// What is decided.
    pub decision: Decision,
    /// What the answer says now; required to change it.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// What was found.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub facts: Option<String>,
    /// The decision in words.
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub opinion: String,
    /// What it rests on; required.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub legal_basis: Option<String>,
    /// The day by which a changed answer is carried out.
    #[serde(default)]
    pub execution_due: Option<NaiveDate>,
}

/// A review.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = review, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Review {
    pub id: Id,
    pub petition_id: Id,
    pub level: i16,
    pub round: i32,
    pub opinion_id: Id,
    pub unit_id: Id,
    pub grounds: String,
    pub requested_at: Time,
    pub on_behalf_of: Option<Id>,
    pub recorded_at: Time,
    pub recorded_by: Option<Id>,
    pub state: ReviewState,
    pub decision: Option<Decision>,
    pub answer_id: Option<Id>,
    pub words: Option<String>,
    pub legal_basis: Option<String>,
    pub decided_at: Option<Time>,
    pub decided_by: Option<Id>,
}

impl Part for Review {
    fn id(&self) -> Id {
        self.id
    }
}

/// A review as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReviewView {
    /// Its id.
    pub id: Id,
    /// 1 for the review (复查), 2 for the re-review (复核).
    pub level: i16,
    /// The round of handling whose answer is contested.
    pub round: i32,
    /// The version of the opinion that is contested.
    pub opinion_id: Id,
    /// The unit that decides.
    pub unit_id: Id,
    /// What the petitioner finds wrong.
    pub grounds: String,
    /// When they asked.
    pub requested_at: Time,
    /// The party whose word it is.
    pub on_behalf_of: Option<Id>,
    /// When it was recorded.
    pub recorded_at: Time,
    /// By whose account; null when the petitioner did so in person.
    pub recorded_by: Option<Id>,
    /// Where it stands.
    pub state: ReviewState,
    /// What was decided.
    pub decision: Option<Decision>,
    /// The version of the opinion that is the answer now; null where it was revoked.
    pub answer_id: Option<Id>,
    /// The decision in words.
    pub opinion: Option<String>,
    /// What it rests on.
    pub legal_basis: Option<String>,
    /// When it was decided.
    pub decided_at: Option<Time>,
    /// Whose account signed it.
    pub decided_by: Option<Id>,
}

impl From<Review> for ReviewView {
    fn from(r: Review) -> Self {
        Self {
            id: r.id,
            level: r.level,
            round: r.round,
            opinion_id: r.opinion_id,
            unit_id: r.unit_id,
            grounds: r.grounds,
            requested_at: r.requested_at,
            on_behalf_of: r.on_behalf_of,
            recorded_at: r.recorded_at,
            recorded_by: r.recorded_by,
            state: r.state,
            decision: r.decision,
            answer_id: r.answer_id,
            opinion: r.words,
            legal_basis: r.legal_basis,
            decided_at: r.decided_at,
            decided_by: r.decided_by,
        }
    }
}
