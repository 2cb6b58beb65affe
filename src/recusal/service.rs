//! Recusing, and letting in again.

use super::model::{LiftRecusal, Recuse};
use crate::account;
use crate::auth::{Context, Relation};
use crate::codes;
use crate::petition::model::Bar;
use crate::petition::recused::RECUSED;
use crate::petition::{self, Act, Case, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body, codes as web};
use crate::unit;
use serde_json::json;

/// Recuses a person or a unit; people do so themselves, a supervisor or a leader does so for others.
///
/// # Errors
/// As [`service::perform`]; Forbidden for another person by who is neither supervisor nor leader; Invalid for nobody or both, an unknown
/// one, one that is recused already, a unit that is at work on it, without a reason.
pub fn recuse(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<Recuse>) -> Result<Answer> {
    service::perform(c, cx, id, Act::Recuse, body, |c, cx, case, input| {
        let relations = case.relations(&cx.actor);
        let for_others = relations.has(Relation::Sv) || relations.has(Relation::Ld);
        if !for_others && input.staff_id != cx.actor.account_id {
            return Err(Error::Forbidden(web::NOT_PERMITTED));
        }
        let faults = faults(c, case, input)?;
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let bar = Bar {
            id: cx.draw.id(),
            petition_id: id,
            reason: RECUSED.to_owned(),
            unit_id: input.unit_id,
            account_id: input.staff_id,
            note: input.reason.clone(),
            recused_at: Some(Time(cx.now())),
            recused_by: Some(cx.actor.id()),
        };
        let place = format!("recusals/{}", bar.id);
        let draft = case.draft(&cx.actor, Act::Recuse, "recused").with("recusal_id", bar.id);
        let draft = draft.with("staff_id", bar.account_id).with("unit_id", bar.unit_id).sealed(json!({"reason": bar.note}));
        case.recuse(c, bar)?;
        case.event(draft);
        Ok(Some(place))
    })
}

/// Lets somebody in again.
///
/// # Errors
/// As [`service::perform`], which refuses whoever keeps out, themself too; Conflict for a bar that follows from the subject; [`Error::NotFound`]; Invalid
/// without a reason.
pub fn lift(c: &mut Conn, cx: &mut Context, id: Id, recusal: Id, body: &Body<LiftRecusal>) -> Result<Answer> {
    petition::repo::require_visible(c, &cx.actor, id)?;
    if !petition::repo::is_bar(c, id, recusal)? {
        return Err(Error::NotFound);
    }
    service::perform(c, cx, id, Act::LiftRecusal, body, |c, cx, case, input| {
        let bar = case.bars.iter().find(|bar| bar.id == recusal).cloned().ok_or(Error::NotFound)?;
        if bar.reason != RECUSED {
            return Err(case.refusal(&cx.actor, codes::SUBJECT_BAR));
        }
        let reason = input.reason.as_deref().ok_or_else(|| Error::fault("/reason", codes::REASON_REQUIRED))?;
        let draft = case.draft(&cx.actor, Act::LiftRecusal, "recusal_lifted").with("recusal_id", bar.id);
        let draft = draft.with("staff_id", bar.account_id).with("unit_id", bar.unit_id).sealed(json!({"reason": reason}));
        case.lift_recusal(c, bar.id)?;
        case.event(draft);
        Ok(None)
    })
}

fn faults(c: &mut Conn, case: &Case, input: &Recuse) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    match (input.staff_id, input.unit_id) {
        (Some(staff), None) => {
            let barred = case.bars.iter().any(|bar| bar.account_id == Some(staff));
            let code = match account::repo::find(c, staff)? {
                None => Some(codes::UNKNOWN_STAFF),
                Some(_) if barred => Some(codes::ALREADY_RECUSED),
                Some(_) => None,
            };
            faults.extend(code.map(|code| Fault::new("/staff_id", code)));
        }
        (None, Some(unit)) => {
            let code = match unit::repo::current(c, unit)? {
                None => Some(codes::UNKNOWN_UNIT),
                Some(_) if case.bars_unit(c, unit)? => Some(codes::ALREADY_RECUSED),
                Some(found) => match case.at_work_under(c, found.id)? {
                    Some(working) if case.row.lead_unit == Some(working) => Some(codes::UNIT_IS_LEAD),
                    working => working.map(|_| codes::UNIT_AT_WORK),
                },
            };
            faults.extend(code.map(|code| Fault::new("/unit_id", code)));
        }
        _ => faults.push(Fault::new("/staff_id", codes::ONE_OF_BOTH)),
    }
    if input.reason.is_none() {
        faults.push(Fault::new("/reason", codes::REASON_REQUIRED));
    }
    Ok(faults)
}
