//! Answering who knows number and query code, and doing what they ask.

use super::model::{AskStatus, ContestInPerson, EvaluateInPerson, PublicStatus, Receipt, WithReceipt};
use super::{repo, rules};
use crate::appeal::model::RequestReview;
use crate::audit::access::{self, Access, AccessKind, AccessOutcome};
use crate::auth::{Actor, Context};
use crate::codes;
use crate::contact_line::{self, AskAt};
use crate::deadline::{ClockKind, ClockState};
use crate::evaluation::model::{AskedBy, Evaluate};
use crate::petition::number::{read_number, read_query_code};
use crate::petition::rules::refused;
use crate::petition::service::perform_unseen;
use crate::petition::{Act, Case, ClosureReason, Stage};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::Lang;
use crate::{appeal, evaluation};
use chrono::NaiveDate;
use std::sync::Arc;

/// How a petition stands; nothing for a wrong receipt. And where to ask in person, which has nothing to do with what was asked for.
pub type Told = (Option<PublicStatus>, Option<AskAt>);

/// How the petition stands.
///
/// # Errors
/// Database only.
pub fn status(c: &mut Conn, cx: &mut Context, asked: &AskStatus, address: &str, lang: Lang) -> Result<Told> {
    let desk = contact_line::nearest::front_desk(c)?;
    let Some(case) = held(c, cx, asked.receipt(), address)? else { return Ok((None, desk)) };
    Ok((Some(told(cx, &case, lang)), desk))
}

/// Says what the petitioner thinks of it, or changes that once; what was said already changes nothing.
///
/// # Errors
/// As [`perform_unseen`]; Invalid without a reason where one is owed.
pub fn evaluate(c: &mut Conn, cx: &mut Context, said: &EvaluateInPerson, address: &str, lang: Lang) -> Result<Told> {
    let desk = contact_line::nearest::front_desk(c)?;
    let Some(case) = held(c, cx, said.receipt(), address)? else { return Ok((None, desk)) };
    let id = case.row.id;
    let earlier = evaluation::repo::of_object(c, id, said.object)?;
    if earlier.is_some_and(|e| e.recorded_by.is_none() && e.score == Some(said.score) && e.reason == said.reason) {
        return Ok((Some(told(cx, &case, lang)), desk));
    }
    not_with_family(&case)?;
    let input = Evaluate { score: said.score, reason: said.reason.clone(), channel: None };
    perform_unseen(c, cx, id, evaluation::service::act(said.object), |c, cx, case| {
        evaluation::service::record(c, cx, case, said.object, &input, AskedBy::Online)
    })?;
    Ok((Some(told(cx, &Case::load(c, cx, id)?, lang)), desk))
}

/// Asks for a review; to ask again in the same words changes nothing.
///
/// # Errors
/// As [`perform_unseen`]; Invalid where no unit stands above.
pub fn contest(c: &mut Conn, cx: &mut Context, asked: &ContestInPerson, address: &str, lang: Lang) -> Result<Told> {
    let desk = contact_line::nearest::front_desk(c)?;
    let Some(case) = held(c, cx, asked.receipt(), address)? else { return Ok((None, desk)) };
    let id = case.row.id;
    let open = case.row.facts.review.map(|review| appeal::repo::one(c, id, review)).transpose()?.flatten();
    if open.is_some_and(|review| review.recorded_by.is_none() && review.grounds == asked.grounds) {
        return Ok((Some(told(cx, &case, lang)), desk));
    }
    not_with_family(&case)?;
    let input = RequestReview { grounds: asked.grounds.clone(), requested_at: None };
    perform_unseen(c, cx, id, Act::RequestReview, |c, cx, case| {
        // of what they sent nothing is wrong: they come too late, or there is nobody above
        appeal::record(c, cx, case, &input).map_err(|e| match e {
            Error::Invalid(faults) => Error::Invalid(faults.into_iter().map(|fault| Fault { pointer: String::new(), ..fault }).collect()),
            e => e,
        })
    })?;
    Ok((Some(told(cx, &Case::load(c, cx, id)?, lang)), desk))
}

/// The petition of a receipt, whose holder acts from here on; none for a wrong number, a wrong code and one that was registered by
/// mistake, after the same work.
fn held(c: &mut Conn, cx: &mut Context, receipt: Receipt<'_>, address: &str) -> Result<Option<Case>> {
    let number = read_number(receipt.number).unwrap_or_default();
    let code = read_query_code(receipt.query_code);
    let nobody = cx.keys.code_mac(Id::NIL.0.as_bytes(), "")?;
    let (id, kept) = repo::by_number(c, &number)?.unwrap_or((Id::NIL, nobody));
    if cx.keys.code_fits(id.0.as_bytes(), &code, &kept) && id != Id::NIL {
        cx.origin.actor = Arc::new(Actor::holder(id));
        let case = Case::load(c, cx, id)?;
        if case.row.closure_reason != Some(ClosureReason::Voided) {
            opened(c, cx, id, address)?;
            return Ok(Some(case));
        }
    }
    access::count_failure(c, cx.now(), address)?;
    Ok(None)
}

/// Notes in the access log that somebody came with the receipt.
fn opened(c: &mut Conn, cx: &mut Context, id: Id, address: &str) -> Result<()> {
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
    access::record(c, &entry)
}

/// Whoever holds the code is not told of a death, not even by why something can't be done.
fn not_with_family(case: &Case) -> Result<()> {
    if with_family(case) { Err(Error::conflict(codes::NOT_NOW)) } else { Ok(()) }
}

fn with_family(case: &Case) -> bool {
    case.row.stage != Stage::Closed && case.row.facts.heirs.is_some()
}

fn told(cx: &Context, case: &Case, lang: Lang) -> PublicStatus {
    let (row, standing) = (&case.row, case.standing(&cx.actor));
    let possible = |act: Act| act.row().built && refused(act, &standing).is_none();
    let with_family = with_family(case);
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
