//! Instructions and leaders' cases as rows, requests and views.

use crate::petition::parts::Part;
use crate::petition::{Kind, Stage};
use crate::platform::db::schema::{instruction, leader_case};
use crate::platform::db::types::{Id, Time};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An instruction of a leader.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "请医疗保险科于月底前拿出意见，并当面向老同志说明。"}))]
pub struct Instruct {
    /// What should be done.
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub text: String,
}

/// Taking charge of a petition.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"next_look": "2026-04-20", "note": "老同志年事已高，多次来访，由我包案。"}))]
pub struct TakeCharge {
    /// The leader, where a supervisor writes it down; else the caller.
    #[serde(default)]
    pub leader_id: Option<Id>,
    /// The day on which they look again.
    pub next_look: NaiveDate,
    /// What they mean to do.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub note: Option<String>,
}

/// Giving up charge.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"result": "差额已补发到位，老同志表示满意。"}))]
pub struct ReleaseCharge {
    /// What came of it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub result: Option<String>,
}

/// An instruction.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = instruction, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Instruction {
    pub id: Id,
    pub petition_id: Id,
    pub text: String,
    pub given_at: Time,
    pub given_by: Id,
}

impl Part for Instruction {
    fn id(&self) -> Id {
        self.id
    }
}

/// An instruction as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InstructionView {
    /// Its id.
    pub id: Id,
    /// What should be done.
    pub text: String,
    /// When it was given.
    pub given_at: Time,
    /// By which leader's account.
    pub given_by: Id,
}

impl From<Instruction> for InstructionView {
    fn from(i: Instruction) -> Self {
        Self { id: i.id, text: i.text, given_at: i.given_at, given_by: i.given_by }
    }
}

/// A leader's charge of a petition.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = leader_case, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the views say what the columns are
pub struct LeaderCase {
    pub id: Id,
    pub petition_id: Id,
    pub leader_id: Id,
    pub next_look: NaiveDate,
    pub note: Option<String>,
    pub taken_at: Time,
    pub taken_by: Id,
    pub result: Option<String>,
    pub released_at: Option<Time>,
    pub released_by: Option<Id>,
}

/// A leader's charge of a petition as shown there.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LeaderCaseView {
    /// Its id.
    pub id: Id,
    /// The leader.
    pub leader_id: Id,
    /// The day on which they look again.
    pub next_look: NaiveDate,
    /// What they mean to do.
    pub note: Option<String>,
    /// When they took charge.
    pub taken_at: Time,
    /// By whose account.
    pub taken_by: Id,
    /// What came of it.
    pub result: Option<String>,
    /// When they gave it up, or another leader took over.
    pub released_at: Option<Time>,
    /// By whose account.
    pub released_by: Option<Id>,
}

impl From<LeaderCase> for LeaderCaseView {
    fn from(l: LeaderCase) -> Self {
        Self {
            id: l.id,
            leader_id: l.leader_id,
            next_look: l.next_look,
            note: l.note,
            taken_at: l.taken_at,
            taken_by: l.taken_by,
            result: l.result,
            released_at: l.released_at,
            released_by: l.released_by,
        }
    }
}

/// Which leaders' cases.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LeaderCasesPage {
    /// Of this leader alone.
    pub leader: Option<Id>,
    /// Those to be looked at by this day.
    pub next_look_by: Option<NaiveDate>,
    /// Items a page, 1 to 200, 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1000)]
    pub cursor: Option<String>,
}

/// A case some leader has charge of, in a list.
#[derive(Debug, Clone, Queryable)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Charged {
    pub id: Id,
    pub leader_id: Id,
    pub next_look: NaiveDate,
    pub taken_at: Time,
    pub petition_id: Id,
    pub number: String,
    pub kind: Kind,
    pub stage: Stage,
}

/// A case some leader has charge of.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChargedItem {
    /// Id of the leader's case.
    pub id: Id,
    /// The leader.
    pub leader_id: Id,
    /// The day on which they look again.
    pub next_look: NaiveDate,
    /// When they took charge.
    pub taken_at: Time,
    /// The petition.
    pub petition_id: Id,
    /// Its number.
    pub number: String,
    /// A line that names the matter.
    pub title: String,
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub stage: Stage,
}

impl ChargedItem {
    /// As shown, with the line that names the matter.
    pub fn of(c: Charged, title: String) -> Self {
        Self {
            id: c.id,
            leader_id: c.leader_id,
            next_look: c.next_look,
            taken_at: c.taken_at,
            petition_id: c.petition_id,
            number: c.number,
            title,
            kind: c.kind,
            stage: c.stage,
        }
    }
}
