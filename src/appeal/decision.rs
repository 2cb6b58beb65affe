//! Deciding a review: the answer stands, is changed, or is taken back and given anew by somebody else.

use super::model::{DecideReview, Decision, Review, ReviewState};
use super::{repo, rules};
use crate::auth::Context;
use crate::codes;
use crate::deadline::ClockKind;
use crate::handling;
use crate::handling::model::{Opinion, Outcome};
use crate::notice::{NoticeKind, Told, texts};
use crate::petition::clocks::NewClock;
use crate::petition::facts::StandingOpinion;
use crate::petition::{Act, Case, Stage, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body};
use serde_json::json;

/// Decides the review that is open.
///
/// # Errors
/// As [`service::perform`]; NotFound for another review; Invalid for an outcome that does not fit or a basis that is missing.
pub fn decide(c: &mut Conn, cx: &mut Context, id: Id, review: Id, body: &Body<DecideReview>) -> Result<Answer> {
    crate::petition::repo::require_visible(c, &cx.actor, id)?;
    let asked = repo::one(c, id, review)?.ok_or(Error::NotFound)?;
    service::perform(c, cx, id, Act::DecideReview, body, |c, cx, case, input| {
        if case.row.facts.review != Some(review) {
            return Err(case.refusal(&cx.actor, codes::REVIEW_DECIDED));
        }
        let faults = rules::decision_faults(input, cx.today());
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let draft = case.draft(&cx.actor, Act::DecideReview, event(input.decision));
        case.fulfil(c, cx, "decide_review")?;
        if !case.reviewed_outside() {
            case.row.facts.handled_by(cx.actor.id());
        }
        case.row.facts.reviews_decided += 1;
        case.row.facts.end_review();
        let answer = match input.decision {
            Decision::Revoke => None,
            Decision::Uphold | Decision::Change => Some(answered(c, cx, case, &asked, input)?),
        };
        // what a unit outside decided is its word, whoever records it
        let told = Told { words: Some(words(c, cx, case, &asked, input)?), signed_by: Some(asked.unit_id), ..Told::default() };
        let kind = if answer.is_some() { NoticeKind::Review } else { NoticeKind::Revocation };
        let notice = case.issue_notice(c, cx, kind, asked.unit_id, told)?;
        if answer.is_none() {
            redone(c, cx, case)?;
        }
        let row = Review {
            state: ReviewState::Decided,
            decision: Some(input.decision),
            answer_id: answer,
            words: Some(input.opinion.clone()),
            legal_basis: input.legal_basis.clone(),
            decided_at: Some(Time(cx.now())),
            decided_by: Some(cx.actor.id()),
            ..asked.clone()
        };
        repo::decide(c, &row)?;
        case.event(
            draft
                .with("review_id", row.id)
                .with("level", row.level)
                .with("round", case.row.facts.round)
                .with("decision", row.decision)
                .with("outcome", input.outcome)
                .with("opinion_id", row.answer_id)
                .with("notice_id", notice.id)
                .sealed(json!(input)),
        );
        Ok(None)
    })
}

const fn event(decision: Decision) -> &'static str {
    match decision {
        Decision::Uphold => "review_upheld",
        Decision::Change => "review_changed",
        Decision::Revoke => "review_revoked",
    }
}

/// The answer of the reviewing unit, which it has to deliver.
fn answered(c: &mut Conn, cx: &mut Context, case: &mut Case, asked: &Review, input: &DecideReview) -> Result<Id> {
    let contested = case.row.facts.opinion.clone().ok_or_else(|| Error::internal("reviewed without an opinion"))?;
    let before = handling::repo::opinion(c, asked.petition_id, contested.id)?
        .ok_or_else(|| Error::internal("the contested opinion is not there"))?;
    let row = Opinion {
        id: cx.draw.id(),
        petition_id: asked.petition_id,
        opinion_version: contested.version + 1,
        round: case.row.facts.round,
        outcome: input.outcome.or(before.outcome),
        adoption: None,
        facts: input.facts.clone(),
        words: input.opinion.clone(),
        legal_basis: input.legal_basis.clone(),
        execution_due: input.execution_due,
        correction_reason: None,
        unit_id: asked.unit_id,
        issued_at: Time(cx.now()),
        issued_by: cx.actor.id(),
    };
    handling::repo::insert_opinion(c, &row)?;
    case.row.facts.opinion = Some(StandingOpinion {
        id: row.id,
        version: row.opinion_version,
        unit_id: row.unit_id,
        by: row.issued_by,
        issued: row.issued_at.0.timestamp_micros(),
        // what an upheld answer promised is under way already
        promises: input.outcome == Some(Outcome::Supported),
        execution_due: row.execution_due,
        of_review: true,
    });
    case.advance(Stage::Decided);
    let (unit, from) = (asked.unit_id, row.issued_at.0);
    case.start_clock(c, cx, NewClock { kind: ClockKind::Delivery, from, unit, until: None })?;
    Ok(row.id)
}

/// It is handled anew by its lead, within a new limit, by somebody who did not sign the answer that was revoked.
fn redone(c: &mut Conn, cx: &mut Context, case: &mut Case) -> Result<()> {
    case.revoke(cx);
    let unit = case.row.lead_unit.ok_or_else(|| Error::internal("reviewed without a lead"))?;
    case.start_clock(c, cx, NewClock { kind: ClockKind::Handling, from: cx.now(), unit, until: None })
}

fn words(c: &mut Conn, cx: &Context, case: &mut Case, asked: &Review, input: &DecideReview) -> Result<texts::Words> {
    let then = match (asked.level, input.decision) {
        (_, Decision::Revoke) => texts::Then::HandledAnew,
        (1, _) => texts::Then::Rereview(case.window_days(c, cx, ClockKind::RereviewWindow)?),
        _ => texts::Then::Terminated,
    };
    Ok(texts::answer(&texts::Answer {
        facts: input.facts.as_deref(),
        opinion: &input.opinion,
        legal_basis: input.legal_basis.as_deref(),
        execution_due: input.execution_due,
        then,
    }))
}
