//! Recording that what cannot wait was reported.

use super::model::{RecordUrgentReport, UrgentReport};
use super::repo;
use crate::auth::Context;
use crate::petition::{Act, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::platform::web::{Answer, Body};
use serde_json::json;

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
