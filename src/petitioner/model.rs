//! What is asked and answered.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Asking how a petition stands.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": "XF-20260302-V000123-K", "query_code": "7QK2M9X4TB"}))]
pub struct AskStatus {
    /// The number on the receipt; any case and grouping.
    #[schema(min_length = 1, max_length = 64)]
    pub number: String,
    /// The query code on the receipt; any case and grouping.
    #[schema(min_length = 1, max_length = 64)]
    pub query_code: String,
}

/// How a petition stands, for who filed it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicStatus {
    /// Its number.
    pub number: String,
    /// Where it stands, in a word.
    pub stage_text: &'static str,
    /// The same in at most three plain sentences.
    pub status: String,
    /// What comes next; null when nothing does.
    pub next_step: Option<&'static str>,
    /// The office's last day for that, or the petitioner's own; null when no limit runs.
    pub due_on: Option<NaiveDate>,
    /// Whether they can say what they think of it now: in person, or when somebody calls back.
    pub can_evaluate: bool,
    /// Whether they can ask for a review now.
    pub can_request_review: bool,
}
