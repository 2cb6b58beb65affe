//! SQL of visits, and who sees which task.

use super::model::{Outcome, TaskStatus, Visit, VisitPetition, VisitTaskFilter};
use crate::auth::{Actor, Context};
use crate::care::model::TaskState;
use crate::care::{VisitReason, VisitTask};
use crate::deadline::rules::midnight;
use crate::on_both;
use crate::petition;
use crate::platform::db::schema::{petition as petitions, unit_closure, visit, visit_petition, visit_task};
use crate::platform::db::types::{Id, Time};
use crate::platform::db::{Conn, MultiBackend};
use crate::platform::error::{Error, Result};
use crate::retiree::repo::reach::Reach;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};
use serde::{Deserialize, Serialize};

/// Units whose tasks are read each for itself; those of more lie close enough together on the way through all that is due.
const FEW: usize = 8;

type Condition = Box<dyn BoxableExpression<visit_task::table, MultiBackend, SqlType = Nullable<Bool>>>;
type Tasks = visit_task::BoxedQuery<'static, MultiBackend>;

/// Which tasks a caller sees: who reaches all retirees all tasks; others those of their unit or one below it and those given to them.
#[derive(Debug, Clone, Copy)]
pub struct Sight {
    all: bool,
    account: Id,
    unit: Id,
}

impl Sight {
    /// Of a caller.
    ///
    /// # Errors
    /// Database only.
    pub fn of(c: &mut Conn, cx: &Context) -> Result<Self> {
        let all = Reach::of(c, &cx.actor, cx.today())?.all;
        Ok(Self { all, account: cx.actor.id(), unit: cx.actor.unit_id })
    }

    fn condition(self) -> Option<Condition> {
        let own = || visit_task::assignee.eq(self.account).or(visit_task::unit_id.eq_any(below(self.unit)));
        (!self.all).then(|| -> Condition { Box::new(own()) })
    }
}

#[diesel::dsl::auto_type]
fn below(unit: Id) -> _ {
    unit_closure::table.filter(unit_closure::ancestor_id.eq(unit)).select(unit_closure::descendant_id.nullable())
}

/// Where a page ends.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Place {
    /// The end of its last task.
    pub due: Time,
    /// That task.
    pub id: Id,
}

/// One way through the tasks, a range of an index in its order.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// All, what ends first in front.
    All,
    /// Those given to somebody.
    Given(Id),
    /// Those of a unit.
    Unit(Id),
}

/// The ways to what is asked for: who sees some only finds those given to them on one and those of their units on others, for no index
/// has either-or in its order.
fn ways(c: &mut Conn, cx: &Context, sight: Sight, filter: &VisitTaskFilter) -> Result<Vec<Way>> {
    if filter.mine == Some(true) {
        return Ok(vec![Way::Given(cx.actor.id())]);
    }
    let own = (!sight.all).then_some(sight.unit);
    let Some(top) = filter.unit.or(own).filter(|_| filter.retiree_id.is_none()) else { return Ok(vec![Way::All]) };
    let below = unit_closure::table.filter(unit_closure::ancestor_id.eq(top)).select(unit_closure::descendant_id);
    let units: Vec<Id> = on_both!(c, |c| below.load(c))?;
    if units.len() > FEW {
        return Ok(vec![Way::All]);
    }
    let given = (filter.unit.is_none() && !sight.all).then_some(Way::Given(sight.account));
    Ok(given.into_iter().chain(units.into_iter().map(Way::Unit)).collect())
}

/// Tasks by their end, behind a place.
///
/// # Errors
/// Database only.
pub fn page(
    c: &mut Conn,
    cx: &Context,
    sight: Sight,
    filter: &VisitTaskFilter,
    after: Option<&Place>,
    rows: i64,
) -> Result<Vec<VisitTask>> {
    let mut found: Vec<VisitTask> = Vec::new();
    for way in ways(c, cx, sight, filter)? {
        let mut query = seen(sight, filter, cx, way);
        // a second bound at the same end of a range makes SQLite think little of it; a cursor is behind the first day asked for anyway
        if let (Some(day), None) = (filter.due_from, after) {
            query = query.filter(visit_task::due_at.ge(Time(midnight(day, cx.zone))));
        }
        if let Some(Place { due, id }) = after {
            query = query.filter(visit_task::due_at.ge(*due)).filter(visit_task::due_at.gt(*due).or(visit_task::id.gt(*id)));
        }
        found.extend(query.order((visit_task::due_at, visit_task::id)).limit(rows).load::<VisitTask>(c)?);
    }
    // what is given to the caller may be their unit's as well
    found.sort_by_key(|task| (task.due_at, task.id));
    found.dedup_by_key(|task| task.id);
    found.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
    Ok(found)
}

fn seen(sight: Sight, filter: &VisitTaskFilter, cx: &Context, way: Way) -> Tasks {
    let (mut query, today, now) = (visit_task::table.into_boxed::<MultiBackend>(), cx.today(), Time(cx.now()));
    query = match way {
        Way::All => query,
        Way::Given(account) => query.filter(visit_task::assignee.eq(account)),
        Way::Unit(unit) => query.filter(visit_task::unit_id.eq(unit)),
    };
    // the caller's own ways lead only to what they see
    let own = matches!(way, Way::Given(_)) || (matches!(way, Way::Unit(_)) && filter.unit.is_none());
    if let Some(condition) = sight.condition().filter(|_| !own) {
        query = query.filter(condition);
    }
    query = match filter.outcome {
        Some(Outcome::OnTime) => query.filter(visit_task::state.eq(TaskState::Done)).filter(visit_task::late.eq(false)),
        Some(Outcome::Late) => query.filter(visit_task::state.eq(TaskState::Done)).filter(visit_task::late.eq(true)),
        Some(Outcome::OpenOverdue) => query.filter(visit_task::state.eq(TaskState::Open)).filter(visit_task::due_at.le(now)),
        Some(Outcome::NotYetDue) => query.filter(visit_task::state.eq(TaskState::Open)).filter(visit_task::due_at.gt(now)),
        None => query,
    };
    query = match (filter.state, filter.outcome) {
        (Some(TaskStatus::Planned), _) => query.filter(visit_task::state.eq(TaskState::Open)).filter(visit_task::opens_on.gt(today)),
        (Some(TaskStatus::Open), _) => query.filter(visit_task::state.eq(TaskState::Open)).filter(visit_task::opens_on.le(today)),
        (Some(TaskStatus::Done), _) => query.filter(visit_task::state.eq(TaskState::Done)),
        (Some(TaskStatus::Cancelled), _) => query.filter(visit_task::state.eq(TaskState::Cancelled)),
        (None, Some(_)) => query,
        (None, None) => query.filter(visit_task::state.eq(TaskState::Open)),
    };
    if let Some(reason) = filter.reason {
        query = query.filter(visit_task::reason.eq(reason));
    }
    if let Some(unit) = filter.unit.filter(|_| !matches!(way, Way::Unit(_))) {
        query = query.filter(visit_task::unit_id.eq_any(below(unit)));
    }
    if let Some(retiree) = filter.retiree_id {
        query = query.filter(visit_task::retiree_id.eq(retiree));
    }
    if let Some(day) = filter.due_before {
        query = query.filter(visit_task::due_on.lt(day));
    }
    if let Some(day) = filter.due_from {
        query = query.filter(visit_task::due_on.ge(day));
    }
    if let Some(day) = filter.due_to {
        query = query.filter(visit_task::due_on.le(day));
    }
    // on the way through all, a last day ends the range; on the others it would lure SQLite away from them
    let behind = filter.due_to.map(|day| day.succ_opt().unwrap_or(day)).or(filter.due_before);
    if let (Way::All, Some(behind)) = (way, behind) {
        query = query.filter(visit_task::due_at.le(Time(midnight(behind, cx.zone))));
    }
    query
}

/// A task the caller sees.
///
/// # Errors
/// [`Error::NotFound`].
pub fn find(c: &mut Conn, sight: Sight, id: Id) -> Result<VisitTask> {
    let mut query = visit_task::table.into_boxed::<MultiBackend>().filter(visit_task::id.eq(id));
    if let Some(condition) = sight.condition() {
        query = query.filter(condition);
    }
    query.first(c).optional()?.ok_or(Error::NotFound)
}

/// Tasks that stand alike: reason, state, whether the visit was late, how many.
pub type Alike = (VisitReason, TaskState, bool, i64);

/// Those in sight whose last day is in a window, counted.
///
/// # Errors
/// Database only.
pub fn counted(c: &mut Conn, sight: Sight, (from, to): (NaiveDate, NaiveDate), unit: Option<Id>) -> Result<Vec<Alike>> {
    let mut query = visit_task::table
        .filter(visit_task::due_on.between(from, to))
        .group_by((visit_task::reason, visit_task::state, visit_task::late))
        .select((visit_task::reason, visit_task::state, visit_task::late, diesel::dsl::count_star()))
        .into_boxed::<MultiBackend>();
    if !sight.all {
        query = query.filter(visit_task::assignee.eq(sight.account).or(visit_task::unit_id.eq_any(below(sight.unit))));
    }
    if let Some(unit) = unit {
        query = query.filter(visit_task::unit_id.eq_any(below(unit)));
    }
    Ok(query.load(c)?)
}

/// Of those, the open ones whose end is over at an instant.
///
/// # Errors
/// Database only.
pub fn overdue(
    c: &mut Conn,
    sight: Sight,
    (from, to): (NaiveDate, NaiveDate),
    unit: Option<Id>,
    now: Time,
) -> Result<Vec<(VisitReason, i64)>> {
    let mut query = visit_task::table
        .filter(visit_task::due_on.between(from, to))
        .filter(visit_task::state.eq(TaskState::Open))
        .filter(visit_task::due_at.le(now))
        .group_by(visit_task::reason)
        .select((visit_task::reason, diesel::dsl::count_star()))
        .into_boxed::<MultiBackend>();
    if !sight.all {
        query = query.filter(visit_task::assignee.eq(sight.account).or(visit_task::unit_id.eq_any(below(sight.unit))));
    }
    if let Some(unit) = unit {
        query = query.filter(visit_task::unit_id.eq_any(below(unit)));
    }
    Ok(query.load(c)?)
}

/// Stores a visit with the petitions taken down on it.
pub(super) fn insert(c: &mut Conn, row: &Visit, petitions: &[Id]) -> Result<()> {
    // two phones may send one visit at once: the later finds its id taken
    on_both!(c, |c| diesel::insert_into(visit::table).values(row).execute(c)).map_err(Error::lost_race)?;
    for (n, petition) in (1..).zip(petitions) {
        let row = VisitPetition { visit_id: row.id, n, petition_id: *petition };
        on_both!(c, |c| diesel::insert_into(visit_petition::table).values(&row).execute(c))?;
    }
    Ok(())
}

/// When a visit was made, and which it was: where a page of them ends.
pub type Made = (Time, Id);

/// The visits made for a task behind a place, the earliest first.
///
/// # Errors
/// Database only.
pub fn visits_of(c: &mut Conn, task: Id, after: Option<Made>, rows: i64) -> Result<Vec<Visit>> {
    let mut query =
        visit::table.filter(visit::task_id.eq(task)).order((visit::made_at, visit::id)).limit(rows).into_boxed::<MultiBackend>();
    if let Some((made, id)) = after {
        query = query.filter(visit::made_at.ge(made)).filter(visit::made_at.gt(made).or(visit::id.gt(id)));
    }
    Ok(query.load(c)?)
}

/// A visit made for a task.
///
/// # Errors
/// [`Error::NotFound`].
pub fn visit(c: &mut Conn, task: Id, id: Id) -> Result<Visit> {
    visit::table.find(id).filter(visit::task_id.eq(task)).first(c).optional()?.ok_or(Error::NotFound)
}

/// The visit by which a task was done: the earliest.
///
/// # Errors
/// Database only.
pub fn visit_of(c: &mut Conn, task: Id) -> Result<Option<Visit>> {
    Ok(visit::table.filter(visit::task_id.eq(task)).order((visit::made_at, visit::id)).first(c).optional()?)
}

/// Whether a visit has this id.
pub(super) fn is_taken(c: &mut Conn, id: Id) -> Result<bool> {
    Ok(visit::table.find(id).select(visit::id).first::<Id>(c).optional()?.is_some())
}

/// The petitions taken down on a visit that the caller may know of.
pub(super) fn taken_down(c: &mut Conn, actor: &Actor, visit: Id) -> Result<Vec<(Id, String)>> {
    let taken: Vec<(Id, String)> = visit_petition::table
        .inner_join(petitions::table.on(petitions::id.eq(visit_petition::petition_id)))
        .filter(visit_petition::visit_id.eq(visit))
        .order(visit_petition::n)
        .select((petitions::id, petitions::number))
        .load(c)?;
    let visible = petition::repo::visible_among(c, actor, &taken.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    Ok(taken.into_iter().filter(|(id, _)| visible.contains(id)).collect())
}
