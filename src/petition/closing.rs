//! Closing, whoever does it: the row that says how, the stage, the event.

use super::acts::Act;
use super::case::Case;
use super::clocks::NewClock;
use super::clocks::fates::Ending;
use super::model::{Closure, ClosureBasis, ClosureReason};
use super::repo;
use crate::audit::Draft;
use crate::auth::Context;
use crate::deadline::ClockKind;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use chrono::{DateTime, Utc};
use serde_json::json;

/// How a petition is to be closed.
#[derive(Debug, Clone, Copy)]
pub struct Closing<'a> {
    /// The act of a person; none when it is the product's own consequence of another act.
    pub act: Option<Act>,
    /// Why.
    pub reason: ClosureReason,
    /// What a final closing rests on.
    pub basis: Option<ClosureBasis>,
    /// Route of Art. 31.
    pub route: Option<i16>,
    /// The answer, the other organ, or what was a mistake.
    pub note: Option<&'a str>,
    /// The party whose word it is.
    pub on_behalf_of: Option<Id>,
    /// When it came of itself, if it was found later.
    pub at: Option<DateTime<Utc>>,
}

impl Closing<'_> {
    /// A consequence of something else, whoever did that.
    pub const fn of_itself(reason: ClosureReason) -> Self {
        Self { act: None, reason, basis: None, route: None, note: None, on_behalf_of: None, at: None }
    }
}

/// Closes a case with its event (`closed`, `withdrawn` or `voided`).
///
/// # Errors
/// Database only.
pub fn close(c: &mut Conn, cx: &mut Context, case: &mut Case, how: Closing<'_>) -> Result<()> {
    let by = how.act.and(cx.actor.account_id);
    let row = Closure {
        id: cx.draw.id(),
        petition_id: case.row.id,
        reason: how.reason,
        basis: how.basis,
        closed_from: case.row.stage,
        route: how.route,
        note: how.note.map(str::to_owned),
        closed_at: Time(how.at.unwrap_or(cx.now())),
        closed_by: by,
    };
    case.row.facts.before = Some(case.before_closing());
    case.settle_referral(c, "ended", row.closed_at)?;
    case.settle_review(c, row.closed_at)?;
    repo::insert_closure(c, &row)?;
    let review_withdrawn = how.basis == Some(ClosureBasis::ReviewWithdrawn);
    let event = match how.reason {
        ClosureReason::Withdrawn => "withdrawn",
        _ if review_withdrawn => "withdrawn",
        ClosureReason::Voided => "voided",
        _ => "closed",
    };
    let mut draft = match how.act {
        Some(act) => case.draft(&cx.actor, act, event),
        None => Draft::by_system(event),
    };
    draft.on_behalf_of = how.on_behalf_of;
    draft.at = how.at;
    let ending = if review_withdrawn { Ending::ReviewWithdrawn } else { Ending::Closed(row.reason) };
    case.end_clocks(cx, ending, how.at);
    let lapsed = case.lapse_extension(c, row.closed_at)?;
    let unanswered = case.end_assistance(c, row.closed_at)?;
    let dropped = case.drop_hearing(c, row.closed_at)?;
    // who was answered at once is asked at once; nobody's word could be written down where nobody is named
    if row.reason == ClosureReason::AnsweredOnTheSpot && case.row.facts.principals > 0 {
        let (unit, from) = (case.row.registered_unit, row.closed_at.0);
        case.start_clock(c, cx, NewClock { kind: ClockKind::EvaluationWindow, from, unit, until: None })?;
    }
    if row.reason == ClosureReason::Mediated {
        mediated(c, cx, case, row.closed_at.0)?;
    }
    case.close(&row);
    case.event(
        draft
            .with("closure_id", row.id)
            .with("reason", row.reason)
            .with("basis", row.basis)
            .with("route", row.route)
            .with("lapsed_extension", lapsed)
            .with("ended_assistance", unanswered)
            .with("dropped_hearing", dropped)
            .sealed(json!({"note": row.note})),
    );
    Ok(())
}

/// What was agreed on can be evaluated like an answer, where nothing was evaluated yet, and what it promises is carried out.
fn mediated(c: &mut Conn, cx: &mut Context, case: &mut Case, from: DateTime<Utc>) -> Result<()> {
    let facts = &case.row.facts;
    let (unit, day) = (case.row.lead_unit.unwrap_or(case.row.registered_unit), cx.day(from));
    let unevaluated = !facts.office.given && !facts.unit.given && facts.principals > 0;
    let due = facts.agreement.and_then(|agreement| agreement.execution_due);
    if unevaluated && case.clocks.open_of(ClockKind::EvaluationWindow).is_none() {
        case.start_clock(c, cx, NewClock { kind: ClockKind::EvaluationWindow, from, unit, until: None })?;
    }
    if due.is_some() && case.clocks.open_of(ClockKind::Execution).is_none() {
        case.start_clock(c, cx, NewClock { kind: ClockKind::Execution, from, unit, until: due.map(|due| due.max(day)) })?;
    }
    Ok(())
}
