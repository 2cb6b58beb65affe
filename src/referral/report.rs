//! The closing report on an assignment (交办结果报告): the unit tells the sender what came of it.

use super::model::{Report, SubmitReport};
use super::{repo, service::under};
use crate::auth::Context;
use crate::codes;
use crate::petition::{Act, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::platform::web::{Answer, Body};
use serde_json::json;

/// Submits the closing report, once.
///
/// # Errors
/// [`Error::NotFound`](crate::platform::error::Error::NotFound) for an unknown referral; as [`service::perform`].
pub fn submit(c: &mut Conn, cx: &mut Context, id: Id, referral: Id, body: &Body<SubmitReport>) -> Result<Answer> {
    under(c, cx, id, referral)?;
    service::perform(c, cx, id, Act::SubmitReport, body, |c, cx, case, input| {
        if case.row.facts.referral.as_ref().is_none_or(|under| under.id != referral) {
            return Err(case.refusal(&cx.actor, codes::NOT_ASSIGNED));
        }
        let row = Report {
            referral_id: referral,
            petition_id: id,
            words: input.report.clone(),
            submitted_at: Time(cx.now()),
            submitted_by: cx.actor.id(),
        };
        repo::insert_report(c, &row)?;
        let draft = case.draft(&cx.actor, Act::SubmitReport, "report_submitted").with("referral_id", referral);
        if let Some(under) = &mut case.row.facts.referral {
            under.reported = true;
        }
        case.fulfil(c, cx, "submit_report")?;
        case.event(draft.sealed(json!({"report": row.words})));
        Ok(None)
    })
}
