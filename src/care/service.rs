//! Opening tasks and planning them ahead, changing them, taking note of ends that passed.

use super::model::{CancelReason, TaskState, VisitReason, VisitTask, Whom};
use super::occasions::{Occasions, Upcoming};
use super::repo::{self, Over};
use super::rules;
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

/// Somebody to be visited, and when they were born.
pub type Born<'a> = (&'a Whom, Option<NaiveDate>);

/// Plans what comes up for people on a day; says how many tasks that made. Nothing twice, and nothing for somebody who is known to have
/// died: that may be known before the profile says so.
///
/// # Errors
/// Database only.
pub fn plan_ahead(c: &mut Conn, cx: &mut Context, people: &[Born<'_>], day: NaiveDate) -> Result<usize> {
    let occasions = Occasions::shipped()?;
    let festivals = occasions.festivals(day);
    let coming = |born: Option<NaiveDate>| festivals.iter().cloned().chain(born.and_then(|born| occasions.birthday(born, day)));
    let due: Vec<(Id, &Whom, Vec<Upcoming>)> =
        people.iter().filter_map(|(whom, born)| Some((whom.retiree?, *whom, coming(*born).collect()))).collect();
    let named: BTreeSet<&str> = due.iter().flat_map(|(_, _, coming)| coming.iter().map(|coming| coming.occasion.as_str())).collect();
    if named.is_empty() {
        return Ok(0);
    }
    let ids: Vec<Id> = due.iter().map(|(id, ..)| *id).collect();
    let planned = repo::planned(c, &ids, &named.into_iter().map(str::to_owned).collect::<Vec<_>>())?;
    let mut made = 0;
    for (id, whom, coming) in due {
        if planned.iter().any(|(of, reason, _)| *of == id && *reason == VisitReason::Death) {
            continue;
        }
        for coming in coming {
            if !planned.contains(&(id, coming.reason, coming.occasion.clone())) {
                made += usize::from(plan(c, cx, whom, &coming)?.is_some());
            }
        }
    }
    Ok(made)
}

fn plan(c: &mut Conn, cx: &mut Context, whom: &Whom, coming: &Upcoming) -> Result<Option<VisitTask>> {
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
        merged_from: None,
    }
}

/// Whoever is suspended visits nobody: the unit does.
pub(super) fn present(c: &mut Conn, row: VisitTask) -> Result<VisitTask> {
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
    repo::hold(c, before)?;
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

/// Takes note that the ends of tasks have passed, each once, behind a place; says of how many, and where it came to. What comes of itself
/// is dated at its instant.
///
/// # Errors
/// Database only.
pub fn breach(c: &mut Conn, cx: &mut Context, now: DateTime<Utc>, after: Over, most: i64) -> Result<(usize, Option<Over>)> {
    let over = repo::take_over(c, Time(now), after, most)?;
    for task in &over {
        let next = VisitTask { breached_at: Some(task.due_at), ..task.clone() };
        let draft = Draft::by_system("visit_task_breached").with("due_on", task.due_on).with("seen_at", Time(cx.now()));
        change(c, cx, task, next, Draft { at: Some(task.due_at.0), ..draft })?;
    }
    Ok((over.len(), over.last().map(|task| Over { due: task.due_at, id: task.id })))
}
