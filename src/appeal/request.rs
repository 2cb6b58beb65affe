//! Asking for a review: the window is used, the answer contested, the unit above has to decide.

use super::model::{RequestReview, Review, ReviewState};
use super::{repo, rules};
use crate::auth::Context;
use crate::codes;
use crate::deadline::ClockKind;
use crate::notice::{NoticeKind, Told};
use crate::petition::clocks::NewClock;
use crate::petition::service::{self, Made};
use crate::petition::{Act, Case};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body};
use crate::unit;
use serde_json::json;

/// Asks for a review of the answer that was delivered, in the petitioner's words.
///
/// # Errors
/// As [`service::perform`]; Invalid for a time outside the window, or where no unit stands above.
pub fn request(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<RequestReview>) -> Result<Answer> {
    service::perform(c, cx, id, Act::RequestReview, body, record)
}

/// Keeps that they asked, who says it having been judged.
///
/// # Errors
/// Invalid for a time outside the window, or where no unit stands above.
pub fn record(c: &mut Conn, cx: &mut Context, case: &mut Case, input: &RequestReview) -> Result<Made> {
    let id = case.row.id;
    let asked = input.requested_at.unwrap_or(cx.now());
    let opinion = case.row.facts.opinion.clone().ok_or_else(|| Error::internal("delivered without an opinion"))?;
    let window = case.contestable().cloned().ok_or_else(|| Error::internal("contested without a window"))?;
    let mut faults = rules::time_faults(asked, &window, cx.now());
    // a re-review goes above whoever reviewed it, also where the answer was given anew since (Art. 36)
    let by = repo::last_decided(c, id)?.map_or(opinion.unit_id, |review| review.unit_id);
    let above = superior(c, case, by)?;
    if above.is_none() {
        faults.push(Fault::new("", codes::NO_SUPERIOR_UNIT));
    }
    let (Some(unit), true) = (above, faults.is_empty()) else { return Err(Error::Invalid(faults)) };
    let level = i16::from(case.row.facts.reviews_decided) + 1;
    let row = Review {
        id: cx.draw.id(),
        petition_id: id,
        level,
        round: case.row.facts.round,
        opinion_id: opinion.id,
        unit_id: unit,
        grounds: input.grounds.clone(),
        requested_at: Time::claimed(asked),
        on_behalf_of: service::a_principal(case),
        recorded_at: Time(cx.now()),
        recorded_by: cx.actor.account_id,
        state: ReviewState::Open,
        decision: None,
        answer_id: None,
        words: None,
        legal_basis: None,
        decided_at: None,
        decided_by: None,
    };
    repo::insert(c, &row)?;
    let mut draft = case.draft(&cx.actor, Act::RequestReview, "review_requested");
    draft.claimed_at = input.requested_at.map(|_| row.requested_at.0);
    draft.on_behalf_of = row.on_behalf_of;
    case.contest(c, cx, row.id, unit, asked)?;
    let kind = if level == 1 { ClockKind::Review } else { ClockKind::Rereview };
    case.start_clock(c, cx, NewClock { kind, from: row.requested_at.0, unit, until: None })?;
    // nobody's unit signs for who asked in person: the one that has to decide does
    let signed_by = cx.actor.account_id.is_none().then_some(unit);
    let notice = case.issue_notice(c, cx, NoticeKind::ReviewReceipt, unit, Told { signed_by, ..Told::default() })?;
    case.event(
        draft
            .with("review_id", row.id)
            .with("level", row.level)
            .with("round", row.round)
            .with("unit_id", row.unit_id)
            .with("requested_at", row.requested_at)
            .with("notice_id", notice.id)
            .sealed(json!({"grounds": row.grounds})),
    );
    Ok(Some(format!("reviews/{}", row.id)))
}

/// The unit that reviews the answers of another: the one entered for it, else the nearest one above it that exists and is not barred.
fn superior(c: &mut Conn, case: &Case, answered: Id) -> Result<Option<Id>> {
    let Some(by) = unit::repo::current(c, answered)? else { return Ok(None) };
    let above: Vec<Id> = unit::repo::lineage(c, &[by.id])?.line(by.id).filter(|above| *above != by.id).collect();
    for candidate in by.review_unit_id.into_iter().chain(above) {
        let Some(unit) = unit::repo::current(c, candidate)? else { continue };
        if unit.id != by.id && unit.dissolved_on.is_none() && !case.bars_unit(c, unit.id)? {
            return Ok(Some(unit.id));
        }
    }
    Ok(None)
}
