//! "Not ours" (异议): the unit says so within its days, the sender decides.

use super::model::{DecideObjection, ObjectToReferral, Objection, ObjectionDecision};
use super::{repo, service::under};
use crate::auth::Context;
use crate::codes;
use crate::deadline::ClockKind;
use crate::petition::clocks::NewClock;
use crate::petition::clocks::fates::Ending;
use crate::petition::facts::Objected;
use crate::petition::{Act, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body};
use crate::unit;
use serde_json::json;

/// Objects to a referral. In time, the sender owes an answer; later, they may still consent.
///
/// # Errors
/// [`Error::NotFound`] for an unknown referral; as [`service::perform`]; Invalid without a reason or for an unknown unit.
pub fn object(c: &mut Conn, cx: &mut Context, id: Id, referral: Id, body: &Body<ObjectToReferral>) -> Result<Answer> {
    under(c, cx, id, referral)?;
    service::perform(c, cx, id, Act::Object, body, |c, cx, case, input| {
        if case.row.facts.referral.as_ref().is_none_or(|under| under.id != referral) {
            return Err(case.refusal(&cx.actor, codes::NOT_REFERRED));
        }
        let mut faults = Vec::new();
        if input.reason.is_none() {
            faults.push(Fault::new("/reason", codes::REASON_REQUIRED));
        }
        if let Some(proposed) = input.proposed_unit_id
            && unit::repo::current(c, proposed)?.is_none()
        {
            faults.push(Fault::new("/proposed_unit_id", codes::UNKNOWN_UNIT));
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let row = Objection {
            referral_id: referral,
            petition_id: id,
            reason: input.reason.clone().unwrap_or_default(),
            proposed_unit: input.proposed_unit_id,
            late: case.clocks.open_of(ClockKind::Objection).is_none(),
            objected_at: Time(cx.now()),
            objected_by: cx.actor.id(),
            decision: None,
            decision_reason: None,
            decided_at: None,
            decided_by: None,
        };
        repo::insert_objection(c, &row)?;
        let draft = case.draft(&cx.actor, Act::Object, "objected");
        if let Some(under) = &mut case.row.facts.referral {
            under.objected = Some(Objected { late: row.late, refused: false });
        }
        case.fulfil(c, cx, "object")?;
        if !row.late {
            let (from, unit) = (row.objected_at.0, case.row.sending_unit);
            case.start_clock(c, cx, NewClock { kind: ClockKind::ObjectionDecision, from, unit, until: None })?;
        }
        let draft = draft.with("referral_id", referral).with("late", row.late).with("proposed_unit", row.proposed_unit);
        case.event(draft.sealed(json!({"reason": row.reason})));
        Ok(None)
    })
}

/// Decides on the objection that waits: upheld, the petition goes back to the sender; refused, the unit keeps it and its limits go on.
///
/// # Errors
/// [`Error::NotFound`] for an unknown referral; as [`service::perform`]; Invalid without a reason where one is owed.
pub fn decide(c: &mut Conn, cx: &mut Context, id: Id, referral: Id, body: &Body<DecideObjection>) -> Result<Answer> {
    under(c, cx, id, referral)?;
    service::perform(c, cx, id, Act::DecideObjection, body, |c, cx, case, input| {
        let waits = case.row.facts.referral.as_ref().filter(|under| under.id == referral).and_then(|under| under.objected);
        let waits = waits.ok_or_else(|| case.refusal(&cx.actor, codes::NO_OBJECTION))?;
        // late, it is the sender's consent that gives it back
        if input.reason.is_none() && (!input.upheld || waits.late) {
            return Err(Error::fault("/reason", codes::REASON_REQUIRED));
        }
        let at = Time(cx.now());
        let decision = if input.upheld { ObjectionDecision::Upheld } else { ObjectionDecision::Refused };
        repo::decide(c, referral, decision, input.reason.as_deref(), at, cx.actor.id())?;
        let event = if input.upheld { "objection_upheld" } else { "objection_refused" };
        let draft = case.draft(&cx.actor, Act::DecideObjection, event).with("referral_id", referral).with("late", waits.late);
        case.fulfil(c, cx, "decide_objection")?;
        if let Some(under) = &mut case.row.facts.referral {
            under.objected = (!input.upheld).then_some(Objected { refused: true, ..waits });
        }
        if input.upheld {
            let not_theirs = case.row.lead_unit.filter(|lead| !case.row.facts.not_theirs.contains(lead));
            case.row.facts.not_theirs.extend(not_theirs);
            case.back_at_sender(c, cx, Ending::ObjectionUpheld, "returned")?;
        }
        case.event(draft.sealed(json!({"reason": input.reason})));
        case.alert_bounces(c, cx)?;
        Ok(None)
    })
}
