//! Setting the level by hand.

use super::{Level, Reason, Reasons};
use crate::auth::Context;
use crate::codes;
use crate::petition::{Act, Case, repo, service};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body};
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

/// Its priority.
impl Case {
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
