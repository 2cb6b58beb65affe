//! Writing down what the petitioner thinks.

use super::model::{AskedBy, Evaluate, Evaluation, Rated, Score};
use super::repo;
use crate::auth::Context;
use crate::codes;
use crate::petition::clocks::due::close_after_evaluation;
use crate::petition::service::{self, Made};
use crate::petition::{Act, Case, ClosureReason};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body};
use serde_json::json;

/// The act that evaluates an object.
pub fn act(object: Rated) -> Act {
    match object {
        Rated::Office => Act::EvaluateOffice,
        Rated::Unit => Act::EvaluateUnit,
    }
}

/// Records an evaluation, or its one change.
///
/// # Errors
/// As [`service::perform`]; Invalid without a reason where one is owed.
pub fn evaluate(c: &mut Conn, cx: &mut Context, id: Id, object: Rated, body: &Body<Evaluate>) -> Result<Answer> {
    service::perform(c, cx, id, act(object), body, |c, cx, case, input| record(c, cx, case, object, input, AskedBy::Phone))
}

/// Keeps what the petitioner said of an object, who says it having been judged; `usual` is how they were asked unless said.
///
/// # Errors
/// Invalid without a reason where one is owed.
pub fn record(c: &mut Conn, cx: &mut Context, case: &mut Case, object: Rated, input: &Evaluate, usual: AskedBy) -> Result<Made> {
    let id = case.row.id;
    let earlier = repo::of_object(c, id, object)?;
    if input.reason.is_none() && (input.score == Score::Dissatisfied || earlier.is_some()) {
        return Err(Error::fault("/reason", codes::REASON_REQUIRED));
    }
    let changed = earlier.is_some();
    let row = Evaluation {
        id: earlier.as_ref().map_or_else(|| cx.draw.id(), |e| e.id),
        petition_id: id,
        object,
        score: Some(input.score),
        reason: input.reason.clone(),
        channel: Some(input.channel.unwrap_or(usual)),
        changes: earlier.as_ref().map_or(0, |e| e.changes + 1),
        evaluated_at: Time(cx.now()),
        evaluated_day: cx.today(),
        recorded_by: cx.actor.account_id,
    };
    if changed {
        repo::update(c, &row)?
    } else {
        repo::insert(c, &row)?
    }
    let draft = case.draft(&cx.actor, act(object), if changed { "evaluation_changed" } else { "evaluated" });
    let facts = &mut case.row.facts;
    let standing = if object == Rated::Office { &mut facts.office } else { &mut facts.unit };
    standing.given = true;
    standing.changes = u8::from(changed);
    let mut draft = draft
        .with("object", object)
        .with("score", row.score)
        .with("channel", row.channel)
        .with("from", earlier.as_ref().and_then(|e| e.score));
    draft.on_behalf_of = service::a_principal(case);
    let on_the_spot = case.row.closure_reason == Some(ClosureReason::AnsweredOnTheSpot);
    let over = case.row.facts.office.given && (on_the_spot || case.row.facts.unit.given);
    if over {
        case.fulfil(c, cx, "evaluate")?;
    }
    case.event(draft.sealed(json!({"reason": row.reason})));
    if row.score == Some(Score::Dissatisfied) {
        case.follow_up(c, cx)?;
    }
    if over {
        close_after_evaluation(c, cx, case, None)?;
    }
    Ok((!changed).then(|| format!("evaluations/{}", object.as_str())))
}
