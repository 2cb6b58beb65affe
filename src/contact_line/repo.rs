//! SQL of the contact lines.

use super::model::{ContactLine, ContactLineFilter, LineKind};
use crate::audit::Head;
use crate::platform::db::schema::contact_line;
use crate::platform::db::types::Id;
use crate::platform::db::{Both, Conn};
use crate::platform::error::{Error, Result};
use diesel::prelude::*;

/// A contact line.
///
/// # Errors
/// Database only.
pub fn find(c: &mut Conn, id: Id) -> Result<Option<ContactLine>> {
    Ok(contact_line::table.find(id).first(c).optional()?)
}

/// A page of lines after a place, by unit, in their order.
pub(super) fn page(c: &mut Conn, filter: &ContactLineFilter, after: Option<&(Id, i32, Id)>, rows: i64) -> Result<Vec<ContactLine>> {
    let in_order = (contact_line::unit_id, contact_line::position, contact_line::id);
    let mut query = contact_line::table.order(in_order).limit(rows).into_boxed();
    if let Some(&(unit, position, id)) = after {
        let in_unit = contact_line::position.gt(position).or(contact_line::position.eq(position).and(contact_line::id.gt(id)));
        let behind = contact_line::unit_id.gt(unit).or(contact_line::unit_id.eq(unit).and(in_unit));
        query = query.filter(contact_line::unit_id.ge(unit)).filter(behind);
    }
    if let Some(unit) = filter.unit_id {
        query = query.filter(contact_line::unit_id.eq(unit));
    }
    if let Some(in_use) = filter.in_use {
        query = query.filter(contact_line::in_use.eq(in_use));
    }
    Ok(query.load(c)?)
}

/// How many lines of a unit are in use.
pub(super) fn in_use(c: &mut Conn, unit: Id) -> Result<i64> {
    Ok(contact_line::table.filter(contact_line::unit_id.eq(unit)).filter(contact_line::in_use.eq(true)).count().get_result(c)?)
}

/// The lines in use of these units, in the order of each; of one kind, if any is named. A unit has few.
pub(super) fn in_use_of(c: &mut Conn, units: &[Id], kind: Option<LineKind>) -> Result<Vec<ContactLine>> {
    let mut query = contact_line::table
        .filter(contact_line::unit_id.eq_any(units.to_vec()))
        .filter(contact_line::in_use.eq(true))
        .order((contact_line::unit_id, contact_line::position, contact_line::id))
        .into_boxed();
    if let Some(kind) = kind {
        query = query.filter(contact_line::kind.eq(kind));
    }
    Ok(query.load(c)?)
}

/// The last place in use among a unit's.
pub(super) fn last_position(c: &mut Conn, unit: Id) -> Result<Option<i32>> {
    Ok(contact_line::table.filter(contact_line::unit_id.eq(unit)).select(diesel::dsl::max(contact_line::position)).first(c)?)
}

/// Inserts a line; false when its id is in use.
pub(super) fn insert(c: &mut Conn, row: &ContactLine) -> Result<bool> {
    Ok(Both(diesel::insert_into(contact_line::table).values(row).on_conflict_do_nothing()).execute(c)? == 1)
}

/// Writes a changed line over the version it was read at, and moves its chain's head.
pub(super) fn update(c: &mut Conn, row: &ContactLine, head: &Head) -> Result<ContactLine> {
    let changed = diesel::update(contact_line::table.find(row.id).filter(contact_line::version.eq(row.version)))
        .set((
            contact_line::kind.eq(row.kind),
            contact_line::name.eq(&row.name),
            contact_line::phone.eq(&row.phone),
            contact_line::address.eq(&row.address),
            contact_line::note.eq(&row.note),
            contact_line::position.eq(row.position),
            contact_line::in_use.eq(row.in_use),
            contact_line::version.eq(row.version + 1),
            contact_line::event_n.eq(head.n),
            contact_line::event_hash.eq(&head.hash),
        ))
        .execute(c)?;
    if changed == 0 {
        return Err(Error::Again);
    }
    Ok(ContactLine { version: row.version + 1, event_n: head.n, event_hash: head.hash.clone(), ..row.clone() })
}
