//! What comes of itself when an instant passes: warnings, breaches, lapses, and what follows from them.
//!
//! The sweep calls it for petitions whose instant has come, and every act before it judges the petition: what was due is history by
//! then. Events carry the due instant as their time and `seen_at` as the time of the discovery.

use crate::audit::Draft;
use crate::auth::Context;
use crate::deadline::{Class, Clock, ClockKind, ClockState};
use crate::petition::Case;
use crate::petition::closing::{self, Closing};
use crate::petition::facts::Evaluated;
use crate::petition::model::{ClosureBasis, ClosureReason, Expiry, Kind, Stage};
use crate::petition::repo;
use crate::petition::supervised::Supervision;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use chrono::{DateTime, Utc};

/// Brings a petition to an instant: whatever came of itself until then is done, in the order of time, each with its event.
///
/// # Errors
/// Database only.
pub fn catch_up(c: &mut Conn, cx: &mut Context, case: &mut Case) -> Result<()> {
    let now = cx.now();
    while let Some((at, id)) = next(case, now) {
        reach(c, cx, case, id, at)?;
    }
    Ok(())
}

/// Loads a petition whatever the caller may see, brings it to now and stores it; says whether anything had come.
///
/// # Errors
/// Database only; [`crate::platform::error::Error::Again`] when an act came between.
pub fn sweep(c: &mut Conn, cx: &mut Context, petition: Id) -> Result<bool> {
    let Some(mut case) = Case::load_unscoped(c, cx, petition)? else { return Ok(false) };
    let before = case.row.closed_at;
    catch_up(c, cx, &mut case)?;
    if !case.has_events() {
        return Ok(false);
    }
    let closed = case.row.closed_at != before;
    case.store(c, cx, closed)?;
    if closed {
        case.store_fact(c, cx)?;
    }
    Ok(true)
}

/// The earliest instant that has come; at one instant the evaluation before the review, or its end would find the petition closed.
fn next(case: &Case, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Id)> {
    let come = case.clocks.all().filter_map(|clock| {
        let at = clock.next_at.map(|at| at.0).filter(|at| *at <= now)?;
        Some((at, clock.kind != ClockKind::EvaluationWindow, clock.id))
    });
    come.min().map(|(at, _, id)| (at, id))
}

fn reach(c: &mut Conn, cx: &mut Context, case: &mut Case, id: Id, at: DateTime<Utc>) -> Result<()> {
    let about = case.about();
    let timetable = case.clocks.timetable(c)?;
    let Some(clock) = case.clocks.of(id).cloned() else { return Ok(()) };
    if at < clock.due_at.0 {
        let rule = timetable.rule_of(&clock, about.kind, about.route)?;
        let next_at = rule.next_at(&rule.term_of(&clock), clock.due_at.0, clock.warned + 1, cx.zone);
        case.clocks.warned(id, next_at);
        case.event(of_itself(cx, "clock_warned", &clock, at).with("due_on", clock.due_on));
        return Ok(());
    }
    let clock = case.clocks.run_out(id, about.n);
    let Some(clock) = clock else { return Ok(()) };
    match clock.kind.fixed().class {
        Class::Duty => {
            let proposal = propose(cx, case, &clock);
            case.event(of_itself(cx, "clock_breached", &clock, at).with("supervision_id", proposal.as_ref().map(|p| p.id)));
            proposal.map_or(Ok(()), |proposal| case.open_supervision(c, proposal))
        }
        Class::Right | Class::Offer => {
            let draft = of_itself(cx, "clock_lapsed", &clock, at);
            lapsed(c, cx, case, &clock, draft, at)
        }
    }
}

/// An event of the product itself, dated at the instant.
fn of_itself(cx: &Context, event: &'static str, clock: &Clock, at: DateTime<Utc>) -> Draft {
    let draft = Draft::by_system(event).with("clock_id", clock.id).with("kind", clock.kind).with("seen_at", Time(cx.now()));
    Draft { at: Some(at), ..draft }
}

/// A broken duty is brought before those above (Art. 40).
fn propose(cx: &mut Context, case: &Case, clock: &Clock) -> Option<Supervision> {
    let reason = match clock.kind {
        // it stands in the list of the care statistics
        ClockKind::VisitTask => return None,
        ClockKind::Execution => "opinion_not_executed",
        ClockKind::Handling | ClockKind::SuggestionReply | ClockKind::Review | ClockKind::Rereview => "not_closed_in_time",
        ClockKind::AssignedReport => "result_not_fed_back",
        ClockKind::SupervisionAnswer => "supervision_not_answered",
        _ => "procedure_not_followed",
    };
    let (unit, id) = (clock.unit_id.unwrap_or(case.row.registered_unit), cx.draw.id());
    let proposal = Supervision::proposed(id, case.row.id, unit, reason, clock.due_at);
    Some(Supervision { clock_id: Some(clock.id), clock_kind: Some(clock.kind), ..proposal })
}

fn lapsed(c: &mut Conn, cx: &mut Context, case: &mut Case, clock: &Clock, draft: Draft, at: DateTime<Utc>) -> Result<()> {
    match clock.kind {
        ClockKind::EvaluationWindow => {
            let expired = expire(c, cx, case, clock)?;
            case.event(draft.with("expired", expired));
            close_after_evaluation(c, cx, case, Some(at))
        }
        ClockKind::ReviewWindow | ClockKind::RereviewWindow => {
            case.event(draft);
            if case.row.stage == Stage::Delivered {
                close(c, cx, case, ClosureBasis::WindowLapsed, Some(at))?;
            }
            Ok(())
        }
        ClockKind::SimplifiedAcceptance | ClockKind::SimplifiedAnswer => {
            case.event(draft);
            case.end_simplified(cx, Some(at));
            Ok(())
        }
        _ => {
            case.event(draft);
            Ok(())
        }
    }
}

/// What was not evaluated by the end of the window is expired: silence is never satisfied.
fn expire(c: &mut Conn, cx: &mut Context, case: &mut Case, clock: &Clock) -> Result<Vec<&'static str>> {
    let on_the_spot = case.row.closure_reason == Some(ClosureReason::AnsweredOnTheSpot);
    let facts = &mut case.row.facts;
    let objects: [(&'static str, bool, &mut Evaluated); 2] = [("office", true, &mut facts.office), ("unit", !on_the_spot, &mut facts.unit)];
    let mut expired = Vec::new();
    for (object, asked, evaluated) in objects {
        if asked && !evaluated.given && !evaluated.expired {
            evaluated.expired = true;
            let row = Expiry {
                id: cx.draw.id(),
                petition_id: case.row.id,
                object: object.to_owned(),
                changes: 0,
                evaluated_at: clock.due_at,
                // the window ends with that day; the figure is dated at its end
                evaluated_day: cx.day(clock.due_at.0),
            };
            repo::insert_expiry(c, &row)?;
            expired.push(object);
        }
    }
    Ok(expired)
}

/// A suggestion that was answered is closed when its evaluation is over, however it ended.
///
/// # Errors
/// Database only.
pub fn close_after_evaluation(c: &mut Conn, cx: &mut Context, case: &mut Case, at: Option<DateTime<Utc>>) -> Result<()> {
    if case.row.kind == Kind::Suggestion && case.row.stage == Stage::Delivered {
        close(c, cx, case, ClosureBasis::NoReviewRight, at)?;
    }
    Ok(())
}

fn close(c: &mut Conn, cx: &mut Context, case: &mut Case, basis: ClosureBasis, at: Option<DateTime<Utc>>) -> Result<()> {
    let how = Closing { at, basis: Some(basis), ..Closing::of_itself(ClosureReason::Final) };
    closing::close(c, cx, case, how)
}

impl super::Clocks {
    fn of(&self, id: Id) -> Option<&Clock> {
        self.all().find(|clock| clock.id == id)
    }

    fn warned(&mut self, id: Id, next_at: DateTime<Utc>) {
        if let Some(kept) = self.kept.iter_mut().find(|kept| kept.row.id == id) {
            kept.row.warned += 1;
            kept.row.next_at = Some(Time(next_at));
            kept.mark(super::Change::Standing);
        }
    }

    /// A duty is breached and stays owed; all else has lapsed.
    fn run_out(&mut self, id: Id, n: i64) -> Option<Clock> {
        let kept = self.kept.iter_mut().find(|kept| kept.row.id == id)?;
        let row = &mut kept.row;
        row.next_at = None;
        if row.kind.fixed().class == Class::Duty {
            row.state = ClockState::Breached;
            row.breached_at = Some(row.due_at);
        } else {
            row.state = ClockState::Lapsed;
            (row.stopped_at, row.stopped_n) = (Some(row.due_at), Some(n));
        }
        self.told.ended(row);
        let row = row.clone();
        kept.mark(super::Change::Standing);
        Some(row)
    }
}
