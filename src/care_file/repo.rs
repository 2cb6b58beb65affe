//! SQL of care files.

use super::model::CareFileRow;
use crate::platform::db::schema::care_file;
use crate::platform::db::types::Id;
use crate::platform::db::{Both, Conn};
use crate::platform::error::{Error, Result};
use diesel::prelude::*;

/// The newest version.
pub(super) fn newest(c: &mut Conn, retiree: Id) -> Result<Option<CareFileRow>> {
    let theirs = care_file::table.filter(care_file::retiree_id.eq(retiree)).order(care_file::n.desc());
    Ok(theirs.first(c).optional()?)
}

/// The newest version of each of these profiles that has any.
pub(super) fn newest_of(c: &mut Conn, retirees: &[Id]) -> Result<Vec<CareFileRow>> {
    let theirs = care_file::table.filter(care_file::retiree_id.eq_any(retirees.to_vec()));
    let mut rows: Vec<CareFileRow> = theirs.order((care_file::retiree_id, care_file::n.desc())).load(c)?;
    rows.dedup_by_key(|row| row.retiree_id);
    Ok(rows)
}

/// One version.
pub(super) fn version(c: &mut Conn, retiree: Id, n: i32) -> Result<Option<CareFileRow>> {
    Ok(care_file::table.find((retiree, n)).first(c).optional()?)
}

/// Adds a version; [`Error::Again`] when somebody else did meanwhile.
pub(super) fn insert(c: &mut Conn, row: &CareFileRow) -> Result<()> {
    let added = Both(diesel::insert_into(care_file::table).values(row).on_conflict_do_nothing()).execute(c)?;
    if added == 1 { Ok(()) } else { Err(Error::Again) }
}
