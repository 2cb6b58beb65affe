//! What is asked and answered.

use crate::evaluation::model::{Rated, Score};
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

/// Saying what one thinks of it, in person.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": "XF-20260302-V000123-K", "query_code": "7QK2M9X4TB", "object": "unit", "score": "basically"}))]
pub struct EvaluateInPerson {
    /// The number on the receipt; any case and grouping.
    #[schema(min_length = 1, max_length = 64)]
    pub number: String,
    /// The query code on the receipt; any case and grouping.
    #[schema(min_length = 1, max_length = 64)]
    pub query_code: String,
    /// What is evaluated.
    pub object: Rated,
    /// What they say.
    pub score: Score,
    /// Why; required when dissatisfied and for a change.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: Option<String>,
}

/// Asking for a review, in person.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": "XF-20260302-V000123-K", "query_code": "7QK2M9X4TB", "grounds": "急诊住院来不及备案，请求按规定比例报销。"}))]
pub struct ContestInPerson {
    /// The number on the receipt; any case and grouping.
    #[schema(min_length = 1, max_length = 64)]
    pub number: String,
    /// The query code on the receipt; any case and grouping.
    #[schema(min_length = 1, max_length = 64)]
    pub query_code: String,
    /// What they find wrong with the answer and what they ask for.
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub grounds: String,
}

/// What is on a receipt.
#[derive(Debug, Clone, Copy)]
pub struct Receipt<'a> {
    /// The number.
    pub number: &'a str,
    /// The query code.
    pub query_code: &'a str,
}

/// A request that comes with a receipt.
pub trait WithReceipt {
    /// What they read from it.
    fn receipt(&self) -> Receipt<'_>;
}

macro_rules! with_receipt {
    ($($request:ty),*) => {
        $(impl WithReceipt for $request {
            fn receipt(&self) -> Receipt<'_> {
                Receipt { number: &self.number, query_code: &self.query_code }
            }
        })*
    };
}

with_receipt!(AskStatus, EvaluateInPerson, ContestInPerson);

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
    /// Whether they can say what they think of it now: here, or when somebody calls back.
    pub can_evaluate: bool,
    /// Whether they can ask for a review now.
    pub can_request_review: bool,
}
