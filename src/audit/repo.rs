//! SQL of the trail.

use super::model::{Event, EventPending, EventSealed, SubjectKind};
use crate::on_both;
use crate::platform::db::Conn;
use crate::platform::db::schema::{
    account, calendar, category, contact_line, event, event_order, event_pending, event_sealed, ledger_entry, petition, policy_issue,
    profile, reception_day, retiree, unit, visit_task,
};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::web::codes::ID_TAKEN;
use diesel::dsl::{exists, not};
use diesel::prelude::*;

/// Records an event with its sealed content and its place in the queue of the global order.
pub(super) fn insert(c: &mut Conn, row: &Event, sealed: Option<EventSealed>, pending: EventPending) -> Result<()> {
    let stored = match c {
        // the place in the chain may have been taken by a write that came first: this one runs again and sees it
        Conn::Pg(c) => diesel::insert_into(event::table).values(row).on_conflict_do_nothing().execute(c)?,
        Conn::Sqlite(c) => diesel::insert_into(event::table).values(row).execute(c)?,
    };
    if stored == 0 {
        return Err(Error::Again);
    }
    if let Some(sealed) = sealed {
        on_both!(c, |c| diesel::insert_into(event_sealed::table).values(&sealed).execute(c))?;
    }
    on_both!(c, |c| diesel::insert_into(event_pending::table).values(&pending).execute(c))?;
    Ok(())
}

/// Records many events at once, none of which can have a rival for its place.
pub(super) fn insert_all(c: &mut Conn, rows: &[&Event], sealed: &[&EventSealed], pending: &[EventPending]) -> Result<()> {
    on_both!(c, |c| {
        diesel::insert_into(event::table).values(rows.to_vec()).execute(c)?;
        diesel::insert_into(event_sealed::table).values(sealed.to_vec()).execute(c)?;
        diesel::insert_into(event_pending::table).values(pending).execute(c)?;
    });
    Ok(())
}

/// Refuses an id under which something has events already, of whatever kind.
///
/// # Errors
/// Conflict.
pub fn require_free(c: &mut Conn, id: Id) -> Result<()> {
    let of_it = event::table.filter(event::subject_id.eq(id)).select(event::subject_n);
    let taken: Option<i64> = on_both!(c, |c| of_it.first(c)).optional()?;
    taken.map_or(Ok(()), |_| Err(Error::conflict(ID_TAKEN)))
}

/// One event of a subject.
///
/// # Errors
/// Database only.
pub fn one_of_subject(c: &mut Conn, subject: Id, id: Id) -> Result<Option<(Event, Option<EventSealed>)>> {
    Ok(event::table
        .left_join(event_sealed::table.on(event_sealed::event_id.eq(event::id)))
        .filter(event::id.eq(id))
        .filter(event::subject_id.eq(subject))
        .select((event::all_columns, event_sealed::all_columns.nullable()))
        .first(c)
        .optional()?)
}

/// A page of a subject's events, oldest first, after the `after`-th.
///
/// # Errors
/// Database only.
pub fn of_subject(c: &mut Conn, subject: Id, after: i64, limit: i64) -> Result<Vec<(Event, Option<EventSealed>)>> {
    Ok(event::table
        .left_join(event_sealed::table.on(event_sealed::event_id.eq(event::id)))
        .filter(event::subject_id.eq(subject))
        .filter(event::subject_n.gt(after))
        .order(event::subject_n)
        .limit(limit)
        .select((event::all_columns, event_sealed::all_columns.nullable()))
        .load(c)?)
}

/// How many events there are.
pub(super) fn count(c: &mut Conn) -> Result<i64> {
    Ok(event::table.count().get_result(c)?)
}

/// A page of all events in the order of (subject, n), after a place; for the verifier.
pub(super) fn after(c: &mut Conn, subject: Id, n: i64, limit: i64) -> Result<Vec<(Event, Option<EventSealed>)>> {
    Ok(event::table
        .left_join(event_sealed::table.on(event_sealed::event_id.eq(event::id)))
        .filter(event::subject_id.ge(subject))
        .filter(event::subject_id.gt(subject).or(event::subject_n.gt(n)))
        .order((event::subject_id, event::subject_n))
        .limit(limit)
        .select((event::all_columns, event_sealed::all_columns.nullable()))
        .load(c)?)
}

/// The places of the events that [`after`] gives, for when one of them can't be read.
pub(super) fn places_after(c: &mut Conn, subject: Id, n: i64, limit: i64) -> Result<Vec<(Id, i64)>> {
    Ok(event::table
        .filter(event::subject_id.ge(subject))
        .filter(event::subject_id.gt(subject).or(event::subject_n.gt(n)))
        .order((event::subject_id, event::subject_n))
        .limit(limit)
        .select((event::subject_id, event::subject_n))
        .load(c)?)
}

/// The event at a place.
pub(super) fn at(c: &mut Conn, subject: Id, n: i64) -> Result<(Event, Option<EventSealed>)> {
    Ok(event::table
        .left_join(event_sealed::table.on(event_sealed::event_id.eq(event::id)))
        .filter(event::subject_id.eq(subject))
        .filter(event::subject_n.eq(n))
        .select((event::all_columns, event_sealed::all_columns.nullable()))
        .first(c)?)
}

/// What a subject's own row says of its trail.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Subject {
    pub id: Id,
    /// The number, code or user name people know it by.
    pub name: String,
    pub event_n: i64,
    pub event_hash: Vec<u8>,
}

/// The subjects of one kind that fit: the tables differ in type, not in what is asked of them.
macro_rules! subjects {
    ($table:ident . $name:ident, $filter:expr) => {
        $table::table.filter($filter).order($table::id).select(($table::id, $table::$name, $table::event_n, $table::event_hash))
    };
}

/// The rows of these subjects.
pub(super) fn subjects(c: &mut Conn, kind: SubjectKind, ids: &[Id]) -> Result<Vec<Subject>> {
    Ok(match kind {
        SubjectKind::Petition => subjects!(petition.number, petition::id.eq_any(ids)).load(c)?,
        SubjectKind::Account => subjects!(account.username, account::id.eq_any(ids)).load(c)?,
        SubjectKind::Unit => subjects!(unit.code, unit::id.eq_any(ids)).load(c)?,
        SubjectKind::Category => subjects!(category.code, category::id.eq_any(ids)).load(c)?,
        SubjectKind::ContactLine => subjects!(contact_line.name, contact_line::id.eq_any(ids)).load(c)?,
        SubjectKind::PolicyIssue => subjects!(policy_issue.title, policy_issue::id.eq_any(ids)).load(c)?,
        SubjectKind::ReceptionDay => subjects!(reception_day.place, reception_day::id.eq_any(ids)).load(c)?,
        SubjectKind::Calendar => subjects!(calendar.code, calendar::id.eq_any(ids)).load(c)?,
        SubjectKind::Profile => subjects!(profile.code, profile::id.eq_any(ids)).load(c)?,
        // nobody's whole name on a console
        SubjectKind::Retiree => subjects!(retiree.name_initials, retiree::id.eq_any(ids)).load(c)?,
        SubjectKind::VisitTask => subjects!(visit_task.reason, visit_task::id.eq_any(ids)).load(c)?,
        SubjectKind::LedgerEntry => subjects!(ledger_entry.number, ledger_entry::id.eq_any(ids)).load(c)?,
    })
}

/// A page of the rows that no event is about, in the order of their ids.
pub(super) fn without_events(c: &mut Conn, kind: SubjectKind, after: Id, limit: i64) -> Result<Vec<Subject>> {
    macro_rules! unheard_of {
        ($table:ident . $name:ident) => {{
            let told = exists(event::table.filter(event::subject_id.eq($table::id)));
            subjects!($table.$name, $table::id.gt(after).and(not(told))).limit(limit).load(c)?
        }};
    }
    Ok(match kind {
        SubjectKind::Petition => unheard_of!(petition.number),
        SubjectKind::Account => unheard_of!(account.username),
        SubjectKind::Unit => unheard_of!(unit.code),
        SubjectKind::Category => unheard_of!(category.code),
        SubjectKind::ContactLine => unheard_of!(contact_line.name),
        SubjectKind::PolicyIssue => unheard_of!(policy_issue.title),
        SubjectKind::ReceptionDay => unheard_of!(reception_day.place),
        SubjectKind::Calendar => unheard_of!(calendar.code),
        SubjectKind::Profile => unheard_of!(profile.code),
        SubjectKind::Retiree => unheard_of!(retiree.name_initials),
        SubjectKind::VisitTask => unheard_of!(visit_task.reason),
        SubjectKind::LedgerEntry => unheard_of!(ledger_entry.number),
    })
}

/// Stage and lead unit as the rows of petitions have them; the stage as text, for it may be no stage at all.
pub(super) fn standings(c: &mut Conn, ids: &[Id]) -> Result<Vec<(Id, String, Option<Id>)>> {
    Ok(petition::table.filter(petition::id.eq_any(ids)).select((petition::id, petition::stage, petition::lead_unit)).load(c)?)
}

/// A page of ids in the queue of the global order that are no event's.
pub(super) fn pending_without_event(c: &mut Conn, after: Id, limit: i64) -> Result<Vec<Id>> {
    Ok(event_pending::table
        .filter(event_pending::event_id.gt(after))
        .filter(not(exists(event::table.filter(event::id.eq(event_pending::event_id)))))
        .order(event_pending::event_id)
        .limit(limit)
        .select(event_pending::event_id)
        .load(c)?)
}

/// A page of ids with a position in the global order that are no event's.
pub(super) fn ordered_without_event(c: &mut Conn, after: Id, limit: i64) -> Result<Vec<Id>> {
    Ok(event_order::table
        .filter(event_order::event_id.gt(after))
        .filter(not(exists(event::table.filter(event::id.eq(event_order::event_id)))))
        .order(event_order::event_id)
        .limit(limit)
        .select(event_order::event_id)
        .load(c)?)
}

/// A page of ids that have sealed content and no event.
pub(super) fn sealed_without_event(c: &mut Conn, after: Id, limit: i64) -> Result<Vec<Id>> {
    Ok(event_sealed::table
        .filter(event_sealed::event_id.gt(after))
        .filter(not(exists(event::table.filter(event::id.eq(event_sealed::event_id)))))
        .order(event_sealed::event_id)
        .limit(limit)
        .select(event_sealed::event_id)
        .load(c)?)
}
