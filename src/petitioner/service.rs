//! Answering who knows number and query code.

use super::model::{AskStatus, PublicStatus};
use super::{repo, rules};
use crate::audit::access::{self, Access, AccessKind, AccessOutcome};
use crate::auth::Context;
use crate::deadline::{ClockKind, ClockState};
use crate::petition::number::{read_number, read_query_code};
use crate::petition::rules::refused;
use crate::petition::{Act, Case, ClosureReason};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::platform::web::Lang;
use chrono::NaiveDate;

/// How the petition stands; none for a wrong number, a wrong code and one that was registered by mistake, after the same work.
///
/// # Errors
/// Database only.
pub fn status(c: &mut Conn, cx: &mut Context, asked: &AskStatus, address: &str, lang: Lang) -> Result<Option<PublicStatus>> {
    let number = read_number(&asked.number).unwrap_or_default();
    let code = read_query_code(&asked.query_code);
    let nobody = cx.keys.code_mac(Id::NIL.0.as_bytes(), "")?;
    let (id, kept) = repo::by_number(c, &number)?.unwrap_or((Id::NIL, nobody));
    let fits = cx.keys.code_fits(id.0.as_bytes(), &code, &kept) && id != Id::NIL;
    let case = if fits { Case::load_unscoped(c, cx, id)? } else { None };
    let Some(case) = case.filter(|case| case.row.closure_reason != Some(ClosureReason::Voided)) else {
        access::count_failure(c, cx.now(), address)?;
        return Ok(None);
    };
    let entry = Access {
        id: cx.draw.id(),
        at: Time(cx.now()),
        kind: AccessKind::PublicStatus,
        outcome: AccessOutcome::Granted,
        account_id: None,
        subject_id: Some(id),
        address: address.to_owned(),
        request_id: cx.request_id.to_string(),
        detail: None,
    };
    access::record(c, &entry)?;
    Ok(Some(told(cx, &case, lang)))
}

fn told(cx: &Context, case: &Case, lang: Lang) -> PublicStatus {
    let (row, standing) = (&case.row, case.standing(&cx.actor));
    let possible = |act: Act| act.row().built && refused(act, &standing).is_none();
    let sentences = rules::status(row.stage, row.closure_reason, row.kind).iter().map(|text| lang.of(*text));
    let between = lang.of(rules::BETWEEN);
    PublicStatus {
        number: row.number.clone(),
        stage_text: lang.of(rules::stage_text(row.stage)),
        status: sentences.collect::<Vec<_>>().join(between),
        next_step: rules::next_step(row.stage, row.kind).map(|text| lang.of(text)),
        due_on: due_on(case),
        can_evaluate: possible(Act::EvaluateOffice) || possible(Act::EvaluateUnit),
        can_request_review: possible(Act::RequestReview),
    }
}

/// The nearest last day that concerns the petitioner; what units owe each other does not.
fn due_on(case: &Case) -> Option<NaiveDate> {
    use ClockKind as K;
    let theirs = |kind: K| {
        matches!(
            kind,
            K::TriageNotice
                | K::UnitNotice
                | K::Handling
                | K::SuggestionReply
                | K::Delivery
                | K::Review
                | K::Rereview
                | K::ReviewWindow
                | K::RereviewWindow
                | K::EvaluationWindow
        )
    };
    let open = case.clocks.open().filter(|clock| clock.state != ClockState::Paused && theirs(clock.kind));
    open.map(|clock| clock.due_on).min()
}
