//! Recording a contact.

use super::model::{Contact, RecordContact};
use super::repo;
use crate::auth::{Context, Relation};
use crate::petition::{self, Act, Case, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body, codes as web};
use serde_json::json;

/// Records a contact with the petitioner.
///
/// # Errors
/// As [`service::perform`]; Conflict for an id that is taken; Invalid for a time ahead, or with somebody who does not take part.
pub fn record(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<RecordContact>) -> Result<Answer> {
    service::perform(c, cx, id, Act::RecordContact, body, |c, cx, case, input| {
        let faults = faults(cx, case, input);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        if let Some(made) = input.id
            && repo::is_contact(c, made)?
        {
            return Err(Error::conflict(web::ID_TAKEN));
        }
        let contacted_at = Time::claimed(input.contacted_at.unwrap_or(cx.now()));
        let leads = case.relations(&cx.actor).has(Relation::Le);
        let since = repo::with_lead_since(c, id)?;
        // as the contact rate is defined
        let counts = leads
            && input.reached
            && since.is_some_and(|since| since <= contacted_at)
            && repo::first_opinion(c, id)?.is_none_or(|issued| contacted_at < issued);
        if leads {
            case.row.facts.handled_by(cx.actor.id());
        }
        let row = Contact {
            id: input.id.unwrap_or_else(|| cx.draw.id()),
            petition_id: id,
            how: input.how,
            party_id: input.party_id,
            reached: input.reached,
            text: input.text.clone(),
            contacted_at,
            counts,
            unit_id: cx.actor.unit_id,
            recorded_at: Time(cx.now()),
            recorded_by: cx.actor.id(),
        };
        repo::insert(c, &row)?;
        let mut draft = case.draft(&cx.actor, Act::RecordContact, "contacted");
        draft.claimed_at = input.contacted_at.map(|_| contacted_at.0);
        let draft = draft.with("contact_id", row.id).with("how", row.how).with("party_id", row.party_id).with("reached", row.reached);
        case.event(draft.with("contacted_at", row.contacted_at).with("counts", row.counts).sealed(json!({"text": row.text})));
        Ok(Some(format!("contacts/{}", row.id)))
    })
}

fn faults(cx: &Context, case: &Case, input: &RecordContact) -> Vec<Fault> {
    let mut faults = petition::service::claimed_faults(cx, input.id, "/contacted_at", input.contacted_at);
    if let Some(party) = input.party_id
        && !case.parties.iter().any(|known| known.id == party)
    {
        faults.push(Fault::new("/party_id", web::BAD_ID));
    }
    faults
}
