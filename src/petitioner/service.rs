//! Answering who knows number and query code.

use super::model::{AskStatus, PublicStatus};
use super::{repo, rules};
use crate::audit::access::{self, Access, AccessKind, AccessOutcome};
use crate::auth::Context;
use crate::contact_line::{self, AskAt};
use crate::deadline::{ClockKind, ClockState};
use crate::petition::number::{read_number, read_query_code};
use crate::petition::rules::refused;
use crate::petition::{Act, Case, ClosureReason, Stage};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::platform::web::Lang;
use chrono::NaiveDate;

/// How the petition stands; none for a wrong number, a wrong code and one that was registered by mistake, after the same work. And where to
/// ask in person, which has nothing to do with what was asked for.
///
/// # Errors
/// Database only.
pub fn status(
    c: &mut Conn,
    cx: &mut Context,
    asked: &AskStatus,
    address: &str,
    lang: Lang,
) -> Result<(Option<PublicStatus>, Option<AskAt>)> {
    let desk = contact_line::nearest::front_desk(c)?;
    let number = read_number(&asked.number).unwrap_or_default();
    let code = read_query_code(&asked.query_code);
    let nobody = cx.keys.code_mac(Id::NIL.0.as_bytes(), "")?;
    let (id, kept) = repo::by_number(c, &number)?.unwrap_or((Id::NIL, nobody));
    let fits = cx.keys.code_fits(id.0.as_bytes(), &code, &kept) && id != Id::NIL;
    let case = if fits { Case::load_unscoped(c, cx, id)? } else { None };
    let Some(case) = case.filter(|case| case.row.closure_reason != Some(ClosureReason::Voided)) else {
        access::count_failure(c, cx.now(), address)?;
        return Ok((None, desk));
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
    Ok((Some(told(cx, &case, lang)), desk))
}

fn told(cx: &Context, case: &Case, lang: Lang) -> PublicStatus {
    let (row, standing) = (&case.row, case.standing(&cx.actor));
    let possible = |act: Act| act.row().built && refused(act, &standing).is_none();
    let with_family = row.stage != Stage::Closed && row.facts.heirs.is_some();
    let (sentences, next_step) = if with_family {
        (&[rules::WITH_FAMILY.0][..], Some(rules::WITH_FAMILY.1))
    } else {
        (rules::status(row.stage, row.closure_reason, row.kind), rules::next_step(row.stage, row.kind))
    };
    let between = lang.of(rules::BETWEEN);
    PublicStatus {
        number: row.number.clone(),
        stage_text: lang.of(rules::stage_text(row.stage)),
        status: sentences.iter().map(|text| lang.of(*text)).collect::<Vec<_>>().join(between),
        next_step: next_step.map(|text| lang.of(text)),
        due_on: due_on(case, with_family),
        can_evaluate: possible(Act::EvaluateOffice) || possible(Act::EvaluateUnit),
        // who asked in time may still have it recorded; whoever asks today needs a window that is open today
        can_request_review: possible(Act::RequestReview) && case.contestable().is_some_and(|window| window.due_at.0 > cx.now()),
    }
}

/// The nearest last day that concerns the petitioner; what units owe each other does not.
fn due_on(case: &Case, with_family: bool) -> Option<NaiveDate> {
    use ClockKind as K;
    let theirs = |kind: K| {
        if with_family {
            return kind == K::HeirsInquiry;
        }
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
