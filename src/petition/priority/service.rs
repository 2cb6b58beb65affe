//! What the reasons of a petition rest on, and setting the level by hand.

use super::{Level, PriorityFacts, Reason, Reasons};
use crate::auth::Context;
use crate::codes;
use crate::petition::model::{IntakePlace, Party, PartyStatus};
use crate::petition::{Act, Case, repo, rules, service};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body};
use crate::retiree::{self, Circumstances, model::LivingSituation};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// How far a petition is to come before others.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"level": "high", "reason": "老人独居且刚出院，子女均在外地。"}))]
pub struct SetPriority {
    /// The level; what cannot wait stays high.
    pub level: Level,
    /// Why; required.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: Option<String>,
}

/// Sets the level; targets of running clocks follow, their limits don't.
///
/// # Errors
/// As [`service::perform`]; Invalid without a reason.
pub fn set_priority(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<SetPriority>) -> Result<Answer> {
    service::perform(c, cx, id, Act::SetPriority, body, |c, cx, case, input| {
        let reason = input.reason.as_deref().ok_or_else(|| Error::fault("/reason", codes::REASON_REQUIRED))?;
        let draft = case.draft(&cx.actor, Act::SetPriority, "priority_set");
        let before = Level::of_rank(case.row.priority_rank);
        case.row.facts.priority = Some(input.level);
        let reasons = case.priority_reasons().with(Reason::SetByHand, true);
        case.prioritise(c, cx, &reasons)?;
        let draft = draft.with("set", input.level).with("level", json!({"from": before, "to": Level::of_rank(case.row.priority_rank)}));
        case.event(draft.sealed(json!({"reason": reason})));
        Ok(None)
    })
}

/// What is known of those whose petition it is.
pub(in crate::petition) fn facts(
    today: NaiveDate,
    own: &[&Party],
    known: &[Circumstances],
    taken_down: Option<IntakePlace>,
) -> PriorityFacts {
    let oldest = own.iter().filter_map(|party| party.birth_date).min();
    PriorityFacts {
        age: oldest.map(|born| rules::age(born, today)),
        disability: known.iter().any(|of| of.disability),
        in_hospital: taken_down == Some(IntakePlace::Hospital) || known.iter().any(|of| of.in_hospital),
        alone: known.iter().any(|of| of.living_situation == Some(LivingSituation::Alone)),
        urgent_medicine: false,
    }
}

/// Its priority.
impl Case {
    /// Works its reasons out anew, when who takes part or where it was taken down has changed. Whoever can't act any more lives on.
    ///
    /// # Errors
    /// Database only.
    pub(in crate::petition) fn reconsider(&mut self, c: &mut Conn, cx: &Context) -> Result<()> {
        let concerned = |p: &&Party| p.role.is_principal() && matches!(p.status, PartyStatus::Active | PartyStatus::Incapacitated);
        let own: Vec<&Party> = self.parties.iter().filter(concerned).collect();
        let profiles: Vec<Id> = own.iter().filter_map(|party| party.retiree_id).collect();
        let known = retiree::circumstances(c, &profiles)?;
        let facts = facts(cx.today(), &own, &known, self.content.intake_place);
        let reasons = Reasons::of(&facts, self.row.urgent).with(Reason::SetByHand, self.row.facts.priority.is_some());
        self.prioritise(c, cx, &reasons)
    }

    /// Why it comes before others.
    pub fn priority_reasons(&self) -> Reasons {
        Reasons::read(&self.content.priority_reasons)
    }

    /// Takes over why it comes before others, and what follows for the targets of its clocks.
    ///
    /// # Errors
    /// Database only.
    pub fn prioritise(&mut self, c: &mut Conn, cx: &Context, reasons: &Reasons) -> Result<()> {
        self.row.priority_rank = reasons.level(self.row.facts.priority).rank();
        let written = reasons.written();
        if self.content.priority_reasons != written {
            self.content.priority_reasons = written;
            repo::update_content(c, &self.content)?;
        }
        let about = self.about();
        self.clocks.retarget(c, cx, &about)
    }
}
