//! Opening, assigning, cancelling tasks.

use super::model::{AssignVisitTask, CancelVisitTask, OpenVisitTask, VisitTaskFilter};
use super::repo::{self, Made, Place, Sight};
use super::view::{self, VisitTaskItem, VisitTaskView, VisitView};
use crate::account::{self, model::AccountStatus};
use crate::audit::{self, Draft};
use crate::auth::{Context, Paging, Permission};
use crate::care::model::CancelReason;
use crate::care::{self, Opening, TaskState, VisitReason, VisitTask, Whom};
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Fault, Result};
use crate::platform::ids::is_v7;
use crate::platform::web::Page;
use crate::retiree::{self, model::RetireeStatus};
use chrono::{DateTime, Datelike, Duration, Utc};
use serde_json::json;

/// A time this far ahead is a device's clock that is a little wrong, further is a mistake.
const TOLERANCE: Duration = Duration::minutes(5);
/// Nothing that is told of visits happened before.
const FIRST_YEAR: i32 = 1900;

/// A page of tasks, what ends first in front.
///
/// # Errors
/// Invalid when the days contradict each other.
pub fn page(c: &mut Conn, cx: &Context, filter: &VisitTaskFilter, paging: &Paging<Place>) -> Result<Page<VisitTaskItem>> {
    if filter.due_from.zip(filter.due_to).is_some_and(|(from, to)| from > to) {
        return Err(Error::fault("/due_from", codes::FROM_AFTER_TO));
    }
    let sight = Sight::of(c, cx)?;
    let rows = repo::page(c, cx, sight, filter, paging.after.as_ref(), paging.rows())?;
    let page = paging.page(cx, rows, |task| Place { due: task.due_at, id: task.id }, Ok)?;
    Ok(Page { items: view::items(c, cx, page.items)?, next_cursor: page.next_cursor })
}

/// A task the caller sees.
///
/// # Errors
/// [`Error::NotFound`].
pub fn read(c: &mut Conn, cx: &Context, id: Id) -> Result<VisitTaskView> {
    let sight = Sight::of(c, cx)?;
    let task = repo::find(c, sight, id)?;
    view::shown(c, cx, &task)
}

/// A page of the visits made for a task, the earliest first.
///
/// # Errors
/// [`Error::NotFound`] for a task the caller does not see.
pub fn visits(c: &mut Conn, cx: &Context, id: Id, paging: &Paging<Made>) -> Result<Page<VisitView>> {
    let sight = Sight::of(c, cx)?;
    let task = repo::find(c, sight, id)?;
    let rows = repo::visits_of(c, task.id, paging.after, paging.rows())?;
    paging.page(cx, rows, |visit| (visit.made_at, visit.id), |visit| view::visit(c, cx, &visit))
}

/// A visit made for a task.
///
/// # Errors
/// [`Error::NotFound`], for a task the caller does not see too.
pub fn visit(c: &mut Conn, cx: &Context, task: Id, id: Id) -> Result<VisitView> {
    let sight = Sight::of(c, cx)?;
    let task = repo::find(c, sight, task)?;
    let visit = repo::visit(c, task.id, id)?;
    view::visit(c, cx, &visit)
}

pub(super) fn role(cx: &Context) -> &'static str {
    cx.actor.role_among(Permission::KeepVisits.roles())
}

/// Opens a task by hand.
///
/// # Errors
/// Invalid with every fault; Conflict for somebody who died, an id that is taken, or a stay in hospital that has an open task.
pub fn open(c: &mut Conn, cx: &mut Context, new: &OpenVisitTask) -> Result<VisitTaskView> {
    let mut faults = Vec::new();
    if new.id.is_some_and(|id| !is_v7(id.0)) {
        faults.push(Fault::new("/id", codes::NOT_V7));
    }
    let from = new.happened_at.unwrap_or(cx.now());
    faults.extend(untimely(cx, "/happened_at", from));
    faults.extend(unfit(c, "/assignee", new.assignee)?);
    let row = match retiree::service::reached(c, cx, new.retiree_id) {
        Ok((_, row)) => Some(row),
        Err(Error::NotFound) => {
            faults.push(Fault::new("/retiree_id", codes::UNKNOWN_RETIREE));
            None
        }
        Err(e) => return Err(e),
    };
    let Some(row) = row.filter(|_| faults.is_empty()) else { return Err(Error::Invalid(faults)) };
    if row.status == RetireeStatus::Deceased {
        return Err(Error::conflict(codes::RETIREE_DECEASED));
    }
    if let Some(id) = new.id {
        audit::repo::require_free(c, id)?;
    }
    let whom = retiree::whom(c, cx.today(), row.id)?.ok_or(Error::NotFound)?;
    // whoever opens it sees it, whichever units the retiree has
    let whom = Whom { liaison: new.assignee.or(whom.liaison), unit: whom.unit.or(Some(cx.actor.unit_id)), ..whom };
    let opening = Opening {
        id: new.id,
        reason: new.reason.into(),
        occasion: None,
        petition: None,
        from,
        note: new.note.clone(),
        by: Some((cx.actor.id(), role(cx))),
    };
    let task = care::open(c, cx, &whom, opening)?.ok_or_else(|| Error::conflict(codes::VISIT_TASK_OPEN))?;
    view::shown(c, cx, &task)
}

/// Why a time can't be one of what happened.
pub(super) fn untimely(cx: &Context, pointer: &str, at: DateTime<Utc>) -> Option<Fault> {
    if at > cx.now() + TOLERANCE {
        Some(Fault::new(pointer, codes::IN_FUTURE))
    } else {
        (cx.day(at).year() < FIRST_YEAR).then(|| Fault::new(pointer, codes::TOO_EARLY))
    }
}

/// Why somebody can't be given a visit.
fn unfit(c: &mut Conn, pointer: &str, staff: Option<Id>) -> Result<Option<Fault>> {
    let Some(id) = staff else { return Ok(None) };
    Ok(match account::repo::find(c, id)? {
        None => Some(Fault::new(pointer, codes::UNKNOWN_STAFF)),
        Some(account) if account.status == AccountStatus::Suspended => Some(Fault::new(pointer, codes::STAFF_SUSPENDED)),
        Some(_) => None,
    })
}

/// A task to be changed at the version the caller has seen.
fn held(c: &mut Conn, cx: &Context, id: Id) -> Result<VisitTask> {
    let sight = Sight::of(c, cx)?;
    let task = repo::find(c, sight, id)?;
    let seen = view::shown(c, cx, &task)?;
    cx.expect_version(task.version, &seen.etag)?;
    Ok(task)
}

fn still_owed(task: &VisitTask) -> Result<()> {
    if task.state == TaskState::Open { Ok(()) } else { Err(Error::conflict(codes::VISIT_TASK_ENDED)) }
}

/// Gives a task to somebody, or back to the unit.
///
/// # Errors
/// NotFound, VersionRequired, Stale; Conflict once it has ended; Invalid for nobody who can make the visit.
pub fn assign<'a>(c: &mut Conn, cx: &mut Context, id: Id, assign: impl FnOnce() -> Result<&'a AssignVisitTask>) -> Result<VisitTaskView> {
    let task = held(c, cx, id)?;
    let assign = assign()?;
    still_owed(&task)?;
    if let Some(fault) = unfit(c, "/staff_id", assign.staff_id)? {
        return Err(Error::Invalid(vec![fault]));
    }
    if task.assignee == assign.staff_id {
        return view::shown(c, cx, &task);
    }
    let next = VisitTask { assignee: assign.staff_id, ..task.clone() };
    let draft = Draft::new("visit_task_assigned", role(cx));
    let task = care::service::change(c, cx, &task, next, draft)?;
    view::shown(c, cx, &task)
}

/// Takes a task back.
///
/// # Errors
/// NotFound, VersionRequired, Stale; Conflict once it has ended.
pub fn cancel<'a>(c: &mut Conn, cx: &mut Context, id: Id, cancel: impl FnOnce() -> Result<&'a CancelVisitTask>) -> Result<VisitTaskView> {
    let task = held(c, cx, id)?;
    let cancel = cancel()?;
    still_owed(&task)?;
    let mut draft = Draft::new("visit_task_cancelled", role(cx));
    if cancel.note.is_some() {
        draft = draft.sealed(json!({"note": cancel.note}));
    }
    let by = Some(cx.actor.id());
    let task = care::service::cancel(c, cx, &task, cancel.reason, draft, by)?;
    if (task.reason, cancel.reason) == (VisitReason::Death, CancelReason::Mistaken)
        && let Some(retiree) = task.retiree_id
        && let Some(person) = retiree::living(c, cx.today(), retiree)?
    {
        // nobody died: what a report had taken from them is owed again
        care::changes::lives(c, cx, (&person.whom, person.birth_date))?;
    }
    view::shown(c, cx, &task)
}
