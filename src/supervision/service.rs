//! Opening, confirming, dismissing, answering and lifting a supervision.

use super::model::{Supervise, UpdateSupervision};
use super::{repo, rules};
use crate::audit::Draft;
use crate::auth::Context;
use crate::codes;
use crate::notice::{NoticeKind, texts};
use crate::petition::supervised::{Supervision, SupervisionState};
use crate::petition::{self, Act, Case, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body, codes as web};
use crate::unit;
use chrono::NaiveDate;
use serde_json::json;

/// Opens a supervision of the unit that answers for the petition, which is asked by letter to answer by a day.
///
/// # Errors
/// As [`service::perform`]; Invalid without a reason, or with a day that is not after today.
pub fn supervise(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<Supervise>) -> Result<Answer> {
    service::perform(c, cx, id, Act::Supervise, body, |c, cx, case, input| {
        let mut faults = Vec::new();
        if input.reason.is_none() {
            faults.push(Fault::new("/reason", codes::REASON_REQUIRED));
        }
        faults.extend(due_fault(cx, input.due_on));
        let unit = case.current_unit(case.responsible_unit());
        let draft = case.draft(&cx.actor, Act::Supervise, "supervision_opened");
        let (Some(reason), true) = (input.reason.as_deref(), faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        let row = Supervision::proposed(cx.draw.id(), id, unit, "ordered", Time(cx.now()));
        let made = format!("supervisions/{}", row.id);
        let row = opened(c, cx, case, row, input.due_on, reason, draft)?;
        case.open_supervision(c, row)?;
        Ok(Some(made))
    })
}

/// Confirms, dismisses, answers or lifts a supervision: the body says which.
///
/// # Errors
/// [`Error::NotFound`] for an unknown one; as [`service::perform_chosen`]; Invalid where the body means none of them or several.
pub fn update(c: &mut Conn, cx: &mut Context, id: Id, supervision: Id, body: &Body<UpdateSupervision>) -> Result<Answer> {
    petition::repo::require_visible(c, &cx.actor, id)?;
    repo::one(c, id, supervision)?.ok_or(Error::NotFound)?;
    let acts = [Act::ConfirmSupervision, Act::DismissSupervision, Act::AnswerSupervision, Act::LiftSupervision];
    let meant = |input: &UpdateSupervision| rules::meant(input).ok_or_else(|| Error::fault("", codes::ONE_DECISION));
    service::perform_chosen(
        c,
        cx,
        id,
        &acts,
        body,
        |_, input| meant(input),
        |c, cx, case, input| {
            let act = meant(input)?;
            let row = repo::one(c, id, supervision)?.ok_or(Error::NotFound)?;
            let row = match act {
                Act::ConfirmSupervision => confirm(c, cx, case, row, input)?,
                Act::DismissSupervision => dismiss(cx, case, row, input)?,
                Act::AnswerSupervision => answer(cx, case, row, input)?,
                _ => lift(cx, case, row, input)?,
            };
            case.keep_supervision(c, row)?;
            Ok(None)
        },
    )
}

fn confirm(c: &mut Conn, cx: &mut Context, case: &mut Case, row: Supervision, input: &UpdateSupervision) -> Result<Supervision> {
    if row.state != SupervisionState::Proposed {
        return Err(case.refusal(&cx.actor, codes::NOT_PROPOSED));
    }
    let due_on = input.due_on.ok_or_else(|| Error::fault("/due_on", web::REQUIRED))?;
    if let Some(fault) = due_fault(cx, due_on) {
        return Err(Error::Invalid(vec![fault]));
    }
    // its work may be another's since; and whoever is complained of by now takes no part
    let row = Supervision { unit_id: case.current_unit(row.unit_id), ..row };
    if case.bars_unit(c, row.unit_id)? {
        return Err(Error::fault("/status", codes::UNIT_IS_ACCUSED));
    }
    let draft = case.draft(&cx.actor, Act::ConfirmSupervision, "supervision_opened");
    let words = input.reason.clone().unwrap_or_else(|| rules::words(&row.reason).to_owned());
    opened(c, cx, case, row, due_on, &words, draft)
}

fn dismiss(cx: &Context, case: &mut Case, row: Supervision, input: &UpdateSupervision) -> Result<Supervision> {
    if row.state != SupervisionState::Proposed {
        return Err(case.refusal(&cx.actor, codes::NOT_PROPOSED));
    }
    let reason = input.reason.clone().ok_or_else(|| Error::fault("/reason", codes::REASON_REQUIRED))?;
    let draft = case.draft(&cx.actor, Act::DismissSupervision, "supervision_dismissed").with("supervision_id", row.id);
    case.event(draft.sealed(json!({"reason": reason})));
    Ok(settled(cx, row, SupervisionState::Dismissed, Some(reason)))
}

fn answer(cx: &Context, case: &mut Case, row: Supervision, input: &UpdateSupervision) -> Result<Supervision> {
    if !case.is_of(&cx.actor, row.unit_id) {
        return Err(Error::Forbidden(web::NOT_PERMITTED));
    }
    if row.state != SupervisionState::Open {
        return Err(case.refusal(&cx.actor, codes::NOT_OPEN));
    }
    let draft = case.draft(&cx.actor, Act::AnswerSupervision, "supervision_answered").with("supervision_id", row.id);
    case.end_answer(cx, row.answer_clock, true);
    case.event(draft.sealed(json!({"answer": input.answer})));
    Ok(Supervision {
        state: SupervisionState::Answered,
        answer: input.answer.clone(),
        answered_at: Some(Time(cx.now())),
        answered_by: Some(cx.actor.id()),
        ..row
    })
}

fn lift(cx: &Context, case: &mut Case, row: Supervision, input: &UpdateSupervision) -> Result<Supervision> {
    if !matches!(row.state, SupervisionState::Open | SupervisionState::Answered) {
        return Err(case.refusal(&cx.actor, codes::NOT_OPEN));
    }
    if row.state == SupervisionState::Open && input.reason.is_none() {
        return Err(Error::fault("/reason", codes::REASON_REQUIRED));
    }
    let draft = case.draft(&cx.actor, Act::LiftSupervision, "supervision_lifted").with("supervision_id", row.id);
    case.end_answer(cx, row.answer_clock, false);
    case.event(draft.sealed(json!({"reason": input.reason})));
    Ok(settled(cx, row, SupervisionState::Lifted, input.reason.clone()))
}

/// The unit is asked by letter, and owes an answer from now on.
fn opened(
    c: &mut Conn,
    cx: &mut Context,
    case: &mut Case,
    row: Supervision,
    due_on: NaiveDate,
    words: &str,
    draft: Draft,
) -> Result<Supervision> {
    let answer_clock = case.start_answer(c, cx, row.unit_id, due_on)?;
    let names = unit::repo::names(c, &[row.unit_id])?;
    let unit = names.get(&row.unit_id).map_or("", String::as_str);
    let letter = texts::supervision(&case.row.number, unit, words, due_on);
    let letter = case.issue_letter(c, cx, NoticeKind::Supervision, (row.unit_id, unit), letter)?;
    let draft = draft.with("supervision_id", row.id).with("unit_id", row.unit_id).with("due_on", due_on).with("notice_id", letter.id);
    let draft = draft.with("cause", row.reason.as_str());
    case.event(draft.sealed(json!({"reason": words})));
    Ok(Supervision {
        state: SupervisionState::Open,
        by_unit: Some(cx.actor.unit_id),
        words: Some(words.to_owned()),
        due_on: Some(due_on),
        opened_at: Some(Time(cx.now())),
        opened_by: Some(cx.actor.id()),
        answer_clock,
        ..row
    })
}

fn settled(cx: &Context, row: Supervision, state: SupervisionState, words: Option<String>) -> Supervision {
    Supervision { state, settled_at: Some(Time(cx.now())), settled_by: Some(cx.actor.id()), settled_words: words, ..row }
}

/// An answer takes a day at least.
fn due_fault(cx: &Context, due_on: NaiveDate) -> Option<Fault> {
    (due_on <= cx.today()).then(|| Fault::new("/due_on", codes::DUE_PAST))
}
