//! Recording the visits that were made, with the petitions taken down on them.

use super::model::{RecordVisit, Report, Visit};
use super::repo::{self, Sight};
use super::service::{role, untimely};
use super::view::{self, TakenDown, VisitView};
use crate::account;
use crate::audit::{self, Draft, Sealed};
use crate::auth::Context;
use crate::care::{self, TaskState, VisitTask};
use crate::codes;
use crate::petition::Act;
use crate::petition::model::Channel;
use crate::petition::registration::{self, RegisterPetition};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::ids::is_v7;
use serde_json::json;

/// A visit as far as it can be made without the database: encrypted before the transaction, for all wait for the one writer.
pub struct Prepared {
    id: Id,
    report: Vec<u8>,
    words: Sealed,
    petitions: Vec<(RegisterPetition, registration::Prepared)>,
}

/// Draws the ids and encrypts the words of a visit and of the petitions taken down on it.
///
/// # Errors
/// Internal only: what is wrong with `input` shows when it is recorded.
pub fn prepare(cx: &mut Context, input: &RecordVisit) -> Result<Prepared> {
    let id = input.id.unwrap_or_else(|| cx.draw.id());
    let report = Report { found: input.found.clone(), needs: input.needs.iter().map(|need| need.0.clone()).collect() };
    let words = serde_json::to_vec(&report).map_err(|e| Error::Internal(Box::new(e)))?;
    let mut petitions = Vec::with_capacity(input.petitions.len());
    for petition in &input.petitions {
        let new = RegisterPetition {
            captured_at: petition.captured_at.or(input.captured_at),
            received_at: petition.received_at.or(petition.captured_at).or(Some(input.made_at)),
            ..petition.clone()
        };
        let prepared = registration::prepare(cx, &new)?;
        petitions.push((new, prepared));
    }
    Ok(Prepared { id, report: cx.seal(id, "report", &words)?, words: audit::seal(cx, &json!(report))?, petitions })
}

/// Records a visit that was made for a task, with the petitions taken down on it. The first on record ends the task. One that comes
/// after it, or that was made after the task was taken back, is kept all the same: two people may have gone, and a phone that was
/// offline knows nothing of either. One made before the task was taken back counts.
///
/// # Errors
/// NotFound; Conflict for an id that is taken; Invalid with every fault.
pub fn record<'a>(
    c: &mut Conn,
    cx: &mut Context,
    id: Id,
    input: impl FnOnce() -> Result<&'a RecordVisit>,
    prepared: Option<&Prepared>,
) -> Result<VisitView> {
    let sight = Sight::of(c, cx)?;
    let task = repo::find(c, sight, id)?;
    let input = input()?;
    let prepared = prepared.ok_or_else(|| Error::internal("a visit was not prepared"))?;
    if !input.petitions.is_empty() {
        cx.actor.require(Act::Register.row().roles())?;
    }
    let faults = faults(c, cx, &task, input)?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    if input.id.is_some() {
        audit::repo::require_free(c, prepared.id)?;
        if repo::is_taken(c, prepared.id)? {
            return Err(Error::conflict(crate::platform::web::codes::ID_TAKEN));
        }
    }
    // before anything points at it: two who tell of visits at once would wait for each other
    care::repo::hold(c, &task)?;
    let petitions = take_down(c, cx, &prepared.petitions)?;
    let ids: Vec<Id> = petitions.iter().map(|petition| petition.id).collect();
    let row = Visit {
        id: prepared.id,
        task_id: task.id,
        made_at: Time::claimed(input.made_at),
        made_by: input.made_by.unwrap_or(cx.actor.id()),
        place: input.place,
        report: prepared.report.clone(),
        captured_at: input.captured_at.map(Time::claimed),
        recorded_at: Time(cx.now()),
        recorded_by: cx.actor.id(),
    };
    repo::insert(c, &row, &ids)?;
    let next = told(c, cx, &task, &row)?;
    let draft = Draft::new("visit_recorded", role(cx))
        .with("visit_id", row.id)
        .with("made_at", row.made_at)
        .with("captured_at", row.captured_at)
        .with("made_by", row.made_by)
        .with("place", row.place)
        .with("late", row.made_at >= task.due_at)
        .with("petitions", &ids)
        .sealed_before(prepared.words.clone());
    care::service::change(c, cx, &task, next, Draft { claimed_at: Some(row.made_at.0), ..draft })?;
    let mut shown = view::visit(c, cx, &row)?;
    shown.petitions = petitions;
    Ok(shown)
}

/// What a visit makes of its task: the earliest says when it was done, whichever was told of first.
fn told(c: &mut Conn, cx: &mut Context, task: &VisitTask, visit: &Visit) -> Result<VisitTask> {
    let before = task.ended_at.is_none_or(|ended| visit.made_at < ended);
    let counts = match task.state {
        TaskState::Open => true,
        TaskState::Done => before,
        // where another task took its place, that one says what became of the occasion
        TaskState::Cancelled => before && care::changes::visited_after_all(c, cx, task)?,
    };
    if !counts {
        return Ok(task.clone());
    }
    Ok(VisitTask {
        state: TaskState::Done,
        late: visit.made_at >= task.due_at,
        ended_at: Some(visit.made_at),
        ended_by: Some(visit.made_by),
        cancelled_for: None,
        ..task.clone()
    })
}

fn faults(c: &mut Conn, cx: &Context, task: &VisitTask, input: &RecordVisit) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    if input.id.is_some_and(|id| !is_v7(id.0)) {
        faults.push(Fault::new("/id", codes::NOT_V7));
    }
    if let Some(fault) = untimely(cx, "/made_at", input.made_at) {
        faults.push(fault);
    } else if task.state == TaskState::Open && cx.day(input.made_at) < task.opens_on {
        faults.push(Fault::new("/made_at", codes::VISIT_TOO_EARLY).arg(task.opens_on));
    }
    faults.extend(input.captured_at.and_then(|at| untimely(cx, "/captured_at", at)));
    // whoever made it may have been suspended since
    if let Some(by) = input.made_by
        && account::repo::find(c, by)?.is_none()
    {
        faults.push(Fault::new("/made_by", codes::UNKNOWN_STAFF));
    }
    let otherwise = input.petitions.iter().enumerate().filter(|(_, petition)| petition.channel != Channel::HomeVisit);
    faults.extend(otherwise.map(|(i, _)| Fault::new(format!("/petitions/{i}/channel"), codes::NOT_BY_HOME_VISIT)));
    Ok(faults)
}

/// Registers the petitions; the faults of one stand at its place.
fn take_down(c: &mut Conn, cx: &mut Context, petitions: &[(RegisterPetition, registration::Prepared)]) -> Result<Vec<TakenDown>> {
    let mut taken = Vec::new();
    for (i, (new, prepared)) in petitions.iter().enumerate() {
        let (case, code) = registration::record(c, cx, new, prepared).map_err(|e| match e {
            Error::Invalid(faults) => {
                let at = |fault: Fault| Fault { pointer: format!("/petitions/{i}{}", fault.pointer), ..fault };
                Error::Invalid(faults.into_iter().map(at).collect())
            }
            other => other,
        })?;
        taken.push(TakenDown { id: case.row.id, number: case.row.number.clone(), query_code: Some(code) });
    }
    Ok(taken)
}
