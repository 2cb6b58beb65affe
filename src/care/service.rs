//! Opening tasks, and what becomes of them when what they rest on changes.

use super::model::{CancelReason, TaskState, VisitReason, VisitTask, Whom};
use super::occasions::{Occasions, Upcoming};
use super::{repo, rules};
use crate::account;
use crate::audit::{Draft, Head, SubjectKind, append, compose};
use crate::auth::Context;
use crate::category::Kind;
use crate::deadline::rules::Due;
use crate::deadline::{ClockKind, Timetable};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use std::collections::BTreeSet;

/// A visit that something has made necessary.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Its id, if a client named one.
    pub id: Option<Id>,
    /// Why.
    pub reason: VisitReason,
    /// What tells it from others of the reason; the task itself when left out.
    pub occasion: Option<String>,
    /// The petition that asks for it.
    pub petition: Option<Id>,
    /// When it happened.
    pub from: DateTime<Utc>,
    /// A word for whoever makes the visit.
    pub note: Option<String>,
    /// Who opened it, and in what role; the product itself where it follows from something else.
    pub by: Option<(Id, &'static str)>,
}

impl Opening {
    /// What follows from something else that happened.
    pub fn following(reason: VisitReason, occasion: String, from: DateTime<Utc>) -> Self {
        Self { id: None, reason, occasion: Some(occasion), petition: None, from, note: None, by: None }
    }
}

/// Opens a task; none when there is one for the occasion already, or, of somebody in hospital, one that is open.
///
/// # Errors
/// Database only.
pub fn open(c: &mut Conn, cx: &mut Context, whom: &Whom, opening: Opening) -> Result<Option<VisitTask>> {
    if opening.reason == VisitReason::Hospital
        && let Some(retiree) = whom.retiree
        && repo::open_of(c, retiree)?.iter().any(|task| task.reason == VisitReason::Hospital)
    {
        return Ok(None);
    }
    let timetable = Timetable::current(c)?;
    let rule = timetable.rule(ClockKind::VisitTask, Kind::Claim, None, cx.day(opening.from));
    let due = rules::due_after(Occasions::shipped()?.of(opening.reason)?, opening.from, rule.as_ref(), cx.zone);
    let id = opening.id.unwrap_or_else(|| cx.draw.id());
    let row = VisitTask {
        petition_id: opening.petition,
        note: opening.note.as_deref().map(|note| cx.seal(id, "note", note.as_bytes())).transpose()?,
        opened_by: opening.by.map(|(by, _)| by),
        ..begun(cx, id, whom, opening.reason, opening.occasion.unwrap_or_else(|| id.to_string()), (cx.day(opening.from), due))
    };
    let row = present(c, row)?;
    let draft = match opening.by {
        Some((_, role)) => Draft::new("visit_task_opened", role),
        None => Draft::by_system("visit_task_opened"),
    };
    let draft = draft.with("from", Time::claimed(opening.from));
    let draft = if opening.note.is_some() { draft.sealed(json!({"note": opening.note})) } else { draft };
    store(c, cx, row, draft)
}

/// Plans a visit that comes up; none when it was planned before.
///
/// # Errors
/// Database only.
pub fn plan(c: &mut Conn, cx: &mut Context, whom: &Whom, coming: &Upcoming) -> Result<Option<VisitTask>> {
    let due = rules::due_until(coming.due_on, cx.now(), cx.zone);
    let id = cx.draw.id();
    let row = begun(cx, id, whom, coming.reason, coming.occasion.clone(), (coming.opens_on, due));
    store(c, cx, row, Draft::by_system("visit_task_planned"))
}

fn begun(cx: &Context, id: Id, whom: &Whom, reason: VisitReason, occasion: String, (opens_on, due): (NaiveDate, Due)) -> VisitTask {
    VisitTask {
        id,
        retiree_id: whom.retiree,
        name: whom.name.clone(),
        reason,
        occasion,
        petition_id: None,
        opens_on,
        due_on: due.on,
        due_at: Time(due.at),
        provisional: due.provisional,
        unit_id: whom.unit,
        assignee: whom.liaison,
        state: TaskState::Open,
        late: false,
        breached_at: None,
        note: None,
        opened_at: Time(cx.now()),
        opened_by: None,
        ended_at: None,
        ended_by: None,
        cancelled_for: None,
        version: 1,
        event_n: 0,
        event_hash: Vec::new(),
    }
}

/// Whoever is suspended visits nobody: the unit does.
fn present(c: &mut Conn, row: VisitTask) -> Result<VisitTask> {
    let Some(officer) = row.assignee else { return Ok(row) };
    let there = account::repo::active(c, &[officer])?.contains(&officer);
    Ok(VisitTask { assignee: row.assignee.filter(|_| there), ..row })
}

fn store(c: &mut Conn, cx: &mut Context, row: VisitTask, draft: Draft) -> Result<Option<VisitTask>> {
    let draft = draft
        .with("retiree_id", row.retiree_id)
        .with("reason", row.reason)
        .with("occasion", &row.occasion)
        .with("petition_id", row.petition_id)
        .with("opens_on", row.opens_on)
        .with("due_on", row.due_on)
        .with("due_at", row.due_at)
        .with("unit_id", row.unit_id)
        .with("assignee", row.assignee)
        .with("state", json!({"from": null, "to": row.state}));
    let event = compose(cx, SubjectKind::VisitTask, row.id, &Head::none(), draft)?;
    let head = event.head();
    let row = VisitTask { event_n: head.n, event_hash: head.hash, ..row };
    if !repo::insert(c, &row)? {
        return Ok(None);
    }
    event.record(c)?;
    Ok(Some(row))
}

/// Stores a changed task with its event, at the version it was read at.
///
/// # Errors
/// [`crate::platform::error::Error::Again`] when it was changed meanwhile.
pub fn change(c: &mut Conn, cx: &mut Context, before: &VisitTask, next: VisitTask, draft: Draft) -> Result<VisitTask> {
    let mut draft = draft;
    if before.state != next.state {
        draft = draft.with("state", json!({"from": before.state, "to": next.state}));
    }
    for (name, from, to) in [
        ("retiree_id", before.retiree_id, next.retiree_id),
        ("unit_id", before.unit_id, next.unit_id),
        ("assignee", before.assignee, next.assignee),
    ] {
        if from != to {
            draft = draft.with(name, json!({"from": from, "to": to}));
        }
    }
    let head = append(c, cx, SubjectKind::VisitTask, before.id, &Head { n: before.event_n, hash: before.event_hash.clone() }, draft)?;
    let next = VisitTask { version: before.version + 1, event_n: head.n, event_hash: head.hash, ..next };
    repo::update(c, before.version, &next)?;
    Ok(next)
}

/// Takes back what is no longer owed.
///
/// # Errors
/// As [`change`].
pub fn cancel(c: &mut Conn, cx: &mut Context, task: &VisitTask, reason: CancelReason, draft: Draft, by: Option<Id>) -> Result<VisitTask> {
    let next = VisitTask {
        state: TaskState::Cancelled,
        cancelled_for: Some(reason),
        ended_at: Some(Time(cx.now())),
        ended_by: by,
        ..task.clone()
    };
    change(c, cx, task, next, draft.with("cancelled_for", reason))
}

fn cancel_following(c: &mut Conn, cx: &mut Context, task: &VisitTask, reason: CancelReason) -> Result<()> {
    cancel(c, cx, task, reason, Draft::by_system("visit_task_cancelled"), None).map(|_| ())
}

/// Somebody died: nothing else is owed any more, and the family is to be visited.
///
/// # Errors
/// Database only.
pub fn died(c: &mut Conn, cx: &mut Context, whom: &Whom, petition: Option<Id>) -> Result<()> {
    let occasion = match (whom.retiree, petition) {
        (Some(retiree), _) => {
            for task in repo::open_of(c, retiree)?.iter().filter(|task| task.reason != VisitReason::Death) {
                cancel_following(c, cx, task, CancelReason::Deceased)?;
            }
            "death".to_owned()
        }
        (None, petition) => petition.map_or_else(|| "death".to_owned(), |id| id.to_string()),
    };
    let opening = Opening { petition, ..Opening::following(VisitReason::Death, occasion, cx.now()) };
    open(c, cx, whom, opening).map(|_| ())
}

/// Somebody is looked after by others now: what is open follows. What was given to somebody by name stays with them, unless that was
/// who looked after the retiree before.
///
/// # Errors
/// Database only.
pub fn follow(c: &mut Conn, cx: &mut Context, before: &Whom, now: &Whom) -> Result<()> {
    let Some(retiree) = now.retiree.filter(|_| before != now) else { return Ok(()) };
    for task in repo::open_of(c, retiree)? {
        let theirs = before.liaison.is_some() && task.assignee == before.liaison;
        let assignee = if theirs { now.liaison } else { task.assignee };
        let unit_id = if task.unit_id == before.unit { now.unit } else { task.unit_id };
        let next = present(c, VisitTask { assignee, unit_id, name: now.name.clone(), ..task.clone() })?;
        if next != task {
            change(c, cx, &task, next, Draft::by_system("visit_task_followed"))?;
        }
    }
    Ok(())
}

/// A profile goes on in another: its tasks go with it, but for those of an occasion for which that has one already.
///
/// # Errors
/// Database only.
pub fn merged(c: &mut Conn, cx: &mut Context, from: Id, into: &Whom) -> Result<()> {
    let Some(id) = into.retiree else { return Ok(()) };
    for task in repo::open_of(c, from)? {
        if repo::has(c, id, task.reason, &task.occasion)? {
            cancel_following(c, cx, &task, CancelReason::Merged)?;
        } else {
            let next = VisitTask { retiree_id: Some(id), name: into.name.clone(), ..task.clone() };
            change(c, cx, &task, next, Draft::by_system("visit_task_followed"))?;
        }
    }
    // what was visited already is not owed to the one who goes on
    for task in repo::open_of(c, id)? {
        if repo::done(c, from, task.reason, &task.occasion)? {
            cancel_following(c, cx, &task, CancelReason::Merged)?;
        }
    }
    Ok(())
}

/// Takes note that the ends of tasks have passed, each once; says how many. What comes of itself is dated at its instant.
///
/// # Errors
/// Database only.
pub fn breach(c: &mut Conn, cx: &mut Context, now: DateTime<Utc>, most: i64) -> Result<usize> {
    let over = repo::take_over(c, Time(now), most)?;
    for task in &over {
        let next = VisitTask { breached_at: Some(task.due_at), ..task.clone() };
        let draft = Draft::by_system("visit_task_breached").with("due_on", task.due_on).with("seen_at", Time(cx.now()));
        change(c, cx, task, next, Draft { at: Some(task.due_at.0), ..draft })?;
    }
    Ok(over.len())
}

/// Whoever is suspended visits nobody: what is open of these people goes back to the unit.
///
/// # Errors
/// As [`change`].
pub fn release(c: &mut Conn, cx: &mut Context, retirees: &[Id]) -> Result<()> {
    let given = repo::given(c, retirees)?;
    let officers: BTreeSet<Id> = given.iter().filter_map(|task| task.assignee).collect();
    let there = account::repo::active(c, &officers.into_iter().collect::<Vec<_>>())?;
    for task in given.iter().filter(|task| task.assignee.is_some_and(|id| !there.contains(&id))) {
        let next = VisitTask { assignee: None, ..task.clone() };
        change(c, cx, task, next, Draft::by_system("visit_task_followed"))?;
    }
    Ok(())
}
