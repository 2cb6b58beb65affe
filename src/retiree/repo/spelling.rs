//! SQL of the spellings a name is also found by, and of how far those are written that were on file before there were any.

use crate::on_both;
use crate::person::spellings;
use crate::platform::db::schema::{retiree, retiree_spelling, spelling_progress};
use crate::platform::db::types::Id;
use crate::platform::db::{Both, Conn};
use crate::platform::error::Result;
use diesel::prelude::*;

/// Rows of two values of one statement.
const AT_ONCE: usize = 2000;
/// The one row of the progress.
const PROGRESS: i32 = 1;

/// A spelling as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = retiree_spelling, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct SpellingRow {
    pub retiree_id: Id,
    pub spelling: String,
}

/// Stores the spellings of names of new profiles.
pub(super) fn insert(c: &mut Conn, named: &[(Id, &str)]) -> Result<()> {
    let rows: Vec<SpellingRow> =
        named.iter().flat_map(|(id, name)| spellings(name).into_iter().map(|spelling| SpellingRow { retiree_id: *id, spelling })).collect();
    for some in rows.chunks(AT_ONCE) {
        on_both!(c, |c| diesel::insert_into(retiree_spelling::table).values(some).execute(c))?;
    }
    Ok(())
}

/// Writes the spellings of names over those of before.
pub(super) fn replace(c: &mut Conn, named: &[(Id, &str)]) -> Result<()> {
    if named.is_empty() {
        return Ok(());
    }
    let ids: Vec<Id> = named.iter().map(|(id, _)| *id).collect();
    diesel::delete(retiree_spelling::table.filter(retiree_spelling::retiree_id.eq_any(ids))).execute(c)?;
    insert(c, named)
}

/// Writes the spellings of the next profiles by the rules of a version; says whether there may be more. Of several at once one goes on.
///
/// # Errors
/// Database only.
pub fn step(c: &mut Conn, version: i64, most: i64) -> Result<bool> {
    let Some(after) = left(c, version)? else { return Ok(false) };
    let next = retiree::table.filter(retiree::id.gt(after)).order(retiree::id).limit(most).select((retiree::id, retiree::name));
    // nobody gets another name before theirs is spelled
    let named: Vec<(Id, String)> = match c {
        Conn::Pg(c) => next.for_share().load(c)?,
        Conn::Sqlite(c) => next.load(c)?,
    };
    let to = named.last().map_or(Id::LAST, |(id, _)| *id);
    if !moves(c, version, after, to)? {
        return Ok(true);
    }
    replace(c, &named.iter().map(|(id, name)| (*id, name.as_str())).collect::<Vec<_>>())?;
    Ok(to != Id::LAST)
}

/// Behind whom names are still to be spelled by the rules of a version; none when all are.
///
/// # Errors
/// Database only.
pub fn left(c: &mut Conn, version: i64) -> Result<Option<Id>> {
    let columns = (spelling_progress::version, spelling_progress::after_id);
    let row: Option<(i64, Id)> = spelling_progress::table.find(PROGRESS).select(columns).first(c).optional()?;
    Ok(match row {
        Some((by, _)) if by < version => Some(Id::NIL),
        Some((by, after)) => (by == version && after != Id::LAST).then_some(after),
        None => Some(Id::NIL),
    })
}

/// Moves on from where it was; false when somebody else did.
fn moves(c: &mut Conn, version: i64, from: Id, to: Id) -> Result<bool> {
    let first = (spelling_progress::id.eq(PROGRESS), spelling_progress::version.eq(0), spelling_progress::after_id.eq(Id::LAST));
    Both(diesel::insert_into(spelling_progress::table).values(first).on_conflict_do_nothing()).execute(c)?;
    let next = (spelling_progress::version.eq(version), spelling_progress::after_id.eq(to));
    let row = spelling_progress::table.filter(spelling_progress::id.eq(PROGRESS));
    let going_on = spelling_progress::version.eq(version).and(spelling_progress::after_id.eq(from));
    let moved = if from == Id::NIL {
        diesel::update(row.filter(spelling_progress::version.lt(version).or(going_on))).set(next).execute(c)?
    } else {
        diesel::update(row.filter(going_on)).set(next).execute(c)?
    };
    Ok(moved == 1)
}
