//! SQL of the units.

use super::lineage::{Lineage, Row};
use super::model::{Link, Unit, UnitFilter, UnitKind};
use super::rules::CARRIED;
use crate::audit::Head;
use crate::on_both;
use crate::platform::db::schema::{unit, unit_closure};
use crate::platform::db::types::Id;
use crate::platform::db::{Both, Conn};
use crate::platform::error::{Error, Result};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Successors followed at most; more can only be a circle made behind our back.
const LINE_MAX: usize = 64;

/// A unit.
///
/// # Errors
/// Database only.
pub fn find(c: &mut Conn, id: Id) -> Result<Option<Unit>> {
    Ok(unit::table.find(id).first(c).optional()?)
}

/// A unit by its code.
///
/// # Errors
/// Database only.
pub fn by_code(c: &mut Conn, code: &str) -> Result<Option<Unit>> {
    Ok(unit::table.filter(unit::code.eq(code)).first(c).optional()?)
}

/// Whether there is any unit.
///
/// # Errors
/// Database only.
pub fn any(c: &mut Conn) -> Result<bool> {
    Ok(unit::table.select(unit::id).first::<Id>(c).optional()?.is_some())
}

/// A page of units after a code, by code.
pub(super) fn page(c: &mut Conn, filter: &UnitFilter, after: Option<&str>, rows: i64) -> Result<Vec<Unit>> {
    let mut query = unit::table.order(unit::code).limit(rows).into_boxed();
    if let Some(after) = after {
        query = query.filter(unit::code.gt(after.to_owned()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(unit::kind.eq(kind.as_str()));
    }
    if let Some(parent) = filter.parent {
        query = query.filter(unit::parent_id.eq(parent));
    }
    match filter.current {
        Some(true) => query = query.filter(unit::dissolved_on.is_null()),
        Some(false) => query = query.filter(unit::dissolved_on.is_not_null()),
        None => {}
    }
    Ok(query.load(c)?)
}

/// The names of units.
///
/// # Errors
/// Database only.
pub fn names(c: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, String>> {
    let named = unit::table.filter(unit::id.eq_any(ids.to_vec())).select((unit::id, unit::name));
    let rows: Vec<(Id, String)> = on_both!(c, |c| named.load(c))?;
    Ok(rows.into_iter().collect())
}

/// Units asked for in one query.
const AT_ONCE: usize = 5;

/// The units concerned by something, with everything above them; up to five of them in one query.
///
/// # Errors
/// Database only.
pub fn lineage(c: &mut Conn, ids: &[Id]) -> Result<Lineage> {
    let distinct: Vec<Id> = ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let mut rows: Vec<Row> = Vec::new();
    for some in distinct.chunks(AT_ONCE) {
        // always the same number of places: a list of changing length would be prepared anew each time
        let id = |n: usize| some.get(n).or_else(|| some.last()).copied().unwrap_or(Id::NIL);
        let any = unit_closure::descendant_id
            .eq(id(0))
            .or(unit_closure::descendant_id.eq(id(1)))
            .or(unit_closure::descendant_id.eq(id(2)))
            .or(unit_closure::descendant_id.eq(id(3)))
            .or(unit_closure::descendant_id.eq(id(4)));
        let above = unit_closure::table
            .inner_join(unit::table.on(unit::id.eq(unit_closure::ancestor_id)))
            .filter(any)
            // on one step the dissolved before the unit that carries them on
            .order((unit_closure::descendant_id, unit_closure::depth, unit::dissolved_on.is_null()))
            .select((unit_closure::descendant_id, unit_closure::depth, unit::id, unit::name, unit::kind, unit::external));
        rows.extend(on_both!(c, |c| above.load::<Row>(c))?);
    }
    Ok(Lineage::new(rows))
}

/// A unit and the dissolved ones whose work it carries on, with their kinds; in nearly every case itself alone.
///
/// # Errors
/// Database only.
pub fn carried(c: &mut Conn, id: Id) -> Result<Vec<(Id, UnitKind)>> {
    let below = unit_closure::table
        .inner_join(unit::table.on(unit::id.eq(unit_closure::descendant_id)))
        .filter(unit_closure::ancestor_id.eq(id))
        .filter(unit_closure::depth.eq(CARRIED))
        .order(unit_closure::descendant_id)
        .select((unit::id, unit::kind));
    Ok(on_both!(c, |c| below.load(c))?)
}

/// The oldest unit of a kind that exists today.
///
/// # Errors
/// Database only.
pub fn first_of_kind(c: &mut Conn, kind: UnitKind) -> Result<Option<Id>> {
    let of_kind = unit::table.filter(unit::kind.eq(kind)).filter(unit::dissolved_on.is_null()).filter(unit::external.eq(false));
    Ok(of_kind.order(unit::id).select(unit::id).first(c).optional()?)
}

/// The unit that does the work of `id` today: itself, or the last in the line of its successors, which may be dissolved
/// where no successor was recorded.
///
/// # Errors
/// Database only.
pub fn current(c: &mut Conn, id: Id) -> Result<Option<Unit>> {
    let mut found = find(c, id)?;
    for _ in 0..LINE_MAX {
        match found.as_ref().and_then(|u| u.successor_id) {
            Some(next) => found = find(c, next)?,
            None => return Ok(found),
        }
    }
    Err(Error::internal(format!("the successors of unit {id} go in a circle")))
}

/// A unit and its line of successors, as ids.
pub(super) fn line(c: &mut Conn, id: Id) -> Result<Vec<Id>> {
    let mut line = vec![id];
    let mut at = id;
    while line.len() <= LINE_MAX {
        let next: Option<Option<Id>> = unit::table.find(at).select(unit::successor_id).first(c).optional()?;
        let Some(Some(next)) = next else { break };
        line.push(next);
        at = next;
    }
    Ok(line)
}

/// The units right below one that exist today.
pub(super) fn children(c: &mut Conn, id: Id) -> Result<Vec<Unit>> {
    Ok(unit::table.filter(unit::parent_id.eq(id)).filter(unit::dissolved_on.is_null()).order(unit::code).load(c)?)
}

/// Makes changes of the tree wait for each other: two moves that are harmless alone can make a circle together.
pub(super) fn lock_tree(c: &mut Conn) -> Result<()> {
    match c {
        Conn::Pg(c) => diesel::sql_query("LOCK TABLE unit_closure IN SHARE ROW EXCLUSIVE MODE").execute(c)?,
        // a write transaction has the whole file
        Conn::Sqlite(_) => 0,
    };
    Ok(())
}

/// Inserts a unit; false when its id or its code is in use.
pub(super) fn insert(c: &mut Conn, row: &Unit) -> Result<bool> {
    Ok(Both(diesel::insert_into(unit::table).values(row).on_conflict_do_nothing()).execute(c)? == 1)
}

/// Whether another unit has the code.
pub(super) fn code_taken(c: &mut Conn, code: &str, by_other_than: Id) -> Result<bool> {
    let other: Option<Id> =
        unit::table.filter(unit::code.eq(code)).filter(unit::id.ne(by_other_than)).select(unit::id).first(c).optional()?;
    Ok(other.is_some())
}

/// Writes a changed unit over the version it was read at, and moves its chain's head.
pub(super) fn update(c: &mut Conn, row: &Unit, head: &Head) -> Result<Unit> {
    let changed = diesel::update(unit::table.find(row.id).filter(unit::version.eq(row.version)))
        .set((
            unit::code.eq(&row.code),
            unit::name.eq(&row.name),
            unit::kind.eq(row.kind.as_str()),
            unit::parent_id.eq(row.parent_id),
            unit::successor_id.eq(row.successor_id),
            unit::review_unit_id.eq(row.review_unit_id),
            unit::dissolved_on.eq(row.dissolved_on),
            unit::version.eq(row.version + 1),
            unit::event_n.eq(head.n),
            unit::event_hash.eq(&head.hash),
        ))
        .execute(c)?;
    if changed == 0 {
        return Err(Error::Again);
    }
    Ok(Unit { version: row.version + 1, event_n: head.n, event_hash: head.hash.clone(), ..row.clone() })
}

/// (ancestor, steps) of a unit, itself included.
pub(super) fn above(c: &mut Conn, id: Id) -> Result<Vec<(Id, i32)>> {
    let rows = unit_closure::table.filter(unit_closure::descendant_id.eq(id)).order(unit_closure::depth);
    Ok(rows.select((unit_closure::ancestor_id, unit_closure::depth)).load(c)?)
}

/// (descendant, steps) of a unit, itself included.
pub(super) fn below(c: &mut Conn, id: Id) -> Result<Vec<(Id, i32)>> {
    let rows = unit_closure::table.filter(unit_closure::ancestor_id.eq(id)).order(unit_closure::depth);
    Ok(rows.select((unit_closure::descendant_id, unit_closure::depth)).load(c)?)
}

/// Adds lines to the closure.
pub(super) fn link(c: &mut Conn, links: &[Link]) -> Result<()> {
    if !links.is_empty() {
        on_both!(c, |c| diesel::insert_into(unit_closure::table).values(links.to_vec()).execute(c))?;
    }
    Ok(())
}

/// Takes the subtree `below` out of everything above it.
pub(super) fn unlink(c: &mut Conn, above: &[Id], below: &[Id]) -> Result<()> {
    let lines = unit_closure::table
        .filter(unit_closure::descendant_id.eq_any(below.to_vec()))
        .filter(unit_closure::ancestor_id.eq_any(above.to_vec()));
    diesel::delete(lines).execute(c)?;
    Ok(())
}
