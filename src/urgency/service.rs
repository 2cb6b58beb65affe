//! Marking what cannot wait, and recording that it was reported.

use super::model::{MarkUrgency, RecordUrgentReport, UrgentReport};
use super::repo;
use crate::auth::Context;
use crate::codes;
use crate::deadline::ClockKind;
use crate::petition::clocks::NewClock;
use crate::petition::clocks::fates::Ending;
use crate::petition::priority::Reason;
use crate::petition::{Act, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body};
use serde_json::json;

/// Marks a petition as one that cannot wait: it is to be reported within hours and comes before others.
///
/// # Errors
/// As [`service::perform`]; Invalid without a reason.
pub fn mark(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<MarkUrgency>) -> Result<Answer> {
    service::perform(c, cx, id, Act::MarkUrgent, body, |c, cx, case, input| {
        let reason = required(input)?;
        let draft = case.draft(&cx.actor, Act::MarkUrgent, "marked_urgent");
        case.row.urgent = true;
        let reasons = case.priority_reasons().with(Reason::Urgent, true);
        case.prioritise(c, cx, &reasons)?;
        let (unit, from) = (cx.actor.unit_id, cx.now());
        case.start_clock(c, cx, NewClock { kind: ClockKind::UrgentReport, from, unit, until: None })?;
        case.event(draft.sealed(json!({"reason": reason})));
        // what cannot wait is not simple
        case.end_simplified(cx, None);
        Ok(None)
    })
}

/// Says that it can wait after all: no report is owed any more.
///
/// # Errors
/// As [`service::perform`]; Invalid without a reason.
pub fn unmark(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<MarkUrgency>) -> Result<Answer> {
    service::perform(c, cx, id, Act::UnmarkUrgent, body, |c, cx, case, input| {
        let reason = required(input)?;
        let draft = case.draft(&cx.actor, Act::UnmarkUrgent, "unmarked_urgent");
        case.row.urgent = false;
        case.end_clocks(cx, Ending::NoLongerUrgent, None);
        let reasons = case.priority_reasons().with(Reason::Urgent, false);
        case.prioritise(c, cx, &reasons)?;
        case.event(draft.sealed(json!({"reason": reason})));
        Ok(None)
    })
}

fn required(input: &MarkUrgency) -> Result<&str> {
    input.reason.as_deref().ok_or_else(|| Error::fault("/reason", codes::REASON_REQUIRED))
}

/// Records the report, which ends the duty to report.
///
/// # Errors
/// As [`service::perform`].
pub fn record_report(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<RecordUrgentReport>) -> Result<Answer> {
    service::perform(c, cx, id, Act::RecordUrgentReport, body, |c, cx, case, input| {
        let row = UrgentReport {
            id: cx.draw.id(),
            petition_id: id,
            reported_to: input.reported_to.clone(),
            note: input.note.clone(),
            unit_id: cx.actor.unit_id,
            reported_at: Time(cx.now()),
            reported_by: cx.actor.id(),
        };
        repo::insert(c, &row)?;
        let draft = case.draft(&cx.actor, Act::RecordUrgentReport, "urgent_reported");
        case.fulfil(c, cx, "record_urgent_report")?;
        case.event(draft.with("urgent_report_id", row.id).sealed(json!({"reported_to": row.reported_to, "note": row.note})));
        Ok(None)
    })
}
