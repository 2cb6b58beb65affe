//! Asking, answering, and taking a question back.

use super::model::{AnswerAssistance, AskAssistance, Assistance, AssistanceState, CancelAssistance};
use super::{repo, rules};
use crate::auth::Context;
use crate::codes;
use crate::deadline::ClockKind;
use crate::petition::clocks::NewClock;
use crate::petition::clocks::fates::Fate;
use crate::petition::facts::AskedAssistance;
use crate::petition::{self, Act, Case, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body, codes as web};
use crate::unit::{self, Unit};
use serde_json::json;

/// Asks a unit, which sees the petition until it has answered.
///
/// # Errors
/// As [`service::perform`]; Invalid when that unit can't be asked, or not by that day.
pub fn ask(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<AskAssistance>) -> Result<Answer> {
    service::perform(c, cx, id, Act::AskAssistance, body, |c, cx, case, input| {
        let unit = asked_unit(c, cx, case, input)?;
        let row = Assistance {
            id: cx.draw.id(),
            petition_id: id,
            unit_id: unit.id,
            mandatory: input.mandatory,
            question: input.question.clone(),
            due_on: Some(input.due_on),
            asked_at: Time(cx.now()),
            asked_by: cx.actor.id(),
            state: AssistanceState::Open,
            answer: None,
            closed_at: None,
            closed_by: None,
        };
        repo::insert(c, &row)?;
        let draft = case.draft(&cx.actor, Act::AskAssistance, "assistance_asked");
        let new = NewClock { kind: ClockKind::AssistingAnswer, from: row.asked_at.0, unit: unit.id, until: row.due_on };
        case.start_clock(c, cx, new)?;
        let clocks = case.clocks.open().filter(|clock| clock.kind == ClockKind::AssistingAnswer && clock.unit_id == Some(unit.id));
        let clock_id = clocks.last().map(|clock| clock.id);
        case.assisted_by(c, AskedAssistance { id: row.id, unit_id: unit.id, mandatory: row.mandatory, clock_id })?;
        case.row.facts.handled_by(row.asked_by);
        let draft = draft.with("assistance_id", row.id).with("unit_id", row.unit_id).with("mandatory", row.mandatory);
        case.event(draft.with("due_on", row.due_on).sealed(json!({"question": row.question})));
        // what needs several units is not simple
        case.end_simplified(cx, None);
        Ok(Some(format!("assistance/{}", row.id)))
    })
}

/// Answers what the caller's unit was asked.
///
/// # Errors
/// [`Error::NotFound`] for an unknown question; Forbidden for another unit's; as [`service::perform`].
pub fn answer(c: &mut Conn, cx: &mut Context, id: Id, assistance: Id, body: &Body<AnswerAssistance>) -> Result<Answer> {
    let asked = asked(c, cx, id, assistance)?;
    let theirs = unit::repo::lineage(c, &[asked.unit_id])?.carries(cx.actor.unit_id, asked.unit_id);
    if asked.state == AssistanceState::Open && !theirs {
        return Err(Error::Forbidden(web::NOT_PERMITTED));
    }
    service::perform(c, cx, id, Act::AnswerAssistance, body, |c, cx, case, input| {
        let open = open(case, cx, assistance)?;
        let row = Assistance { state: AssistanceState::Answered, answer: Some(input.answer.clone()), ..closed(cx, asked) };
        repo::close(c, &row)?;
        let draft = case.draft(&cx.actor, Act::AnswerAssistance, "assistance_answered");
        case.settle_assistance(cx, &open, Fate::Met);
        case.row.facts.handled_by(cx.actor.id());
        case.event(draft.with("assistance_id", row.id).with("unit_id", row.unit_id).sealed(json!({"answer": row.answer})));
        Ok(None)
    })
}

/// Takes a question back that is no longer needed.
///
/// # Errors
/// [`Error::NotFound`] for an unknown question; as [`service::perform`]; Invalid without a reason.
pub fn cancel(c: &mut Conn, cx: &mut Context, id: Id, assistance: Id, body: &Body<CancelAssistance>) -> Result<Answer> {
    let asked = asked(c, cx, id, assistance)?;
    service::perform(c, cx, id, Act::CancelAssistance, body, |c, cx, case, input| {
        let open = open(case, cx, assistance)?;
        let reason = input.reason.as_deref().ok_or_else(|| Error::fault("/reason", codes::REASON_REQUIRED))?;
        let row = Assistance { state: AssistanceState::Cancelled, ..closed(cx, asked) };
        repo::close(c, &row)?;
        let draft = case.draft(&cx.actor, Act::CancelAssistance, "assistance_cancelled");
        case.settle_assistance(cx, &open, Fate::Cancelled("no_longer_needed"));
        case.event(draft.with("assistance_id", row.id).with("unit_id", row.unit_id).sealed(json!({"reason": reason})));
        Ok(None)
    })
}

/// A question in a petition the caller may know of.
fn asked(c: &mut Conn, cx: &Context, petition: Id, assistance: Id) -> Result<Assistance> {
    petition::repo::require_visible(c, &cx.actor, petition)?;
    repo::one(c, petition, assistance)?.ok_or(Error::NotFound)
}

/// It, as long as it is open.
fn open(case: &Case, cx: &Context, assistance: Id) -> Result<AskedAssistance> {
    let open = case.row.facts.assistance.iter().find(|open| open.id == assistance).cloned();
    open.ok_or_else(|| case.refusal(&cx.actor, codes::ASSISTANCE_CLOSED))
}

fn closed(cx: &Context, asked: Assistance) -> Assistance {
    Assistance { closed_at: Some(Time(cx.now())), closed_by: Some(cx.actor.id()), ..asked }
}

/// The unit named, or the successor of one that is dissolved, if it may be asked.
fn asked_unit(c: &mut Conn, cx: &Context, case: &Case, input: &AskAssistance) -> Result<Unit> {
    let unit = unit::repo::current(c, input.unit_id)?;
    let refused = match &unit {
        None => Some(codes::UNKNOWN_UNIT),
        Some(unit) if unit.dissolved_on.is_some() => Some(codes::UNIT_DISSOLVED),
        Some(unit) if unit.external => Some(codes::ASSIST_OUTSIDE),
        Some(unit) if case.led_by(unit.id) => Some(codes::ASSIST_SELF),
        Some(unit) if case.bars_unit(c, unit.id)? => case.why_barred(c, unit.id)?,
        Some(unit) if case.assists(unit.id) => Some(codes::UNIT_ALREADY_ASKED),
        Some(_) => None,
    };
    let leads = case.clocks.open().find(|clock| matches!(clock.kind, ClockKind::Handling | ClockKind::SuggestionReply));
    let mut faults: Vec<Fault> = refused.map(|code| Fault::new("/unit_id", code)).into_iter().collect();
    faults.extend(rules::due_fault(input.due_on, cx.today(), leads.map(|clock| clock.due_on)));
    match unit {
        Some(unit) if faults.is_empty() => Ok(unit),
        _ => Err(Error::Invalid(faults)),
    }
}
