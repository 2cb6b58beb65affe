//! Hearings as rows, requests and views.

use crate::notice::NewNotice;
use crate::petition::parts::Part;
use crate::platform::db::schema::hearing;
use crate::platform::db::types::{Id, Time};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// Where a hearing stands.
    pub enum HearingState {
        /// It is not over.
        Open = "open",
        /// It took place.
        Ended = "ended",
        /// The petition was closed first.
        Dropped = "dropped",
    }
}

/// Opening a hearing.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "topic": "2025年10月异地住院费用是否应当报销", "held_at": "2026-04-15T01:30:00Z", "place": "县老干部局二楼会议室", "notice": {"method": "post"}
}))]
pub struct OpenHearing {
    /// What is heard.
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    pub topic: String,
    /// When it will be held, if that is known.
    #[serde(default)]
    pub held_at: Option<DateTime<Utc>>,
    /// Where.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    pub place: Option<String>,
    /// How the petitioner is told; in the way they came when left out.
    #[serde(default)]
    pub notice: Option<NewNotice>,
}

/// Ending a hearing.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"conclusion": "双方对住院事实无异议，对报销比例的适用依据看法不一，听证意见一致认为应按备案比例报销。"}))]
pub struct EndHearing {
    /// What came of it.
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub conclusion: String,
    /// When it ended; now when left out.
    #[serde(default)]
    pub ended_at: Option<DateTime<Utc>>,
}

/// A hearing.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = hearing, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Hearing {
    pub id: Id,
    pub petition_id: Id,
    pub review_id: Option<Id>,
    pub unit_id: Id,
    pub topic: String,
    pub place: Option<String>,
    pub held_at: Option<Time>,
    pub opened_at: Time,
    pub opened_by: Id,
    pub state: HearingState,
    pub conclusion: Option<String>,
    pub ended_at: Option<Time>,
    pub ended_by: Option<Id>,
}

impl Part for Hearing {
    fn id(&self) -> Id {
        self.id
    }
}

/// A hearing as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HearingView {
    /// Its id.
    pub id: Id,
    /// The review it is part of.
    pub review_id: Option<Id>,
    /// The unit that holds it.
    pub unit_id: Id,
    /// What is heard.
    pub topic: String,
    /// Where.
    pub place: Option<String>,
    /// When it is to be held.
    pub held_at: Option<Time>,
    /// When it was opened.
    pub opened_at: Time,
    /// By whose account.
    pub opened_by: Id,
    /// Where it stands.
    pub state: HearingState,
    /// What came of it.
    pub conclusion: Option<String>,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// By whose account; null where the petition was closed first.
    pub ended_by: Option<Id>,
}

impl From<Hearing> for HearingView {
    fn from(h: Hearing) -> Self {
        Self {
            id: h.id,
            review_id: h.review_id,
            unit_id: h.unit_id,
            topic: h.topic,
            place: h.place,
            held_at: h.held_at,
            opened_at: h.opened_at,
            opened_by: h.opened_by,
            state: h.state,
            conclusion: h.conclusion,
            ended_at: h.ended_at,
            ended_by: h.ended_by,
        }
    }
}
