//! SQL of notices.

use super::model::Notice;
use crate::platform::db::Conn;
use crate::platform::db::schema::notice;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Stores a notice.
///
/// # Errors
/// Database only.
pub fn insert(c: &mut Conn, row: &Notice) -> Result<()> {
    diesel::insert_into(notice::table).values(row).execute(c)?;
    Ok(())
}

/// Notices of a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn of_petition(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Notice>> {
    Ok(notice::table.filter(notice::petition_id.eq(petition)).filter(notice::id.gt(after)).order(notice::id).limit(limit).load(c)?)
}

/// One notice of a petition.
///
/// # Errors
/// Database only.
pub fn one(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Notice>> {
    Ok(notice::table.filter(notice::petition_id.eq(petition)).filter(notice::id.eq(id)).first(c).optional()?)
}
