//! SQL of the tasks, and of how far planning is.

use super::model::{CancelReason, TaskState, VisitReason, VisitTask};
use super::rules;
use crate::on_both;
use crate::platform::db::schema::{visit_planning, visit_task};
use crate::platform::db::types::{Id, Time};
use crate::platform::db::{Both, Conn};
use crate::platform::error::{Error, Result};
use chrono::{DateTime, NaiveDate};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DbError};
use std::collections::HashSet;

/// The one row of the planning.
const PLANNING: i32 = 1;

/// Stores a new task; false when there is one for the occasion already.
pub(super) fn insert(c: &mut Conn, row: &VisitTask) -> Result<bool> {
    Ok(Both(diesel::insert_into(visit_task::table).values(row).on_conflict_do_nothing()).execute(c)? == 1)
}

/// Holds a task as it was read until the transaction ends. Whoever changes several takes them before their events: a chain's next
/// number is waited for as well, and two that wait for each other in opposite order never end. So does whoever adds what points at it.
///
/// # Errors
/// [`Error::Again`] when it was changed meanwhile.
pub fn hold(c: &mut Conn, task: &VisitTask) -> Result<()> {
    let Conn::Pg(c) = c else { return Ok(()) };
    let read = visit_task::table.filter(visit_task::id.eq(task.id)).filter(visit_task::version.eq(task.version));
    let held: Option<Id> = read.select(visit_task::id).for_update().first(c).optional()?;
    if held.is_none() { Err(Error::Again) } else { Ok(()) }
}

/// Writes a changed task over the version it was read at; [`Error::Again`] when somebody was first, there or with the occasion.
pub(super) fn update(c: &mut Conn, version: i64, next: &VisitTask) -> Result<()> {
    let read = visit_task::table.filter(visit_task::id.eq(next.id)).filter(visit_task::version.eq(version));
    let changed = on_both!(c, |c| diesel::update(read).set(next).execute(c)).map_err(|e| match e {
        DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::Again,
        other => other.into(),
    })?;
    if changed == 0 { Err(Error::Again) } else { Ok(()) }
}

/// Every task of somebody, however it stands.
pub(super) fn of(c: &mut Conn, retiree: Id) -> Result<Vec<VisitTask>> {
    Ok(visit_task::table.filter(visit_task::retiree_id.eq(retiree)).order(visit_task::id).load(c)?)
}

/// What came over from one of these profiles, however it stands.
pub(super) fn came_from(c: &mut Conn, profiles: &[Id]) -> Result<Vec<VisitTask>> {
    let ids: Vec<Option<Id>> = profiles.iter().copied().map(Some).collect();
    Ok(visit_task::table.filter(visit_task::merged_from.eq_any(ids)).order(visit_task::id).load(c)?)
}

/// What is still owed because of a petition.
pub(super) fn open_for(c: &mut Conn, petition: Id) -> Result<Vec<VisitTask>> {
    let theirs = visit_task::table.filter(visit_task::petition_id.eq(petition)).filter(visit_task::state.eq(TaskState::Open));
    Ok(theirs.order(visit_task::id).load(c)?)
}

/// Whether the family of somebody of whom no profile is kept is visited already, or was, because of one of these petitions.
///
/// # Errors
/// Database only.
pub fn family_visited(c: &mut Conn, name: &str, petitions: &[Id]) -> Result<bool> {
    let ids: Vec<Option<Id>> = petitions.iter().copied().map(Some).collect();
    let found: Option<Id> = visit_task::table
        .filter(visit_task::petition_id.eq_any(ids))
        .filter(visit_task::reason.eq(VisitReason::Death))
        .filter(visit_task::state.ne(TaskState::Cancelled))
        .filter(visit_task::name.eq(name.to_owned()))
        .select(visit_task::id)
        .first(c)
        .optional()?;
    Ok(found.is_some())
}

/// What is still owed to somebody.
///
/// # Errors
/// Database only.
pub fn open_of(c: &mut Conn, retiree: Id) -> Result<Vec<VisitTask>> {
    let theirs = visit_task::table.filter(visit_task::retiree_id.eq(retiree)).order(visit_task::id);
    Ok(still_open(theirs.load(c)?))
}

/// What is open of these people and was given to somebody.
pub(super) fn given(c: &mut Conn, retirees: &[Id]) -> Result<Vec<VisitTask>> {
    let ids: Vec<Option<Id>> = retirees.iter().copied().map(Some).collect();
    let given = visit_task::table.filter(visit_task::retiree_id.eq_any(ids)).filter(visit_task::assignee.is_not_null());
    Ok(still_open(given.order(visit_task::id).load(c)?))
}

/// Asked of the rows: asked of the database, the state would lead it through all that is open, and somebody has few tasks.
fn still_open(mut tasks: Vec<VisitTask>) -> Vec<VisitTask> {
    tasks.retain(|task| task.state == TaskState::Open);
    tasks
}

/// Whether an occasion is seen to or was given up; what only a mistake had cancelled does not say so.
pub(super) fn settled(c: &mut Conn, retiree: Id, reason: VisitReason, occasion: &str) -> Result<bool> {
    let of_it = visit_task::table
        .filter(visit_task::retiree_id.eq(retiree))
        .filter(visit_task::reason.eq(reason))
        .filter(visit_task::occasion.eq(occasion.to_owned()));
    let cancelled: Vec<Option<CancelReason>> = of_it.select(visit_task::cancelled_for).load(c)?;
    Ok(cancelled.into_iter().any(|cancelled| rules::settles(reason, cancelled)))
}

/// The other task of somebody that stands for the occasion of this one: open or done, and of a stay in hospital any that is open.
pub(super) fn like(c: &mut Conn, retiree: Id, task: &VisitTask) -> Result<Option<VisitTask>> {
    let of_the_reason = visit_task::table
        .filter(visit_task::retiree_id.eq(retiree))
        .filter(visit_task::reason.eq(task.reason))
        .filter(visit_task::id.ne(task.id))
        .filter(visit_task::state.ne(TaskState::Cancelled));
    let standing: Vec<VisitTask> = of_the_reason.order(visit_task::id).load(c)?;
    let stay = |other: &VisitTask| other.reason == VisitReason::Hospital && other.state == TaskState::Open;
    let mut alike = standing.into_iter().filter(|other| other.occasion == task.occasion || (stay(other) && is_merged(task)));
    Ok(alike.next())
}

/// Whether a task gave way to another when profiles were merged.
fn is_merged(task: &VisitTask) -> bool {
    task.cancelled_for == Some(CancelReason::Merged)
}

/// For which of these people which of the occasions are seen to or were given up, and who of them is known to have died.
pub(super) fn planned(c: &mut Conn, retirees: &[Id], occasions: &[String]) -> Result<HashSet<(Id, VisitReason, String)>> {
    let ids: Vec<Option<Id>> = retirees.iter().copied().map(Some).collect();
    let rows: Vec<(Option<Id>, VisitReason, String, Option<CancelReason>)> = visit_task::table
        .filter(visit_task::retiree_id.eq_any(ids))
        .filter(visit_task::occasion.eq_any(occasions.to_vec()).or(visit_task::reason.eq(VisitReason::Death)))
        .select((visit_task::retiree_id, visit_task::reason, visit_task::occasion, visit_task::cancelled_for))
        .load(c)?;
    let settled = rows.into_iter().filter(|(_, reason, _, cancelled)| rules::settles(*reason, *cancelled));
    Ok(settled.filter_map(|(id, reason, occasion, _)| Some((id?, reason, occasion))).collect())
}

/// Where a look at ends that passed stands: behind this task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over {
    /// The instant it ended.
    pub due: Time,
    /// The task.
    pub id: Id,
}

impl Over {
    /// Before all of them.
    pub const FIRST: Self = Self { due: Time(DateTime::UNIX_EPOCH), id: Id::NIL };
}

#[diesel::dsl::auto_type]
fn over_behind(now: Time, due: Time, id: Id) -> _ {
    visit_task::table
        .filter(visit_task::state.eq("open"))
        .filter(visit_task::breached_at.is_null())
        .filter(visit_task::due_at.le(now))
        .filter(visit_task::due_at.ge(due))
        .filter(visit_task::due_at.gt(due).or(visit_task::id.gt(id)))
        .order((visit_task::due_at, visit_task::id))
}

/// Tasks whose end has passed and of which nobody took note, behind a place, the oldest first; other instances pass over them meanwhile.
///
/// # Errors
/// Database only.
pub fn take_over(c: &mut Conn, now: Time, after: Over, most: i64) -> Result<Vec<VisitTask>> {
    let over = over_behind(now, after.due, after.id).limit(most);
    Ok(match c {
        Conn::Pg(c) => over.for_update().skip_locked().load(c)?,
        Conn::Sqlite(c) => over.load(c)?,
    })
}

/// The place of the next task that [`take_over`] would give. Only its keys are read: the rest may not be readable.
///
/// # Errors
/// Database only.
pub fn next_over(c: &mut Conn, now: Time, after: Over) -> Result<Option<Over>> {
    let over = over_behind(now, after.due, after.id).select((visit_task::due_at, visit_task::id));
    let next: Option<(Time, Id)> = match c {
        Conn::Pg(c) => over.for_update().skip_locked().first(c).optional()?,
        Conn::Sqlite(c) => over.first(c).optional()?,
    };
    Ok(next.map(|(due, id)| Over { due, id }))
}

/// Whether the end of any task has passed unnoticed.
///
/// # Errors
/// Database only.
pub fn any_over(c: &mut Conn, now: Time) -> Result<bool> {
    let over = visit_task::table
        .filter(visit_task::state.eq("open"))
        .filter(visit_task::breached_at.is_null())
        .filter(visit_task::due_at.le(now))
        .select(visit_task::id);
    Ok(on_both!(c, |c| over.first::<Id>(c)).optional()?.is_some())
}

/// How far the planning of a day is: the last retiree it has come to, and whether that was the last.
///
/// # Errors
/// Database only.
pub fn planning(c: &mut Conn, day: NaiveDate) -> Result<(Id, bool)> {
    let row: Option<(NaiveDate, Id, bool)> = visit_planning::table
        .find(PLANNING)
        .select((visit_planning::day, visit_planning::after_id, visit_planning::done))
        .first(c)
        .optional()?;
    // a day gone by is never planned again, whatever the clock says
    Ok(match row {
        Some((planned, after, done)) if planned >= day => (after, done || planned > day),
        _ => (Id::NIL, false),
    })
}

/// Moves the planning of a day on from where it was; false when somebody else did.
///
/// # Errors
/// Database only.
pub fn planning_moves(c: &mut Conn, day: NaiveDate, from: Id, to: Id, done: bool) -> Result<bool> {
    let first = (
        visit_planning::id.eq(PLANNING),
        visit_planning::day.eq(day.pred_opt().unwrap_or(day)),
        visit_planning::after_id.eq(Id::NIL),
        visit_planning::done.eq(true),
    );
    Both(diesel::insert_into(visit_planning::table).values(first).on_conflict_do_nothing()).execute(c)?;
    let new_day = visit_planning::day.lt(day);
    let going_on = visit_planning::day.eq(day).and(visit_planning::after_id.eq(from)).and(visit_planning::done.eq(false));
    let next = (visit_planning::day.eq(day), visit_planning::after_id.eq(to), visit_planning::done.eq(done));
    let row = visit_planning::table.filter(visit_planning::id.eq(PLANNING));
    let moved = if from == Id::NIL {
        diesel::update(row.filter(new_day.or(going_on))).set(next).execute(c)?
    } else {
        diesel::update(row.filter(going_on)).set(next).execute(c)?
    };
    Ok(moved == 1)
}
