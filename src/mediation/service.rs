//! Recording a mediation.

use super::model::{Mediate, Mediation, MediationResult};
use super::repo;
use crate::auth::Context;
use crate::codes;
use crate::petition::facts::Agreement;
use crate::petition::{Act, rules, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body};
use serde_json::json;

/// Records a mediation; the last one says whether there is an agreement.
///
/// # Errors
/// As [`service::perform`]; Invalid for an agreement that is missing, or one where the sides did not agree, a time ahead, a day past.
pub fn mediate(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<Mediate>) -> Result<Answer> {
    service::perform(c, cx, id, Act::Mediate, body, |c, cx, case, input| {
        let faults = faults(cx, input);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let mediated_at = Time::claimed(input.mediated_at.unwrap_or(cx.now()));
        let row = Mediation {
            id: cx.draw.id(),
            petition_id: id,
            result: input.result,
            unit_id: case.acting_unit(&cx.actor),
            mediator: input.mediator.clone(),
            agreement: input.agreement.clone(),
            note: input.note.clone(),
            execution_due: input.execution_due,
            mediated_at,
            recorded_at: Time(cx.now()),
            recorded_by: cx.actor.id(),
        };
        repo::insert(c, &row)?;
        let mut draft = case.draft(&cx.actor, Act::Mediate, "mediated");
        draft.claimed_at = input.mediated_at.map(|_| mediated_at.0);
        let agreed = row.result == MediationResult::Agreed;
        case.row.facts.agreement = agreed.then_some(Agreement { id: row.id, execution_due: row.execution_due });
        case.handled_by(&cx.actor);
        let draft = draft.with("mediation_id", row.id).with("result", row.result).with("execution_due", row.execution_due);
        let words = json!({"mediator": row.mediator, "agreement": row.agreement, "note": row.note});
        case.event(draft.with("mediated_at", mediated_at).sealed(words));
        Ok(Some(format!("mediations/{}", row.id)))
    })
}

fn faults(cx: &Context, input: &Mediate) -> Vec<Fault> {
    let mut faults = service::claimed_faults(cx, None, "/mediated_at", input.mediated_at);
    let agreed = input.result == MediationResult::Agreed;
    match &input.agreement {
        None if agreed => faults.push(Fault::new("/agreement", codes::AGREEMENT_REQUIRED)),
        Some(_) if !agreed => faults.push(Fault::new("/agreement", codes::AGREEMENT_UNEXPECTED)),
        _ => {}
    }
    match input.execution_due {
        Some(_) if !agreed => faults.push(Fault::new("/execution_due", codes::AGREEMENT_UNEXPECTED)),
        due => faults.extend(rules::execution_due_fault(due, cx.today())),
    }
    faults
}
