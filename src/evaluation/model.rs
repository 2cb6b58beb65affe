//! Evaluations as rows, requests and views.

use crate::petition::parts::Part;
use crate::platform::db::schema::evaluation;
use crate::platform::db::types::{Id, Time};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    // a type called Object would be any object in the document
    /// What is evaluated.
    pub enum Rated {
        /// The office that received the petition.
        Office = "office",
        /// The unit that handled it.
        Unit = "unit",
    }
}

crate::text_enum! {
    /// What the petitioner says.
    pub enum Score {
        /// 满意
        Satisfied = "satisfied",
        /// 基本满意
        Basically = "basically",
        /// 不满意
        Dissatisfied = "dissatisfied",
    }
}

crate::text_enum! {
    /// How they were asked.
    pub enum AskedBy {
        /// A call back.
        Phone = "phone",
        /// In person.
        Visit = "visit",
        /// Online.
        Online = "online",
        /// On paper.
        Paper = "paper",
    }
}

/// An evaluation, written down by somebody who did not handle the case.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"score": "basically", "channel": "phone"}))]
pub struct Evaluate {
    /// What the petitioner says.
    pub score: Score,
    /// Why; required when dissatisfied and for a change.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: Option<String>,
    /// How they were asked; `phone` unless said.
    #[serde(default)]
    pub channel: Option<AskedBy>,
}

/// An evaluation.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = evaluation, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Evaluation {
    pub id: Id,
    pub petition_id: Id,
    pub object: Rated,
    pub score: Option<Score>,
    pub reason: Option<String>,
    pub channel: Option<AskedBy>,
    pub changes: i32,
    pub evaluated_at: Time,
    pub evaluated_day: NaiveDate,
    pub recorded_by: Option<Id>,
}

impl Part for Evaluation {
    fn id(&self) -> Id {
        self.id
    }
}

/// An evaluation as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EvaluationView {
    /// Its id.
    pub id: Id,
    /// What was evaluated.
    pub object: Rated,
    /// What the petitioner said; null when they said nothing before their window closed.
    pub score: Option<Score>,
    /// Why.
    pub reason: Option<String>,
    /// How they were asked.
    pub channel: Option<AskedBy>,
    /// How often it was changed; once is the most.
    pub changes: i32,
    /// When; of what was never said, when the window closed.
    pub evaluated_at: Time,
    /// Whose account wrote it down; null when they said it in person with their receipt, or nothing.
    pub recorded_by: Option<Id>,
}

impl From<Evaluation> for EvaluationView {
    fn from(e: Evaluation) -> Self {
        Self {
            id: e.id,
            object: e.object,
            score: e.score,
            reason: e.reason,
            channel: e.channel,
            changes: e.changes,
            evaluated_at: e.evaluated_at,
            recorded_by: e.recorded_by,
        }
    }
}
