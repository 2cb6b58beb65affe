//! Closing and withdrawing.

use super::model::{ClosePetition, ReopenPetition, WithdrawPetition};
use crate::auth::{Context, Roles};
use crate::codes;
use crate::mediation;
use crate::notice::{NoticeKind, Words, texts};
use crate::petition::acts::ACTS;
use crate::petition::clocks::due;
use crate::petition::closing::{self, Closing};
use crate::petition::service::{self, Made, note_required};
use crate::petition::{Act, Case, ClosureBasis, ClosureReason, Stage};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body, codes as web};
use serde_json::json;

/// Every closing, and the withdrawal, which can be sent as a closing too.
fn acts() -> Vec<Act> {
    ACTS.iter().filter(|row| row.reason.is_some()).map(|row| row.act).chain([Act::Withdraw]).collect()
}

/// The roles that may close in any way.
pub fn roles() -> Roles {
    acts().into_iter().fold(Roles::NONE, |set, act| set.with(act.row().roles()))
}

/// Closes a petition.
///
/// # Errors
/// As [`service::perform`]; Invalid for a reason people can't give, a missing note or route.
pub fn close(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<ClosePetition>) -> Result<Answer> {
    let choose = |_: &Case, input: &ClosePetition| match input.reason {
        ClosureReason::Withdrawn => Ok(Act::Withdraw),
        reason => Act::closing(reason).ok_or_else(|| {
            let reasons: Vec<&str> = ACTS.iter().filter_map(|row| row.reason).map(ClosureReason::as_str).chain(["withdrawn"]).collect();
            Error::Invalid(vec![Fault::new("/reason", web::NOT_IN_LIST).arg(reasons.join(", "))])
        }),
    };
    service::perform_chosen(c, cx, id, &acts(), body, choose, |c, cx, case, input| {
        if input.reason != ClosureReason::Diverted && input.route.is_some() {
            return Err(Error::fault("/route", codes::ROUTE_NOT_FOR_KIND));
        }
        if input.reason == ClosureReason::Withdrawn {
            return withdrawn(c, cx, case, None, input.note.as_deref());
        }
        let act = Act::closing(input.reason).ok_or(Error::NotFound)?;
        let needs_note = matches!(act, Act::CloseOnTheSpot | Act::CloseElsewhere | Act::CloseVoided);
        if needs_note {
            note_required(input.note.as_deref())?;
        }
        if act == Act::CloseDiverted && input.route.is_none() {
            return Err(Error::fault("/route", codes::ROUTE_REQUIRED));
        }
        let basis = match (act, case.row.stage) {
            (Act::CloseFinal, Stage::Decided) => Some(ClosureBasis::Undeliverable),
            (Act::CloseFinal, _) => Some(ClosureBasis::PetitionerAgreed),
            _ => None,
        };
        if act == Act::CloseOnTheSpot {
            case.row.facts.handled_by(cx.actor.id());
        }
        if let Some(kind) = notice_of(act) {
            let words = match act {
                Act::CloseMediated => agreed(c, case)?,
                _ => input.note.clone().map(Words::own).or_else(|| words_of(act, case)),
            };
            case.tell(c, cx, kind, None, words)?;
        }
        let how = Closing {
            act: Some(act),
            reason: input.reason,
            basis,
            route: input.route,
            note: input.note.as_deref(),
            on_behalf_of: None,
            at: None,
        };
        closing::close(c, cx, case, how)?;
        Ok(Some("closure".to_owned()))
    })
}

/// Reopens a petition; what became due while it was closed comes of itself at once.
///
/// # Errors
/// As [`service::perform`]; Invalid without a reason.
pub fn reopen(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<ReopenPetition>) -> Result<Answer> {
    service::perform(c, cx, id, Act::Reopen, body, |c, cx, case, input| {
        let reason = input.reason.as_deref().ok_or_else(|| Error::fault("/reason", codes::REASON_REQUIRED))?;
        let draft = case.draft(&cx.actor, Act::Reopen, "reopened").with("closed_as", case.row.closure_reason);
        case.reopen(c, cx)?;
        case.event(draft.sealed(json!({"reason": reason})));
        if case.simplified_is_over() {
            case.end_simplified(cx, None);
        }
        due::catch_up(c, cx, case)?;
        Ok(None)
    })
}

/// Withdraws a petition.
///
/// # Errors
/// As [`service::perform`]; Invalid when a petitioner did not say so, or only a proxy did.
pub fn withdraw(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<WithdrawPetition>) -> Result<Answer> {
    service::perform(c, cx, id, Act::Withdraw, body, |c, cx, case, input| {
        withdrawn(c, cx, case, input.party_ids.as_deref(), input.note.as_deref())?;
        Ok(Some("withdrawal".to_owned()))
    })
}

fn withdrawn(c: &mut Conn, cx: &mut Context, case: &mut Case, said: Option<&[Id]>, note: Option<&str>) -> Result<Made> {
    said_by_all(case, said)?;
    case.tell(c, cx, NoticeKind::Withdrawal, None, None)?;
    let on_behalf_of = service::a_principal(case);
    // what a review was asked of stays answered; what one revoked is not
    let decided_again = case.row.stage == Stage::Decided && case.row.facts.reviews_decided > 0;
    let reviewed = case.row.stage == Stage::UnderReview || decided_again;
    let (reason, basis) =
        if reviewed { (ClosureReason::Final, Some(ClosureBasis::ReviewWithdrawn)) } else { (ClosureReason::Withdrawn, None) };
    let how = Closing { act: Some(Act::Withdraw), reason, basis, route: None, note, on_behalf_of, at: None };
    closing::close(c, cx, case, how)?;
    Ok(Some("closure".to_owned()))
}

/// Everybody whose petition it is must have said so; a proxy can't for them.
fn said_by_all(case: &Case, said: Option<&[Id]>) -> Result<()> {
    let principals: Vec<Id> = case.principals().into_iter().map(|p| p.id).collect();
    let Some(said) = said else {
        // who said so goes without saying only where there is one person
        let by_proxy = case.active_parties().any(|p| p.role.needs_authority());
        return match principals.len() {
            1 if !by_proxy => Ok(()),
            1 => Err(Error::fault("/party_ids", codes::PRINCIPAL_MUST_CONFIRM)),
            _ => Err(Error::fault("/party_ids", codes::OTHER_PETITIONERS_REMAIN)),
        };
    };
    if let Some(i) = said.iter().position(|id| !case.active_parties().any(|p| p.id == *id)) {
        return Err(Error::fault(format!("/party_ids/{i}"), web::BAD_ID));
    }
    if !principals.iter().any(|id| said.contains(id)) {
        return Err(Error::fault("/party_ids", codes::PRINCIPAL_MUST_CONFIRM));
    }
    if principals.iter().any(|id| !said.contains(id)) {
        return Err(Error::fault("/party_ids", codes::OTHER_PETITIONERS_REMAIN));
    }
    Ok(())
}

/// A mistake of the desk is nothing to tell the petitioner.
fn notice_of(act: Act) -> Option<NoticeKind> {
    match act {
        Act::CloseVoided => None,
        Act::CloseOnTheSpot => Some(NoticeKind::Answer),
        Act::CloseElsewhere => Some(NoticeKind::Direction),
        Act::CloseDiverted => Some(NoticeKind::Diversion),
        Act::CloseNoLongerAccepted => Some(NoticeKind::NoLongerAccepted),
        Act::CloseMediated => Some(NoticeKind::Agreement),
        _ => Some(NoticeKind::Closing),
    }
}

/// What names another petition of the matter: the open one it is joined to, the one whose procedure is at its end.
fn words_of(act: Act, case: &Case) -> Option<Words> {
    let (number, kin) = (&case.row.number, case.kin());
    // staff who read the notice may be barred from the other one
    if case.row.restricted {
        return None;
    }
    match act {
        Act::CloseLinked => Some(texts::joined(number, kin.open.as_deref()?)),
        Act::CloseNoLongerAccepted => Some(texts::no_longer_accepted(number, kin.terminated.as_deref()?)),
        _ => None,
    }
}

/// The agreement, as the sides came to it (Art. 33).
fn agreed(c: &mut Conn, case: &Case) -> Result<Option<Words>> {
    let Some(agreement) = case.row.facts.agreement else { return Ok(None) };
    let mediation = mediation::repo::one(c, case.row.id, agreement.id)?;
    Ok(mediation.and_then(|m| m.agreement).map(|words| texts::agreement(&case.row.number, &words, agreement.execution_due)))
}
