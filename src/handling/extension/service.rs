//! Asking for more time, and deciding on it.

use super::model::{DecideExtension, Extension, ExtensionState, RequestExtension};
use super::{repo, rules};
use crate::audit::Draft;
use crate::auth::Context;
use crate::codes;
use crate::notice::{self, NewNotice, NoticeKind, Told};
use crate::petition::facts::AskedExtension;
use crate::petition::{self, Act, Case, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body};
use serde_json::json;

/// Asks for more time on the limit that runs.
///
/// # Errors
/// As [`service::perform`]; Invalid for more days than the profile allows, none at all, or no reason.
pub fn request(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<RequestExtension>) -> Result<Answer> {
    service::perform(c, cx, id, Act::RequestExtension, body, |c, cx, case, input| {
        let (clock_id, max_days) = case.extendable().ok_or_else(|| case.refusal(&cx.actor, codes::NO_EXTENDABLE_CLOCK))?;
        let faults = rules::request_faults(input, max_days);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let row = Extension {
            id: cx.draw.id(),
            petition_id: id,
            clock_id,
            days: input.days,
            reason: input.reason.clone().unwrap_or_default(),
            state: ExtensionState::Requested,
            requested_at: Time(cx.now()),
            requested_by: cx.actor.id(),
            decided_at: None,
            decided_by: None,
            note: None,
        };
        repo::insert(c, &row)?;
        let draft = case.draft(&cx.actor, Act::RequestExtension, "extension_requested");
        case.row.facts.extension = Some(AskedExtension { id: row.id, clock_id, by: row.requested_by });
        case.event(about(draft, &row).sealed(json!({"reason": row.reason})));
        // who needs more time is out of the simplified procedure
        case.end_simplified(cx, None);
        Ok(Some(format!("extensions/{}", row.id)))
    })
}

/// Decides on a request that waits; approved, the limit moves by the days asked for and the petitioner is told why.
///
/// # Errors
/// [`Error::NotFound`] for an unknown request; as [`service::perform`]; Invalid for a refusal without a note.
pub fn decide(c: &mut Conn, cx: &mut Context, id: Id, extension: Id, body: &Body<DecideExtension>) -> Result<Answer> {
    petition::repo::require_visible(c, &cx.actor, id)?;
    let asked = repo::one(c, id, extension)?.ok_or(Error::NotFound)?;
    service::perform(c, cx, id, Act::DecideExtension, body, |c, cx, case, input| {
        // another one may wait
        let waits = case.row.facts.extension.as_ref().is_some_and(|waits| waits.id == asked.id);
        let clock = case.clocks.open().find(|clock| clock.id == asked.clock_id).filter(|_| waits).map(|clock| clock.kind);
        let clock = clock.ok_or_else(|| case.refusal(&cx.actor, codes::EXTENSION_DECIDED))?;
        let faults = rules::decision_faults(input);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let row = Extension {
            state: if input.approved { ExtensionState::Approved } else { ExtensionState::Refused },
            decided_at: Some(Time(cx.now())),
            decided_by: Some(cx.actor.id()),
            note: input.note.clone(),
            ..asked
        };
        repo::decide(c, &row)?;
        let event = if input.approved { "extension_approved" } else { "extension_refused" };
        let mut draft = about(case.draft(&cx.actor, Act::DecideExtension, event), &row);
        case.row.facts.extension = None;
        if input.approved {
            case.extend_clock(c, cx, clock, row.days)?;
            draft = draft.with("notice_id", tell(c, cx, case, &row, input.notice.clone())?);
        }
        case.event(draft.sealed(json!({"reason": row.reason, "note": row.note})));
        Ok(None)
    })
}

fn about(draft: Draft, row: &Extension) -> Draft {
    draft.with("extension_id", row.id).with("clock_id", row.clock_id).with("days", row.days)
}

/// Tells the petitioner that it takes longer, until when and why (延期告知书), where the profile wants that and somebody can be told.
fn tell(c: &mut Conn, cx: &mut Context, case: &mut Case, row: &Extension, said: Option<NewNotice>) -> Result<Option<Id>> {
    let Some(clock) = case.clocks.all().find(|clock| clock.id == row.clock_id) else { return Ok(None) };
    let usual = notice::texts::extension(&case.row.number, row.days, clock.due_on, &row.reason);
    let owed = case.clocks.extension_of(clock, case.row.kind, case.row.facts.route).is_some_and(|rule| rule.notice);
    let reached = rules::reach(case.active_parties()).filter(|_| owed && !case.row.facts.anonymous);
    let Some(how) = said.or(reached) else { return Ok(None) };
    let told = Told::from(&how);
    let told = Told { words: told.words.or(Some(usual)), ..told };
    let unit = case.row.lead_unit.unwrap_or(case.row.registered_unit);
    Ok(Some(case.issue_notice(c, cx, NoticeKind::Extension, unit, told)?.id))
}
